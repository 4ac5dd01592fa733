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
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check ((latitude is null) = (longitude is null))
);
create index on public.venues (organizer_id);
create index on public.venues (city, name, id);
create index on public.venues (created_at, id);
comment on table public.venues is 'A place with a capacity that several events may share.';
comment on column public.venues.organizer_id is 'Who looks after the entry; empty for a venue open to all.';
comment on column public.venues.reputation is 'From 0 to 5, as people rated it; empty while nobody has.';

create trigger touch_updated_at before update on public.venues
for each row execute function private.touch_updated_at();
