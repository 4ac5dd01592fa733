-- Who did what, and when, in the whole of a team: found by matter, person and day, page by page.

create function private.subjects_about(matter text) returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
    return case subjects_about.matter
        when 'orders' then array['order']
        when 'lines' then array['waitlist_entry']
        when 'events' then array['event', 'ticket_type', 'promotion_code']
        when 'venues' then array['venue']
        when 'team' then array['organizer', 'member', 'invitation', 'api_key']
    end;
end;
$$;
comment on function private.subjects_about(text) is
'The subjects of audit entries about one matter: orders, lines, events, venues or team; null for any other word.';

create function private.team_trail(
    organizer_id uuid, subjects text[], actor_id uuid, from_instant timestamptz, before_instant timestamptz, page_size integer,
    mark public.audit_entries
) returns setof public.audit_entries
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- what is not asked for drops out, and an index fits the rest
as $$
begin
    return query
    select audit_entries.*
    from public.audit_entries
    where audit_entries.organizer_id = team_trail.organizer_id
        and (team_trail.subjects is null or audit_entries.subject = any (team_trail.subjects))
        and (team_trail.actor_id is null or audit_entries.actor_id = team_trail.actor_id)
        and (team_trail.from_instant is null or audit_entries.at >= team_trail.from_instant)
        and (team_trail.before_instant is null or audit_entries.at < team_trail.before_instant)
        and ((team_trail.mark).id is null
            or (audit_entries.at, audit_entries.id) < ((team_trail.mark).at, (team_trail.mark).id))
    order by audit_entries.at desc, audit_entries.id desc
    limit team_trail.page_size;
end;
$$;
comment on function private.team_trail(uuid, text[], uuid, timestamptz, timestamptz, integer, public.audit_entries) is
'So many entries of a team''s trail before a marked one, latest first.';

create function private.people_of_trail(organizer_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        -- Whoever ever joined is in the trail, also those who have left.
        select coalesce(jsonb_agg(jsonb_build_object('id', actor.id, 'name', actor.name) order by actor.program, actor.name, actor.id), '[]')
        from (
            select profiles.user_id as id, profiles.display_name as name, false as program
            from public.profiles
            where profiles.user_id in (
                select audit_entries.subject_id from public.audit_entries
                where audit_entries.organizer_id = people_of_trail.organizer_id and audit_entries.subject = 'member'
            )
            union all
            select api_keys.id, api_keys.name, true
            from public.api_keys
            where api_keys.organizer_id = people_of_trail.organizer_id
        ) as actor
    );
end;
$$;
comment on function private.people_of_trail(uuid) is
'Who acts or acted for a team, to choose one from: [{id, name}] of people, those who left too, then of API keys.';

create function private.subject_of(entry public.audit_entries) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object('kind', subject_of.entry.subject, 'id', subject_of.entry.subject_id, 'name', subject_of.entry.detail ->> 'name')
        || coalesce(case subject_of.entry.subject
            when 'order' then (
                select jsonb_build_object('name', orders.reference, 'leads_to', orders.reference)
                from public.orders where orders.id = subject_of.entry.subject_id
            )
            when 'waitlist_entry' then (
                select jsonb_build_object('name', events.title, 'leads_to', events.id)
                from public.waitlist_entries
                inner join public.events on events.id = waitlist_entries.event_id
                where waitlist_entries.id = subject_of.entry.subject_id
            )
            when 'event' then coalesce(
                (select jsonb_build_object('name', events.title, 'leads_to', events.id)
                    from public.events where events.id = subject_of.entry.subject_id),
                jsonb_build_object('name', subject_of.entry.detail -> 'title')
            )
            when 'ticket_type' then (
                select jsonb_build_object('name', ticket_types.name, 'leads_to', events.id, 'currency', events.currency)
                from public.ticket_types
                inner join public.events on events.id = ticket_types.event_id
                where ticket_types.id = subject_of.entry.subject_id
            )
            when 'venue' then (
                select jsonb_build_object('name', venues.name, 'leads_to', venues.slug)
                from public.venues where venues.id = subject_of.entry.subject_id
            )
            when 'promotion_code' then jsonb_build_object('name', subject_of.entry.detail -> 'code')
            when 'member' then (
                select jsonb_build_object('name', profiles.display_name)
                from public.profiles where profiles.user_id = subject_of.entry.subject_id
            )
            when 'invitation' then (
                select jsonb_build_object('name', invitations.email)
                from public.invitations
                where invitations.id = subject_of.entry.subject_id
                    and subject_of.entry.organizer_id in (select private.permitted_organizers('team:read'))
            )
        end, '{}');
end;
$$;
comment on function private.subject_of(public.audit_entries) is
'What an entry is about, as it is called now or was at last: {kind, id, name, leads_to, currency}; leads_to is what its address is made
of, an order''s reference, an event''s id or a venue''s slug; currency is a ticket type''s. The address of an invitation is told to those
who see the team.';

create function public.list_audit_entries(
    organizer text, matter text default null, actor_id uuid default null, from_day date default null, to_day date default null,
    page_size integer default null, cursor text default null
) returns jsonb
language plpgsql stable security definer -- names whom its readers may not see otherwise
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_audit_entries.organizer, 'audit:read');
    v_size integer := private.page_size(list_audit_entries.page_size);
    v_clocks text := private.clocks_of_team(v_organizer.id, null);
    v_mark public.audit_entries;
begin
    if list_audit_entries.cursor is not null then
        select audit_entries.* into v_mark
        from public.audit_entries
        where audit_entries.organizer_id = v_organizer.id
            and audit_entries.id = case when list_audit_entries.cursor ~ '^\d{1,18}$' then list_audit_entries.cursor::bigint end;
        if v_mark.id is null then
            raise sqlstate 'PT422' using message = 'cursor_invalid', hint = 'Take the cursor from the list''s next link, unchanged.';
        end if;
    end if;
    return (
        with found as materialized (
            select listed, row_number() over () as place
            from private.team_trail(
                v_organizer.id, private.subjects_about(list_audit_entries.matter), list_audit_entries.actor_id,
                list_audit_entries.from_day::timestamp at time zone v_clocks,
                (list_audit_entries.to_day + 1)::timestamp at time zone v_clocks, v_size + 1, v_mark
            ) as listed
        )
        select jsonb_build_object(
            'workspace', private.workspace(v_organizer),
            'entries', coalesce(jsonb_agg(jsonb_build_object(
                'id', (found.listed).id, 'at', (found.listed).at, 'what', (found.listed).action,
                'subject', private.subject_of(found.listed), 'detail', (found.listed).detail, 'by', (found.listed).actor_kind,
                'name', private.name_of_actor(v_organizer.id, orders, (found.listed).actor_kind, (found.listed).actor_id),
                'correlation_id', (found.listed).correlation_id
            ) order by found.place) filter (where found.place <= v_size), '[]'),
            'next', (
                select (last.listed).id::text from found as last
                where last.place = v_size and exists (select from found as beyond where beyond.place > v_size)
            ),
            'actors', private.people_of_trail(v_organizer.id),
            'timezone', v_clocks
        )
        from found
        left join public.orders on orders.id = (found.listed).subject_id and (found.listed).subject = 'order'
    );
end;
$$;
comment on function public.list_audit_entries(text, text, uuid, date, date, integer, text) is
'A team''s trail, latest first: {workspace, entries, next, actors, timezone}. matter is orders, lines, events, venues or team; actor_id a
person or an API key; both days count, by the clocks of timezone, those of the team''s latest event.
Refuses with not_found, not_permitted, cursor_invalid.';
