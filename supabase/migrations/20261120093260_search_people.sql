create function private.people_of_team(organizer_id uuid, words text[], page_size integer, instant timestamptz, id uuid)
returns table (person private.seated, event_id uuid)
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- rare words find people by index, others by the latest orders
as $$
begin
    return query
    -- Two questions, each with an index of its own: the person in the seat, and who bought it. Three words are an index's to find; it
    -- takes none from an array.
    with found as (
        (
            select attendees.id, orders.created_at
            from public.orders
            inner join public.attendees on attendees.order_id = orders.id
            where orders.organizer_id = people_of_team.organizer_id and orders.status = 'confirmed' and attendees.cancelled_at is null
                and (people_of_team.words[1] is null or attendees.search like people_of_team.words[1])
                and (people_of_team.words[2] is null or attendees.search like people_of_team.words[2])
                and (people_of_team.words[3] is null or attendees.search like people_of_team.words[3])
                and attendees.search like all (people_of_team.words)
                and (people_of_team.id is null or (orders.created_at, attendees.id) < (people_of_team.instant, people_of_team.id))
            order by orders.created_at desc, attendees.id desc
            limit people_of_team.page_size
        )
        union
        (
            select attendees.id, orders.created_at
            from public.orders
            inner join public.attendees on attendees.order_id = orders.id
            where people_of_team.words <> '{}'
                and orders.organizer_id = people_of_team.organizer_id and orders.status = 'confirmed' and attendees.cancelled_at is null
                and (people_of_team.words[1] is null or orders.search like people_of_team.words[1])
                and (people_of_team.words[2] is null or orders.search like people_of_team.words[2])
                and (people_of_team.words[3] is null or orders.search like people_of_team.words[3])
                and orders.search like all (people_of_team.words)
                and (people_of_team.id is null or (orders.created_at, attendees.id) < (people_of_team.instant, people_of_team.id))
            order by orders.created_at desc, attendees.id desc
            limit people_of_team.page_size
        )
        order by created_at desc, id desc
        limit people_of_team.page_size
    )
    select
        row(
            attendees.id, attendees.name, attendees.email, attendees.phone, ticket_types.name, orders.reference, orders.buyer_name,
            orders.buyer_email, orders.created_at
        )::private.seated,
        attendees.event_id
    from found
    inner join public.attendees on attendees.id = found.id
    inner join public.orders on orders.id = attendees.order_id
    inner join public.ticket_types on ticket_types.id = attendees.ticket_type_id
    order by found.created_at desc, found.id desc;
end;
$$;
comment on function private.people_of_team(uuid, text[], integer, timestamptz, uuid) is
'So many people in confirmed seats of a team''s events, those of the latest orders first, after a marked one.';

create function public.list_people(organizer text, q text default null, page_size integer default null, cursor text default null)
returns jsonb
language plpgsql stable security definer -- a team sees who comes by right
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_people.organizer, 'attendees:read');
    v_size integer := private.page_size(list_people.page_size);
    v_mark record := private.read_cursor(list_people.cursor);
begin
    return (
        with found as materialized (
            select listed.person, listed.event_id, row_number() over () as place
            from private.people_of_team(v_organizer.id, private.search_patterns(list_people.q), v_size + 1, v_mark.instant, v_mark.id) as listed
        )
        select jsonb_build_object(
            'workspace', private.workspace(v_organizer),
            'people', coalesce(jsonb_agg(
                to_jsonb(found.person) || jsonb_build_object('event', (
                    select private.event_name(events) from public.events where events.id = found.event_id
                )) order by found.place
            ) filter (where found.place <= v_size), '[]'),
            'next', (
                select private.cursor_of((last.person).ordered_at, (last.person).id) from found as last
                where last.place = v_size and exists (select from found as beyond where beyond.place > v_size)
            )
        )
        from found
    );
end;
$$;
comment on function public.list_people(text, text, integer, text) is
'Everyone who has a seat at any event of a team, those of the latest orders first: {workspace, people, next}; q holds words of name and
address, of the person or of who bought the seat. Refuses with not_found, not_permitted, cursor_invalid.';
