-- How far places are from each other, on a round earth: a box finds them by index, the distance judges.

create function private.distance_km(from_latitude float8, from_longitude float8, to_latitude float8, to_longitude float8) returns float8
language plpgsql immutable strict
set search_path = ''
as $$
begin
    -- The haversine formula; least() keeps rounding from leaving the domain of asin.
    return 2 * 6371.0088 * asin(least(1, sqrt(
        sind((to_latitude - from_latitude) / 2) ^ 2
        + cosd(from_latitude) * cosd(to_latitude) * sind((to_longitude - from_longitude) / 2) ^ 2
    )));
end;
$$;
comment on function private.distance_km(float8, float8, float8, float8) is 'The way over ground between two places, in kilometres.';

create function private.boxes_around(latitude float8, longitude float8, radius_km float8) returns box[]
language plpgsql immutable
set search_path = ''
as $$
declare
    v_tall constant float8 := degrees(radius_km / 6371.0088) * 1.0001; -- rather a little too large than too small
    v_south constant float8 := greatest(-90, latitude - v_tall);
    v_north constant float8 := least(90, latitude + v_tall);
    v_wide float8 := 180;
begin
    -- Near the poles a circle may hold every longitude.
    if v_south > -90 and v_north < 90 then
        v_wide := least(180, degrees(asin(least(1, sin(radians(v_tall)) / cosd(latitude)))) * 1.0001);
    end if;
    -- A circle across the date line is two boxes.
    return array[
        box(point(longitude - v_wide, v_south), point(longitude + v_wide, v_north)),
        case
            when longitude - v_wide < -180 then box(point(longitude - v_wide + 360, v_south), point(180, v_north))
            when longitude + v_wide > 180 then box(point(-180, v_south), point(longitude + v_wide - 360, v_north))
        end
    ];
end;
$$;
comment on function private.boxes_around(float8, float8, float8) is
'The boxes of (longitude, latitude) that hold every place within a distance: one, and a second one across the date line.';

create function private.venues_within(latitude float8, longitude float8, radius_km float8) returns table (id uuid, distance_km float8)
language plpgsql stable
set search_path = ''
rows 20
as $$
declare
    v_boxes box[] := private.boxes_around(venues_within.latitude, venues_within.longitude, venues_within.radius_km);
begin
    return query
    select near.id, near.distance
    from (
        select venues.id, private.distance_km(venues_within.latitude, venues_within.longitude, venues.latitude, venues.longitude) as distance
        from public.venues
        where venues.latitude is not null
            and (point(venues.longitude, venues.latitude) <@ v_boxes[1] or point(venues.longitude, venues.latitude) <@ v_boxes[2])
    ) as near
    where near.distance <= venues_within.radius_km;
end;
$$;
comment on function private.venues_within(float8, float8, float8) is 'The venues within a distance of a place, each with its own.';

create type private.circle as (latitude float8, longitude float8, radius_km float8);

create function private.circle_faults(near text, radius_km float8) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
    v_pair text[] := string_to_array(circle_faults.near, ',');
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
        from (values
            ('near', 'near_invalid', circle_faults.near is not null and coalesce(cardinality(v_pair) <> 2
                or private.degrees_of(v_pair[1]) not between -90 and 90 or private.degrees_of(v_pair[2]) not between -180 and 180, true)),
            ('radius_km', 'radius_invalid', circle_faults.radius_km not between 0.1 and 500) -- not a number is above all
        ) as fault (field, code, found)
        where fault.found
    );
end;
$$;
comment on function private.circle_faults(text, float8) is
'What is wrong with where somebody searches: [{field, code}] of near_invalid, radius_invalid.';

create function private.circle_around(near text, city text, radius_km float8) returns private.circle
language plpgsql stable
set search_path = ''
as $$
declare
    v_pair text[] := string_to_array(circle_around.near, ',');
    v_circle private.circle := row(
        private.degrees_of(v_pair[1]), private.degrees_of(v_pair[2]), coalesce(circle_around.radius_km, 25));
begin
    if circle_around.near is null and circle_around.radius_km is not null then
        select avg(venues.latitude), avg(venues.longitude) into v_circle.latitude, v_circle.longitude
        from public.venues
        where venues.city = circle_around.city;
    end if;
    return case when v_circle.latitude is not null then v_circle end;
end;
$$;
comment on function private.circle_around(text, text, float8) is
'Where to search: around a place (latitude,longitude), or with a radius around the midst of a city''s venues; null for anywhere.';

create function private.venues_in_circle(circle private.circle, city text) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
begin
    if (venues_in_circle.circle).latitude is null then
        return null;
    end if;
    return array(
        select within.id
        from private.venues_within((circle).latitude, (circle).longitude, (circle).radius_km) as within
        union
        select venues.id from public.venues where venues.city = venues_in_circle.city
    );
end;
$$;
comment on function private.venues_in_circle(private.circle, text) is
'The venues within a circle, and those of the city it is drawn around, wherever they are; null when there is no circle.';

create function private.venue_neighbours(venue public.venues) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(near.spot order by near.distance_km), '[]')
        from (
            select
                within.distance_km,
                jsonb_build_object('name', venues.name, 'latitude', venues.latitude, 'longitude', venues.longitude,
                    'distance_km', round(within.distance_km::numeric, 1)) as spot
            from private.venues_within(venue_neighbours.venue.latitude, venue_neighbours.venue.longitude, 25) as within
            inner join public.venues on venues.id = within.id and venues.id <> venue_neighbours.venue.id
            order by within.distance_km
            limit 6
        ) as near
    );
end;
$$;
comment on function private.venue_neighbours(public.venues) is
'The nearest other venues, six at most within 25 km: [{name, latitude, longitude, distance_km}].';
