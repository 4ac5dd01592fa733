create table public.promotion_codes (
    id uuid primary key default gen_random_uuid(),
    organizer_id uuid not null references public.organizers (id) on delete cascade,
    event_id uuid references public.events (id) on delete cascade,
    code text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'),
    percent smallint check (percent between 1 and 100),
    amount_cents integer check (amount_cents > 0),
    currency text check (currency ~ '^[A-Z]{3}$'),
    starts_at timestamptz,
    ends_at timestamptz,
    max_uses integer check (max_uses > 0),
    max_uses_per_person integer check (max_uses_per_person > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (organizer_id, code),
    check ((percent is null) <> (amount_cents is null)),
    check ((amount_cents is null) = (currency is null)),
    check (starts_at < ends_at)
);
create index on public.promotion_codes (event_id);
comment on table public.promotion_codes is 'A word that makes an order cheaper: by percent, or by an amount in one currency.';
comment on column public.promotion_codes.event_id is 'The one event it counts for; empty: all of its organizer''s.';
comment on column public.promotion_codes.ends_at is 'The first instant at which it no longer counts.';

create trigger touch_updated_at before update on public.promotion_codes
for each row execute function private.touch_updated_at();
