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

create function private.search_patterns(q text) returns text[]
language plpgsql stable
set search_path = ''
as $$
begin
    return array(
        select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'
        from unnest(string_to_array(private.searchable(left(search_patterns.q, 200)), ' ')) as word
        where word <> ''
        order by length(word) desc
    );
end;
$$;
comment on function private.search_patterns(text) is 'What `like all` compares with to find every word of a search, the longest word first.';

create function private.events_matching(q text) returns uuid[]
language plpgsql stable security definer -- words find no index under row-level security; only what is published is looked at
set search_path = ''
as $$
declare
    v_words text[] := private.search_patterns(events_matching.q);
begin
    if cardinality(v_words) = 0 then
        return null;
    end if;
    -- The longest word is the one that the index is asked for.
    return array(
        select events.id
        from public.events
        where events.status = 'published' and events.starts_at >= (select private.now())
            and events.search like v_words[1] and events.search like all (v_words)
    );
end;
$$;
comment on function private.events_matching(text) is 'The events to come that hold all words of a search; null when nothing is searched for.';

create function private.facets_of_events() returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'cities', (
            -- From one city to the next by the index, and one event in each: the venues are not looked at one by one.
            with recursive cities as (
                (select venues.city from public.venues order by venues.city limit 1)
                union all
                select (select venues.city from public.venues where venues.city > cities.city order by venues.city limit 1)
                from cities
                where cities.city is not null
            )
            select coalesce(jsonb_agg(jsonb_build_object('city', cities.city) order by cities.city), '[]')
            from cities
            where (
                select true from public.venues
                inner join public.events on events.venue_id = venues.id
                where venues.city = cities.city and events.status = 'published' and events.starts_at >= (select private.now())
                limit 1
            )
        ),
        'languages', (
            select coalesce(jsonb_agg(jsonb_build_object('code', languages.code) order by languages.code), '[]')
            from public.languages
            where exists (
                select from public.events
                where events.language_code = languages.code and events.status = 'published'
                    and events.starts_at >= (select private.now())
            )
        )
    );
end;
$$;
comment on function private.facets_of_events() is 'The cities and languages of events to come: {cities: [{city}], languages: [{code}]}.';

create function private.cards_in_order(ids uuid[], distances numeric[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    -- Apart from the search, which is planned anew for each set of filters: this is planned once.
    return (
        select coalesce(jsonb_agg(
            to_jsonb(event_cards) || jsonb_build_object('distance_km', found.distance_km) order by found.place
        ), '[]')
        from unnest(cards_in_order.ids, cards_in_order.distances) with ordinality as found (id, distance_km, place)
        inner join public.event_cards on event_cards.id = found.id
    );
end;
$$;
comment on function private.cards_in_order(uuid[], numeric[]) is 'Events as lists show them, each with its distance, if it has one.';

create function public.list_events(
    q text default null, language text default null, city text default null,
    starts_from timestamptz default null, starts_to timestamptz default null, organizer text default null,
    page_size integer default null, cursor text default null, near text default null, radius_km float8 default null,
    days text default null, first_day text default null, last_day text default null
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_size integer := private.page_size(list_events.page_size);
    v_mark record := private.read_cursor(list_events.cursor);
    v_matching uuid[] := private.events_matching(list_events.q);
    v_circle private.circle;
    v_venues uuid[];
    v_wanted private.wanted_days;
    v_span tstzrange;
    v_ids uuid[];
    v_distances numeric[];
begin
    perform private.refuse_input(
        private.circle_faults(list_events.near, list_events.radius_km)
        || private.day_faults(list_events.days, list_events.first_day, list_events.last_day)
    );
    v_circle := private.circle_around(list_events.near, list_events.city, list_events.radius_km);
    v_venues := private.venues_in_circle(v_circle, case when list_events.near is null then list_events.city end);
    v_wanted := row(list_events.days, private.date_or_null(list_events.first_day), private.date_or_null(list_events.last_day));
    v_span := private.span_of_days(v_wanted);
    select array_agg(found.id order by found.starts_at, found.id), array_agg(found.distance_km order by found.starts_at, found.id)
    into v_ids, v_distances
    from (
        select
            events.id, events.starts_at,
            round(private.distance_km(v_circle.latitude, v_circle.longitude, venues.latitude, venues.longitude)::numeric, 1) as distance_km
        from public.events
        left join public.venues on venues.id = events.venue_id
        where events.status = 'published'
            and events.starts_at >= greatest(list_events.starts_from, v_mark.instant, lower(v_span), (select private.now()))
            and events.starts_at <= least(list_events.starts_to, upper(v_span), 'infinity')
            and (v_span = '(,)' or private.falls_on(events.starts_at, events.timezone, v_wanted))
            and (v_mark.id is null or (events.starts_at, events.id) > (v_mark.instant, v_mark.id))
            and (v_matching is null or events.id = any(v_matching))
            and (list_events.language is null or events.language_code = list_events.language)
            and (v_venues is null or events.venue_id = any(v_venues))
            and (list_events.city is null or venues.city = list_events.city or (v_venues is not null and list_events.near is null))
            and (list_events.organizer is null or events.organizer_id = (
                select organizers.id from public.organizers where organizers.slug = list_events.organizer
            ))
        order by events.starts_at, events.id
        limit v_size + 1
    ) as found;
    return private.facets_of_events() || jsonb_build_object(
        'events', private.cards_in_order(v_ids[:v_size], v_distances[:v_size]),
        'radius_km', v_circle.radius_km,
        'next', case when cardinality(v_ids) > v_size then (
            select private.cursor_of(events.starts_at, events.id) from public.events where events.id = v_ids[v_size]
        ) end
    );
end;
$$;
comment on function public.list_events(
    text, text, text, timestamptz, timestamptz, text, integer, text, text, float8, text, text, text
) is
'Published events to come, soonest first, with the cities and languages to filter by: {events, next, radius_km, cities, languages}.
Near a place (latitude,longitude), or around a city where a radius is given, each with its distance.
days is today, tomorrow, weekend, week or dates, which are those from first_day to last_day, by the clocks of each event.
Refuses with cursor_invalid, invalid_input (near_invalid, radius_invalid, days_unknown, day_invalid, days_reversed).';

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
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(venue_document.venue) - array['organizer_id', 'revision', 'created_at', 'updated_at'];
end;
$$;
comment on function private.venue_document(public.venues) is 'A venue as everyone sees it.';

create function public.list_venues(city text default null, page_size integer default null, cursor text default null) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_size integer := private.page_size(list_venues.page_size);
    v_mark record := private.read_cursor(list_venues.cursor);
begin
    return (
        with found as materialized (
            select venues.id, venues.created_at, row_number() over (order by venues.created_at, venues.id) as place
            from public.venues
            where (list_venues.city is null or venues.city = list_venues.city)
                and (v_mark.id is null or (venues.created_at, venues.id) > (v_mark.instant, v_mark.id))
            order by venues.created_at, venues.id
            limit v_size + 1
        )
        select jsonb_build_object(
            'venues', coalesce(jsonb_agg(private.venue_document(venues) order by found.place), '[]'),
            'next', (
                select private.cursor_of(last.created_at, last.id) from found as last
                where last.place = v_size and exists (select from found as beyond where beyond.place > v_size)
            )
        )
        from found
        inner join public.venues on venues.id = found.id
        where found.place <= v_size
    );
end;
$$;
comment on function public.list_venues(text, integer, text) is 'Venues, oldest entry first: {venues, next}. Refuses with cursor_invalid.';

create function public.read_venue(slug text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_id uuid := coalesce(
        private.uuid_or_null(read_venue.slug), (select venues.id from public.venues where venues.slug = read_venue.slug)
    );
    v_venue jsonb;
begin
    select private.venue_document(venues) into v_venue from public.venues where venues.id = v_id;
    if v_venue is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such venue.';
    end if;
    return v_venue;
end;
$$;
comment on function public.read_venue(text) is 'One venue, by slug or id. Refuses with not_found.';
