-- Giving seats up: refund first, then the seats, then the mail, each step resumable.

create function private.line_total(line public.order_lines, seats bigint) returns integer
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select case
            when line_total.seats = line_total.line.quantity then line_total.line.total_cents
            when 'group' = any(line_total.line.applied) and line_total.seats < line_total.line.group_min_quantity
                then (line_total.line.list_price_cents * line_total.seats)::integer
            else round(line_total.line.total_cents::numeric * line_total.seats / line_total.line.quantity)::integer
        end
    );
end;
$$;
comment on function private.line_total(public.order_lines, bigint) is
'What so many seats of an ordered line cost: below the group minimum the list price counts again.';

create function private.money_kept(order_id uuid) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(sum(money.amount_cents), 0)::integer
        from private.money_of(money_kept.order_id) as money
        where money.status in ('succeeded', 'requested')
    );
end;
$$;
comment on function private.money_kept(uuid) is 'What came in for an order, less what went back or is on its way back.';

create function private.owed_by_hand(order_id uuid) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select -coalesce(sum(payments.amount_cents), 0)::integer
        from public.payments
        where payments.order_id = owed_by_hand.order_id and payments.kind = 'refund' and payments.method <> 'stripe'
            and payments.status = 'requested'
    );
end;
$$;
comment on function private.owed_by_hand(uuid) is 'What a team must hand back for an order, because it was paid by hand.';

create function private.refund_for(order_id uuid, attendee_ids uuid[]) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        -- Never asks for more money: where fewer seats would cost more than is left of the payment, nothing goes back.
        select greatest(0, private.money_kept(refund_for.order_id) - coalesce(sum(private.line_total(order_lines, remaining.seats)), 0))::integer
        from public.order_lines
        cross join lateral (
            select count(*) as seats
            from public.attendees
            where attendees.order_line_id = order_lines.id and attendees.cancelled_at is null
                and attendees.id <> all (refund_for.attendee_ids)
        ) as remaining
        where order_lines.order_id = refund_for.order_id
    );
end;
$$;
comment on function private.refund_for(uuid, uuid[]) is 'What goes back when these seats of a paid order are given up.';

create function private.chosen_seats(placed public.orders, attendees uuid[]) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
    v_seats uuid[];
begin
    select array_agg(attendees.id order by attendees.position) into v_seats
    from public.attendees
    where attendees.order_id = chosen_seats.placed.id and attendees.cancelled_at is null
        and (chosen_seats.attendees is null or attendees.id = any(chosen_seats.attendees));
    if coalesce(cardinality(v_seats), 0) = 0 or cardinality(v_seats) < (
        select count(distinct chosen) from unnest(chosen_seats.attendees) as chosen
    ) then
        raise sqlstate 'PT422' using message = 'attendee_unknown', hint = 'Name seats of this order that are not cancelled yet.';
    end if;
    return v_seats;
end;
$$;
comment on function private.chosen_seats(public.orders, uuid[]) is
'The seats of an order that are asked for, all of them when none are named. Refuses with attendee_unknown.';

create function private.request_refunds(order_id uuid, amount_cents integer, reason text, cancellation_id uuid) returns void
language sql
set search_path = ''
as $$
    -- Taken from the order's payments, oldest first, each as far as it reaches.
    insert into public.payments (
        order_id, kind, method, refunded_payment_id, amount_cents, currency, status, reason, session_id, payment_intent_id, charge_id,
        cancellation_id
    )
    select
        share.order_id, 'refund', share.method, share.id, -share.cents, share.currency, 'requested', request_refunds.reason, share.session_id,
        share.payment_intent_id, share.charge_id, request_refunds.cancellation_id
    from (
        select
            source.*,
            least(source.available, request_refunds.amount_cents - (
                sum(source.available) over (order by source.created_at, source.id) - source.available
            ))::integer as cents
        from (
            select
                payments.*,
                payments.amount_cents + (
                    select coalesce(sum(refunds.amount_cents), 0) from public.payments as refunds
                    where refunds.refunded_payment_id = payments.id and refunds.status <> 'failed'
                ) as available
            from public.payments
            where payments.order_id = request_refunds.order_id and payments.kind = 'payment' and payments.status = 'succeeded'
        ) as source
    ) as share
    where share.cents > 0
$$;
comment on function private.request_refunds(uuid, integer, text, uuid) is 'Marks an amount of an order to be given back; the worker asks Stripe.';

create function private.guard_cancellation() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if (old.status, new.status) not in (('refunding', 'done'), ('refunding', 'failed')) and old.status <> new.status
        or (new.order_id, new.attendee_ids, new.cause, new.refund_cents)
        is distinct from (old.order_id, old.attendee_ids, old.cause, old.refund_cents)
    then
        raise sqlstate 'PT409' using message = 'illegal_transition',
            detail = jsonb_build_object('from', old.status, 'to', new.status)::text,
            hint = 'A cancellation ends with its refund; cancel_order or refund_order begins another.';
    end if;
    return new;
end;
$$;
comment on function private.guard_cancellation() is
'Row trigger: a cancellation ends once, done or failed, and is otherwise never changed. Refuses with illegal_transition.';

create trigger guard_cancellation before update on public.cancellations
for each row execute function private.guard_cancellation();

create function private.begin_cancellation(
    placed public.orders, attendee_ids uuid[], cause public.cancellation_cause, reason text
) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_refund integer := private.refund_for(begin_cancellation.placed.id, begin_cancellation.attendee_ids);
    v_cancellation public.cancellations;
begin
    insert into public.cancellations (order_id, attendee_ids, cause, reason, refund_cents)
    values (
        begin_cancellation.placed.id, begin_cancellation.attendee_ids, begin_cancellation.cause, begin_cancellation.reason, v_refund
    )
    returning * into v_cancellation;
    perform private.request_refunds(begin_cancellation.placed.id, v_refund, 'cancelled_by_' || begin_cancellation.cause, v_cancellation.id);
    perform private.go_on_cancelling(v_cancellation);
end;
$$;
comment on function private.begin_cancellation(public.orders, uuid[], public.cancellation_cause, text) is
'The first step of giving up seats of a locked, confirmed order: the refund is asked for; without money the seats go at once.';

create function private.gather_refunds(cancellation public.cancellations) returns void
language plpgsql
set search_path = ''
as $$
begin
    if exists (
        select from public.attendees
        where attendees.order_id = gather_refunds.cancellation.order_id and attendees.cancelled_at is null
            and attendees.id <> all (gather_refunds.cancellation.attendee_ids)
    ) then
        return;
    end if;
    -- The last seats of an order go only with the last of its money: what a team gave back before, what came in twice, what the
    -- bank returned meanwhile.
    update public.payments set cancellation_id = gather_refunds.cancellation.id
    where payments.order_id = gather_refunds.cancellation.order_id and payments.kind = 'refund' and payments.status = 'requested'
        and payments.stripe_refund_id is null and payments.cancellation_id is distinct from gather_refunds.cancellation.id;
    perform private.request_refunds(
        gather_refunds.cancellation.order_id, private.money_kept(gather_refunds.cancellation.order_id),
        'cancelled_by_' || gather_refunds.cancellation.cause, gather_refunds.cancellation.id
    );
end;
$$;
comment on function private.gather_refunds(public.cancellations) is
'Makes the end of a whole order wait for all of its money, whatever it is given back for.';

create function private.go_on_cancelling(cancellation public.cancellations) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform private.gather_refunds(go_on_cancelling.cancellation);
    if not exists (
        select from public.payments
        where payments.cancellation_id = go_on_cancelling.cancellation.id and payments.status = 'requested'
            and payments.stripe_refund_id is null
    ) then
        perform private.finish_cancellation(go_on_cancelling.cancellation);
    end if;
end;
$$;
comment on function private.go_on_cancelling(public.cancellations) is
'Gives the seats up once Stripe has accepted every refund that they wait for.';

create function private.finish_cancellation(cancellation public.cancellations) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_order public.orders;
begin
    update public.cancellations set status = 'done', last_error = null where cancellations.id = finish_cancellation.cancellation.id;
    update public.orders
    set status = 'cancelled', status_reason = 'cancelled_by_' || finish_cancellation.cancellation.cause
    where orders.id = finish_cancellation.cancellation.order_id and not exists (
        select from public.attendees
        where attendees.order_id = orders.id and attendees.cancelled_at is null
            and attendees.id <> all (finish_cancellation.cancellation.attendee_ids)
    );
    update public.attendees set cancelled_at = private.now()
    where attendees.id = any(finish_cancellation.cancellation.attendee_ids) and attendees.cancelled_at is null;
    select * into v_order from public.orders where orders.id = finish_cancellation.cancellation.order_id;
    perform private.queue_mail('seats_cancelled', v_order, jsonb_build_object(
        'amount_cents', private.money_of_cancellation(finish_cancellation.cancellation),
        'seats', cardinality(finish_cancellation.cancellation.attendee_ids),
        'whole', v_order.status = 'cancelled',
        'cause', finish_cancellation.cancellation.cause,
        'reason', finish_cancellation.cancellation.reason
    ));
end;
$$;
comment on function private.finish_cancellation(public.cancellations) is
'The last step: the seats are given up and the buyer is told. Its order and pools are locked.';

create function private.tell_of_failed_refund(placed public.orders, cancellation public.cancellations) returns void
language plpgsql
set search_path = ''
as $$
begin
    case tell_of_failed_refund.cancellation.cause
        when 'buyer' then
            perform private.queue_mail('refund_failed', tell_of_failed_refund.placed,
                jsonb_build_object('amount_cents', tell_of_failed_refund.cancellation.refund_cents));
        when 'event' then
            -- Nobody shall stand before a closed door because of a bank.
            perform private.queue_mail('event_cancelled', tell_of_failed_refund.placed,
                jsonb_build_object('reason', tell_of_failed_refund.cancellation.reason));
        when 'organizer' then
            null; -- the team sees it at once, and asks again
    end case;
end;
$$;
comment on function private.tell_of_failed_refund(public.orders, public.cancellations) is
'Tells a buyer what a refused refund means for them: their seats stay, or the event is off and their money still to come.';

create function private.follow_refund(refund public.payments) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_cancellation public.cancellations;
begin
    if follow_refund.refund.status = 'failed' then
        perform private.settle_early_refunds(follow_refund.refund);
    end if;
    select * into v_cancellation
    from public.cancellations
    where cancellations.order_id = follow_refund.refund.order_id and cancellations.status = 'refunding'
    for no key update;
    if not found then
        return;
    end if;
    if follow_refund.refund.status = 'failed' and follow_refund.refund.cancellation_id = v_cancellation.id then
        update public.cancellations set status = 'failed', last_error = follow_refund.refund.last_error
        where cancellations.id = v_cancellation.id;
        perform private.tell_of_failed_refund(orders, v_cancellation)
        from public.orders where orders.id = v_cancellation.order_id;
    else
        perform private.go_on_cancelling(v_cancellation);
    end if;
end;
$$;
comment on function private.follow_refund(public.payments) is
'What a refund''s answer does to the cancellation under way: when all is accepted by Stripe, the seats go; refused, the order stays.';
