create view public.event_cards with (security_invoker = true) as
select
    events.id,
    events.slug,
    events.title,
    events.summary,
    events.starts_at,
    events.ends_at,
    events.timezone,
    events.language_code as language,
    events.status,
    events.venue_id is null as online,
    venues.city,
    case when venues.id is not null
        then jsonb_build_object('id', venues.id, 'slug', venues.slug, 'name', venues.name, 'city', venues.city)
    end as venue,
    jsonb_build_object('slug', organizers.slug, 'name', organizers.name, 'hue', organizers.hue) as organizer,
    events.cover_path,
    events.currency,
    offer.price_from_cents,
    offer.capacity,
    offer.seats as left, -- noqa: RF04
    case when events.status = 'cancelled' then 'cancelled' else offer.sale end as sale
from public.events
inner join public.organizers on organizers.id = events.organizer_id
left join public.venues on venues.id = events.venue_id
cross join lateral (
    select
        max(level.capacity) filter (where level.ticket_type_id is null) as capacity,
        max(level.seats) filter (where level.ticket_type_id is null) as seats,
        min(private.price_now(ticket_types)) as price_from_cents,
        case
            when bool_or(state.sale = 'on_sale') then 'on_sale'
            when bool_or(state.sale = 'sold_out') then 'sold_out'
            when bool_or(state.sale = 'not_yet') then 'not_yet'
            else 'ended'
        end as sale
    from private.seats_left(events.id) as level
    left join public.ticket_types on ticket_types.id = level.ticket_type_id
    left join lateral (
        select private.ticket_sale(ticket_types, events, level.seats) as sale where ticket_types.id is not null
    ) as state on true
) as offer;
comment on view public.event_cards is 'An event as lists show it, with the lowest price and the seats left at this instant.';

create function private.ticket_offers(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', ticket_types.id,
            'name', ticket_types.name,
            'description', ticket_types.description,
            'price_cents', private.price_now(ticket_types),
            'list_price_cents', ticket_types.price_cents,
            'early_bird', case when ticket_types.early_bird_until >= private.now() then jsonb_build_object(
                'price_cents', ticket_types.early_bird_price_cents, 'until', ticket_types.early_bird_until) end,
            'group', case when ticket_types.group_percent is not null then jsonb_build_object(
                'min_quantity', ticket_types.group_min_quantity, 'percent', ticket_types.group_percent) end,
            'vat_rate', ticket_types.vat_rate,
            'min_per_order', ticket_types.min_per_order,
            'max_per_order', ticket_types.max_per_order,
            'left', level.seats,
            'sale_starts_at', ticket_types.sale_starts_at,
            'sale_ends_at', ticket_types.sale_ends_at,
            'sale', state.sale,
            'on_sale', state.sale = 'on_sale'
        ) order by ticket_types.position, ticket_types.name, ticket_types.id), '[]')
        from private.seats_left(ticket_offers.event.id) as level
        inner join public.ticket_types on ticket_types.id = level.ticket_type_id
        cross join lateral (select private.ticket_sale(ticket_types, ticket_offers.event, level.seats) as sale) as state
    );
end;
$$;
comment on function private.ticket_offers(public.events) is 'The ticket types of an event as its page shows them.';

create function private.availability(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'event_id', availability.event.id,
            'capacity', max(level.capacity) filter (where level.ticket_type_id is null),
            'left', max(level.seats) filter (where level.ticket_type_id is null),
            'ticket_types', coalesce(jsonb_agg(jsonb_build_object(
                'id', ticket_types.id, 'left', level.seats, 'sale', state.sale, 'on_sale', state.sale = 'on_sale'
            ) order by ticket_types.position, ticket_types.name, ticket_types.id) filter (where ticket_types.id is not null), '[]')
        )
        from private.seats_left(availability.event.id) as level
        left join public.ticket_types on ticket_types.id = level.ticket_type_id
        left join lateral (
            select private.ticket_sale(ticket_types, availability.event, level.seats) as sale where ticket_types.id is not null
        ) as state on true
    );
end;
$$;
comment on function private.availability(public.events) is 'The seats left of an event, as pages and broadcasts tell them.';

create function public.read_availability(event_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return private.availability(private.visible_event(read_availability.event_id::text));
end;
$$;
comment on function public.read_availability(uuid) is
'{event_id, capacity, left, ticket_types: [{id, left, sale, on_sale}]}, lapsed holds not counted. Refuses with not_found.';

create function public.read_event(slug text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select to_jsonb(event_cards) || jsonb_build_object(
            'description', event.description,
            'venue', event_cards.venue || (
                select jsonb_build_object(
                    'address', venues.address, 'postal_code', venues.postal_code, 'country', venues.country,
                    'latitude', venues.latitude, 'longitude', venues.longitude, 'capacity', venues.capacity
                ) from public.venues where venues.id = event.venue_id
            ),
            'organizer', event_cards.organizer || (
                select jsonb_build_object('about', organizers.about, 'website', organizers.website)
                from public.organizers where organizers.id = event.organizer_id
            ),
            'policy', (
                select jsonb_build_object(
                    'key', event_policies.key,
                    'hold_minutes', extract(epoch from event_policies.hold)::integer / 60,
                    'cancel_until', event.starts_at - event_policies.cancellation_deadline,
                    'max_failed_payments', event_policies.max_failed_payments
                ) from public.event_policies where event_policies.id = event.policy_id
            ),
            'asks_phone', event.asks_phone,
            'ticket_types', private.ticket_offers(event),
            'my_order', (
                select jsonb_build_object('reference', orders.reference, 'status', orders.status, 'expires_at', orders.expires_at)
                from public.orders
                where orders.event_id = event.id and orders.buyer_id = (select private.caller_id())
                    and (orders.status = 'confirmed' or (orders.status = 'pending' and orders.expires_at > private.now()))
                order by orders.status = 'pending' desc, orders.created_at desc
                limit 1
            ),
            'published_at', event.published_at,
            'updated_at', event.updated_at
        )
        from private.visible_event(read_event.slug) as event
        inner join public.event_cards on event_cards.id = event.id
    );
end;
$$;
comment on function public.read_event(text) is 'One event whole, by slug or id, as its page shows it. Refuses with not_found.';

create function public.prepare_order(slug text, lines jsonb, code text default null) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'event', public.read_event(prepare_order.slug),
            'quote', private.sum_lines(
                private.price_order(event, prepare_order.lines, private.find_code(event, prepare_order.code)), event.currency
            )
        )
        from private.visible_event(prepare_order.slug) as event
    );
end;
$$;
comment on function public.prepare_order(text, jsonb, text) is
'What the page before an order shows, in one call: {event, quote}. Refuses with the words of read_event and quote.';

create function private.cursor_of(instant timestamptz, id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select translate(encode(convert_to(
            (extract(epoch from cursor_of.instant) * 1000000)::bigint || ' ' || cursor_of.id, 'UTF8'
        ), 'base64'), E'+/=\n', '-_')
    );
end;
$$;
comment on function private.cursor_of(timestamptz, uuid) is 'An opaque mark after one row of a list ordered by instant and id.';

create function private.read_cursor(cursor text, out instant timestamptz, out id uuid)
language plpgsql stable
set search_path = ''
as $$
declare
    v_parts text[];
begin
    if read_cursor.cursor is null then
        return;
    end if;
    v_parts := string_to_array(convert_from(decode(
        rpad(translate(read_cursor.cursor, '-_', '+/'), (length(read_cursor.cursor) + 3) / 4 * 4, '='), 'base64'
    ), 'UTF8'), ' ');
    if cardinality(v_parts) <> 2 then
        raise invalid_parameter_value;
    end if;
    instant := timestamptz 'epoch' + v_parts[1]::bigint * interval '1 microsecond';
    id := v_parts[2]::uuid;
exception when others then
    raise sqlstate 'PT422' using message = 'cursor_invalid', hint = 'Take the cursor from the list''s next link, unchanged.';
end;
$$;
comment on function private.read_cursor(text) is 'The row that a cursor marks. Refuses with cursor_invalid.';

create function private.page_size(asked integer) returns integer
language plpgsql immutable
set search_path = ''
as $$
begin
    return least(greatest(coalesce(page_size.asked, 25), 1), 100);
end;
$$;
comment on function private.page_size(integer) is 'Rows on one page of a list: 25 unless asked, 100 at most.';

create function public.list_events(
    q text default null, language text default null, city text default null,
    starts_from timestamptz default null, starts_to timestamptz default null, organizer text default null,
    page_size integer default null, cursor text default null
) returns jsonb
language sql stable
set search_path = ''
as $$
    with mark as (
        select read_cursor.instant, read_cursor.id from private.read_cursor(list_events.cursor) as read_cursor
    ),
    found as materialized (
        select events.id, events.starts_at
        from public.events
        left join public.venues on venues.id = events.venue_id
        where events.status = 'published'
            and events.starts_at >= greatest(list_events.starts_from, (select private.now()))
            and events.starts_at <= coalesce(list_events.starts_to, 'infinity')
            and (list_events.language is null or events.language_code = list_events.language)
            and (list_events.city is null or venues.city = list_events.city)
            and (list_events.organizer is null or events.organizer_id = (
                select organizers.id from public.organizers where organizers.slug = list_events.organizer
            ))
            and events.search like all (
                select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'
                from unnest(string_to_array(private.searchable(left(list_events.q, 200)), ' ')) as word
                where word <> ''
            )
            and ((select mark.id from mark) is null
                or (events.starts_at, events.id) > ((select mark.instant from mark), (select mark.id from mark)))
        order by events.starts_at, events.id
        limit private.page_size(list_events.page_size) + 1
    ),
    shown as (
        select * from found order by found.starts_at, found.id limit private.page_size(list_events.page_size)
    )
    select jsonb_build_object(
        'events', coalesce((
            select jsonb_agg(to_jsonb(event_cards) order by shown.starts_at, shown.id)
            from shown inner join public.event_cards on event_cards.id = shown.id
        ), '[]'),
        'next', (
            select private.cursor_of(shown.starts_at, shown.id) from shown
            where (select count(*) from found) > (select count(*) from shown)
            order by shown.starts_at desc, shown.id desc limit 1
        ),
        'cities', (
            select coalesce(jsonb_agg(jsonb_build_object('city', places.city) order by places.city), '[]')
            from (
                select distinct venues.city from public.venues
                where exists (
                    select from public.events
                    where events.venue_id = venues.id and events.status = 'published' and events.starts_at >= (select private.now())
                )
            ) as places
        ),
        'languages', (
            select coalesce(jsonb_agg(jsonb_build_object('code', languages.code) order by languages.code), '[]')
            from public.languages
            where exists (
                select from public.events
                where events.language_code = languages.code and events.status = 'published' and events.starts_at >= (select private.now())
            )
        )
    )
$$;
comment on function public.list_events(text, text, text, timestamptz, timestamptz, text, integer, text) is
'Published events to come, soonest first, with the cities and languages to filter by: {events, next, cities, languages}.
Refuses with cursor_invalid.';

create index events_on_show_by_venue on public.events (venue_id, starts_at) where status = 'published';
create index events_on_show_by_language on public.events (language_code, starts_at) where status = 'published';

create function public.list_languages() returns jsonb
language sql stable
set search_path = ''
as $$
    select jsonb_agg(jsonb_build_object('code', languages.code, 'names', languages.names) order by languages.code)
    from public.languages
$$;
comment on function public.list_languages() is 'All languages: [{code, names}].';

create function private.venue_document(venue public.venues) returns jsonb
language sql stable
set search_path = ''
as $$
    select to_jsonb(venue_document.venue) - array['organizer_id', 'created_at', 'updated_at']
$$;
comment on function private.venue_document(public.venues) is 'A venue as everyone sees it.';

create function public.list_venues(city text default null, page_size integer default null, cursor text default null) returns jsonb
language sql stable
set search_path = ''
as $$
    with found as materialized (
        select venues.*, row_number() over (order by venues.created_at, venues.id) as place
        from public.venues
        cross join private.read_cursor(list_venues.cursor) as mark
        where (list_venues.city is null or venues.city = list_venues.city)
            and (mark.id is null or (venues.created_at, venues.id) > (mark.instant, mark.id))
        order by venues.created_at, venues.id
        limit private.page_size(list_venues.page_size) + 1
    )
    select jsonb_build_object(
        'venues', coalesce(jsonb_agg(private.venue_document(venues) order by found.place)
            filter (where found.place <= private.page_size(list_venues.page_size)), '[]'),
        'next', (
            select private.cursor_of(last.created_at, last.id) from found as last
            where last.place = private.page_size(list_venues.page_size)
                and exists (select from found as beyond where beyond.place > last.place)
        )
    )
    from found
    inner join public.venues on venues.id = found.id
$$;
comment on function public.list_venues(text, integer, text) is 'Venues, oldest entry first: {venues, next}. Refuses with cursor_invalid.';

create function public.read_venue(slug text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_venue jsonb;
begin
    select private.venue_document(venues) into v_venue
    from public.venues
    where venues.id = coalesce(
        private.uuid_or_null(read_venue.slug), (select named.id from public.venues as named where named.slug = read_venue.slug)
    );
    if v_venue is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such venue.';
    end if;
    return v_venue;
end;
$$;
comment on function public.read_venue(text) is 'One venue, by slug or id. Refuses with not_found.';
