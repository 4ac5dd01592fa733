-- Seats left, as everyone sees them: lapsed holds do not count, and neither does room that the venue has promised to others.

create function private.lapsed_seats(event_id uuid) returns table (ticket_type_id uuid, seats bigint)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select attendees.ticket_type_id, count(*)
    from public.orders
    inner join public.attendees on attendees.order_id = orders.id and attendees.cancelled_at is null
    where orders.event_id = lapsed_seats.event_id and orders.status = 'pending'
        and orders.expires_at <= (select private.now())
    group by attendees.ticket_type_id;
end;
$$;
comment on function private.lapsed_seats(uuid) is 'Seats by ticket type that lapsed holds still occupy in the pools of an event.';

create function private.venue_peak(venue_id uuid, during tstzrange, besides uuid) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        with load as (
            select
                tstzrange(events.starts_at, events.ends_at) as during,
                coalesce(
                    case when events.status <> 'draft' then events.capacity end, -- a draft reserves nothing, but its first seat counts
                    pools.held + pools.sold - (select coalesce(sum(lapsed.seats), 0) from private.lapsed_seats(events.id) as lapsed)
                ) as people
            from public.events
            inner join public.pools on pools.event_id = events.id and pools.ticket_type_id is null
            where events.venue_id = venue_peak.venue_id
                and events.status in ('draft', 'awaiting_payment', 'published')
                and events.id is distinct from venue_peak.besides
                and tstzrange(events.starts_at, events.ends_at) && venue_peak.during
        ),
        instant as (
            -- The load only rises where an event starts, so these instants are enough.
            select lower(venue_peak.during) as at
            union
            select lower(load.during) from load where lower(load.during) > lower(venue_peak.during)
        ),
        total as (
            select sum(load.people) as people
            from instant
            inner join load on load.during @> instant.at
            group by instant.at
        )
        select coalesce(max(total.people), 0)::bigint from total
    );
end;
$$;
comment on function private.venue_peak(uuid, tstzrange, uuid) is
'The most people that other events bring to a venue at any instant of a period.';

create function private.venue_room(event_id uuid) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select venues.capacity - private.venue_peak(venues.id, tstzrange(events.starts_at, events.ends_at), events.id)
        from public.events
        inner join public.venues on venues.id = events.venue_id
        where events.id = venue_room.event_id
    );
end;
$$;
comment on function private.venue_room(uuid) is 'Places that the venue has for this event beside all others; null online.';

create function private.free_seats(event_id uuid) returns table (ticket_type_id uuid, capacity integer, seats integer)
language plpgsql stable
set search_path = ''
rows 4
as $$
declare
    v_whole record;
    v_room bigint;
    v_lapsed bigint := 0;
    v_lapsed_types uuid[];
    v_lapsed_seats bigint[];
begin
    -- Every page and every order asks this: whatever is rare is looked for cheaply, and counted only where it is.
    select
        pools.capacity, pools.held + pools.sold as taken, events.capacity is null as shares_venue,
        private.now() >= (
            select min(orders.expires_at) from public.orders
            where orders.event_id = free_seats.event_id and orders.status = 'pending'
        ) as has_lapsed
    into v_whole
    from public.pools
    inner join public.events on events.id = pools.event_id
    where pools.event_id = free_seats.event_id and pools.ticket_type_id is null;
    if not found then
        return;
    end if;
    if v_whole.has_lapsed then
        select array_agg(lapsed.ticket_type_id), array_agg(lapsed.seats), sum(lapsed.seats)
        into v_lapsed_types, v_lapsed_seats, v_lapsed
        from private.lapsed_seats(free_seats.event_id) as lapsed;
    end if;
    if v_whole.shares_venue then
        v_room := private.venue_room(free_seats.event_id);
    end if;
    capacity := v_whole.capacity;
    seats := greatest(0, least(v_whole.capacity, v_room) - v_whole.taken + coalesce(v_lapsed, 0));
    return next;
    return query
    select
        ticket_types.id, pools.capacity,
        greatest(0, least(seats, pools.capacity - pools.held - pools.sold
            + coalesce(v_lapsed_seats[array_position(v_lapsed_types, ticket_types.id)], 0)))::integer
    from public.ticket_types
    left join public.pools on pools.ticket_type_id = ticket_types.id
    where ticket_types.event_id = free_seats.event_id;
end;
$$;
comment on function private.free_seats(uuid) is
'Seats that no order holds or has bought, of an event (no ticket type) and of each ticket type; whether somebody waits for them is
seats_left''s to say. capacity is empty for a type limited by its event alone.';

create function private.assert_venue_room(event_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events;
    v_people bigint;
begin
    select * into v_event from public.events where events.id = assert_venue_room.event_id;
    perform from public.venues where venues.id = v_event.venue_id for no key update;
    select coalesce(case when v_event.status <> 'draft' then v_event.capacity end, pools.held + pools.sold) into v_people
    from public.pools
    where pools.event_id = v_event.id and pools.ticket_type_id is null
    for no key update;
    if v_people > private.venue_room(v_event.id) then
        raise sqlstate 'PT409' using message = 'venue_full',
            detail = jsonb_build_object('room', private.venue_room(v_event.id), 'needed', v_people)::text,
            hint = 'Give the venue more capacity, or the event less, or another time.';
    end if;
end;
$$;
comment on function private.assert_venue_room(uuid) is
'Locks the venue and makes sure that this event fits beside the others at every instant. Refuses with venue_full.';

create function private.guard_venue_room() returns trigger
language plpgsql security definer -- other teams' events at the venue count too
set search_path = ''
as $$
begin
    perform private.assert_venue_room(new.id);
    return null;
end;
$$;
comment on function private.guard_venue_room() is
'Row trigger: an event takes its places at the venue when it is published or changed; a draft those it holds. Refuses with venue_full.';

-- Triggers run in the order of their names: this one after keep_event_pool, which makes the pool that is counted here.
create trigger reserve_venue_room after insert or update of status, venue_id, capacity, starts_at, ends_at, policy_id on public.events
for each row when (new.status in ('draft', 'awaiting_payment', 'published') and new.venue_id is not null)
execute function private.guard_venue_room();

create function private.guard_venue_capacity() returns trigger
language plpgsql security definer -- all teams' events at the venue count
set search_path = ''
as $$
declare
    v_reserved bigint := private.venue_peak(new.id, tstzrange(private.now(), null), null);
begin
    if v_reserved > new.capacity then
        raise sqlstate 'PT409' using message = 'capacity_below_reserved', hint = 'Events that share it have so many places at one time.',
            detail = jsonb_build_object('capacity', new.capacity, 'reserved', v_reserved)::text;
    end if;
    return null;
end;
$$;
comment on function private.guard_venue_capacity() is
'Row trigger: a venue cannot shrink below what events have taken. Refuses with capacity_below_reserved.';

create trigger guard_venue_capacity after update of capacity on public.venues
for each row when (new.capacity < old.capacity) execute function private.guard_venue_capacity();
