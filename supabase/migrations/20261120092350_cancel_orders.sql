-- What buyers and teams ask of it: the sum beforehand, seats given back, money given back by right.

create function public.quote_cancellation(reference text, attendees uuid[] default null) returns jsonb
language plpgsql stable security definer -- judges by payments and policies that the caller may not see
set search_path = ''
as $$
declare
    v_order public.orders := private.own_order(quote_cancellation.reference);
    v_seats uuid[];
    v_refusal text := private.cancellation_refusal(v_order);
begin
    if v_refusal is null then
        v_seats := private.chosen_seats(v_order, quote_cancellation.attendees);
    end if;
    return jsonb_build_object(
        'possible', v_refusal is null,
        'refusal', v_refusal,
        'until', private.cancel_until(v_order),
        'attendees', coalesce(to_jsonb(v_seats), '[]'),
        'refund_cents', case when v_refusal is null then private.refund_for(v_order.id, v_seats) else 0 end,
        'paid_cents', private.money_kept(v_order.id),
        'currency', v_order.currency
    );
end;
$$;
comment on function public.quote_cancellation(text, uuid[]) is
'What giving up seats of one''s order would bring back, and until when: {possible, refusal, until, attendees, refund_cents,
paid_cents, currency}. Refuses with not_found, attendee_unknown, signed_out.';

create function private.assert_cancellable(placed public.orders) returns void
language plpgsql stable
set search_path = ''
as $$
begin
    case private.cancellation_refusal(assert_cancellable.placed)
        when 'already_cancelled' then
            raise sqlstate 'PT409' using message = 'already_cancelled';
        when 'payment_processing' then
            raise sqlstate 'PT409' using message = 'payment_processing', hint = 'A payment is under way; its outcome comes by mail.';
        when 'cannot_cancel' then
            raise sqlstate 'PT409' using message = 'cannot_cancel';
        when 'cancellation_under_way' then
            raise sqlstate 'PT409' using message = 'cancellation_under_way';
        when 'cancellation_deadline_passed' then
            raise sqlstate 'PT409' using message = 'cancellation_deadline_passed',
                detail = jsonb_build_object('until', private.cancel_until(assert_cancellable.placed))::text;
        else
            null;
    end case;
end;
$$;
comment on function private.assert_cancellable(public.orders) is
'Whether a buyer may give seats up now. Refuses with already_cancelled, payment_processing, cannot_cancel, cancellation_under_way,
cancellation_deadline_passed.';

create function public.cancel_order(reference text, attendees uuid[] default null) returns jsonb
language plpgsql security definer -- gives seats and money back, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.own_order(cancel_order.reference);
begin
    perform private.lock_pools(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    perform private.assert_cancellable(v_order);
    if v_order.status = 'confirmed' then
        perform private.begin_cancellation(v_order, private.chosen_seats(v_order, cancel_order.attendees), 'buyer', null);
    elsif private.chosen_seats(v_order, cancel_order.attendees) <> private.chosen_seats(v_order, null) then
        raise sqlstate 'PT409' using message = 'cannot_cancel', hint = 'Held seats are given back together; then order fewer.';
    else
        update public.orders set status = 'cancelled', status_reason = 'given_back' where orders.id = v_order.id;
    end if;
    select * into v_order from public.orders where orders.id = v_order.id;
    return private.order_document(v_order);
end;
$$;
comment on function public.cancel_order(text, uuid[]) is
'Gives up one''s seats: all those of a pending order at once; some or all of a confirmed one when their refund is accepted.
Refuses with not_found, already_cancelled, cannot_cancel, payment_processing, cancellation_under_way, cancellation_deadline_passed,
attendee_unknown, signed_out.';

create function private.teams_order(reference text, permission text) returns public.orders
language plpgsql stable security definer -- looks past sight to tell a missing order from a missing right
set search_path = ''
as $$
declare
    v_order public.orders;
begin
    select * into v_order
    from public.orders
    where orders.reference = upper(teams_order.reference)
        and orders.organizer_id in (select private.permitted_organizers('orders:read'));
    if v_order.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such order, or it is not your team''s.';
    elsif v_order.organizer_id not in (select private.permitted_organizers(teams_order.permission)) then
        raise sqlstate 'PT403' using message = 'not_permitted', detail = jsonb_build_object('permission', teams_order.permission)::text;
    end if;
    return v_order;
end;
$$;
comment on function private.teams_order(text, text) is 'An order of a team in which the caller has a permission. Refuses with not_found, not_permitted.';

create function private.is_accepted(refund public.payments) returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    return is_accepted.refund.status = 'succeeded'
        or (is_accepted.refund.status = 'requested' and is_accepted.refund.stripe_refund_id is not null);
end;
$$;
comment on function private.is_accepted(public.payments) is 'Whether a refund is on its way: Stripe has taken it on, or the team has handed it back.';

create function private.tell_of_refund() returns trigger
language plpgsql security definer -- the outbox is written by functions alone
set search_path = ''
as $$
begin
    perform private.queue_mail('payment_refunded', orders, jsonb_build_object(
        'amount_cents', -new.amount_cents,
        'by_hand', new.method <> 'stripe',
        'paid_twice', new.reason = 'paid_twice',
        'reason', case when new.reason not in ('paid_twice', 'stripe_dashboard') then new.reason end
    ))
    from public.orders
    where orders.id = new.order_id;
    return null;
end;
$$;
comment on function private.tell_of_refund() is
'Row trigger: money that goes back while the seats stay is told when it is on its way. What goes back for seats, or came too late, has
mails of its own.';

create trigger tell_of_refund_made after insert on public.payments
for each row when (
    new.kind = 'refund' and new.cancellation_id is null and new.reason is distinct from 'too_late' and private.is_accepted(new)
)
execute function private.tell_of_refund();
create trigger tell_of_refund after update of status, stripe_refund_id on public.payments
for each row when (
    new.kind = 'refund' and new.cancellation_id is null and new.reason is distinct from 'too_late'
    and private.is_accepted(new) and not private.is_accepted(old)
)
execute function private.tell_of_refund();

create function private.hand_back(order_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    -- The end of an order gathers what is left of its money, which may ask for one refund more.
    loop
        update public.payments set status = 'succeeded', charged_at = now()
        where payments.order_id = hand_back.order_id and payments.kind = 'refund' and payments.method <> 'stripe'
            and payments.status = 'requested';
        exit when not found;
        perform private.follow_refund(payments)
        from public.payments
        where payments.order_id = hand_back.order_id and payments.kind = 'refund' and payments.method <> 'stripe'
        order by payments.created_at desc
        limit 1;
    end loop;
end;
$$;
comment on function private.hand_back(uuid) is
'Notes that a team has given back by hand what was asked back of a locked order; seats that waited for it go.';

create function public.refund_order(
    reference text, reason text, amount_cents integer default null, attendees uuid[] default null, kept_cents integer default null
) returns jsonb
language plpgsql security definer -- moves money by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(refund_order.reference, 'orders:refund');
    v_answer jsonb := private.answered_before('refund_order', jsonb_build_array(
        v_order.id, refund_order.reason, refund_order.amount_cents, refund_order.attendees, refund_order.kept_cents));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    perform private.lock_pools(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    if private.one_line(refund_order.reason) is null then
        raise sqlstate 'PT422' using message = 'reason_missing', hint = 'The buyer is told why.';
    elsif refund_order.amount_cents is not null and refund_order.attendees is not null then
        raise sqlstate 'PT422' using message = 'amount_or_seats', hint = 'An amount leaves the seats; seats bring their price by themselves.';
    elsif v_order.status <> 'confirmed' and (refund_order.attendees is not null or private.money_kept(v_order.id) = 0) then
        raise sqlstate 'PT409' using message = 'cannot_cancel', hint = 'This order has no seats and no money to give back.';
    elsif exists (
        select from public.cancellations where cancellations.order_id = v_order.id and cancellations.status = 'refunding'
    ) then
        raise sqlstate 'PT409' using message = 'cancellation_under_way';
    elsif refund_order.kept_cents <> private.money_kept(v_order.id) then
        raise sqlstate 'PT409' using message = 'money_moved', hint = 'Look again at what is left before giving anything back.',
            detail = jsonb_build_object('left_cents', private.money_kept(v_order.id))::text;
    elsif v_order.status <> 'confirmed' and refund_order.amount_cents is null then
        -- An order that is over, whose refund the bank sent back: all that is left of its money.
        refund_order.amount_cents := private.money_kept(v_order.id);
    end if;
    if refund_order.amount_cents is null then
        perform private.begin_cancellation(
            v_order, private.chosen_seats(v_order, refund_order.attendees), 'organizer', private.one_line(refund_order.reason));
    elsif refund_order.amount_cents not between 1 and private.money_kept(v_order.id) then
        raise sqlstate 'PT409' using message = 'refund_exceeds_payment',
            detail = jsonb_build_object('left_cents', private.money_kept(v_order.id))::text;
    else
        perform private.request_refunds(v_order.id, refund_order.amount_cents, private.one_line(refund_order.reason), null);
    end if;
    perform private.hand_back(v_order.id);
    select * into v_order from public.orders where orders.id = v_order.id;
    return private.keep_answer(private.order_document(v_order));
end;
$$;
comment on function public.refund_order(text, text, integer, uuid[], integer) is
'A team gives back money, at any time and with a reason: an amount, with the seats kept, or whole seats, or the order; and once more
what the bank sent back after an order was over. What was paid by hand goes back by hand, and is recorded here. kept_cents is what whoever decided has seen left of the money.
Refuses with not_found, not_permitted, reason_missing, cannot_cancel, cancellation_under_way, refund_exceeds_payment, money_moved,
attendee_unknown, amount_or_seats, idempotency_key_reused.';
