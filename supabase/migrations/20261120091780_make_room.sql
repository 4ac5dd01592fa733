-- What holds up the seats that somebody asks for: locks, holds that have lapsed, and whether there is room then.

create function private.lock_pools(variadic event_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_venues uuid[];
    v_unpublished uuid[];
    v_drawn_from uuid[];
begin
    select
        array_agg(events.venue_id) filter (where events.capacity is null and events.venue_id is not null),
        array_agg(events.id) filter (where events.status in ('draft', 'awaiting_payment'))
    into v_venues, v_unpublished
    from public.events
    where events.id = any(lock_pools.event_ids);
    -- Lock order, everywhere: events by id (only where orders move them: those not published yet), venues by id, pools by event
    -- and the event's own first, orders by id. Whoever has an event's own pool has them all: one that a new ticket type adds
    -- meanwhile cannot be taken by anyone else.
    if v_unpublished is not null then
        perform from public.events where events.id = any(v_unpublished) order by events.id for no key update;
    end if;
    if v_venues is not null then
        perform from public.venues where venues.id = any(v_venues) order by venues.id for no key update;
    end if;
    v_drawn_from := array(
        select pools.venue_id from public.pools
        where pools.event_id = any(lock_pools.event_ids)
        order by pools.event_id, pools.ticket_type_id nulls first
        for no key update
    );
    if not array_remove(v_drawn_from, null) <@ coalesce(v_venues, '{}') then
        perform private.lock_late_venues(v_drawn_from);
    end if;
end;
$$;
comment on function private.lock_pools(uuid[]) is
'Locks what seats of events are taken from: their venues when shared seat by seat, then their pools.';

create function private.lock_late_venues(venue_ids uuid[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_locked uuid[] := array(select venues.id from public.venues where venues.id = any(lock_late_venues.venue_ids) for no key update skip locked);
begin
    if not array_remove(lock_late_venues.venue_ids, null) <@ v_locked then
        raise serialization_failure using message = 'The event was edited while its seats were waited for.', hint = 'Ask again.';
    end if;
end;
$$;
comment on function private.lock_late_venues(uuid[]) is
'Locks venues that an edit has brought to events while their pools were waited for, out of order and so without waiting: whoever cannot
have them at once starts anew, which the app does by itself.';

create function private.expire_lapsed(variadic event_ids uuid[]) returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_lapsed uuid[] := array(
        select orders.id from public.orders
        where orders.event_id = any(expire_lapsed.event_ids) and orders.status in ('pending', 'awaiting_approval')
            and orders.expires_at <= (select private.now())
        order by orders.id
        for no key update
    );
begin
    -- Mostly there is none, and an update of nothing would still run the statement triggers.
    if v_lapsed <> '{}' then
        update public.orders set status = 'expired', status_reason = private.lapse_reason(orders.status) where orders.id = any(v_lapsed);
    end if;
    return cardinality(v_lapsed);
end;
$$;
comment on function private.expire_lapsed(uuid[]) is
'Expires what has lapsed at events whose pools are locked: holds, and orders that nobody answered. Counts them.';

create function private.has_room(event_id uuid, priced private.priced_line[]) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return not exists (
        with asked as (
            select line.ticket_type_id, line.quantity::integer as quantity from unnest(has_room.priced) as line
            union all
            select null, sum(line.quantity)::integer from unnest(has_room.priced) as line
        )
        select from asked
        inner join public.pools on pools.event_id = has_room.event_id and pools.ticket_type_id is not distinct from asked.ticket_type_id
        inner join public.events on events.id = pools.event_id
        where pools.held + pools.sold + asked.quantity > least(pools.capacity, case
            when pools.ticket_type_id is null and events.capacity is null then private.venue_room(events.id)
        end)
    );
end;
$$;
comment on function private.has_room(uuid, private.priced_line[]) is
'Whether the pools of an event take what is asked, with all that lapsed holds still occupy in them.';

create function private.make_room(event_id uuid, priced private.priced_line[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_batch constant integer := 50;
    v_lapsed uuid[];
begin
    loop
        v_lapsed := array(
            select orders.id from public.orders
            where orders.event_id = make_room.event_id and orders.status = 'pending' and orders.expires_at <= (select private.now())
            order by orders.expires_at -- not by id: whoever locks several orders of an event has its pools
            limit v_batch
            for no key update
        );
        exit when v_lapsed = '{}';
        update public.orders set status = 'expired', status_reason = private.lapse_reason(orders.status) where orders.id = any(v_lapsed);
        exit when cardinality(v_lapsed) < v_batch or private.has_room(make_room.event_id, make_room.priced);
    end loop;
end;
$$;
comment on function private.make_room(uuid, private.priced_line[]) is
'Expires lapsed holds at an event whose pools are locked, the oldest first: some, and more only while they are in the way of what is asked.
The sweep does the rest, so that nobody waits for everybody''s.';

create function private.assert_room(event_id uuid, priced private.priced_line[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_fault record;
begin
    with asked as (
        select line.ticket_type_id, line.quantity::integer as quantity from unnest(assert_room.priced) as line
        union all
        select null, sum(line.quantity)::integer from unnest(assert_room.priced) as line
    )
    select asked.ticket_type_id, level.seats, state.sale into v_fault
    from asked
    inner join private.seats_left(assert_room.event_id) as level on level.ticket_type_id is not distinct from asked.ticket_type_id
    inner join public.events on events.id = assert_room.event_id
    left join public.ticket_types on ticket_types.id = asked.ticket_type_id
    left join lateral (
        select private.ticket_sale(ticket_types, events, level.seats) as sale where ticket_types.id is not null
    ) as state on true
    where level.seats < asked.quantity or state.sale in ('ended', 'not_yet')
    order by state.sale in ('ended', 'not_yet') desc nulls last, level.seats
    limit 1;
    if v_fault.sale in ('ended', 'not_yet') then
        raise sqlstate 'PT409' using message = 'sale_closed', hint = 'Look at the ticket type''s sale window.',
            detail = jsonb_build_object('ticket_type_id', v_fault.ticket_type_id, 'sale', v_fault.sale)::text;
    elsif found then
        raise sqlstate 'PT409' using message = 'sold_out', hint = 'Ask for fewer seats, or join the waiting list.',
            detail = jsonb_build_object('ticket_type_id', v_fault.ticket_type_id, 'left', v_fault.seats)::text;
    end if;
end;
$$;
comment on function private.assert_room(uuid, private.priced_line[]) is
'Whether the seats asked for are on sale and free at this instant, judged by the event as it is once its pools are locked. Refuses with sale_closed, sold_out.';
