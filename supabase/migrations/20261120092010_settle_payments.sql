-- What money does to its order: once, in any order of arrival.

create function private.take_money(placed public.orders, payment public.payments) returns text
language plpgsql
set search_path = ''
as $$
declare
    -- Stripe's charge time decides whether the money met its hold, not the arrival of the webhook. Charges are timed by
    -- the real clock, so the same shift that the rules' clock has is added.
    v_charged_at timestamptz := coalesce(take_money.payment.charged_at + (private.now() - now()), private.now());
begin
    if take_money.placed.status = 'confirmed' then
        perform private.request_refund(take_money.payment, 'paid_twice');
        return 'paid_twice';
    elsif v_charged_at < take_money.placed.expires_at and private.hold_stands(take_money.placed)
        and private.event_is_on(take_money.placed.event_id)
    then
        update public.orders set status = 'confirmed', status_reason = null where orders.id = take_money.placed.id;
        return 'confirmed';
    end if;
    if take_money.placed.status = 'pending' then
        update public.orders set status = 'expired', status_reason = 'hold_lapsed' where orders.id = take_money.placed.id;
    end if;
    if take_money.placed.status in ('pending', 'expired') then
        perform private.expire_lapsed(take_money.placed.event_id);
        if private.seats_are_free(take_money.placed) and private.event_awaits(take_money.placed)
            and private.code_is_left(take_money.placed)
        then
            update public.orders set status = 'confirmed', status_reason = 'seated_again' where orders.id = take_money.placed.id;
            return 'seated_again';
        end if;
    end if;
    perform private.request_refund(take_money.payment, 'too_late');
    perform private.queue_mail('order_expired_refund', take_money.placed,
        jsonb_build_object('amount_cents', take_money.payment.amount_cents));
    return 'refund_requested';
end;
$$;
comment on function private.take_money(public.orders, public.payments) is
'What a payment does to its locked order: confirmed, seated_again, paid_twice or refund_requested.';

create function private.await_money(placed public.orders) returns text
language plpgsql
set search_path = ''
as $$
begin
    -- A delayed method is under way: its seats are kept for as long as the policy says.
    update public.orders
    set payment_status = 'processing', expires_at = private.now() + event_policies.processing_hold
    from public.events
    inner join public.event_policies on event_policies.id = events.policy_id
    where orders.id = await_money.placed.id and events.id = orders.event_id
        and orders.payment_status <> 'processing' and private.hold_stands(await_money.placed);
    return case when found or await_money.placed.payment_status = 'processing' then 'processing' else 'nothing_to_do' end;
end;
$$;
comment on function private.await_money(public.orders) is
'What a completed but unpaid session does to its locked order: processing while its hold stands, else nothing_to_do.';

create function private.known_payment(placed public.orders, facts jsonb) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select exists (
            select from public.payments
            where payments.order_id = known_payment.placed.id and payments.kind = 'payment' and (
                payments.payment_intent_id = known_payment.facts ->> 'payment_intent_id'
                or payments.session_id = known_payment.facts ->> 'session_id'
            )
        )
    );
end;
$$;
comment on function private.known_payment(public.orders, jsonb) is
'Whether the money that facts speak of was taken already: a session and an intent pay once.';

create function private.settle_early_refunds(payment public.payments) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_facts jsonb[];
begin
    with early as (
        delete from private.early_refunds
        where early_refunds.payment_intent_id = settle_early_refunds.payment.payment_intent_id
        returning early_refunds.facts
    )
    select array_agg(early.facts) into v_facts from early;
    perform public.settle_refund(null, null, facts) from unnest(v_facts) as facts;
    update public.stripe_events set outcome = 'known_since'
    where stripe_events.outcome = 'unknown_payment' and stripe_events.object_id in (
        select facts ->> 'refund_id' from unnest(v_facts) as facts
        except select early_refunds.refund_id from private.early_refunds
    );
end;
$$;
comment on function private.settle_early_refunds(public.payments) is
'Takes up the refunds whose news came before that of their payment, or of the failure that made room for them.';

create function public.settle_payment(stripe_event_id text, event_type text, facts jsonb) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_order public.orders;
    v_payment public.payments;
    v_outcome text;
begin
    select * into v_order from public.orders where orders.id = private.order_of_facts(settle_payment.facts);
    if found then
        perform private.lock_pools(v_order.event_id);
        select * into v_order from public.orders where orders.id = v_order.id for no key update;
    end if;
    if exists (select from public.stripe_events where stripe_events.id = settle_payment.stripe_event_id)
        or private.known_payment(v_order, settle_payment.facts)
    then
        v_outcome := 'repeated';
    elsif v_order.id is null then
        v_outcome := 'unknown_order';
    elsif settle_payment.facts ->> 'payment_status' = 'paid' then
        v_payment := private.record_payment(v_order, settle_payment.facts);
        v_outcome := case when v_payment.status = 'review' then 'review' else private.take_money(v_order, v_payment) end;
    elsif settle_payment.facts ->> 'session_status' = 'complete' then
        v_outcome := private.await_money(v_order);
    else
        v_outcome := 'nothing_to_do';
    end if;
    if v_payment.id is not null then
        perform private.settle_early_refunds(v_payment);
    end if;
    perform public.close_checkout(settle_payment.facts ->> 'session_id', settle_payment.facts ->> 'session_status');
    perform private.note_stripe_event(
        settle_payment.stripe_event_id, settle_payment.event_type, settle_payment.facts ->> 'session_id', v_outcome);
    return jsonb_build_object('outcome', v_outcome, 'reference', v_order.reference);
end;
$$;
comment on function public.settle_payment(text, text, jsonb) is
'Takes what Stripe says of a session or payment, once, in any order of arrival: {outcome: confirmed | seated_again | paid_twice |
refund_requested | review | processing | repeated | unknown_order | nothing_to_do, reference}. facts: {session_id, session_status,
payment_status, order_id, payment_intent_id, charge_id, amount_cents, currency, charged_at}. For services.';

create function public.fail_payment(stripe_event_id text, event_type text, facts jsonb) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_order public.orders;
    v_outcome text := 'nothing_to_do';
    v_max_failed smallint;
begin
    select * into v_order from public.orders where orders.id = private.order_of_facts(fail_payment.facts);
    if found then
        perform private.lock_pools(v_order.event_id);
        select * into v_order from public.orders where orders.id = v_order.id for no key update;
    end if;
    if exists (select from public.stripe_events where stripe_events.id = fail_payment.stripe_event_id) then
        return jsonb_build_object('outcome', 'repeated', 'reference', v_order.reference);
    elsif v_order.id is null then
        v_outcome := 'unknown_order';
    elsif v_order.status = 'pending' and fail_payment.event_type = 'checkout.session.async_payment_failed' then
        -- Only this event ends a delayed payment: a declined card of before may still be on its way to us.
        update public.orders set status = 'expired', status_reason = 'payment_failed', payment_status = 'failed'
        where orders.id = v_order.id;
        v_outcome := 'expired';
    elsif v_order.status = 'pending' and v_order.payment_status <> 'processing' then
        select event_policies.max_failed_payments into v_max_failed
        from public.events
        inner join public.event_policies on event_policies.id = events.policy_id
        where events.id = v_order.event_id;
        update public.orders
        set failed_payments = orders.failed_payments + 1,
            payment_status = 'failed',
            status = case when orders.failed_payments + 1 >= v_max_failed then 'cancelled' else orders.status end,
            status_reason = case when orders.failed_payments + 1 >= v_max_failed then 'payment_retry_limit' end
        where orders.id = v_order.id
        returning * into v_order;
        v_outcome := case when v_order.status = 'cancelled' then 'retry_limit' else 'counted' end;
    end if;
    perform private.note_stripe_event(
        fail_payment.stripe_event_id, fail_payment.event_type, fail_payment.facts ->> 'payment_intent_id', v_outcome);
    return jsonb_build_object('outcome', v_outcome, 'reference', v_order.reference, 'failed_payments', v_order.failed_payments);
end;
$$;
comment on function public.fail_payment(text, text, jsonb) is
'Counts a failed payment once; the last one that the policy allows cancels the order and ends its session. A delayed payment that
failed releases the seats. → {outcome: counted | retry_limit | expired | repeated | unknown_order | nothing_to_do}. For services.';
