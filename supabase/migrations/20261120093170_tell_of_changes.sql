-- What buyers rely on, time and place, has changed: everyone concerned is told, once per change, in the transaction that makes it.

create function private.place_of(venue public.venues) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'name', place_of.venue.name, 'address', place_of.venue.address, 'postal_code', place_of.venue.postal_code,
        'city', place_of.venue.city, 'country', place_of.venue.country
    );
end;
$$;
comment on function private.place_of(public.venues) is 'Where a venue is, as the mail about a change of it says.';

create function private.place_and_time(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'starts_at', place_and_time.event.starts_at, 'ends_at', place_and_time.event.ends_at, 'timezone', place_and_time.event.timezone,
        'online', place_and_time.event.venue_id is null,
        'venue', (select private.place_of(venues) from public.venues where venues.id = place_and_time.event.venue_id)
    );
end;
$$;
comment on function private.place_and_time(public.events) is 'Where and when an event is, as the mail about a change of it says.';

create function private.people_concerned(event_id uuid) returns table (email text, name text, locale text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    with buyers as materialized (
        select placed.buyer_email as email from private.orders_concerned(people_concerned.event_id) as placed
    )
    select distinct on (people.email) people.email, people.name, people.locale
    from (
        -- Whoever sits in a seat that somebody else bought.
        select lower(attendees.email) as email, attendees.name, orders.locale
        from public.attendees
        inner join public.orders on orders.id = attendees.order_id
        where orders.event_id = people_concerned.event_id and orders.status = 'confirmed' and attendees.cancelled_at is null
            and attendees.email is not null
        union all
        select lower(users.email), profiles.display_name, waitlist_entries.locale
        from public.waitlist_entries
        inner join auth.users on users.id = waitlist_entries.user_id
        inner join public.profiles on profiles.user_id = waitlist_entries.user_id
        where waitlist_entries.event_id = people_concerned.event_id and waitlist_entries.status = 'waiting'
    ) as people
    where not exists (select from buyers where buyers.email = people.email)
    order by people.email;
end;
$$;
comment on function private.people_concerned(uuid) is
'Who has a seat at an event or waits for one, and is not told by a mail about an order of their own.';

create function private.orders_concerned(event_id uuid) returns setof public.orders
language sql stable
set search_path = ''
as $$
    select orders.*
    from public.orders
    where orders.event_id = orders_concerned.event_id
        and (
            orders.status in ('confirmed', 'awaiting_approval')
            or (orders.status = 'pending' and (orders.payment_status = 'processing' or orders.expires_at > private.now()))
        )
$$;
comment on function private.orders_concerned(uuid) is
'Orders whose buyers count on an event: confirmed, on their way to be paid, about to be (the hold has not lapsed), or waiting for a yes.';

create function private.tell_of_change(event public.events, before jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_facts jsonb := jsonb_build_object('before', tell_of_change.before);
begin
    perform private.queue_mail('event_changed', placed, v_facts)
    from private.orders_concerned(tell_of_change.event.id) as placed;
    perform private.queue_notice(
        'event_changed', tell_of_change.event.organizer_id, to_jsonb(person),
        v_facts || jsonb_build_object('event_id', tell_of_change.event.id, 'site_path', '/events/' || tell_of_change.event.slug)
    )
    from private.people_concerned(tell_of_change.event.id) as person;
end;
$$;
comment on function private.tell_of_change(public.events, jsonb) is
'Tells who has seats at an event, or waits for them, where and when it was before.';

create function private.tell_of_moved_event() returns trigger
language plpgsql security definer -- the outbox is written by functions alone
set search_path = ''
as $$
begin
    perform private.tell_of_change(new, private.place_and_time(old));
    return null;
end;
$$;
comment on function private.tell_of_moved_event() is 'Row trigger: an event has another time or place.';

create trigger tell_of_moved_event after update of starts_at, ends_at, timezone, venue_id on public.events
for each row when (
    pg_trigger_depth() = 0 -- what moves because its venue is corrected, that correction tells of
    and new.status = 'published'
    and (new.starts_at, new.ends_at, new.timezone, new.venue_id) is distinct from (old.starts_at, old.ends_at, old.timezone, old.venue_id)
)
execute function private.tell_of_moved_event();

create function private.keep_wall_clocks(venue public.venues, zone_before text) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_zone text := keep_wall_clocks.venue.timezone;
    v_id uuid;
begin
    -- One by one, so that none is moved into the room of one that has yet to move: the last first where all become later.
    for v_id in
        select events.id
        from public.events
        where events.venue_id = keep_wall_clocks.venue.id and events.timezone = keep_wall_clocks.zone_before
            and events.starts_at > private.now() and events.status in ('draft', 'awaiting_payment', 'published')
        order by
            extract(epoch from events.starts_at)
            * sign(extract(epoch from events.starts_at - (events.starts_at at time zone events.timezone) at time zone v_zone))
    loop
        update public.events
        set timezone = v_zone,
            starts_at = (events.starts_at at time zone events.timezone) at time zone v_zone,
            ends_at = greatest(
                (events.ends_at at time zone events.timezone) at time zone v_zone,
                -- Where clocks jump, an end may fall before its start.
                (events.starts_at at time zone events.timezone) at time zone v_zone + interval '1 minute'
            )
        where events.id = v_id;
    end loop;
end;
$$;
comment on function private.keep_wall_clocks(public.venues, text) is
'Events to come that were planned by a zone that their venue was wrongly said to be in: seven in the evening there stays seven in the
evening. Refuses with venue_full where another event has begun already and is in their way.';

create function private.follow_corrected_venue() returns trigger
language plpgsql security definer -- the outbox is written by functions alone, and events of other teams follow too
set search_path = ''
as $$
declare
    v_before jsonb := (
        select jsonb_object_agg(events.id, private.place_and_time(events) || jsonb_build_object('venue', private.place_of(old)))
        from public.events
        where events.venue_id = new.id and events.status = 'published' and events.ends_at > private.now()
    );
begin
    if new.timezone <> old.timezone then
        perform private.keep_wall_clocks(new, old.timezone);
    end if;
    perform private.tell_of_change(events, v_before -> events.id::text)
    from public.events
    where events.venue_id = new.id and v_before -> events.id::text <> private.place_and_time(events);
    return null;
end;
$$;
comment on function private.follow_corrected_venue() is
'Row trigger: a venue has another name, address or zone, so all that is still to come there has another place or time, told of once.
Refuses with venue_full.';

create trigger follow_corrected_venue after update of name, address, postal_code, city, country, timezone on public.venues
for each row when ((private.place_of(new), new.timezone) is distinct from (private.place_of(old), old.timezone))
execute function private.follow_corrected_venue();
