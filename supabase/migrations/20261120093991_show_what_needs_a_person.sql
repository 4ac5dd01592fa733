-- One list of what went wrong and waits for a person, for the operator alone.

create view public.admin_attention with (security_invoker = true) as
select 'refund_failed' as what, orders.reference as subject, payments.last_error as detail, payments.updated_at as since
from public.payments
inner join public.orders on orders.id = payments.order_id
where payments.kind = 'refund' and payments.status = 'failed'
    and not exists ( -- asked again since, or settled by hand
        select from public.payments as later
        where later.refunded_payment_id = payments.refunded_payment_id and later.status <> 'failed' and later.created_at > payments.created_at
    )
union all
select 'refund_late', orders.reference, coalesce(payments.last_error, 'Stripe has not answered'), payments.created_at
from public.payments
inner join public.orders on orders.id = payments.order_id
where payments.kind = 'refund' and payments.method = 'stripe' and payments.status = 'requested' and payments.created_at < now() - interval '1 hour'
union all
select 'refund_by_hand_late', orders.reference, payments.method || ', to be handed back by the team', payments.created_at
from public.payments
inner join public.orders on orders.id = payments.order_id
where payments.kind = 'refund' and payments.method <> 'stripe' and payments.status = 'requested'
    and payments.created_at < now() - interval '7 days'
union all
select 'payment_in_review', orders.reference, payments.reason, payments.created_at
from public.payments
inner join public.orders on orders.id = payments.order_id
where payments.status = 'review' and private.refundable(payments.id) > 0
union all
select 'cancellation_failed', orders.reference, cancellations.last_error, cancellations.updated_at
from public.cancellations
inner join public.orders on orders.id = cancellations.order_id
where cancellations.status = 'failed' and orders.status = 'confirmed'
union all
select 'dispute_open', orders.reference, disputes.reason, disputes.opened_at
from public.disputes
inner join public.orders on orders.id = disputes.order_id
where disputes.status in ('needs_response', 'warning_needs_response')
union all
select 'mail_lost', coalesce(orders.reference, deliveries.recipient), deliveries.kind || ': ' || coalesce(deliveries.last_error, deliveries.status::text),
    deliveries.updated_at
from public.deliveries
left join public.orders on orders.id = deliveries.order_id
where deliveries.status in ('dead', 'bounced') and deliveries.recipient <> 'erased@invalid' and deliveries.updated_at > now() - interval '30 days'
union all
select 'mail_late', coalesce(orders.reference, deliveries.recipient), deliveries.kind || ', tried ' || deliveries.attempts || ' times',
    deliveries.next_attempt_at
from public.deliveries
left join public.orders on orders.id = deliveries.order_id
where deliveries.status in ('queued', 'sending') and deliveries.next_attempt_at < now() - interval '10 minutes'
union all
select 'job_failing', job_runs.name, job_runs.failure, job_runs.failed_at
from public.job_runs
where job_runs.failed_at >= job_runs.ran_at
union all
select 'stripe_event_unplaced', stripe_events.object_id, stripe_events.type || ': ' || stripe_events.outcome, stripe_events.created_at
from public.stripe_events
where stripe_events.outcome like 'unknown%' and stripe_events.created_at > now() - interval '30 days';
comment on view public.admin_attention is
'What a person should look at, and since when: refunds that failed or hang, money in review, open disputes, lost mails, failing jobs,
what Stripe told of and we do not know. Empty is good; docs/admin.md says what to do about each.';
