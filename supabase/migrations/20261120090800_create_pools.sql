-- Counted capacities. A pool's counters move only because an order moved (see move_seats_with_orders).

create table public.pools (
    id uuid primary key default gen_random_uuid(),
    event_id uuid not null references public.events (id) on delete cascade,
    ticket_type_id uuid unique references public.ticket_types (id) on delete cascade,
    capacity integer not null,
    venue_id uuid references public.venues (id),
    held integer not null default 0,
    sold integer not null default 0,
    announced_at timestamptz not null default '-infinity',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint pools_held_not_negative check (held >= 0),
    constraint pools_sold_not_negative check (sold >= 0),
    constraint pools_within_capacity check (held + sold <= capacity)
) with (fillfactor = 50); -- room on each page, so that the hottest rows are updated in place
create unique index on public.pools (event_id, ticket_type_id) nulls not distinct;
create index on public.pools (venue_id);
comment on table public.pools is 'One row per counted capacity: the event''s (no ticket type), and each ticket type''s that has one.';
comment on column public.pools.venue_id is 'The venue whose places are taken one by one; empty for ticket types, and where an event has its own capacity.';
comment on column public.pools.held is 'Seats of pending orders.';
comment on column public.pools.sold is 'Seats of confirmed orders.';
comment on column public.pools.announced_at is 'When pages were last told of a change; bursts are told once a second.';

create trigger touch_updated_at before update on public.pools
for each row execute function private.touch_updated_at();

create function private.guard_counters() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if pg_trigger_depth() < 2 then
        raise sqlstate 'PT409' using message = 'counters_follow_orders',
            hint = 'Change the orders, or the capacity of the event or ticket type; the pools follow.';
    end if;
    if new.held + new.sold > new.capacity then
        raise sqlstate 'PT409' using
            message = case when new.capacity = old.capacity then 'sold_out' else 'capacity_below_sold' end,
            detail = jsonb_build_object('ticket_type_id', new.ticket_type_id, 'capacity', new.capacity,
                'taken', new.held + new.sold, 'left', greatest(0, old.capacity - old.held - old.sold))::text,
            hint = 'Seats that are held or sold stay so; cancel orders first.';
    end if;
    return coalesce(new, old);
end;
$$;
comment on function private.guard_counters() is
'Trigger: pools are written by the triggers on orders, attendees, events and ticket types alone, and never overflow.
Refuses with counters_follow_orders, sold_out, capacity_below_sold.';

create trigger guard_counters before insert or update or delete on public.pools
for each row execute function private.guard_counters();
create trigger guard_emptied before truncate on public.pools
for each statement execute function private.guard_counters();

create function private.keep_event_pool() returns trigger
language plpgsql security definer -- pools are written by triggers alone
set search_path = ''
as $$
begin
    perform from public.venues where venues.id = new.venue_id for no key update; -- as everywhere, before the pool
    insert into public.pools (event_id, capacity, venue_id)
    values (
        new.id, coalesce(new.capacity, (select venues.capacity from public.venues where venues.id = new.venue_id)),
        case when new.capacity is null then new.venue_id end
    )
    on conflict (event_id, ticket_type_id) do update set capacity = excluded.capacity, venue_id = excluded.venue_id
    where (pools.capacity, pools.venue_id) is distinct from (excluded.capacity, excluded.venue_id);
    return null;
end;
$$;
comment on function private.keep_event_pool() is 'Row trigger: an event''s pool follows its capacity. Refuses with capacity_below_sold.';

create trigger keep_event_pool after insert or update of capacity, venue_id on public.events
for each row execute function private.keep_event_pool();

create function private.keep_ticket_type_pool() returns trigger
language plpgsql security definer -- pools are written by triggers alone
set search_path = ''
as $$
declare
    v_pool public.pools;
begin
    perform private.lock_pools(new.event_id); -- orders being placed right now count as well
    select * into v_pool from public.pools where pools.ticket_type_id = new.id;
    if new.capacity is null then
        delete from public.pools where pools.id = v_pool.id;
    elsif v_pool.id is null then
        insert into public.pools (event_id, ticket_type_id, capacity, held, sold)
        select new.event_id, new.id, new.capacity, taken.held, taken.sold from private.seats_taken(new.id) as taken;
    else
        update public.pools set capacity = new.capacity where pools.id = v_pool.id;
    end if;
    return null;
end;
$$;
comment on function private.keep_ticket_type_pool() is
'Row trigger: a ticket type''s pool follows its capacity. Refuses with capacity_below_sold.';

create trigger keep_ticket_type_pool after insert or update of capacity on public.ticket_types
for each row execute function private.keep_ticket_type_pool();

create function private.guard_ticket_type_event() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'A ticket type stays at its event; make another there.';
end;
$$;
comment on function private.guard_ticket_type_event() is
'Row trigger: seats are counted per event, so a ticket type never moves to another. Refuses with illegal_transition.';

create trigger guard_ticket_type_event before update of event_id on public.ticket_types
for each row when (old.event_id <> new.event_id) execute function private.guard_ticket_type_event();

create function private.keep_venue_pools() returns trigger
language plpgsql security definer -- pools are written by triggers alone
set search_path = ''
as $$
begin
    update public.pools set capacity = new.capacity
    from public.events
    where events.id = pools.event_id and pools.ticket_type_id is null
        and events.venue_id = new.id and events.capacity is null and events.ends_at > private.now();
    return null;
end;
$$;
comment on function private.keep_venue_pools() is
'Row trigger: events without a capacity of their own follow their venue''s. Refuses with capacity_below_sold.';

create trigger keep_venue_pools after update of capacity on public.venues
for each row when (old.capacity <> new.capacity) execute function private.keep_venue_pools();
