-- What every page of an organizer's workspace begins with: whose it is, and what the caller may do there.

create function private.teams_organizer(slug text, permission text) returns public.organizers
language plpgsql stable security definer -- looks past sight to tell a missing organizer from a missing right
set search_path = ''
as $$
declare
    v_organizer public.organizers;
begin
    select * into v_organizer
    from public.organizers
    where organizers.slug = teams_organizer.slug and organizers.id in (select private.permitted_organizers('organizer:read'));
    if v_organizer.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such organizer, or it is not your team.';
    elsif v_organizer.id not in (select private.permitted_organizers(teams_organizer.permission)) then
        raise sqlstate 'PT403' using message = 'not_permitted', detail = jsonb_build_object('permission', teams_organizer.permission)::text;
    end if;
    return v_organizer;
end;
$$;
comment on function private.teams_organizer(text, text) is
'An organizer in which the caller has a permission. Refuses with not_found, not_permitted.';

create function private.permissions_in(organizer_id uuid) returns text[]
language plpgsql stable security definer -- tells the caller what their membership or key allows
set search_path = ''
as $$
begin
    if private.caller_id() is null then
        return (private.caller_key()).permissions;
    end if;
    return array(
        select role_permissions.permission
        from public.organizer_members
        inner join public.role_permissions using (role)
        where organizer_members.organizer_id = permissions_in.organizer_id and organizer_members.user_id = private.caller_id()
        order by role_permissions.permission
    );
end;
$$;
comment on function private.permissions_in(uuid) is 'What the caller may do in an organizer, as words.';

create function private.workspace(organizer public.organizers) returns jsonb
language plpgsql stable security definer -- tells the caller their role and their other teams
set search_path = ''
as $$
declare
    v_permissions text[] := private.permissions_in(workspace.organizer.id);
begin
    return jsonb_build_object(
        'organizer', jsonb_build_object('id', workspace.organizer.id, 'slug', workspace.organizer.slug,
            'name', workspace.organizer.name, 'hue', workspace.organizer.hue, 'picture_path', workspace.organizer.picture_path),
        'role', (
            select organizer_members.role from public.organizer_members
            where organizer_members.organizer_id = workspace.organizer.id and organizer_members.user_id = private.caller_id()
        ),
        'permissions', v_permissions,
        'requests', case when 'orders:write' = any(v_permissions) then (
            select count(*) from public.orders
            where orders.organizer_id = workspace.organizer.id and orders.status = 'awaiting_approval' and orders.expires_at > private.now()
        ) else 0 end,
        'others', (
            select coalesce(jsonb_agg(jsonb_build_object('slug', organizers.slug, 'name', organizers.name) order by organizers.name), '[]')
            from public.organizer_members
            inner join public.organizers on organizers.id = organizer_members.organizer_id
            where organizer_members.user_id = private.caller_id() and organizers.id <> workspace.organizer.id
        )
    );
end;
$$;
comment on function private.workspace(public.organizers) is
'What every page of a workspace shows around its own matter: {organizer, role, permissions, requests, others}. requests are the
orders that wait for a yes, for those who may give it; others are the caller''s other teams.';

create function public.list_workspaces() returns jsonb
language plpgsql stable security definer -- people see the teams they belong to, and programs the one whose key they show
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', organizers.id, 'slug', organizers.slug, 'name', organizers.name, 'hue', organizers.hue,
            'picture_path', organizers.picture_path, 'role', organizer_members.role, 'permissions', private.permissions_in(organizers.id)
        ) order by organizers.name, organizers.id), '[]')
        from private.permitted_organizers('organizer:read') as permitted (id)
        inner join public.organizers using (id)
        left join public.organizer_members
            on organizer_members.organizer_id = organizers.id and organizer_members.user_id = private.caller_id()
    );
end;
$$;
comment on function public.list_workspaces() is
'The organizers that the caller belongs to, with their role in each (none for a program) and what it allows. Refuses with api_key_unknown.';
