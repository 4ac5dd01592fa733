create function private.hours_faults(hours jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
    v_clock constant text := '^([01][0-9]|2[0-3]):[0-5][0-9]$';
begin
    if jsonb_typeof(hours_faults.hours) is distinct from 'array' then
        return '[{"field": "hours", "code": "hours_invalid"}]';
    end if;
    return (
        select coalesce(jsonb_agg(distinct jsonb_build_object(
            'field', case when (span -> 'weekday')::text ~ '^[1-7]$' then 'hours.' || (span ->> 'weekday') else 'hours' end,
            'code', 'hours_invalid'
        )), '[]')
        from jsonb_array_elements(hours_faults.hours) as span
        where coalesce((span -> 'weekday')::text !~ '^[1-7]$' or span ->> 'opens' !~ v_clock or span ->> 'closes' !~ v_clock, true)
            or (
                select count(*) from jsonb_array_elements(hours_faults.hours) as other
                where other ->> 'weekday' = span ->> 'weekday'
            ) > 1
    );
end;
$$;
comment on function private.hours_faults(jsonb) is
'What is wrong with opening hours, once a weekday at most: [{field, code}]; the field names the weekday, as in hours.1.';

create table public.venues (
    id uuid primary key default gen_random_uuid(),
    organizer_id uuid references public.organizers (id) on delete set null,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null check (length(btrim(name)) between 1 and 120),
    address text not null check (length(address) <= 200),
    postal_code text not null check (length(postal_code) <= 16),
    city text not null check (length(btrim(city)) between 1 and 80),
    country text not null check (country ~ '^[A-Z]{2}$'),
    latitude double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    timezone text not null,
    capacity integer not null check (capacity between 1 and 1000000),
    reputation numeric(2, 1) check (reputation between 0 and 5),
    hours jsonb not null default '[]' check (private.hours_faults(hours) = '[]'),
    revision integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check ((latitude is null) = (longitude is null))
);
create index on public.venues (organizer_id);
create index on public.venues (city, name, id);
create index on public.venues (created_at, id);
create index venues_on_the_map on public.venues using gist (point(longitude, latitude)) where latitude is not null;
comment on table public.venues is 'A place with a capacity that several events may share.';
comment on column public.venues.organizer_id is 'Who looks after the entry; empty for a venue open to all.';
comment on column public.venues.hours is
'When it is open, by its own clocks: [{"weekday": 1, "opens": "09:00", "closes": "18:00"}], Monday is 1. A day that is not named:
closed; none at all: nobody has said. What closes no later than it opens does so the next day.';
comment on column public.venues.revision is 'Grows with each edit of what people type; a form that was filled in from an older one is told so.';
comment on column public.venues.reputation is 'From 0 to 5, as people rated it; empty while nobody has.';

create trigger touch_updated_at before update on public.venues
for each row execute function private.touch_updated_at();
