-- A venue as its team types it, what is wrong with it, and when it is open.

create function private.degrees_of(words text) returns float8
language plpgsql immutable
set search_path = ''
as $$
declare
    v_number text := replace(btrim(degrees_of.words), ',', '.');
begin
    return case when v_number ~ '^[-+]?[0-9]{1,3}(\.[0-9]{1,15})?$' then v_number::float8 end;
end;
$$;
comment on function private.degrees_of(text) is 'Degrees as people type them, with a point or a comma; null when the words are none.';

create function private.tidy_hours(hours jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    if jsonb_typeof(tidy_hours.hours) is distinct from 'array' then
        return tidy_hours.hours;
    end if;
    return (
        select coalesce(jsonb_agg(
            case jsonb_typeof(span) when 'object' then
                jsonb_build_object('weekday', span -> 'weekday', 'opens', btrim(span ->> 'opens'), 'closes', btrim(span ->> 'closes'))
            else span end
            order by span ->> 'weekday'
        ), '[]')
        from jsonb_array_elements(tidy_hours.hours) as span
        where jsonb_typeof(span) <> 'object' or btrim(concat(span ->> 'opens', span ->> 'closes')) <> ''
    );
end;
$$;
comment on function private.tidy_hours(jsonb) is 'Opening hours as people type them, in order; days without hours are closed and left out.';

create function private.edited_venue(base public.venues, edits jsonb) returns public.venues
language plpgsql stable
set search_path = ''
as $$
declare
    v_venue public.venues;
begin
    select (jsonb_populate_record(edited_venue.base, coalesce(jsonb_object_agg(given.field, given.value), '{}'))).*
    into v_venue
    from (values
        ('name', to_jsonb(private.one_line(edits ->> 'name'))),
        ('address', to_jsonb(private.one_line(edits ->> 'address'))),
        ('postal_code', to_jsonb(coalesce(private.one_line(edits ->> 'postal_code'), ''))),
        ('city', to_jsonb(private.one_line(edits ->> 'city'))),
        ('country', to_jsonb(upper(btrim(edits ->> 'country')))),
        ('latitude', to_jsonb(private.degrees_of(edits ->> 'latitude'))),
        ('longitude', to_jsonb(private.degrees_of(edits ->> 'longitude'))),
        ('timezone', edits -> 'timezone'),
        ('capacity', to_jsonb(private.whole_number(edits ->> 'capacity'))),
        ('hours', private.tidy_hours(edits -> 'hours'))
    ) as given (field, value)
    where edits ? given.field;
    return v_venue;
end;
$$;
comment on function private.edited_venue(public.venues, jsonb) is
'A venue with what somebody typed laid over it; fields not named stay. What cannot be read is null: venue_faults says so.';

create function private.venue_faults(base public.venues, venue public.venues, edits jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
        from (values
            ('name', 'venue_name_invalid', coalesce(length(venue.name) > 120, true)),
            ('address', 'address_invalid', coalesce(length(venue.address) > 200, true)),
            ('postal_code', 'postal_code_too_long', length(venue.postal_code) > 16),
            ('city', 'city_invalid', coalesce(length(venue.city) > 80, true)),
            ('country', 'country_invalid', coalesce(venue.country !~ '^[A-Z]{2}$', true)),
            ('latitude', 'latitude_invalid', coalesce(
                venue.latitude not between -90 and 90, btrim(edits ->> 'latitude') <> '' or venue.longitude is not null, false)),
            ('longitude', 'longitude_invalid', coalesce(
                venue.longitude not between -180 and 180, btrim(edits ->> 'longitude') <> '' or venue.latitude is not null, false)),
            ('timezone', 'timezone_unknown',
                venue.timezone is null or (venue.timezone is distinct from base.timezone and not private.is_timezone(venue.timezone))),
            ('capacity', 'capacity_invalid', coalesce(venue.capacity not between 1 and 1000000, true))
        ) as fault (field, code, found)
        where fault.found
    ) || private.hours_faults(venue.hours);
end;
$$;
comment on function private.venue_faults(public.venues, public.venues, jsonb) is
'What is wrong with an edited venue: [{field, code}]. edits is what was typed, base what was there before.';

create function private.room_faults(base public.venues, venue public.venues) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_reserved bigint;
begin
    if venue.capacity >= base.capacity then
        return '[]';
    end if;
    v_reserved := private.venue_peak(base.id, tstzrange(private.now(), null), null);
    return case when venue.capacity < v_reserved then jsonb_build_array(
        jsonb_build_object('field', 'capacity', 'code', 'capacity_below_reserved', 'reserved', v_reserved)
    ) else '[]' end;
end;
$$;
comment on function private.room_faults(public.venues, public.venues) is
'Whether events have more places at a venue than it would be left with: [{field, code, reserved}].';

create function private.guard_venue_timezones() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if exists (
        with zone as materialized (select distinct later.timezone as name from later) -- each is asked for once
        select from zone
        where not private.is_timezone(zone.name)
    ) then
        raise sqlstate 'PT422' using message = 'timezone_unknown', hint = 'The IANA name of a zone, such as Europe/Brussels.';
    end if;
    return null;
end;
$$;
comment on function private.guard_venue_timezones() is
'Statement trigger: pages tell times by a venue''s clocks, so they must be known, also from the dashboard. Refuses with timezone_unknown.';

create trigger guard_timezones_made after insert on public.venues
referencing new table as later
for each statement execute function private.guard_venue_timezones();
create trigger guard_timezones after update on public.venues
referencing new table as later
for each statement execute function private.guard_venue_timezones();

create function private.outside_hours(venue public.venues, starts_at timestamptz, ends_at timestamptz) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
    v_begin timestamp := outside_hours.starts_at at time zone outside_hours.venue.timezone;
    v_end timestamp := outside_hours.ends_at at time zone outside_hours.venue.timezone;
begin
    return outside_hours.venue.hours <> '[]' and not exists (
        select from jsonb_to_recordset(outside_hours.venue.hours) as span (weekday integer, opens time, closes time)
        -- What opened the evening before may still be open.
        cross join (values (v_begin::date), (v_begin::date - 1)) as opening (day)
        where span.weekday = extract(isodow from opening.day)
            and v_begin >= opening.day + span.opens
            and v_end <= opening.day + span.closes + case when span.closes <= span.opens then interval '1 day' else interval '0' end
    );
end;
$$;
comment on function private.outside_hours(public.venues, timestamptz, timestamptz) is
'Whether a period is not wholly within one opening of a venue; false where nobody has said when it is open. It is told, never refused.';
