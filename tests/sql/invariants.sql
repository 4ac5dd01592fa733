-- What must hold after every step, counted from the rows themselves and not by the functions under test. One row per fault.
with instant as materialized (select private.now() as now),
seat as materialized (
    select
        attendees.event_id, attendees.ticket_type_id, orders.id as order_id, orders.status,
        orders.status = 'pending' and orders.expires_at <= instant.now as lapsed
    from public.attendees
    inner join public.orders on orders.id = attendees.order_id
    cross join instant
    where attendees.cancelled_at is null and orders.status in ('pending', 'confirmed')
),
people as materialized (
    select
        events.id, events.venue_id, events.starts_at, events.ends_at, events.status, events.capacity,
        coalesce(events.capacity, venues.capacity) as places,
        count(seat.order_id) as taken, count(seat.order_id) filter (where not seat.lapsed) as standing
    from public.events
    left join public.venues on venues.id = events.venue_id
    left join seat on seat.event_id = events.id
    where events.id = any(%(events)s)
    group by events.id, venues.capacity
),
load as materialized (
    select
        here.id, here.venue_id,
        sum(coalesce(case when there.status <> 'draft' then there.capacity end, there.standing)) as standing,
        sum(case when there.id <> here.id then coalesce(case when there.status <> 'draft' then there.capacity end, there.taken) end) as others
    from people as here
    inner join people as there on there.venue_id = here.venue_id and there.status in ('draft', 'awaiting_payment', 'published')
        and tstzrange(there.starts_at, there.ends_at) && tstzrange(here.starts_at, here.ends_at)
    cross join instant
    where here.status in ('draft', 'awaiting_payment', 'published') and here.ends_at > instant.now and there.ends_at > instant.now
    group by here.id, here.venue_id
),
kept as materialized (
    select
        orders.*,
        coalesce(sum(payments.amount_cents) filter (where payments.kind = 'payment' and payments.status = 'succeeded'), 0) as came,
        coalesce(-sum(payments.amount_cents) filter (where payments.kind = 'refund' and payments.status = 'succeeded'
            and source.status = 'succeeded'), 0) as went,
        coalesce(-sum(payments.amount_cents) filter (where payments.kind = 'refund' and payments.status = 'requested'), 0) as going,
        coalesce(bool_or(payments.kind = 'refund' and payments.status = 'failed'), false) as bounced
    from public.orders
    left join public.payments on payments.order_id = orders.id
    left join public.payments as source on source.id = payments.refunded_payment_id
    where orders.event_id = any(%(events)s)
    group by orders.id
),
told as materialized (
    select deliveries.order_id, deliveries.kind, count(*) as times
    from public.deliveries
    inner join kept on kept.id = deliveries.order_id
    where deliveries.repeats is null
    group by deliveries.order_id, deliveries.kind
)
select 'the pools equal the orders' as rule, check_pools::text as fault from public.check_pools() where check_pools <> '[]'
union all
select 'no pool holds more than its capacity', to_jsonb(pools)::text from public.pools where held + sold > capacity or held < 0 or sold < 0
union all
select 'no event seats more than its places', to_jsonb(people)::text from people cross join instant
where taken > places and status <> 'cancelled' and ends_at > instant.now
union all
select 'no venue holds more people than it has places at any instant', to_jsonb(load)::text
from load
inner join public.venues on venues.id = load.venue_id
where load.standing > venues.capacity
union all
select 'an order''s sums are those of its payments', reference || to_jsonb(kept)::text from kept
where (paid_cents, refunded_cents) <> (came, went) or went > came
union all
select 'never more back than came in', sum(refunds.amount_cents)::text
from public.payments as refunds
inner join public.payments as source on source.id = refunds.refunded_payment_id
where refunds.status <> 'failed'
group by source.id
having -sum(refunds.amount_cents) > source.amount_cents
union all
select 'one pending order per buyer and event', count(*)::text
from kept
where status in ('pending', 'awaiting_approval')
group by event_id, coalesce(buyer_id::text, buyer_email)
having count(*) > 1
union all
select 'no free seat beside somebody whom it would satisfy', to_jsonb(waitlist_entries)::text
from public.waitlist_entries
inner join people on people.id = waitlist_entries.event_id
cross join instant
left join load on load.id = people.id
left join public.venues on venues.id = people.venue_id
inner join public.ticket_types on ticket_types.id = waitlist_entries.ticket_type_id
where waitlist_entries.status = 'waiting' and people.status = 'published' and people.starts_at > instant.now
    and waitlist_entries.quantity <= least(
        people.places - people.taken,
        ticket_types.capacity - (select count(*) from seat where seat.ticket_type_id = ticket_types.id),
        case when people.capacity is null then venues.capacity - people.taken - coalesce(load.others, 0) end
    )
    and not exists (
        select from kept
        where kept.event_id = people.id and kept.buyer_id = waitlist_entries.user_id and kept.status in ('pending', 'awaiting_approval')
    )
union all
select 'whoever is confirmed has paid', reference from kept where status = 'confirmed' and paid_cents < total_cents
union all
select 'nobody pays for a seat twice', reference from kept where came - went - going > case when status = 'confirmed' then total_cents else 0 end
    and not bounced and not exists (
        select from public.cancellations where cancellations.order_id = kept.id and cancellations.status = 'refunding'
    )
union all
select 'seats go after the money', cancellations.id::text
from public.cancellations
inner join public.payments on payments.cancellation_id = cancellations.id and payments.status = 'requested' and payments.stripe_refund_id is null
where cancellations.status = 'done'
union all
select 'a code is used as often as it may be', promotion_codes.code
from public.promotion_codes
inner join lateral (
    select count(*) as times
    from kept
    cross join instant
    where kept.promotion_code_id = promotion_codes.id
        and (kept.status = 'confirmed' or (kept.status in ('pending', 'awaiting_approval') and kept.expires_at > instant.now))
    group by grouping sets ((), (kept.buyer_id))
    having count(*) > case grouping(kept.buyer_id) when 0 then promotion_codes.max_uses_per_person else promotion_codes.max_uses end
) as excess on true
union all
select 'nobody is told twice', kept.reference || ' ' || told.kind
from told
inner join kept on kept.id = told.order_id
where told.times > case told.kind
    when 'seats_cancelled' then (select count(*) from public.cancellations where cancellations.order_id = kept.id and cancellations.status = 'done')
    when 'refund_failed' then (select count(*) from public.payments
        where payments.order_id = kept.id and payments.kind = 'refund' and payments.status = 'failed')
    when 'payment_refunded' then (select count(*) from public.payments where payments.order_id = kept.id and payments.kind = 'refund')
    when 'order_expired_refund' then (select count(*) from public.payments where payments.order_id = kept.id and payments.reason = 'too_late')
    else 1
end and told.kind <> 'order_readdressed'
union all
select 'every transition leaves a line in the trail', kept.reference || ' ' || kept.status
from kept
where not exists (select from public.audit_entries where subject_id = kept.id and action = 'order.placed')
    or (kept.status not in ('pending', 'awaiting_approval')
        and not exists (select from public.audit_entries where subject_id = kept.id and action = 'order.' || kept.status))
union all
select 'every place in line leaves a line in the trail', waitlist_entries.id::text
from public.waitlist_entries
where waitlist_entries.event_id = any(%(events)s) and not exists (
    select from public.audit_entries where subject_id = waitlist_entries.id and action = 'waitlist.' || waitlist_entries.status
)
