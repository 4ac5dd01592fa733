create type public.cancellation_cause as enum ('buyer', 'organizer', 'event');
create type public.cancellation_status as enum ('refunding', 'done', 'failed');

create table public.cancellations (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references public.orders (id),
    attendee_ids uuid[] not null check (cardinality(attendee_ids) > 0),
    cause public.cancellation_cause not null,
    reason text check (length(reason) <= 500),
    refund_cents integer not null check (refund_cents >= 0),
    status public.cancellation_status not null default 'refunding',
    last_error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create unique index cancellations_one_under_way on public.cancellations (order_id) where status = 'refunding';
create index on public.cancellations (order_id, created_at desc);
comment on table public.cancellations is
'Seats on their way out: the money is asked back first, then the seats are given up. A failed refund leaves the order as it was.';
comment on column public.cancellations.attendee_ids is 'The seats that are given up when the refund is accepted.';

create trigger touch_updated_at before update on public.cancellations
for each row execute function private.touch_updated_at();
