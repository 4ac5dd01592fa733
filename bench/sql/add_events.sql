-- Events number bench.first … bench.last, on show, with two ticket types each; ids are md5('event 7')::uuid, md5('seat 7')::uuid …
-- Runs with triggers off: what they would write (search text, pools) is written here.

insert into public.organizers (id, slug, name, about)
select md5('organizer ' || n)::uuid, 'organizer-' || n, 'Organizer ' || n, 'We have done this for a while.'
from generate_series(current_setting('bench.first')::integer / 100, current_setting('bench.last')::integer / 100) as n
on conflict do nothing;

insert into public.venues (id, slug, name, address, postal_code, city, country, timezone, capacity, latitude, longitude)
select
    md5('venue ' || n)::uuid, 'hall-' || n, 'Hall ' || n, 'Rue Haute ' || n, '1000',
    (array['Brussels', 'Ghent', 'Antwerp', 'Paris', 'Lyon', 'Lille', 'Vienna', 'Berlin'])[n % 8 + 1], 'BE', 'Europe/Brussels', 5000,
    44 + n % 80 / 10.0, n % 120 / 10.0
from generate_series(current_setting('bench.first')::integer / 50, current_setting('bench.last')::integer / 50) as n
on conflict do nothing;

insert into public.events (
    id, organizer_id, policy_id, venue_id, slug, title, summary, description, language_code, timezone, starts_at, ends_at, capacity,
    currency, status, published_at, search
)
select
    md5('event ' || n)::uuid, md5('organizer ' || n / 100)::uuid, event_policies.id, md5('venue ' || n / 50)::uuid,
    'event-' || n, words.title, words.summary,
    repeat('Bring your **own bowl**; flour and water are here. We begin before dawn and eat what we have made.' || E'\n\n', 6)
    || E'- aprons\n- coffee\n- an oven that has seen things\n',
    (array['fr', 'en', 'nl', 'de', 'es', 'it'])[n % 6 + 1], 'Europe/Brussels',
    date_trunc('hour', now()) + interval '10 days' + n % 4000 * interval '2 hours',
    date_trunc('hour', now()) + interval '10 days' + n % 4000 * interval '2 hours' + interval '90 minutes',
    1000, 'EUR', 'published', now(), private.searchable(concat_ws(' ', words.title, words.summary, 'Organizer', n / 100, 'Hall', n / 50))
from generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) as n
cross join lateral (
    select
        (array['Bread', 'Jazz', 'Pottery', 'Dutch', 'Chess', 'Letterpress', 'Running'])[n % 7 + 1] || ' before dawn ' || n as title,
        'An evening about ' || (array['bread', 'jazz', 'clay', 'words', 'pawns', 'lead', 'knees'])[n % 7 + 1] || '.' as summary
) as words
cross join public.event_policies
where event_policies.key = 'masterclass';

insert into public.ticket_types (
    id, event_id, name, description, position, price_cents, early_bird_price_cents, early_bird_until, group_min_quantity,
    group_percent, vat_rate, capacity
)
select
    md5(kind.word || ' ' || n)::uuid, md5('event ' || n)::uuid, initcap(kind.word), 'One ' || kind.word || '.', kind.position,
    kind.price, kind.early, case when kind.early is not null then now() + interval '5 days' end, kind.minimum, kind.percent, 21,
    kind.capacity
from generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) as n
cross join (
    values ('seat', 1, 1500, 1200, null, null, null::integer), ('balcony', 2, 900, null, 5, 10, 300)
) as kind (word, position, price, early, minimum, percent, capacity);

insert into public.pools (event_id, ticket_type_id, capacity)
select md5('event ' || n)::uuid, kind.id, kind.capacity
from generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) as n
cross join lateral (values (null::uuid, 1000), (md5('balcony ' || n)::uuid, 300)) as kind (id, capacity);
