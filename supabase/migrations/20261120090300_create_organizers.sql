-- Teams that sell, their members, and what each role may do.

create type public.member_role as enum ('owner', 'manager', 'finance', 'door');

create table public.role_permissions (
    role public.member_role not null,
    permission text not null check (permission ~ '^[a-z]+:[a-z]+$'),
    primary key (role, permission)
);
comment on table public.role_permissions is 'What each role may do: the one table of permissions.';

insert into public.role_permissions (role, permission)
select role_rights.role::public.member_role, permission
from (values
    ('owner', 'organizer:read organizer:write team:read team:write plan:write payouts:read events:read events:write '
        || 'orders:read orders:write orders:refund payments:write attendees:read tickets:scan messages:write products:write '
        || 'invoices:read invoices:write statistics:read exports:read audit:read'),
    ('manager', 'organizer:read team:read events:read events:write orders:read orders:write orders:refund payments:write '
        || 'attendees:read tickets:scan messages:write products:write statistics:read audit:read'),
    ('finance', 'organizer:read events:read orders:read orders:refund payments:write attendees:read '
        || 'invoices:read invoices:write statistics:read exports:read'),
    ('door', 'organizer:read events:read tickets:scan')
) as role_rights (role, permissions)
cross join unnest(string_to_array(role_rights.permissions, ' ')) as permission;

create table public.organizers (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
    name text not null check (length(btrim(name)) between 1 and 120),
    about text not null default '' check (length(about) <= 4000),
    website text check (website ~ '^https?://' and length(website) <= 300),
    personal_of uuid unique references auth.users (id) on delete set null,
    hue smallint not null default 30 check (hue between 0 and 359),
    picture_path text check (length(picture_path) <= 200),
    revision integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table public.organizers is 'A team that sells.';
comment on column public.organizers.personal_of is 'Whose own organizer it is, made behind their first meetup; empty for teams.';
comment on column public.organizers.revision is 'Grows with each edit of what people type; a form that was filled in from an older one is told so.';
comment on column public.organizers.picture_path is 'Where its picture lies in Storage; empty: drawn from its hue.';
comment on column public.organizers.hue is 'Angle on the OKLCH colour wheel for covers made for events without a picture.';

create table public.organizer_members (
    organizer_id uuid not null references public.organizers (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role public.member_role not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organizer_id, user_id)
);
create index on public.organizer_members (user_id);
comment on table public.organizer_members is 'Who belongs to which organizer, in which role.';

create trigger touch_updated_at before update on public.organizers
for each row execute function private.touch_updated_at();
create trigger touch_updated_at before update on public.organizer_members
for each row execute function private.touch_updated_at();

create function private.caller_id() returns uuid
language plpgsql stable security definer -- clients may not read auth.sessions
set search_path = ''
as $$
declare
    v_claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    v_user_id uuid := (v_claims ->> 'sub')::uuid;
begin
    if v_user_id is null then
        return null;
    end if;
    -- Signing out removes the session; from that instant the token that names it is worth nothing.
    if not exists (
        select from auth.sessions
        where sessions.id = (v_claims ->> 'session_id')::uuid and sessions.user_id = v_user_id
    ) then
        raise sqlstate 'PT401' using message = 'signed_out', hint = 'Sign in again.';
    end if;
    return v_user_id;
end;
$$;
comment on function private.caller_id() is 'The signed-in person asking, null for visitors. Refuses with signed_out when the token''s session has ended.';
