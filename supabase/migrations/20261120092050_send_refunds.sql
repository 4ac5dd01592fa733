create function public.claim_refunds(batch integer default 20, lease_seconds integer default 60) returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with claimed as (
        update public.payments
        set lease_token = gen_random_uuid(), lease_until = now() + make_interval(secs => claim_refunds.lease_seconds),
            attempts = payments.attempts + 1
        where payments.id in (
            select payments.id from public.payments
            where payments.kind = 'refund' and payments.status = 'requested' and payments.stripe_refund_id is null
                and payments.next_attempt_at <= now() and (payments.lease_until is null or payments.lease_until < now())
            order by payments.next_attempt_at
            limit claim_refunds.batch
            for update skip locked
        )
        returning payments.*
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', claimed.id, 'lease_token', claimed.lease_token, 'order_id', claimed.order_id,
        'payment_intent_id', claimed.payment_intent_id, 'amount_cents', -claimed.amount_cents, 'currency', claimed.currency,
        'reason', claimed.reason, 'idempotency_key', 'refund:' || claimed.id, 'attempts', claimed.attempts
    )), '[]')
    from claimed
$$;
comment on function public.claim_refunds(integer, integer) is 'Refunds to ask of Stripe, leased. For the worker.';

create function public.record_refund(
    payment_id uuid, lease_token uuid, outcome text, stripe_refund_id text, error text, retry_after_seconds integer default 60
) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
begin
    update public.payments
    set status = case record_refund.outcome when 'succeeded' then 'succeeded' when 'failed' then 'failed' else 'requested' end::public.payment_state,
        stripe_refund_id = coalesce(record_refund.stripe_refund_id, payments.stripe_refund_id),
        last_error = left(record_refund.error, 500),
        next_attempt_at = now() + make_interval(secs => record_refund.retry_after_seconds),
        lease_token = null,
        lease_until = null
    where payments.id = record_refund.payment_id and payments.lease_token = record_refund.lease_token;
    if not found then
        raise sqlstate 'PT409' using message = 'lease_lost';
    end if;
    return jsonb_build_object('recorded', true);
end;
$$;
comment on function public.record_refund(uuid, uuid, text, text, text, integer) is
'Notes what Stripe said of a refund: succeeded, pending, failed or retry. For the worker. Refuses with lease_lost.';
