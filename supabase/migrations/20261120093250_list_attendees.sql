-- Who comes: the list of one event, for its team and on the day for its door; and a search over all events.

create function private.is_today(event public.events) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
    v_today date := (private.now() at time zone is_today.event.timezone)::date;
begin
    return v_today between (is_today.event.starts_at at time zone is_today.event.timezone)::date
        and (is_today.event.ends_at at time zone is_today.event.timezone)::date;
end;
$$;
comment on function private.is_today(public.events) is 'Whether an event takes place today, by the clock there; one past midnight counts for both days.';

create function private.may_list_attendees(event public.events) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return may_list_attendees.event.organizer_id in (select private.permitted_organizers('attendees:read'))
        or (private.is_today(may_list_attendees.event)
            and may_list_attendees.event.organizer_id in (select private.permitted_organizers('tickets:scan')));
end;
$$;
comment on function private.may_list_attendees(public.events) is
'Whether the caller may see who comes to an event: by attendees:read, or on its day by tickets:scan.';

create function private.event_with_attendees(event_id uuid, organizer text) returns public.events
language plpgsql stable
set search_path = ''
as $$
declare
    v_event public.events;
begin
    select events.* into v_event
    from public.events
    inner join public.organizers on organizers.id = events.organizer_id
    where events.id = event_with_attendees.event_id
        and organizers.slug = coalesce(event_with_attendees.organizer, organizers.slug)
        and (
            organizers.id in (select private.permitted_organizers('events:read'))
            or organizers.id in (select private.permitted_organizers('attendees:read'))
        );
    if v_event.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such event, or it is not your team''s.';
    elsif not private.may_list_attendees(v_event) then
        raise sqlstate 'PT403' using message = 'not_permitted', hint = 'The door sees who comes on the day of the event.',
            detail = jsonb_build_object('permission', 'attendees:read')::text;
    end if;
    return v_event;
end;
$$;
comment on function private.event_with_attendees(uuid, text) is
'An event whose list of people the caller may see: by attendees:read, or on its day by tickets:scan. Refuses with not_found,
not_permitted.';

create type private.seated as (
    id uuid, name text, email text, phone text, ticket_type text, order_reference text, buyer text, buyer_email text, ordered_at timestamptz
);

create function private.seats_matching(event_id uuid, words text[], contacts boolean) returns uuid[]
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- rare words find seats by index, others by their event
as $$
begin
    if seats_matching.words = '{}' then
        return null;
    end if;
    -- Two questions, each with an index of its own: the person in the seat, and the order it belongs to.
    return array(
        select attendees.id
        from public.attendees
        where attendees.event_id = seats_matching.event_id
            and attendees.search like seats_matching.words[1] and attendees.search like all (seats_matching.words)
            and (seats_matching.contacts or private.searchable(attendees.name) like all (seats_matching.words))
        union
        select attendees.id
        from public.orders
        inner join public.attendees on attendees.order_id = orders.id
        where orders.event_id = seats_matching.event_id
            and orders.search like seats_matching.words[1] and orders.search like all (seats_matching.words)
            and (seats_matching.contacts or private.searchable(concat_ws(' ', orders.reference, orders.buyer_name)) like all (seats_matching.words))
    );
end;
$$;
comment on function private.seats_matching(uuid, text[], boolean) is
'The seats of an event whose person, buyer or reference holds all words of a search; null when nothing is searched for.
Who may not see addresses does not find by them either.';

create function private.people_coming(event_id uuid, contacts boolean, seats uuid[], page_size integer, mark public.attendees)
returns setof private.seated
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- without chosen seats or a mark, the index alone orders the list
as $$
begin
    return query
    select
        attendees.id, attendees.name, case when people_coming.contacts then attendees.email end,
        case when people_coming.contacts then attendees.phone end, ticket_types.name, orders.reference, orders.buyer_name,
        case when people_coming.contacts then orders.buyer_email end, orders.created_at
    from public.attendees
    inner join public.orders on orders.id = attendees.order_id
    inner join public.ticket_types on ticket_types.id = attendees.ticket_type_id
    where attendees.event_id = people_coming.event_id and attendees.cancelled_at is null and orders.status = 'confirmed'
        and (people_coming.seats is null or attendees.id = any(people_coming.seats))
        and ((people_coming.mark).id is null or (attendees.search, attendees.id) > ((people_coming.mark).search, (people_coming.mark).id))
    order by attendees.search, attendees.id
    limit people_coming.page_size;
end;
$$;
comment on function private.people_coming(uuid, boolean, uuid[], integer, public.attendees) is
'So many people in the confirmed seats of an event, or in those chosen, by name, after a marked one. Addresses and numbers are only for
those who may see them.';

create function private.marked_attendee(cursor text, event_id uuid) returns public.attendees
language plpgsql stable
set search_path = ''
as $$
declare
    v_mark public.attendees;
begin
    if marked_attendee.cursor is not null then
        select attendees.* into v_mark
        from private.read_cursor(marked_attendee.cursor) as marked
        inner join public.attendees on attendees.id = marked.id and attendees.event_id = marked_attendee.event_id;
        if v_mark.id is null then
            raise sqlstate 'PT422' using message = 'cursor_invalid', hint = 'Take the cursor from the list''s next link, unchanged.';
        end if;
    end if;
    return v_mark;
end;
$$;
comment on function private.marked_attendee(text, uuid) is 'Where a page of an event''s list begins. Refuses with cursor_invalid.';

create function public.list_attendees(
    event_id uuid, organizer text default null, q text default null, page_size integer default null, cursor text default null
) returns jsonb
language plpgsql stable security definer -- a team sees who comes by right
set search_path = ''
as $$
declare
    v_event public.events := private.event_with_attendees(list_attendees.event_id, list_attendees.organizer);
    v_contacts boolean := v_event.organizer_id in (select private.permitted_organizers('attendees:read'));
    v_size integer := private.page_size(list_attendees.page_size);
begin
    return (
        with found as materialized (
            select listed, row_number() over () as place
            from private.people_coming(
                v_event.id, v_contacts, private.seats_matching(v_event.id, private.search_patterns(list_attendees.q), v_contacts), v_size + 1,
                private.marked_attendee(list_attendees.cursor, v_event.id)
            ) as listed
        )
        select jsonb_build_object(
            'workspace', (select private.workspace(organizers) from public.organizers where organizers.id = v_event.organizer_id),
            'event', private.event_head(v_event),
            'coming', (select pools.sold from public.pools where pools.event_id = v_event.id and pools.ticket_type_id is null),
            'attendees', coalesce(jsonb_agg(to_jsonb(found.listed) order by found.place) filter (where found.place <= v_size), '[]'),
            'next', (
                select private.cursor_of((last.listed).ordered_at, (last.listed).id) from found as last
                where last.place = v_size and exists (select from found as beyond where beyond.place > v_size)
            )
        )
        from found
    );
end;
$$;
comment on function public.list_attendees(uuid, text, text, integer, text) is
'Who comes to an event, by name: {workspace, event, coming, attendees, next}. The door sees names alone, on the day.
Refuses with not_found, not_permitted, cursor_invalid.';

create function public.read_attendee_sheet(event_id uuid, organizer text default null) returns jsonb
language plpgsql stable security definer -- a team sees who comes by right
set search_path = ''
as $$
declare
    v_event public.events := private.event_with_attendees(read_attendee_sheet.event_id, read_attendee_sheet.organizer);
begin
    return jsonb_build_object(
        'workspace', (select private.workspace(organizers) from public.organizers where organizers.id = v_event.organizer_id),
        'event', private.event_name(v_event) || jsonb_build_object('ends_at', v_event.ends_at, 'venue', (
            select jsonb_build_object('name', venues.name, 'city', venues.city) from public.venues where venues.id = v_event.venue_id)),
        'attendees', (
            -- A seat without a name stands with its buyer, who comes with that party.
            select coalesce(jsonb_agg(
                to_jsonb(listed) order by private.searchable(coalesce(listed.name, listed.buyer)), listed.order_reference, listed.name nulls last
            ), '[]')
            from private.people_coming(v_event.id, false, null, null, null) as listed
        )
    );
end;
$$;
comment on function public.read_attendee_sheet(uuid, text) is
'All who come to an event, by name, to be printed: {workspace, event, attendees}, without addresses. Refuses with not_found, not_permitted.';

create function public.export_attendees(event_id uuid, organizer text default null, cursor text default null) returns jsonb
language plpgsql stable security definer -- a team takes its list along by right
set search_path = ''
as $$
declare
    v_event public.events := private.event_with_attendees(export_attendees.event_id, export_attendees.organizer);
    v_size constant integer := 2000;
    v_missing text;
begin
    select needed.permission into v_missing
    from unnest(array['attendees:read', 'exports:read']) as needed (permission)
    where v_event.organizer_id not in (select private.permitted_organizers(needed.permission));
    if v_missing is not null then
        raise sqlstate 'PT403' using message = 'not_permitted', detail = jsonb_build_object('permission', v_missing)::text;
    end if;
    return (
        with found as materialized (
            select listed, row_number() over () as place
            from private.people_coming(
                v_event.id, true, null, v_size, private.marked_attendee(export_attendees.cursor, v_event.id)
            ) as listed
        )
        select jsonb_build_object(
            'event', private.event_name(v_event),
            'attendees', coalesce(jsonb_agg(to_jsonb(found.listed) order by found.place), '[]'),
            'next', (select private.cursor_of((last.listed).ordered_at, (last.listed).id) from found as last where last.place = v_size)
        )
        from found
    );
end;
$$;
comment on function public.export_attendees(uuid, text, text) is
'All who come to an event, with their addresses, two thousand at a time: {event, attendees, next}. Refuses with not_found,
not_permitted, cursor_invalid.';
