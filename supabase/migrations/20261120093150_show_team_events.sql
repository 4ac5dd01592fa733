-- An event and its ticket types as their team edits them.

create function private.may_edit(organizer_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return may_edit.organizer_id in (select private.permitted_organizers('events:write'));
end;
$$;
comment on function private.may_edit(uuid) is 'Whether the caller may change a team''s events, and so read the words that open their doors.';

create function private.team_ticket_type(type public.ticket_types) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(team_ticket_type.type) - array['event_id', 'created_at', 'updated_at']
        || jsonb_build_object('ordered', exists (
            select from public.order_lines where order_lines.ticket_type_id = team_ticket_type.type.id
        ))
        || jsonb_build_object('hidden', team_ticket_type.type.access_code is not null, 'access_code', (
            select team_ticket_type.type.access_code from public.events
            where events.id = team_ticket_type.type.event_id and private.may_edit(events.organizer_id)
        ))
        || (select to_jsonb(taken) from private.seats_taken(team_ticket_type.type.id) as taken);
end;
$$;
comment on function private.team_ticket_type(public.ticket_types) is
'A ticket type as its team edits it, with the seats that are held and sold; ordered ones cannot be deleted.
Its word is told to who may change it alone.';

create function private.event_actions(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_edits boolean := private.may_edit(event_actions.event.organizer_id);
    v_calls_off boolean := v_edits or exists ( -- see event_to_call_off
        select from public.venues where venues.id = event_actions.event.venue_id and private.may_edit(venues.organizer_id)
    );
    v_ordered boolean := exists (select from public.orders where orders.event_id = event_actions.event.id);
    v_taken boolean := exists (
        select from public.orders
        where orders.event_id = event_actions.event.id and orders.status in ('pending', 'confirmed', 'awaiting_approval')
    );
    v_self_published boolean := exists (
        select from public.event_policies
        where event_policies.id = event_actions.event.policy_id and event_policies.first_payment_required
    );
begin
    return (
        select coalesce(jsonb_agg(action.word), '[]')
        from (values
            ('edit', v_edits and event_actions.event.status in ('draft', 'awaiting_payment', 'published')),
            ('publish', v_edits and event_actions.event.status = 'draft' and not v_self_published),
            ('unpublish', v_edits and event_actions.event.status = 'published' and not v_taken),
            ('delete', v_edits and event_actions.event.status = 'draft' and not v_ordered),
            ('copy', v_edits and not v_self_published),
            ('cancel', (v_edits and event_actions.event.status = 'awaiting_payment')
                or (v_calls_off and event_actions.event.status = 'published' and event_actions.event.ends_at > private.now())),
            ('list_attendees', private.may_list_attendees(event_actions.event))
        ) as action (word, possible)
        where action.possible
    );
end;
$$;
comment on function private.event_actions(public.events) is
'What the caller can do with an event of their team, or at their venue, now, as words.
Meetups are published by the payment of their first seat, never by hand.';

create function private.event_head(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return private.team_event_card(event_head.event) || jsonb_build_object(
        'status_reason', event_head.event.status_reason,
        'can', private.event_actions(event_head.event)
    );
end;
$$;
comment on function private.event_head(public.events) is
'An event as every page about it begins in the workspace of its team: where it stands, and what the caller can do with it now.';

create function private.team_event(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return private.event_head(team_event.event) || jsonb_build_object(
        'summary', team_event.event.summary,
        'description', team_event.event.description,
        'language', team_event.event.language_code,
        'joining', case when private.may_edit(team_event.event.organizer_id) then private.how_to_join(team_event.event.id) end,
        'own_capacity', team_event.event.capacity,
        'asks_phone', team_event.event.asks_phone,
        'waitlist_keeps_price', team_event.event.waitlist_keeps_price,
        'outside_hours', coalesce((
            select private.outside_hours(venues, team_event.event.starts_at, team_event.event.ends_at)
            from public.venues where venues.id = team_event.event.venue_id
        ), false),
        'revision', team_event.event.revision,
        'ticket_types', (
            select coalesce(jsonb_agg(private.team_ticket_type(ticket_types)
                order by ticket_types.position, ticket_types.name, ticket_types.id), '[]')
            from public.ticket_types
            where ticket_types.event_id = team_event.event.id
        )
    );
end;
$$;
comment on function private.team_event(public.events) is
'An event whole, as its team edits it, with what the caller can do with it now. How to join is told to who may change it alone.';

create function private.venues_to_choose(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object('id', venue.id, 'slug', venue.slug, 'name', venue.name, 'city', venue.city,
            'capacity', venue.capacity, 'timezone', venue.timezone) order by venue.city, venue.name, venue.id), '[]')
        from (
            select venues.*
            from public.venues
            order by venues.id is not distinct from venues_to_choose.event.venue_id desc,
                venues.organizer_id is not distinct from venues_to_choose.event.organizer_id desc, venues.city, venues.name
            limit 200
        ) as venue
    );
end;
$$;
comment on function private.venues_to_choose(public.events) is
'The venues that an event may take place at, by city: its own and its team''s are always among them.';

create function private.currencies() returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (select jsonb_agg(minimum_charges.currency order by minimum_charges.currency) from private.minimum_charges);
end;
$$;
comment on function private.currencies() is 'The currencies that events can be paid in.';

create function public.read_team_event(event_id uuid) returns jsonb
language plpgsql stable security definer -- teams see their drafts, and programs with a key are nobody to row-level security
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(read_team_event.event_id, 'events:read');
    v_organizer public.organizers;
begin
    select * into v_organizer from public.organizers where organizers.id = v_event.organizer_id;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'event', private.team_event(v_event),
        'venues', private.venues_to_choose(v_event),
        'currencies', private.currencies()
    );
end;
$$;
comment on function public.read_team_event(uuid) is
'An event as its team edits it: {workspace, event, venues, currencies}; the last two are those to choose from. Refuses with not_found, not_permitted.';

create function public.read_event_defaults(organizer text) returns jsonb
language plpgsql stable security definer -- looks at a team's events, by right
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(read_event_defaults.organizer, 'events:write');
    v_event public.events := private.event_defaults(v_organizer.id);
begin
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'venues', private.venues_to_choose(v_event),
        'currencies', private.currencies(),
        'defaults', jsonb_build_object(
            'language', v_event.language_code, 'currency', v_event.currency, 'timezone', v_event.timezone,
            'venue_id', v_event.venue_id, 'capacity', v_event.capacity,
            'vat_rate', private.last_vat_rate(v_organizer.id)
        )
    );
end;
$$;
comment on function public.read_event_defaults(text) is
'What the form of a team''s next event begins with: {workspace, venues, currencies, defaults}. Refuses with not_found, not_permitted.';
