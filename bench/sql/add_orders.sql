-- Orders number bench.first … bench.last, twenty for each person, over events 1 … bench.events; nine of ten confirmed and paid, the
-- others lapsed. Runs with triggers off: what they would write (counters, sums) is written here.

create temp table ordered on commit drop as
select
    n, md5('order ' || n)::uuid as id, n / 20 as person, md5('person ' || n / 20)::uuid as buyer_id,
    1 + n * 7919::bigint % current_setting('bench.events')::integer as event, 1 + n % 2 as seats, n % 10 > 0 as confirmed,
    now() - interval '60 days' + n % 86400 * interval '1 minute' as at
from generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) as n;

insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, encrypted_password, created_at)
select distinct
    buyer_id, 'authenticated', 'authenticated', 'person.' || person || '@example.org', now(), '{"provider": "email"}'::jsonb,
    jsonb_build_object('display_name', 'Person ' || person), current_setting('bench.password'), now()
from ordered
on conflict do nothing;
insert into auth.identities (id, provider, provider_id, user_id, identity_data)
select distinct buyer_id, 'email', buyer_id::text, buyer_id, jsonb_build_object('sub', buyer_id, 'email', 'person.' || person || '@example.org')
from ordered
on conflict do nothing;
insert into auth.sessions (id, user_id)
select distinct buyer_id, buyer_id from ordered
on conflict do nothing;
insert into public.profiles (user_id, display_name, birth_date, locale, consent_at)
select distinct buyer_id, 'Person ' || person, date '1990-05-17', 'en', now() from ordered
on conflict do nothing;

insert into public.orders (
    id, reference, event_id, organizer_id, buyer_id, buyer_name, buyer_email, locale, status, status_reason, payment_status, currency,
    subtotal_cents, discount_cents, tax_cents, total_cents, paid_cents, expires_at, confirmed_at, created_at, updated_at
)
select
    id, 'GC2025-' || lpad(n::text, 6, '0'), md5('event ' || event)::uuid, md5('organizer ' || event / 100)::uuid, buyer_id,
    'Person ' || person, 'person.' || person || '@example.org', 'en',
    (case when confirmed then 'confirmed' else 'expired' end)::public.order_status, case when not confirmed then 'hold_lapsed' end,
    (case when confirmed then 'paid' else 'unpaid' end)::public.payment_status, 'EUR', 1500 * seats, 0, 260 * seats, 1500 * seats,
    case when confirmed then 1500 * seats else 0 end, at + interval '15 minutes', case when confirmed then at end, at, at
from ordered;

insert into public.order_lines (
    id, order_id, position, ticket_type_id, name, quantity, list_price_cents, unit_price_cents, discount_cents, tax_cents, total_cents,
    vat_rate
)
select id, id, 1, md5('seat ' || event)::uuid, 'Seat', seats, 1500, 1500, 0, 260 * seats, 1500 * seats, 21
from ordered;

insert into public.attendees (order_id, order_line_id, event_id, ticket_type_id, position, name)
select id, id, md5('event ' || event)::uuid, md5('seat ' || event)::uuid, seat, 'Person ' || person
from ordered
cross join generate_series(1, seats) as seat;

insert into private.order_requests (order_id, account, person, digest, created_at)
select id, buyer_id::text, buyer_id::text, '\x00', at from ordered;

insert into public.payments (order_id, kind, amount_cents, currency, status, session_id, payment_intent_id, charged_at)
select id, 'payment', 1500 * seats, 'EUR', 'succeeded', 'cs_' || n, 'pi_' || n, at from ordered where confirmed;

update public.pools set sold = pools.sold + taken.seats
from (select event, sum(seats) as seats from ordered where confirmed group by event) as taken
where pools.event_id = md5('event ' || taken.event)::uuid and pools.ticket_type_id is null;
