-- A partner's program sees what happens at their place: with a key of the venue's own, or by right in the team that looks after it.

create table public.venue_keys (
    venue_id uuid primary key references public.venues (id) on delete cascade,
    prefix text not null check (length(prefix) between 4 and 16),
    digest bytea not null unique check (length(digest) = 32),
    created_by uuid references auth.users (id) on delete set null,
    last_used_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index on public.venue_keys (created_by);
comment on table public.venue_keys is 'The one key of a venue''s partner. The key itself is shown once and never stored; a new one ends the one before.';
comment on column public.venue_keys.prefix is 'How the key begins, so that people can tell keys apart.';
comment on column public.venue_keys.digest is 'SHA-256 of the key: it is long and random, so it needs no slow hash.';

create trigger touch_updated_at before update on public.venue_keys
for each row execute function private.touch_updated_at();

create function public.make_venue_key(venue text) returns jsonb
language plpgsql security definer -- keys are made by right, and no client may read them
set search_path = ''
as $$
declare
    v_venue public.venues := private.teams_venue(make_venue_key.venue, 'events:write');
    v_key text := 'vk_' || private.new_secret();
begin
    insert into public.venue_keys as known (venue_id, prefix, digest, created_by)
    values (v_venue.id, left(v_key, 8), private.secret_digest(v_key), private.caller_id())
    on conflict (venue_id) do update
    set prefix = excluded.prefix, digest = excluded.digest, created_by = excluded.created_by, created_at = now(), last_used_at = null;
    perform private.audit('venue.key_made', 'venue', v_venue.id, v_venue.organizer_id, jsonb_build_object('prefix', left(v_key, 8)));
    return jsonb_build_object('key', v_key, 'venue', private.team_venue(v_venue));
end;
$$;
comment on function public.make_venue_key(text) is
'Makes the key of a venue''s partner and tells it, this once; one made before is worth nothing from now on: {key, venue}.
Refuses with not_found, not_permitted.';

create function public.end_venue_key(venue text) returns jsonb
language plpgsql security definer -- keys are ended by right, and no client may write them
set search_path = ''
as $$
declare
    v_venue public.venues := private.teams_venue(end_venue_key.venue, 'events:write');
begin
    delete from public.venue_keys where venue_keys.venue_id = v_venue.id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The venue has no key.';
    end if;
    perform private.audit('venue.key_ended', 'venue', v_venue.id, v_venue.organizer_id, '{}');
    return private.team_venue(v_venue);
end;
$$;
comment on function public.end_venue_key(text) is 'From now on the key of a venue''s partner opens nothing. Refuses with not_found, not_permitted.';

create function private.venue_of_key() returns uuid
language plpgsql
set search_path = ''
as $$
declare
    v_digest bytea := private.secret_digest(private.request_header('x-api-key'));
    v_key public.venue_keys;
begin
    select * into v_key from public.venue_keys where venue_keys.digest = v_digest;
    if v_key.venue_id is null then
        raise sqlstate 'PT401' using message = 'api_key_unknown', hint = 'A newer key was made, it was ended, or it is mistyped.';
    end if;
    -- To the minute is enough, and spares a write with each reading.
    update public.venue_keys set last_used_at = now()
    where venue_keys.venue_id = v_key.venue_id and coalesce(venue_keys.last_used_at < now() - interval '1 minute', true);
    return v_key.venue_id;
end;
$$;
comment on function private.venue_of_key() is 'The venue whose key the request shows. Refuses with api_key_unknown.';

create function private.watched_venue(venue text) returns public.venues
language plpgsql
set search_path = ''
as $$
declare
    v_venue public.venues;
begin
    if private.request_header('x-api-key') like 'vk\_%' then
        select * into v_venue from public.venues where venues.id = private.venue_of_key();
        if watched_venue.venue not in (v_venue.id::text, v_venue.slug) then
            raise sqlstate 'PT404' using message = 'not_found', hint = 'This is the key of another venue.';
        end if;
        return v_venue;
    end if;
    return private.teams_venue(watched_venue.venue, 'events:read');
end;
$$;
comment on function private.watched_venue(text) is
'A venue whose events the caller may watch, by its key or by right. Refuses with not_found, not_permitted, api_key_unknown.';

create function private.events_at_venue(venue public.venues, size integer, cursor text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_mark record := private.read_cursor(events_at_venue.cursor);
begin
    return (
        with found as materialized (
            select events.id, events.starts_at, row_number() over (order by events.starts_at, events.id) as place
            from public.events
            where events.venue_id = events_at_venue.venue.id and events.ends_at > private.now()
                and (events.status = 'published' or (events.status = 'cancelled' and events.published_at is not null))
                and (v_mark.id is null or (events.starts_at, events.id) > (v_mark.instant, v_mark.id))
            order by events.starts_at, events.id
            limit events_at_venue.size + 1
        )
        select jsonb_build_object(
            'events', coalesce(jsonb_agg(to_jsonb(event_cards) || jsonb_build_object(
                'expected', pools.sold,
                'outside_hours', private.outside_hours(events_at_venue.venue, event_cards.starts_at, event_cards.ends_at)
            ) order by found.place), '[]'),
            'next', (
                select private.cursor_of(last.starts_at, last.id) from found as last
                where last.place = events_at_venue.size
                    and exists (select from found as beyond where beyond.place > events_at_venue.size)
            )
        )
        from found
        inner join public.event_cards on event_cards.id = found.id
        inner join public.pools on pools.event_id = found.id and pools.ticket_type_id is null
        where found.place <= events_at_venue.size
    );
end;
$$;
comment on function private.events_at_venue(public.venues, integer, text) is
'What is announced at a venue and not over, whoever organizes it: {events, next}; expected are the people who have bought a seat.';

create function public.list_venue_events(venue text, page_size integer default null, cursor text default null) returns jsonb
language plpgsql security definer -- a partner has no account; notes when their key was used
set search_path = ''
as $$
declare
    v_venue public.venues := private.watched_venue(list_venue_events.venue);
begin
    return private.events_at_venue(v_venue, private.page_size(list_venue_events.page_size), list_venue_events.cursor);
end;
$$;
comment on function public.list_venue_events(text, integer, text) is
'What happens at a venue, soonest first, for its partner''s program (X-Api-Key: vk_…) or the team that looks after it:
{events: [{… card, expected, outside_hours}], next}. Refuses with not_found, not_permitted, api_key_unknown, cursor_invalid.';

create function public.list_team_venues(organizer text) returns jsonb
language plpgsql stable security definer -- what is known of keys is for the team alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_team_venues.organizer, 'events:read');
begin
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'venues', (
            select coalesce(jsonb_agg(private.team_venue(venues) order by venues.city, venues.name, venues.id), '[]')
            from public.venues
            where venues.organizer_id = v_organizer.id
        )
    );
end;
$$;
comment on function public.list_team_venues(text) is
'The venues that a team looks after, by city and name: {workspace, venues}. Refuses with not_found, not_permitted.';

create function public.read_team_venue(organizer text, venue text) returns jsonb
language plpgsql stable security definer -- what is known of keys is for the team alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(read_team_venue.organizer, 'events:read');
    v_venue public.venues := private.teams_venue(read_team_venue.venue, 'events:read');
begin
    if v_venue.organizer_id <> v_organizer.id then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'Another team looks after this venue.';
    end if;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'venue', private.team_venue(v_venue),
        'neighbours', private.venue_neighbours(v_venue)
    ) || private.events_at_venue(v_venue, 25, null);
end;
$$;
comment on function public.read_team_venue(text, text) is
'A venue as the page of its team shows it, with the first events to come and what lies near it: {workspace, venue, neighbours,
events, next}. Refuses with not_found, not_permitted.';
