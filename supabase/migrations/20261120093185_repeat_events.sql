-- The same event again: a copy a week later, or a series over dates and places.

create function private.event_again(event public.events, starts_at timestamptz, venue public.venues) returns public.events
language plpgsql stable
set search_path = ''
as $$
declare
    v_again public.events := event_again.event;
begin
    v_again.id := gen_random_uuid();
    v_again.starts_at := event_again.starts_at;
    v_again.ends_at := event_again.starts_at + (event_again.event.ends_at - event_again.event.starts_at);
    if event_again.venue.id is not null then
        v_again.venue_id := event_again.venue.id;
        v_again.capacity := case when event_again.event.capacity < event_again.venue.capacity then event_again.event.capacity end;
    end if;
    -- Its venue's zone may have been corrected since the event was held.
    v_again.timezone := coalesce((select venues.timezone from public.venues where venues.id = v_again.venue_id), v_again.timezone);
    return v_again;
end;
$$;
comment on function private.event_again(public.events, timestamptz, public.venues) is
'The same event at another time and, if one is given, another venue, as a row not written yet. A smaller venue sets the limit.';

create function private.shifted(instant timestamptz, earlier public.events, later public.events) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
    v_deadline timestamp := shifted.instant at time zone shifted.earlier.timezone;
    v_earlier timestamp := shifted.earlier.starts_at at time zone shifted.earlier.timezone;
    v_later timestamp := shifted.later.starts_at at time zone shifted.later.timezone;
begin
    return (v_deadline + case
        when v_deadline::date = v_earlier::date then v_later - v_earlier
        else make_interval(days => v_later::date - v_earlier::date)
    end) at time zone shifted.later.timezone;
end;
$$;
comment on function private.shifted(timestamptz, public.events, public.events) is
'A deadline of one event as it is for the same event at another time, by the clocks on the wall: as many days before it at the same hour;
on the day itself as long before the start.';

create function private.write_again(event public.events, again public.events) returns uuid
language plpgsql
set search_path = ''
as $$
declare
    v_most integer := private.places_of(write_again.again);
begin
    perform private.insert_event(write_again.again);
    insert into private.joinings (event_id, words)
    select write_again.again.id, joinings.words from private.joinings where joinings.event_id = write_again.event.id;
    insert into public.ticket_types (
        event_id, name, description, position, price_cents, early_bird_price_cents, early_bird_until, group_min_quantity, group_percent,
        vat_rate, capacity, min_per_order, max_per_order, requires_approval, sale_starts_at, sale_ends_at,
        access_code
    )
    select
        write_again.again.id, type.name, type.description, type.position, type.price_cents, type.early_bird_price_cents,
        private.shifted(type.early_bird_until, event, again), type.group_min_quantity, type.group_percent, type.vat_rate,
        case when type.capacity <= v_most then type.capacity end, type.min_per_order, type.max_per_order, type.requires_approval,
        private.shifted(type.sale_starts_at, event, again), private.shifted(type.sale_ends_at, event, again), type.access_code
    from public.ticket_types as type
    where type.event_id = write_again.event.id;
    return write_again.again.id;
end;
$$;
comment on function private.write_again(public.events, public.events) is
'Writes an event again, with its ticket types; their deadlines move with the start, and a limit above the new size is left to the event.';

create function private.repeatable_event(event_id uuid) returns public.events
language plpgsql stable
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(repeatable_event.event_id, 'events:write');
begin
    if exists (
        select from public.event_policies where event_policies.id = v_event.policy_id and event_policies.first_payment_required
    ) then
        raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'A meetup is held anew: its first seat is paid first.';
    end if;
    return v_event;
end;
$$;
comment on function private.repeatable_event(uuid) is 'A team''s event that can be held again. Refuses with not_found, not_permitted, illegal_transition.';

create function public.copy_event(event_id uuid) returns jsonb
language plpgsql security definer -- events are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_event public.events := private.repeatable_event(copy_event.event_id);
    v_weeks integer := greatest(1, ceil(extract(epoch from private.now() - v_event.starts_at) / 604800)::integer);
    v_zone text := coalesce((select venues.timezone from public.venues where venues.id = v_event.venue_id), v_event.timezone);
    v_starts_at timestamptz := (v_event.starts_at at time zone v_event.timezone + make_interval(weeks => v_weeks)) at time zone v_zone;
    v_id uuid;
    v_answer jsonb := private.answered_before('copy_event', jsonb_build_array(copy_event.event_id));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    v_id := private.write_again(v_event, private.event_again(v_event, v_starts_at, null));
    return private.keep_answer((select private.team_event(events) from public.events where events.id = v_id));
end;
$$;
comment on function public.copy_event(uuid) is
'Makes a draft of the same event a week later, or on that weekday of the coming week.
Refuses with not_found, not_permitted, illegal_transition, idempotency_key_reused.';

create function private.occasions(event public.events, starts text[], venue_ids uuid[])
returns table (place bigint, words text, venue public.venues, instant timestamptz, fault text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select
        given.place, given.words, venues, private.instant_of(given.words, coalesce(venues.timezone, occasions.event.timezone)),
        private.moment_fault(given.words, coalesce(venues.timezone, occasions.event.timezone))
    from unnest(occasions.starts) with ordinality as given (words, place)
    left join public.venues on venues.id = any (
        case when occasions.venue_ids = '{}' then array[occasions.event.venue_id] else occasions.venue_ids end
    );
end;
$$;
comment on function private.occasions(public.events, text[], uuid[]) is
'Each start at each venue of a series, with what is wrong with its time; without venues, at the event''s own place.';

create function private.series_faults(event public.events, starts text[], venue_ids uuid[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    if cardinality(series_faults.starts) * greatest(cardinality(series_faults.venue_ids), 1) not between 1 and 50 then
        return '[{"field": "starts", "code": "series_invalid"}]';
    end if;
    return (
        select coalesce(jsonb_agg(jsonb_build_object('field', 'starts.' || occasion.place - 1, 'code', occasion.fault) || occasion.facts), '[]')
        from (
            -- Of several places the first one whose clocks object.
            select distinct on (place) place, fault, private.moment_facts(fault, words, coalesce((venue).timezone, event.timezone)) as facts
            from private.occasions(event, starts, venue_ids)
            where fault is not null
            order by place, fault
        ) as occasion
    ) || (
        select coalesce(jsonb_agg(distinct jsonb_build_object('field', 'starts.' || occasion.place - 1, 'code', fault.code)), '[]')
        from (
            -- However they are written: two starts at one instant are the same event twice.
            select *, row_number() over (partition by (venue).id, instant order by place) as turn
            from private.occasions(event, starts, venue_ids)
        ) as occasion
        cross join lateral (values
            ('starts', 'required', occasion.words = ''),
            ('starts', 'start_in_past', occasion.instant <= private.now()),
            ('starts', 'start_repeated', occasion.turn > 1 and occasion.instant is not null)
        ) as fault (field, code, found)
        where fault.found
    ) || case
        when cardinality(series_faults.venue_ids) > (select count(*) from public.venues where venues.id = any (series_faults.venue_ids))
            then '[{"field": "venue_ids", "code": "venue_unknown"}]'::jsonb
        else '[]'
    end;
end;
$$;
comment on function private.series_faults(public.events, text[], uuid[]) is 'What is wrong with the dates and places of a series: [{field, code}].';

create function public.create_series(organizer text, event_id uuid, starts text[], venue_ids uuid[] default '{}', publish boolean default false)
returns jsonb
language plpgsql security definer -- events are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(create_series.organizer, 'events:write');
    v_event public.events := private.repeatable_event(create_series.event_id);
    v_ids uuid[];
    v_answer jsonb := private.answered_before('create_series', jsonb_build_array(
        create_series.organizer, create_series.event_id, create_series.starts, create_series.venue_ids, create_series.publish));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    if v_event.organizer_id <> v_organizer.id then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The event is another organizer''s.';
    end if;
    perform private.refuse_input(private.series_faults(v_event, create_series.starts, create_series.venue_ids));
    -- In one order, whoever else publishes there.
    perform from public.venues where venues.id = any (v_event.venue_id || create_series.venue_ids) order by venues.id for no key update;
    v_ids := array(
        select private.write_again(v_event, private.event_again(v_event, occasion.instant, occasion.venue))
        from private.occasions(v_event, create_series.starts, create_series.venue_ids) as occasion
    );
    if create_series.publish then
        perform private.assert_publishable(events) from public.events where events.id = any (v_ids);
        update public.events set status = 'published' where events.id = any (v_ids);
    end if;
    return private.keep_answer(jsonb_build_object('events', (
        select jsonb_agg(private.team_event_card(events) order by events.starts_at, events.id) from public.events where events.id = any (v_ids)
    )));
end;
$$;
comment on function public.create_series(text, uuid, text[], uuid[], boolean) is
'Holds an event again at each start and each venue (its own place if none is named), fifty times at most, all or none: {events}.
Refuses with not_found, not_permitted, illegal_transition, invalid_input, venue_full, idempotency_key_reused.';
