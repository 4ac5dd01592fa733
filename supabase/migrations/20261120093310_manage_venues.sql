-- Venues that a team looks after: made, changed, listed.

create function private.teams_venue(venue text, permission text) returns public.venues
language plpgsql stable security definer -- looks past sight to tell a missing venue from a missing right
set search_path = ''
as $$
declare
    v_venue public.venues;
begin
    select * into v_venue
    from public.venues
    where venues.id = coalesce(
            private.uuid_or_null(teams_venue.venue), (select named.id from public.venues as named where named.slug = teams_venue.venue)
        )
        and venues.organizer_id in (select private.permitted_organizers('events:read'));
    if v_venue.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such venue, or your team does not look after it.';
    elsif v_venue.organizer_id not in (select private.permitted_organizers(teams_venue.permission)) then
        raise sqlstate 'PT403' using message = 'not_permitted', detail = jsonb_build_object('permission', teams_venue.permission)::text;
    end if;
    return v_venue;
end;
$$;
comment on function private.teams_venue(text, text) is
'A venue, by slug or id, that a team looks after in which the caller has a permission. Refuses with not_found, not_permitted.';

create function private.team_venue(venue public.venues) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return private.venue_document(team_venue.venue) || jsonb_build_object(
        'organizer', (select organizers.slug from public.organizers where organizers.id = team_venue.venue.organizer_id),
        'revision', team_venue.venue.revision,
        'events_to_come', (
            select count(*) from public.events
            where events.venue_id = team_venue.venue.id and events.status = 'published' and events.ends_at > private.now()
        ),
        'key', (
            select jsonb_build_object('prefix', venue_keys.prefix, 'created_at', venue_keys.created_at, 'last_used_at', venue_keys.last_used_at)
            from public.venue_keys where venue_keys.venue_id = team_venue.venue.id
        )
    );
end;
$$;
comment on function private.team_venue(public.venues) is 'A venue as the team that looks after it sees it, with what is known of its key.';

create function public.create_venue(organizer text, venue jsonb) returns jsonb
language plpgsql security definer -- venues are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(create_venue.organizer, 'events:write');
    v_base public.venues := jsonb_populate_record(null::public.venues, '{"postal_code": "", "hours": []}');
    v_venue public.venues := private.edited_venue(v_base, create_venue.venue);
    v_answer jsonb := private.answered_before('create_venue', jsonb_build_array(create_venue.organizer, create_venue.venue));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    perform private.refuse_input(private.venue_faults(v_base, v_venue, create_venue.venue));
    insert into public.venues (
        organizer_id, slug, name, address, postal_code, city, country, latitude, longitude, timezone, capacity, hours
    )
    values (
        v_organizer.id, private.slug_of(v_venue.name), v_venue.name, v_venue.address, v_venue.postal_code, v_venue.city,
        v_venue.country, v_venue.latitude, v_venue.longitude, v_venue.timezone, v_venue.capacity, v_venue.hours
    )
    returning * into v_venue;
    perform private.audit('venue.created', 'venue', v_venue.id, v_organizer.id, jsonb_build_object('name', v_venue.name));
    return private.keep_answer(private.team_venue(v_venue));
end;
$$;
comment on function public.create_venue(text, jsonb) is
'Makes a venue that an organizer looks after: {name, address, postal_code?, city, country, timezone, capacity, latitude? and longitude?,
hours?: [{weekday, opens, closes}]}. Refuses with not_found, not_permitted, invalid_input, idempotency_key_reused.';

create function private.locked_venue(venue_id uuid) returns public.venues
language plpgsql
set search_path = ''
as $$
declare
    v_venue public.venues;
    v_all uuid[];
    v_sharing uuid[];
begin
    for attempt in 1..10 loop
        begin
            -- Events before their venue, as everywhere: whoever edits or publishes one of them holds it already.
            v_all := array(select events.id from public.events where events.venue_id = locked_venue.venue_id order by events.id for no key update);
            v_sharing := array(
                select events.id from public.events
                where events.venue_id = locked_venue.venue_id and events.capacity is null
                    and events.status in ('draft', 'awaiting_payment', 'published') and events.ends_at > private.now()
            );
            -- Lapsed holds do not keep a venue from getting smaller.
            perform private.lock_pools(variadic v_sharing);
            perform private.expire_lapsed(variadic v_sharing);
            select * into v_venue from public.venues where venues.id = locked_venue.venue_id for no key update;
            if not exists (select from public.events where events.venue_id = locked_venue.venue_id and events.id <> all(v_all)) then
                return v_venue;
            end if;
            raise serialization_failure;
        exception when serialization_failure then
            null; -- an event has moved in meanwhile: all locks are given back, and taken again with its own
        end;
    end loop;
    raise serialization_failure using message = 'The venue''s events kept changing.', hint = 'Ask again.';
end;
$$;
comment on function private.locked_venue(uuid) is
'A venue as it is once nobody else changes it, its events or their places; lapsed holds are over. Locks in the order of lock_pools.';

create function public.update_venue(venue text, revision integer, changes jsonb) returns jsonb
language plpgsql security definer -- venues are edited by right, and written by functions alone
set search_path = ''
as $$
declare
    v_id uuid := (private.teams_venue(update_venue.venue, 'events:write')).id;
    v_base public.venues := private.locked_venue(v_id);
    v_venue public.venues := private.edited_venue(v_base, update_venue.changes);
begin
    perform private.assert_revision(v_id, v_base.revision, update_venue.revision);
    perform private.refuse_input(
        private.venue_faults(v_base, v_venue, update_venue.changes) || private.room_faults(v_base, v_venue)
    );
    update public.venues
    set name = v_venue.name, address = v_venue.address, postal_code = v_venue.postal_code, city = v_venue.city,
        country = v_venue.country, latitude = v_venue.latitude, longitude = v_venue.longitude, timezone = v_venue.timezone,
        capacity = v_venue.capacity, hours = v_venue.hours
    where venues.id = v_id
    returning * into v_venue;
    return private.team_venue(v_venue);
end;
$$;
comment on function public.update_venue(text, integer, jsonb) is
'Changes the fields that are named, if the venue is still at the revision that was read. By another zone, what is to come there keeps
its times on the wall. Refuses with not_found, not_permitted, edited_meanwhile, invalid_input, venue_full.';
