create function private.close_checkouts() returns trigger
language plpgsql security definer -- checkouts are written by functions alone
set search_path = ''
as $$
begin
    update public.checkouts
    set status = case when checkouts.status = 'open' then 'closing' else 'abandoned' end::public.checkout_status
    where checkouts.order_id = new.id and checkouts.status in ('starting', 'open');
    return null;
end;
$$;
comment on function private.close_checkouts() is
'Row trigger: an order that no longer waits for money marks its open session for closing at Stripe.';

create trigger close_checkouts after update of status on public.orders
for each row when (old.status = 'pending' and new.status <> 'pending') execute function private.close_checkouts();

create function private.assert_payable(placed public.orders) returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_max_failed smallint;
begin
    select event_policies.max_failed_payments into v_max_failed
    from public.events
    inner join public.event_policies on event_policies.id = events.policy_id
    where events.id = assert_payable.placed.event_id;
    if assert_payable.placed.status = 'confirmed' or assert_payable.placed.paid_cents > 0 then
        raise sqlstate 'PT409' using message = 'already_paid';
    elsif assert_payable.placed.payment_status = 'processing' then
        raise sqlstate 'PT409' using message = 'payment_processing', hint = 'A payment is under way; its outcome comes by mail.';
    elsif private.money_in_review(assert_payable.placed.id) then
        raise sqlstate 'PT409' using message = 'payment_in_review', hint = 'Money came in that was not asked for; a person decides what becomes of it.';
    elsif assert_payable.placed.failed_payments >= v_max_failed then
        raise sqlstate 'PT409' using message = 'payment_retry_limit', hint = 'Place a new order.',
            detail = jsonb_build_object('failed_payments', assert_payable.placed.failed_payments)::text;
    elsif assert_payable.placed.status = 'cancelled' then
        raise sqlstate 'PT409' using message = 'already_cancelled', hint = 'Place a new order.';
    elsif assert_payable.placed.status = 'awaiting_approval' then
        raise sqlstate 'PT409' using message = 'awaiting_approval', hint = 'The time to pay begins with the organizer''s yes.';
    elsif assert_payable.placed.status <> 'pending' or assert_payable.placed.expires_at <= private.now() then
        raise sqlstate 'PT410' using message = 'hold_expired', hint = 'Place a new order.';
    elsif not private.event_is_on(assert_payable.placed.event_id) then
        raise sqlstate 'PT409' using message = 'sale_closed', hint = 'The event was called off.';
    end if;
end;
$$;
comment on function private.assert_payable(public.orders) is
'Whether an order may be paid now. Refuses with already_paid, payment_processing, payment_in_review, payment_retry_limit, already_cancelled,
awaiting_approval, hold_expired,
sale_closed.';

create function private.checkout_document(checkout public.checkouts) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'id', checkout_document.checkout.id,
            'attempt', checkout_document.checkout.attempt,
            'idempotency_key', checkout_document.checkout.order_id || ':' || checkout_document.checkout.attempt,
            'expires_at', checkout_document.checkout.expires_at,
            'session_id', checkout_document.checkout.session_id,
            'url', checkout_document.checkout.url,
            'status', checkout_document.checkout.status
        )
    );
end;
$$;
comment on function private.checkout_document(public.checkouts) is 'A checkout as services use it.';

create function private.current_checkout(placed public.orders) returns public.checkouts
language plpgsql
set search_path = ''
as $$
declare
    v_checkout public.checkouts;
begin
    -- Stripe's clock is the real one: sessions are timed by now(), not by the rules' clock. Stripe wants at least 30 minutes;
    -- a start that is repeated too late for that can no longer succeed as it was frozen, and nobody has its address.
    update public.checkouts
    set status = case when checkouts.status = 'open' then 'closing' else 'abandoned' end::public.checkout_status
    where checkouts.order_id = current_checkout.placed.id
        and ((checkouts.status = 'starting' and checkouts.expires_at < now() + interval '30 minutes 15 seconds')
            or (checkouts.status = 'open' and checkouts.expires_at < now() + interval '30 seconds'));
    select * into v_checkout
    from public.checkouts
    where checkouts.order_id = current_checkout.placed.id and checkouts.status in ('starting', 'open');
    if not found then
        insert into public.checkouts (order_id, attempt, expires_at)
        select
            current_checkout.placed.id, coalesce(max(checkouts.attempt), 0) + 1,
            date_trunc('second', now()) + interval '31 minutes'
        from public.checkouts
        where checkouts.order_id = current_checkout.placed.id
        returning * into v_checkout;
    end if;
    return v_checkout;
end;
$$;
comment on function private.current_checkout(public.orders) is 'The session under way for a locked order, or a new one, frozen before Stripe is asked.';

create function public.begin_checkout(reference text) returns jsonb
language plpgsql security definer -- confirms free orders and freezes sessions, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.own_order(begin_checkout.reference);
    v_checkout public.checkouts;
begin
    if v_order.total_cents = 0 or exists (select from public.events where events.first_order_id = v_order.id) then
        perform private.lock_pools(v_order.event_id); -- confirming moves seats, and a first payment moves its event
    end if;
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    perform private.assert_payable(v_order);
    if v_order.total_cents = 0 then
        update public.orders set status = 'confirmed', payment_status = 'paid' where orders.id = v_order.id returning * into v_order;
        return jsonb_build_object('action', 'confirmed', 'order', private.order_document(v_order));
    end if;
    v_checkout := private.current_checkout(v_order);
    return jsonb_build_object(
        'action', case when v_checkout.status = 'open' then 'reuse' else 'create' end,
        'order', private.order_document(v_order),
        'checkout', private.checkout_document(v_checkout)
    );
end;
$$;
comment on function public.begin_checkout(text) is
'The first step of paying: {action: create | reuse | confirmed, order, checkout}. A free order is confirmed here.
Refuses with not_found, already_paid, payment_processing, payment_retry_limit, already_cancelled,
awaiting_approval, hold_expired, sale_closed.';

create function public.record_checkout(checkout_id uuid, session_id text, url text) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_checkout public.checkouts;
begin
    -- The order may have been given back or expired while Stripe was asked: then the session is closed, not opened.
    update public.checkouts
    set session_id = record_checkout.session_id,
        url = record_checkout.url,
        status = case
            when checkouts.status = 'starting' then 'open'
            when checkouts.status = 'abandoned' then 'closing'
            else checkouts.status
        end::public.checkout_status
    where checkouts.id = record_checkout.checkout_id
        and (checkouts.session_id is null or checkouts.session_id = record_checkout.session_id)
    returning * into v_checkout;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return private.checkout_document(v_checkout);
end;
$$;
comment on function public.record_checkout(uuid, text, text) is
'Notes the session that Stripe opened; status closing means the order no longer waits. For services. Refuses with not_found.';

create function public.abandon_checkout(checkout_id uuid) returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with abandoned as (
        update public.checkouts set status = 'abandoned'
        where checkouts.id = abandon_checkout.checkout_id and checkouts.status = 'starting'
        returning 1
    )
    select jsonb_build_object('abandoned', count(*)) from abandoned
$$;
comment on function public.abandon_checkout(uuid) is
'Gives up an attempt that Stripe will not answer under its key; the next attempt has another. → {abandoned}. For services.';

create function public.claim_checkouts_to_close(batch integer default 50, lease_seconds integer default 60) returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with due as materialized ( -- once: a join that looked again would skip what is locked and claim more than a batch
        select checkouts.id from public.checkouts
        where checkouts.status = 'closing' and (checkouts.lease_until is null or checkouts.lease_until < now())
        order by checkouts.updated_at
        limit claim_checkouts_to_close.batch
        for update skip locked
    ), claimed as (
        update public.checkouts
        set lease_token = gen_random_uuid(), lease_until = now() + make_interval(secs => claim_checkouts_to_close.lease_seconds)
        from due
        where checkouts.id = due.id
        returning checkouts.id, checkouts.lease_token, checkouts.session_id
    )
    select coalesce(jsonb_agg(to_jsonb(claimed)), '[]') from claimed
$$;
comment on function public.claim_checkouts_to_close(integer, integer) is
'Sessions to expire at Stripe, leased: [{id, lease_token, session_id}]. For the worker.';

create function public.close_checkout(session_id text, outcome text) returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with closed as (
        update public.checkouts
        set status = close_checkout.outcome::public.checkout_status, lease_token = null, lease_until = null
        where checkouts.session_id = close_checkout.session_id and checkouts.status in ('open', 'closing')
            and close_checkout.outcome in ('expired', 'complete')
        returning 1
    )
    select jsonb_build_object('closed', count(*)) from closed
$$;
comment on function public.close_checkout(text, text) is
'Notes how a session ended at Stripe: expired or complete. Safe to repeat. For services.';
