create function private.call_off(event public.events, reason text) returns void
language plpgsql
set search_path = ''
as $$
begin
    -- Sales stop with this row; the orders are worked off afterwards, in batches.
    update public.events set status = 'cancelled', status_reason = call_off.reason
    where events.id = call_off.event.id and events.status <> 'cancelled';
    if not found then
        raise sqlstate 'PT409' using message = 'illegal_transition', detail = '{"from": "cancelled", "to": "cancelled"}';
    end if;
end;
$$;
comment on function private.call_off(public.events, text) is
'Cancels an event; settle_cancelled_events then gives everyone their money back. Refuses with illegal_transition.';

create function private.teams_event(event_id uuid, permission text) returns public.events
language plpgsql stable security definer -- looks past sight to tell a missing event from a missing right
set search_path = ''
as $$
declare
    v_event public.events;
begin
    select * into v_event
    from public.events
    where events.id = teams_event.event_id and events.organizer_id in (select private.permitted_organizers('events:read'));
    if v_event.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such event, or it is not your team''s.';
    elsif v_event.organizer_id not in (select private.permitted_organizers(teams_event.permission)) then
        raise sqlstate 'PT403' using message = 'not_permitted', detail = jsonb_build_object('permission', teams_event.permission)::text;
    end if;
    return v_event;
end;
$$;
comment on function private.teams_event(uuid, text) is 'An event of a team in which the caller has a permission. Refuses with not_found, not_permitted.';

create function private.event_to_call_off(event_id uuid) returns public.events
language plpgsql stable security definer -- looks past sight: a venue's team need not be the event's
set search_path = ''
as $$
declare
    v_event public.events;
begin
    -- Whoever looks after the venue may call off what happens there: a closed house closes for everyone.
    select events.* into v_event
    from public.events
    inner join public.venues on venues.id = events.venue_id
    where events.id = event_to_call_off.event_id and events.status = 'published'
        and venues.organizer_id in (select private.permitted_organizers('events:write'));
    if found then
        return v_event;
    end if;
    return private.teams_event(event_to_call_off.event_id, 'events:write');
end;
$$;
comment on function private.event_to_call_off(uuid) is
'An event that the caller may call off, for its organizer or for its venue. Refuses with not_found, not_permitted.';

create function public.cancel_event(event_id uuid, reason text) returns jsonb
language plpgsql security definer -- ends sales and starts refunds, by right
set search_path = ''
as $$
declare
    v_event public.events := private.event_to_call_off(cancel_event.event_id);
begin
    if private.one_line(cancel_event.reason) is null then
        raise sqlstate 'PT422' using message = 'reason_missing', hint = 'Everyone who bought a seat is told why.';
    end if;
    perform private.call_off(v_event, left(private.some_lines(cancel_event.reason), 500));
    return public.read_event(v_event.id::text);
end;
$$;
comment on function public.cancel_event(uuid, text) is
'Cancels an event with a reason, for its organizer or for its venue; everyone is refunded and told.
Refuses with not_found, not_permitted, reason_missing, illegal_transition.';

create function private.end_buyers_cancellation(order_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    -- What nobody has handed back yet is asked for once, with the rest of the order.
    update public.payments
    set status = 'failed', cancellation_id = null, last_error = 'event_called_off'
    where payments.order_id = end_buyers_cancellation.order_id and payments.kind = 'refund' and payments.method <> 'stripe'
        and payments.status = 'requested';
    update public.cancellations set status = 'failed', last_error = 'event_called_off'
    where cancellations.order_id = end_buyers_cancellation.order_id and cancellations.status = 'refunding';
end;
$$;
comment on function private.end_buyers_cancellation(uuid) is
'Ends what a buyer began and a team has not handed back: the cancellation of the event takes its place.';

create function private.seats_to_settle(placed public.orders) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(array_agg(attendees.id) filter (where attendees.cancelled_at is null), array_agg(attendees.id))
        from public.attendees
        where attendees.order_id = seats_to_settle.placed.id
    );
end;
$$;
comment on function private.seats_to_settle(public.orders) is
'The seats that an order of a cancelled event gives up; where the dashboard has left it none, those it had, for its money goes back all
the same.';

create function private.settle_cancelled_order(placed public.orders, event public.events) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform private.dismiss_seats(settle_cancelled_order.placed, settle_cancelled_order.event); -- before the seats are given up
    if settle_cancelled_order.placed.payment_status = 'processing' then
        -- Told now; the money, should it arrive, goes back by itself.
        update public.orders set status_reason = 'cancelled_by_event' where orders.id = settle_cancelled_order.placed.id;
        perform private.tell_called_off(settle_cancelled_order.placed, settle_cancelled_order.event);
    elsif settle_cancelled_order.placed.status = 'confirmed' then
        perform private.end_buyers_cancellation(settle_cancelled_order.placed.id);
        perform private.begin_cancellation(
            settle_cancelled_order.placed, private.seats_to_settle(settle_cancelled_order.placed), 'event',
            settle_cancelled_order.event.status_reason);
        if private.owed_by_hand(settle_cancelled_order.placed.id) > 0 then
            perform private.tell_called_off(settle_cancelled_order.placed, settle_cancelled_order.event);
        end if;
    else
        update public.orders set status = 'cancelled', status_reason = 'cancelled_by_event'
        where orders.id = settle_cancelled_order.placed.id;
        perform private.tell_called_off(settle_cancelled_order.placed, settle_cancelled_order.event);
    end if;
end;
$$;
comment on function private.settle_cancelled_order(public.orders, public.events) is
'Ends one order of a cancelled event: unpaid ones at once, paid ones when their refund is accepted. Whoever waits for money that goes
back by hand is told before.';

create function private.orders_to_settle(event_id uuid) returns setof public.orders
language sql stable
set search_path = ''
as $$
    select orders.*
    from public.orders
    where orders.event_id = orders_to_settle.event_id and (
        orders.status = 'awaiting_approval'
        or (orders.status = 'pending' and (orders.payment_status <> 'processing' or orders.status_reason is distinct from 'cancelled_by_event'))
        or (orders.status = 'confirmed' and not exists (
            select from public.cancellations
            where cancellations.order_id = orders.id and (
                cancellations.cause = 'event' or (cancellations.status = 'refunding' and private.owed_by_hand(orders.id) = 0))
        ))
    )
$$;
comment on function private.orders_to_settle(uuid) is
'The orders of a cancelled event that nobody has ended or told yet; what a buyer gives back by themselves is waited for, unless it waits
for the team.';

create function private.refunds_under_way(event_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select exists (
            select from public.orders
            inner join public.cancellations on cancellations.order_id = orders.id
            where orders.event_id = refunds_under_way.event_id and cancellations.status = 'refunding' and cancellations.cause <> 'event'
        )
    );
end;
$$;
comment on function private.refunds_under_way(uuid) is
'Whether buyers of an event are cancelling by themselves: should their refund fail, the event''s cancellation takes over.';

create function public.settle_cancelled_events(batch integer default 100) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_event public.events;
    v_order public.orders;
    v_settled integer := 0;
    v_closed integer := 0;
begin
    select * into v_event
    from public.events
    where events.status = 'cancelled' and events.settled_at is null and (
        exists (select from private.orders_to_settle(events.id)) or private.somebody_waits(events.id)
        or not private.refunds_under_way(events.id)
    )
    order by events.cancelled_at
    limit 1
    for no key update skip locked;
    if v_event.id is null then
        return jsonb_build_object('settled', 0, 'closed', 0);
    end if;
    perform private.lock_pools(v_event.id);
    for v_order in
        select * from private.orders_to_settle(v_event.id) as waiting order by waiting.id limit settle_cancelled_events.batch
    loop
        perform private.settle_cancelled_order(v_order, v_event);
        v_settled := v_settled + 1;
    end loop;
    v_settled := v_settled + private.dismiss_line(v_event, settle_cancelled_events.batch - v_settled);
    if v_settled < settle_cancelled_events.batch and not private.refunds_under_way(v_event.id) then
        update public.events set settled_at = private.now() where events.id = v_event.id;
        v_closed := 1;
    end if;
    return jsonb_build_object('settled', v_settled, 'closed', v_closed);
end;
$$;
comment on function public.settle_cancelled_events(integer) is
'Works off the orders of cancelled events and then those who wait in line, a batch at a time, each once: {settled, closed}; closed
are events that are done with. For the worker.';

create function public.tend_events(batch integer default 100) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_cancelled integer;
    v_over uuid[] := array(
        select events.id
        from public.events
        where events.status = 'published' and events.ends_at <= private.now()
        limit tend_events.batch
        for no key update skip locked
    );
    v_to_check uuid[] := array(
        select events.id
        from public.events
        inner join public.event_policies on event_policies.id = events.policy_id
        where events.status = 'published' and events.attendance_checked_at is null
            and events.starts_at > private.now()
            and events.starts_at <= private.now() + event_policies.attendance_checked_before
        order by events.starts_at
        limit tend_events.batch
        for no key update of events skip locked
    );
begin
    update public.events set status = 'completed' where events.id = any(v_over);
    update public.events set attendance_checked_at = private.now() where events.id = any(v_to_check);
    perform private.lock_pools(variadic v_to_check); -- all at once, in their order; a payment that comes in right now counts
    perform private.call_off(events, 'too_few_people')
    from public.events
    where events.id = any(v_to_check) and private.attendance_too_low(events);
    get diagnostics v_cancelled = row_count;
    return jsonb_build_object('cancelled', v_cancelled, 'completed', cardinality(v_over));
end;
$$;
comment on function public.tend_events(integer) is
'Cancels events that too few people come to, at the instant their policy says, and completes those that are over:
{cancelled, completed}. For the worker.';

create function private.attendance_too_low(event public.events) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select pools.sold < event_policies.min_attendance
        from public.pools
        inner join public.event_policies on event_policies.id = attendance_too_low.event.policy_id
        where pools.event_id = attendance_too_low.event.id and pools.ticket_type_id is null
    );
end;
$$;
comment on function private.attendance_too_low(public.events) is 'Whether fewer seats are confirmed than the policy''s minimum.';
