-- What the operator looks at in the Supabase dashboard. No client may read these views; they read with their reader's eyes.

create view public.admin_events with (security_invoker = true) as
select
    events.title,
    organizers.name as organizer,
    events.status,
    events.starts_at at time zone events.timezone as starts_there,
    events.timezone,
    coalesce(venues.name || ', ' || venues.city, 'online') as place,
    pools.capacity,
    pools.held,
    pools.sold,
    (
        select coalesce(sum(waitlist_entries.quantity), 0) from public.waitlist_entries
        where waitlist_entries.event_id = events.id and waitlist_entries.status = 'waiting'
    ) as waiting,
    money.paid_cents,
    money.refunded_cents,
    events.currency,
    events.slug,
    events.id,
    events.organizer_id,
    events.created_at
from public.events
inner join public.organizers on organizers.id = events.organizer_id
left join public.venues on venues.id = events.venue_id
left join public.pools on pools.event_id = events.id and pools.ticket_type_id is null
cross join lateral (
    select coalesce(sum(orders.paid_cents), 0) as paid_cents, coalesce(sum(orders.refunded_cents), 0) as refunded_cents
    from public.orders where orders.event_id = events.id
) as money;
comment on view public.admin_events is 'Every event with its seats and its money. starts_there is by the clocks of the place.';

create view public.admin_orders with (security_invoker = true) as
select
    orders.reference,
    orders.status,
    orders.status_reason,
    orders.payment_status,
    orders.buyer_name,
    orders.buyer_email,
    events.title as event,
    organizers.name as organizer,
    events.starts_at,
    (select count(*) from public.attendees where attendees.order_id = orders.id and attendees.cancelled_at is null) as seats,
    orders.total_cents,
    orders.paid_cents,
    orders.refunded_cents,
    orders.currency,
    orders.expires_at,
    orders.created_at,
    orders.id,
    orders.event_id,
    orders.organizer_id,
    orders.buyer_id
from public.orders
inner join public.events on events.id = orders.event_id
inner join public.organizers on organizers.id = orders.organizer_id;
comment on view public.admin_orders is 'Every order with who bought what; seats are those that are not given up.';

create view public.admin_payments with (security_invoker = true) as
select
    orders.reference,
    payments.kind,
    payments.method,
    payments.status,
    payments.amount_cents,
    payments.currency,
    payments.reason,
    payments.last_error,
    payments.attempts,
    payments.charged_at,
    payments.payment_intent_id,
    payments.stripe_refund_id,
    orders.buyer_email,
    events.title as event,
    payments.created_at,
    payments.id,
    payments.order_id
from public.payments
inner join public.orders on orders.id = payments.order_id
inner join public.events on events.id = orders.event_id;
comment on view public.admin_payments is 'Money in and, negative, money back, with the names by which Stripe''s dashboard finds it.';

create view public.admin_deliveries with (security_invoker = true) as
select
    deliveries.kind,
    deliveries.recipient,
    deliveries.status,
    deliveries.attempts,
    deliveries.last_error,
    deliveries.next_attempt_at,
    deliveries.sent_at,
    deliveries.settled_at,
    orders.reference,
    organizers.name as organizer,
    deliveries.provider_id,
    deliveries.created_at,
    deliveries.id
from public.deliveries
left join public.orders on orders.id = deliveries.order_id
left join public.organizers on organizers.id = deliveries.organizer_id;
comment on view public.admin_deliveries is 'Every mail: to whom, about what, what became of it.';

create view public.admin_organizers with (security_invoker = true) as
select
    organizers.name,
    organizers.slug,
    (
        select string_agg(users.email, ', ' order by organizer_members.created_at)
        from public.organizer_members
        inner join auth.users on users.id = organizer_members.user_id
        where organizer_members.organizer_id = organizers.id and organizer_members.role = 'owner'
    ) as owners,
    (select count(*) from public.organizer_members where organizer_members.organizer_id = organizers.id) as members,
    (select count(*) from public.events where events.organizer_id = organizers.id) as events,
    (
        select count(*) from public.events
        where events.organizer_id = organizers.id and events.status = 'published' and events.starts_at > private.now()
    ) as events_ahead,
    (select count(*) from public.api_keys where api_keys.organizer_id = organizers.id and api_keys.revoked_at is null) as api_keys,
    organizers.personal_of is not null as is_personal,
    organizers.created_at,
    organizers.id
from public.organizers;
comment on view public.admin_organizers is 'Every team with its owners'' addresses.';

create view public.admin_people with (security_invoker = true) as
select
    profiles.display_name as name,
    users.email,
    users.email_confirmed_at,
    users.last_sign_in_at,
    (select count(*) from public.orders where orders.buyer_id = profiles.user_id) as orders,
    (
        select string_agg(organizers.name || ' (' || organizer_members.role || ')', ', ' order by organizers.name)
        from public.organizer_members
        inner join public.organizers on organizers.id = organizer_members.organizer_id
        where organizer_members.user_id = profiles.user_id
    ) as teams,
    profiles.created_at,
    profiles.user_id
from public.profiles
inner join auth.users on users.id = profiles.user_id;
comment on view public.admin_people is 'Everybody with an account, with the teams they are in.';
