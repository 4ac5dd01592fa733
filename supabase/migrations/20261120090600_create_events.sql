create type public.event_status as enum ('draft', 'awaiting_payment', 'published', 'completed', 'cancelled');

create table public.events (
    id uuid primary key default gen_random_uuid(),
    organizer_id uuid not null references public.organizers (id),
    policy_id uuid not null references public.event_policies (id),
    venue_id uuid references public.venues (id),
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 120),
    title text not null check (length(btrim(title)) between 1 and 140),
    summary text not null default '' check (length(summary) <= 280),
    description text not null default '' check (length(description) <= 20000),
    language_code text not null references public.languages (code),
    timezone text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    capacity integer check (capacity between 1 and 1000000),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    asks_phone boolean not null default false,
    waitlist_keeps_price boolean not null default true,
    cover_path text,
    status public.event_status not null default 'draft',
    status_reason text check (length(status_reason) <= 500),
    published_at timestamptz,
    cancelled_at timestamptz,
    attendance_checked_at timestamptz,
    settled_at timestamptz,
    search text not null default '',
    revision integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (starts_at < ends_at),
    check (capacity is not null or venue_id is not null),
    check ((status in ('published', 'completed')) <= (published_at is not null)),
    check ((status = 'cancelled') = (cancelled_at is not null))
);
comment on table public.events is 'Something at a time, at a venue or online (no venue).';
comment on column public.events.language_code is 'The language it is held in; its texts may be in another.';
comment on column public.events.timezone is 'The IANA zone its times are shown in.';
comment on column public.events.asks_phone is 'Whether buyers must leave a phone number.';
comment on column public.events.status_reason is 'Why it was cancelled, as people are told.';
comment on column public.events.published_at is 'When it was first on show; kept when it is withdrawn.';
comment on column public.events.capacity is 'Places of its own, reserved at the venue on publication; empty: seats are drawn one by one from the venue.';
comment on column public.events.search is 'What search reads: title, summary, city, venue and organizer. Kept by a trigger.';
comment on column public.events.revision is 'Grows with each edit of what people type; a form that was filled in from an older one is told so.';

comment on column public.events.waitlist_keeps_price is 'Whether people in line are offered the price of the day they joined.';
comment on column public.events.attendance_checked_at is 'When the minimum attendance of the policy was judged.';
comment on column public.events.settled_at is 'When the last order of a cancelled event was worked off.';
create index events_to_settle on public.events (cancelled_at) where status = 'cancelled' and settled_at is null;
create index events_running on public.events (ends_at) where status = 'published';
create index on public.events (organizer_id, starts_at);
create index on public.events (policy_id);
create index on public.events (venue_id);
create index on public.events (language_code);
create index events_on_show on public.events (starts_at, id) where status = 'published';
create index events_at_venue on public.events
using gist (venue_id, tstzrange(starts_at, ends_at)) where status in ('draft', 'awaiting_payment', 'published');
create index events_search on public.events using gin (search extensions.gin_trgm_ops) where status = 'published';

create trigger touch_updated_at before update on public.events
for each row execute function private.touch_updated_at();

create function private.prepare_event() returns trigger
language plpgsql security definer -- whoever edits an event, search must see its organizer and venue
set search_path = ''
as $$
begin
    perform now() at time zone new.timezone; -- an unknown timezone is refused here, not when a page is drawn
    select private.searchable(concat_ws(' ', new.title, new.summary, organizers.name, venues.name, venues.city))
    into new.search
    from public.organizers
    left join public.venues on venues.id = new.venue_id
    where organizers.id = new.organizer_id;
    if new.status in ('published', 'completed') then
        new.published_at := coalesce(new.published_at, private.now());
    end if;
    if new.status = 'cancelled' then
        new.cancelled_at := coalesce(new.cancelled_at, private.now());
    end if;
    return new;
end;
$$;
comment on function private.prepare_event() is 'Row trigger: fills what follows from an event''s other columns.';

create trigger prepare_event before insert or update on public.events
for each row execute function private.prepare_event();

create function private.refresh_search() returns trigger
language plpgsql security definer -- whoever renames a team or a venue, all events there are found by the new name
set search_path = ''
as $$
begin
    if tg_table_name = 'venues' then
        update public.events set search = '' where events.venue_id = new.id;
    else
        update public.events set search = '' where events.organizer_id = new.id;
    end if;
    return null;
end;
$$;
comment on function private.refresh_search() is 'Row trigger: a new name of a venue or organizer is found in its events at once.';

create trigger refresh_search after update of name, city on public.venues
for each row when ((old.name, old.city) is distinct from (new.name, new.city)) execute function private.refresh_search();
create trigger refresh_search after update of name on public.organizers
for each row when (old.name is distinct from new.name) execute function private.refresh_search();

create function private.guard_event_status() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if (old.status, new.status) not in (
        ('draft', 'awaiting_payment'), ('draft', 'published'), ('awaiting_payment', 'published'), ('awaiting_payment', 'draft'),
        ('published', 'completed'), ('published', 'draft'),
        ('draft', 'cancelled'), ('awaiting_payment', 'cancelled'), ('published', 'cancelled')
    ) then
        raise sqlstate 'PT409' using message = 'illegal_transition',
            detail = jsonb_build_object('from', old.status, 'to', new.status)::text,
            hint = 'Events go draft → awaiting_payment → published → completed, or to cancelled.';
    end if;
    if new.status in ('draft', 'cancelled') then
        perform from public.venues where venues.id = new.venue_id for no key update; -- its other events get the room
        perform private.lock_pools(new.id); -- an order being placed right now comes first
    end if;
    if new.status = 'draft' and exists (
        select from public.orders where orders.event_id = new.id and orders.status in ('pending', 'confirmed', 'awaiting_approval')
    ) then
        raise sqlstate 'PT409' using message = 'event_has_orders',
            hint = 'Seats are held or sold. Cancel the event instead: everyone is refunded and told.';
    end if;
    return new;
end;
$$;
comment on function private.guard_event_status() is
'Row trigger: only the transitions of the domain''s table pass. Refuses with illegal_transition, event_has_orders.';

create trigger guard_event_status before update of status on public.events
for each row when (old.status is distinct from new.status) execute function private.guard_event_status();

create function private.guard_event_organizer() returns trigger
language plpgsql security definer -- the orders of other teams count too
set search_path = ''
as $$
begin
    perform private.lock_pools(new.id); -- an order being placed right now comes first
    if exists (select from public.orders where orders.event_id = new.id) then
        raise sqlstate 'PT409' using message = 'event_has_orders', hint = 'Its orders and their money stay with the team that sold them.';
    end if;
    return new;
end;
$$;
comment on function private.guard_event_organizer() is
'Row trigger: an event that has been ordered stays with its organizer. Refuses with event_has_orders.';

create trigger guard_event_organizer before update of organizer_id on public.events
for each row when (old.organizer_id is distinct from new.organizer_id) execute function private.guard_event_organizer();
