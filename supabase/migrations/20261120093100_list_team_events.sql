-- A team's own events, drafts included, as its workspace lists them.

create function private.event_stage(event public.events) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return case
        when event_stage.event.status in ('draft', 'awaiting_payment') then 'draft'
        when event_stage.event.status = 'published' and event_stage.event.ends_at > private.now() then 'upcoming'
        else 'past'
    end;
end;
$$;
comment on function private.event_stage(public.events) is
'Where an event stands for its team: draft (nobody else sees it), upcoming (until it is over) or past (over or cancelled).';

create function private.team_event_card(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'id', team_event_card.event.id,
            'slug', team_event_card.event.slug,
            'organizer', organizers.slug,
            'title', team_event_card.event.title,
            'starts_at', team_event_card.event.starts_at,
            'ends_at', team_event_card.event.ends_at,
            'timezone', team_event_card.event.timezone,
            'status', team_event_card.event.status,
            'stage', private.event_stage(team_event_card.event),
            'kind', event_policies.key,
            'online', team_event_card.event.venue_id is null,
            'venue', case when venues.id is not null then jsonb_build_object(
                'id', venues.id, 'slug', venues.slug, 'name', venues.name, 'city', venues.city) end,
            'cover_path', team_event_card.event.cover_path,
            'currency', team_event_card.event.currency,
            'capacity', pools.capacity,
            'sold', pools.sold,
            'left', (
                select level.seats from private.seats_left(team_event_card.event.id) as level where level.ticket_type_id is null
            )
        )
        from public.event_policies
        inner join public.organizers on organizers.id = team_event_card.event.organizer_id
        inner join public.pools on pools.event_id = team_event_card.event.id and pools.ticket_type_id is null
        left join public.venues on venues.id = team_event_card.event.venue_id
        where event_policies.id = team_event_card.event.policy_id
    );
end;
$$;
comment on function private.team_event_card(public.events) is 'An event as its team''s list shows it, with the seats sold and left.';

create function public.list_team_events(
    organizer text, stage text default null, q text default null, page_size integer default null, cursor text default null
) returns jsonb
language plpgsql stable security definer -- a team sees its drafts, and programs with a key are nobody to row-level security
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_team_events.organizer, 'events:read');
    v_size integer := private.page_size(list_team_events.page_size);
    v_mark record := private.read_cursor(list_team_events.cursor);
    v_words text[] := private.search_patterns(list_team_events.q);
    v_direction integer := case when list_team_events.stage = 'past' then -1 else 1 end; -- what is over: latest first
begin
    return (
        with found as materialized (
            select events.id, events.starts_at, row_number() over (order by line.place, events.id) as place
            from public.events
            cross join lateral (select v_direction * extract(epoch from events.starts_at) as place) as line
            where events.organizer_id = v_organizer.id
                and case
                    when list_team_events.stage is null then private.event_stage(events) <> 'past'
                    else private.event_stage(events) = list_team_events.stage
                end
                and events.search like all (v_words)
                and (v_mark.id is null or (line.place, events.id) > (v_direction * extract(epoch from v_mark.instant), v_mark.id))
            order by line.place, events.id
            limit v_size + 1
        )
        select jsonb_build_object(
            'workspace', private.workspace(v_organizer),
            'events', coalesce(jsonb_agg(private.team_event_card(events) order by found.place), '[]'),
            'next', (
                select private.cursor_of(last.starts_at, last.id) from found as last
                where last.place = v_size and exists (select from found as beyond where beyond.place > v_size)
            )
        )
        from found
        inner join public.events on events.id = found.id
        where found.place <= v_size
    );
end;
$$;
comment on function public.list_team_events(text, text, text, integer, text) is
'A team''s events of one stage (draft, upcoming, past; all but past if none is named), soonest first, past ones latest first:
{workspace, events, next}. Refuses with not_found, not_permitted, cursor_invalid.';
