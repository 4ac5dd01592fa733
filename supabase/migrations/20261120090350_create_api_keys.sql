-- Keys by which a team's own programs call the API, and the one answer to "in which teams may the caller do this?".

create table public.api_keys (
    id uuid primary key default gen_random_uuid(),
    organizer_id uuid not null references public.organizers (id) on delete cascade,
    name text not null check (length(btrim(name)) between 1 and 80),
    prefix text not null check (length(prefix) between 4 and 16),
    digest bytea not null unique check (length(digest) = 32),
    permissions text[] not null check (cardinality(permissions) between 1 and 40),
    created_by uuid references auth.users (id) on delete set null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index on public.api_keys (organizer_id, created_at);
create index on public.api_keys (created_by);
comment on table public.api_keys is 'Keys of organizers'' programs. The key itself is shown once and never stored.';
comment on column public.api_keys.prefix is 'How the key begins, so that people can tell their keys apart.';
comment on column public.api_keys.digest is 'SHA-256 of the key: it is long and random, so it needs no slow hash.';
comment on column public.api_keys.permissions is 'What it may do, of what its maker may do. To stop a key by hand, set revoked_at.';
comment on column public.api_keys.created_by is 'Who made it; empty when their account is erased, or the operator made it.';
comment on column public.api_keys.last_used_at is 'To the minute.';

create trigger touch_updated_at before update on public.api_keys
for each row execute function private.touch_updated_at();

create function private.caller_key() returns public.api_keys
language plpgsql stable security definer -- clients may not read digests
set search_path = ''
as $$
declare
    v_header text := private.request_header('x-api-key');
    v_key public.api_keys;
begin
    if v_header not like 'vk\_%' then -- a venue's own key is no team's (see private.venue_of_key)
        select * into v_key
        from public.api_keys
        where api_keys.digest = private.secret_digest(v_header) and api_keys.revoked_at is null;
        if v_key.id is null then
            raise sqlstate 'PT401' using message = 'api_key_unknown', hint = 'It was revoked, or it is mistyped.';
        end if;
    end if;
    return v_key;
end;
$$;
comment on function private.caller_key() is
'The API key of the request, all null without one. Refuses with api_key_unknown.';

create function private.is_operator() returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return session_user = 'postgres' and nullif(current_setting('request.jwt.claims', true), '') is null;
end;
$$;
comment on function private.is_operator() is
'Whether whoever runs the database asks, as from the dashboard and its SQL editor. The Data API signs in as another role.';

create function private.permitted_organizers(permission text) returns setof uuid
language plpgsql stable security definer -- membership decides what one sees, so it cannot itself be filtered by sight
set search_path = ''
rows 3
as $$
declare
    v_caller uuid := private.caller_id();
    v_key public.api_keys;
begin
    if v_caller is not null then
        return query
        select organizer_members.organizer_id
        from public.organizer_members
        inner join public.role_permissions using (role)
        where organizer_members.user_id = v_caller and role_permissions.permission = permitted_organizers.permission;
    elsif private.is_operator() then
        return query select organizers.id from public.organizers;
    else
        v_key := private.caller_key();
        if permitted_organizers.permission = any (v_key.permissions) then
            return next v_key.organizer_id;
        end if;
    end if;
end;
$$;
comment on function private.permitted_organizers(text) is
'The organizers in which the caller has this permission: by membership, or by API key; for the operator, all. Refuses with
api_key_unknown.';
