create type public.waitlist_status as enum ('waiting', 'offered', 'converted', 'lapsed', 'left');

create table public.waitlist_entries (
    id uuid primary key default gen_random_uuid(),
    line_number bigint generated always as identity unique,
    event_id uuid not null references public.events (id),
    ticket_type_id uuid not null references public.ticket_types (id),
    user_id uuid not null references auth.users (id) on delete cascade,
    quantity smallint not null check (quantity > 0),
    locale text not null default 'en' check (locale in ('en', 'fr')),
    status public.waitlist_status not null default 'waiting',
    order_id uuid unique references public.orders (id),
    joined_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check ((status in ('waiting', 'left')) or order_id is not null)
);
create unique index waitlist_entries_one_per_person on public.waitlist_entries (ticket_type_id, user_id)
where status in ('waiting', 'offered');
create index waitlist_entries_in_line on public.waitlist_entries (event_id, status, line_number);
create index on public.waitlist_entries (ticket_type_id, status, line_number);
create index on public.waitlist_entries (user_id, created_at desc);
comment on table public.waitlist_entries is 'A place in line for so many seats of a ticket type; first in line, first offered.';
comment on column public.waitlist_entries.line_number is 'The order in which people joined.';
comment on column public.waitlist_entries.order_id is 'The held order that the offer made.';
comment on column public.waitlist_entries.joined_at is 'By the rules'' clock: the day whose price is offered where the event keeps it.';

create trigger touch_updated_at before update on public.waitlist_entries
for each row execute function private.touch_updated_at();
