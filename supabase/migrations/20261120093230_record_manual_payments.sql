-- Money that moves by hand of the team: cash and bank transfers. Recorded as payments like any other, never asked of Stripe.

create function private.assert_takes_money(placed public.orders, method public.payment_method) returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if assert_takes_money.method = 'stripe' then
        raise sqlstate 'PT422' using message = 'method_invalid', hint = 'bank or cash: what comes through Stripe records itself.';
    elsif assert_takes_money.placed.status = 'confirmed' or assert_takes_money.placed.paid_cents > 0 then
        raise sqlstate 'PT409' using message = 'already_paid';
    elsif assert_takes_money.placed.payment_status = 'processing' then
        raise sqlstate 'PT409' using message = 'payment_processing', hint = 'A payment through Stripe is under way; wait for its outcome.';
    elsif assert_takes_money.placed.status not in ('pending', 'expired')
        -- The first seat of a meetup is what its host really pays: it puts the meetup on show.
        or exists (select from public.events where events.first_order_id = assert_takes_money.placed.id)
    then
        raise sqlstate 'PT409' using message = 'cannot_be_paid',
            detail = jsonb_build_object('status', assert_takes_money.placed.status)::text;
    elsif not private.event_is_on(assert_takes_money.placed.event_id) then
        raise sqlstate 'PT409' using message = 'sale_closed', hint = 'The event was called off.';
    end if;
end;
$$;
comment on function private.assert_takes_money(public.orders, public.payment_method) is
'Whether an order may be paid by hand now. Refuses with method_invalid, already_paid, payment_processing, cannot_be_paid, sale_closed.';

create function private.take_by_hand(placed public.orders, method public.payment_method) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_payment public.payments;
begin
    insert into public.payments (order_id, kind, method, amount_cents, currency, status, charged_at)
    values (
        take_by_hand.placed.id, 'payment', take_by_hand.method, take_by_hand.placed.total_cents, take_by_hand.placed.currency,
        'succeeded', now()
    )
    returning * into v_payment;
    if private.take_money(take_by_hand.placed, v_payment) = 'refund_requested' then
        -- Raised, so that nothing of this is kept: whoever holds the money still can give it back.
        raise sqlstate 'PT409' using message = 'seats_gone', hint = 'The hold has lapsed and others have its seats now.';
    end if;
end;
$$;
comment on function private.take_by_hand(public.orders, public.payment_method) is
'Records the whole sum of a locked order as paid by hand; its seats are kept, or taken again if they are free. Refuses with seats_gone.';

create function public.record_manual_payment(reference text, method public.payment_method) returns jsonb
language plpgsql security definer -- records money by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(record_manual_payment.reference, 'payments:write');
begin
    perform private.lock_pools(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    perform private.assert_takes_money(v_order, record_manual_payment.method);
    if v_order.total_cents = 0 then
        raise sqlstate 'PT409' using message = 'cannot_be_paid', hint = 'It costs nothing: its buyer confirms it.',
            detail = jsonb_build_object('status', v_order.status)::text;
    end if;
    perform private.take_by_hand(v_order, record_manual_payment.method);
    select * into v_order from public.orders where orders.id = v_order.id;
    return private.order_file(v_order);
end;
$$;
comment on function public.record_manual_payment(text, public.payment_method) is
'Notes that an order was paid in cash or by bank transfer, which confirms it. Refuses with not_found, not_permitted, cannot_be_paid and the words
of assert_takes_money and take_by_hand.';

create function public.record_manual_refunds(reference text) returns jsonb
language plpgsql security definer -- records money by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(record_manual_refunds.reference, 'orders:refund');
begin
    perform private.lock_pools(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    if private.owed_by_hand(v_order.id) = 0 then
        raise sqlstate 'PT409' using message = 'nothing_owed';
    end if;
    perform private.hand_back(v_order.id);
    select * into v_order from public.orders where orders.id = v_order.id;
    return private.order_file(v_order);
end;
$$;
comment on function public.record_manual_refunds(text) is
'Notes that a team has handed back what was paid by hand and asked back, as by a buyer who cancelled; their seats then go.
Refuses with not_found, not_permitted, nothing_owed.';
