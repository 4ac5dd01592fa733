-- The outbox: what must be told is written with the change it tells of, and sent afterwards.

create type public.delivery_status as enum (
    'queued', 'sending', 'sent', 'delivered', 'bounced', 'complained', 'dead'
);

create table public.deliveries (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind ~ '^[a-z]+(_[a-z]+)*$'),
    channel text not null default 'email' check (channel in ('email', 'sms')),
    order_id uuid references public.orders (id),
    organizer_id uuid references public.organizers (id),
    recipient text not null,
    recipient_name text,
    locale text not null default 'en' check (locale in ('en', 'fr')),
    facts jsonb not null default '{}',
    data jsonb,
    priority smallint not null default 5,
    status public.delivery_status not null default 'queued',
    attempts smallint not null default 0,
    next_attempt_at timestamptz not null default now(),
    lease_token uuid,
    lease_until timestamptz,
    provider_id text unique,
    last_error text,
    sent_at timestamptz,
    settled_at timestamptz,
    repeats uuid references public.deliveries (id),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index on public.deliveries (order_id);
create index on public.deliveries (organizer_id, created_at desc);
create index on public.deliveries (repeats);
create index deliveries_without_order on public.deliveries (recipient) where order_id is null;
create index deliveries_to_send on public.deliveries (priority, next_attempt_at) where status in ('queued', 'sending');
comment on table public.deliveries is 'The outbox: one message to one address.';
comment on column public.deliveries.order_id is 'The order it is about; empty for messages about a team or an event.';
comment on column public.deliveries.facts is 'What only this message says, beside the state of its order: a sum, a reason, an event, a link.';
comment on column public.deliveries.data is 'What the message says, frozen when it is first claimed.';
comment on column public.deliveries.priority is 'Lower goes first.';
comment on column public.deliveries.lease_token is 'Who is sending it now, until lease_until; then it may be claimed again.';
comment on column public.deliveries.provider_id is 'The provider''s name for it, by which later news refers to it.';
comment on column public.deliveries.repeats is 'The message that this one says again, because a team asked for it.';
comment on column public.deliveries.settled_at is 'When the provider said delivered, bounced or complained.';

create trigger touch_updated_at before update on public.deliveries
for each row execute function private.touch_updated_at();
