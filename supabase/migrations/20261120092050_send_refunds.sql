create function public.claim_refunds(batch integer default 20, lease_seconds integer default 60, reference text default null)
returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with due as materialized ( -- once: a join that looked again would skip what is locked and claim more than a batch
        select payments.id from public.payments
        where payments.kind = 'refund' and payments.status = 'requested' and payments.method = 'stripe'
            and payments.stripe_refund_id is null
            and payments.next_attempt_at <= now() and (payments.lease_until is null or payments.lease_until < now())
            and (claim_refunds.reference is null or payments.order_id = (
                select orders.id from public.orders where orders.reference = upper(claim_refunds.reference)
            ))
        order by payments.next_attempt_at
        limit claim_refunds.batch
        for update skip locked
    ), claimed as (
        update public.payments
        set lease_token = gen_random_uuid(), lease_until = now() + make_interval(secs => claim_refunds.lease_seconds),
            attempts = payments.attempts + 1
        from due
        where payments.id = due.id
        returning payments.*
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', claimed.id, 'lease_token', claimed.lease_token, 'order_id', claimed.order_id,
        'payment_intent_id', claimed.payment_intent_id, 'amount_cents', -claimed.amount_cents, 'currency', claimed.currency,
        'reason', claimed.reason, 'idempotency_key', 'refund:' || claimed.id, 'attempts', claimed.attempts
    ) order by claimed.next_attempt_at), '[]')
    from claimed
$$;
comment on function public.claim_refunds(integer, integer, text) is
'Refunds to ask of Stripe, leased; all that are due, or those of one order. For the worker, and for whoever cancels and waits.';

create function private.locked_order_of_payment(payment_id uuid) returns public.orders
language plpgsql
set search_path = ''
as $$
declare
    v_order public.orders;
begin
    select orders.* into v_order
    from public.orders
    inner join public.payments on payments.order_id = orders.id
    where payments.id = locked_order_of_payment.payment_id;
    perform private.lock_pools(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    return v_order;
end;
$$;
comment on function private.locked_order_of_payment(uuid) is 'The order of a payment, locked after its pools, as everywhere.';

create function public.record_refund(
    payment_id uuid, lease_token uuid, outcome text, stripe_refund_id text, error text, retry_after_seconds integer default 60
) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_refund public.payments;
begin
    perform private.locked_order_of_payment(record_refund.payment_id);
    select * into v_refund from public.payments where payments.id = record_refund.payment_id;
    if v_refund.status = 'failed' and v_refund.stripe_refund_id is null and record_refund.outcome in ('succeeded', 'pending') then
        perform private.make_way_for_refund(v_refund.refunded_payment_id, -v_refund.amount_cents);
    end if;
    update public.payments
    set status = case
            when payments.status <> 'requested' and payments.stripe_refund_id is not null then payments.status -- a webhook was faster
            when record_refund.outcome = 'retry' then payments.status -- given up meanwhile, it stays so
            when record_refund.outcome in ('succeeded', 'failed') then record_refund.outcome::public.payment_state
            else 'requested'
        end,
        stripe_refund_id = coalesce(record_refund.stripe_refund_id, payments.stripe_refund_id),
        last_error = case
            when record_refund.outcome = 'retry' and payments.status = 'failed' then payments.last_error
            else left(record_refund.error, 500)
        end,
        next_attempt_at = now() + make_interval(secs => record_refund.retry_after_seconds),
        lease_token = null,
        lease_until = null
    where payments.id = record_refund.payment_id and payments.lease_token = record_refund.lease_token
    returning * into v_refund;
    if v_refund.id is null then
        raise sqlstate 'PT409' using message = 'lease_lost';
    end if;
    perform private.follow_refund(v_refund);
    return jsonb_build_object('recorded', true, 'status', v_refund.status);
end;
$$;
comment on function public.record_refund(uuid, uuid, text, text, text, integer) is
'Notes what Stripe said of a refund: succeeded, pending, failed or retry; an accepted one gives its seats up. For the worker.
Refuses with lease_lost.';

create function private.refundable(payment_id uuid) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select source.amount_cents + coalesce(sum(refunds.amount_cents), 0)
        from public.payments as source
        left join public.payments as refunds on refunds.refunded_payment_id = source.id and refunds.status <> 'failed'
        where source.id = refundable.payment_id
        group by source.id
    );
end;
$$;
comment on function private.refundable(uuid) is 'What is left of a payment, less what went back or is asked back.';

create function private.make_way_for_refund(payment_id uuid, amount_cents bigint) returns void
language sql
set search_path = ''
as $$
    -- Stripe never gives back more than came in: what we were about to ask beyond that would be refused.
    update public.payments
    set status = 'failed', cancellation_id = null, last_error = 'refunded_otherwise'
    where payments.refunded_payment_id = make_way_for_refund.payment_id and payments.kind = 'refund'
        and payments.status = 'requested' and payments.stripe_refund_id is null
        and make_way_for_refund.amount_cents > private.refundable(make_way_for_refund.payment_id)
$$;
comment on function private.make_way_for_refund(uuid, bigint) is
'Gives up refunds that Stripe was not asked for yet, when money that went back by another way leaves no room for them.';

create function private.adopt_refund(facts jsonb) returns public.payments
language plpgsql
set search_path = ''
as $$
declare
    v_refund public.payments;
begin
    -- Made in Stripe's own dashboard: recorded as it is, its seats stay until somebody cancels them.
    insert into public.payments (
        order_id, kind, refunded_payment_id, amount_cents, currency, status, reason, payment_intent_id, charge_id, stripe_refund_id
    )
    select
        payments.order_id, 'refund', payments.id, -(adopt_refund.facts ->> 'amount_cents')::integer, payments.currency,
        case when adopt_refund.facts ->> 'status' in ('failed', 'canceled') then 'failed' else 'requested' end::public.payment_state,
        'stripe_dashboard', payments.payment_intent_id, payments.charge_id, adopt_refund.facts ->> 'refund_id'
    from public.payments
    where payments.payment_intent_id = adopt_refund.facts ->> 'payment_intent_id' and payments.kind = 'payment'
    returning * into v_refund;
    return v_refund;
end;
$$;
comment on function private.adopt_refund(jsonb) is 'Records a refund of one of our payments that we did not ask for.';

create function private.refund_of_facts(facts jsonb) returns public.payments
language plpgsql
set search_path = ''
as $$
declare
    v_refund public.payments;
    v_source_id uuid := (
        select payments.id from public.payments
        where payments.payment_intent_id = refund_of_facts.facts ->> 'payment_intent_id' and payments.kind = 'payment'
    );
    v_amount bigint := (refund_of_facts.facts ->> 'amount_cents')::bigint;
begin
    select * into v_refund
    from public.payments
    where payments.kind = 'refund' and (
        payments.stripe_refund_id = refund_of_facts.facts ->> 'refund_id'
        or payments.id = private.uuid_or_null(refund_of_facts.facts ->> 'own_id')
    );
    if refund_of_facts.facts ->> 'status' not in ('failed', 'canceled')
        and (v_refund.id is null or (v_refund.status = 'failed' and v_refund.stripe_refund_id is null))
    then
        perform private.make_way_for_refund(v_source_id, v_amount);
        if v_amount > private.refundable(v_source_id) then
            return null;
        end if;
    end if;
    if v_refund.id is null and v_source_id is not null then
        v_refund := private.adopt_refund(refund_of_facts.facts);
    end if;
    return v_refund;
end;
$$;
comment on function private.refund_of_facts(jsonb) is
'The refund that Stripe speaks of, adopted when we did not ask for it; empty while nothing is known of its payment, or of the failure
of another refund that made room for it.';

create function private.keep_early_refund(facts jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    delete from private.early_refunds
    where early_refunds.refund_id in (
        select old.refund_id from private.early_refunds as old
        where old.created_at < now() - interval '30 days'
        for update skip locked
    );
    insert into private.early_refunds (refund_id, payment_intent_id, facts)
    select keep_early_refund.facts ->> 'refund_id', keep_early_refund.facts ->> 'payment_intent_id', keep_early_refund.facts
    where keep_early_refund.facts ->> 'payment_intent_id' is not null
    on conflict (refund_id) do update set facts = excluded.facts;
end;
$$;
comment on function private.keep_early_refund(jsonb) is
'Keeps what Stripe says of a refund until it can be told what it belongs to; forgets what belonged to nothing of ours in 30 days.';

create function public.settle_refund(stripe_event_id text, event_type text, facts jsonb) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_refund public.payments;
    v_outcome text;
begin
    perform private.locked_order_of_payment(payments.id)
    from public.payments
    where payments.payment_intent_id = settle_refund.facts ->> 'payment_intent_id' and payments.kind = 'payment';
    if exists (select from public.stripe_events where stripe_events.id = settle_refund.stripe_event_id) then
        return jsonb_build_object('outcome', 'repeated');
    end if;
    v_refund := private.refund_of_facts(settle_refund.facts);
    if v_refund.id is null then
        perform private.keep_early_refund(settle_refund.facts);
        v_outcome := 'unknown_payment';
    else
        update public.payments
        set stripe_refund_id = settle_refund.facts ->> 'refund_id',
            status = case
                when settle_refund.facts ->> 'status' in ('failed', 'canceled') then 'failed'
                -- Failed is where Stripe ends; only a refund we had given up by ourselves can turn out to be made.
                when payments.status = 'failed' and payments.stripe_refund_id is not null then 'failed'
                when settle_refund.facts ->> 'status' = 'succeeded' then 'succeeded'
                when payments.status = 'failed' then 'requested'
                else payments.status::text
            end::public.payment_state,
            last_error = left(settle_refund.facts ->> 'failure_reason', 500)
        where payments.id = v_refund.id
        returning * into v_refund;
        perform private.follow_refund(v_refund);
        v_outcome := v_refund.status;
    end if;
    perform private.note_stripe_event(
        settle_refund.stripe_event_id, settle_refund.event_type, settle_refund.facts ->> 'refund_id', v_outcome);
    return jsonb_build_object('outcome', v_outcome);
end;
$$;
comment on function public.settle_refund(text, text, jsonb) is
'Takes what Stripe says of a refund, ours or one made in its dashboard, also one that fails later at the bank: {outcome: succeeded |
requested | failed | repeated | unknown_payment}; what comes too early is kept until it can be told.
facts: {refund_id, own_id, payment_intent_id, amount_cents, status,
failure_reason}, read afresh. For services.';
