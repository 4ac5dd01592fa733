-- A team always has an owner, whoever edits its rows; who leaves takes nothing along.

create function private.keep_an_owner() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    -- Whoever else changes this team's owners waits here, so that two cannot go at once. A team being removed has no row any more,
    -- and one behind a person's meetups goes on without the person (see erase_person).
    perform from public.organizers
    where organizers.id = old.organizer_id and organizers.personal_of is distinct from old.user_id
    for no key update;
    if found and not exists (
        select from public.organizer_members as other
        where other.organizer_id = old.organizer_id and other.role = 'owner' and other.user_id <> old.user_id
    ) then
        raise sqlstate 'PT409' using message = 'last_owner',
            hint = 'Make somebody else an owner first: change_member_role, or a row of organizer_members.';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end;
$$;
comment on function private.keep_an_owner() is 'Row trigger: the last owner stays and stays owner. Refuses with last_owner.';

create trigger keep_an_owner before delete on public.organizer_members
for each row when (old.role = 'owner') execute function private.keep_an_owner();
create trigger keep_an_owner_in_place before update on public.organizer_members
for each row when (old.role = 'owner' and (new.role, new.organizer_id, new.user_id) is distinct from ('owner', old.organizer_id, old.user_id))
execute function private.keep_an_owner();

create function private.must_stay(organizer_id uuid, user_id uuid) returns boolean
language plpgsql stable security definer -- whoever looks need not see the other members
set search_path = ''
as $$
begin
    return exists (
        select from public.organizers where organizers.id = must_stay.organizer_id and organizers.personal_of = must_stay.user_id
    ) or array[must_stay.user_id] = array(
        select organizer_members.user_id from public.organizer_members
        where organizer_members.organizer_id = must_stay.organizer_id and organizer_members.role = 'owner'
    );
end;
$$;
comment on function private.must_stay(uuid, uuid) is
'Whether somebody is a team''s last owner, or the team is behind their own meetups: they neither leave it nor get another role.';

create function private.keep_owners() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise sqlstate 'PT409' using message = 'last_owner', hint = 'Remove members one by one: remove_member.';
end;
$$;
comment on function private.keep_owners() is 'Statement trigger: teams are not emptied at a stroke. Refuses with last_owner.';

create trigger keep_owners before truncate on public.organizer_members
for each statement execute function private.keep_owners();

create function private.narrow_keys() returns trigger
language plpgsql security definer -- keys are written by functions alone
set search_path = ''
as $$
declare
    v_role public.member_role := case tg_op when 'UPDATE' then new.role end;
begin
    update public.api_keys
    set permissions = coalesce(nullif(kept.permissions, '{}'), api_keys.permissions),
        revoked_at = case when kept.permissions = '{}' then now() end
    from public.api_keys as held
    cross join lateral (
        select array(
            select held_permission from unnest(held.permissions) as held_permission
            where held_permission in (select role_permissions.permission from public.role_permissions where role_permissions.role = v_role)
            order by held_permission
        ) as permissions
    ) as kept
    where held.id = api_keys.id and api_keys.revoked_at is null
        and api_keys.organizer_id = old.organizer_id and api_keys.created_by = old.user_id;
    if not exists (select from public.role_permissions where role_permissions.role = v_role and role_permissions.permission = 'team:write') then
        update public.invitations set withdrawn_at = private.now()
        where invitations.organizer_id = old.organizer_id and invitations.invited_by = old.user_id
            and invitations.accepted_at is null and invitations.withdrawn_at is null;
    end if;
    return null;
end;
$$;
comment on function private.narrow_keys() is
'Row trigger: a key never outlives the rights of who made it. What they may no longer do is taken from their keys, for good;
the keys of who leaves are revoked. Whom they invited is no longer invited.';

create trigger narrow_keys after delete on public.organizer_members
for each row execute function private.narrow_keys();
create trigger narrow_keys_with_role after update of role on public.organizer_members
for each row when (old.role <> new.role) execute function private.narrow_keys();

create function private.revoke_orphan() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.revoked_at := coalesce(new.revoked_at, now());
    return new;
end;
$$;
comment on function private.revoke_orphan() is 'Row trigger: the key of somebody whose account is erased is revoked.';

create trigger revoke_orphan before update of created_by on public.api_keys
for each row when (old.created_by is not null and new.created_by is null) execute function private.revoke_orphan();

create function private.audit_member() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
declare
    v_member public.organizer_members := case tg_op when 'DELETE' then old else new end;
begin
    perform private.audit(
        'team.' || case tg_op when 'INSERT' then 'joined' when 'UPDATE' then 'role_changed' else 'left' end,
        'member', v_member.user_id, v_member.organizer_id,
        jsonb_build_object('role', v_member.role) || case tg_op when 'UPDATE' then jsonb_build_object('from', old.role) else '{}' end
    );
    return null;
end;
$$;
comment on function private.audit_member() is 'Row trigger: who joins a team, leaves it or gets another role reaches the trail.';

create trigger audit_member after insert or delete on public.organizer_members
for each row execute function private.audit_member();
create trigger audit_role after update of role on public.organizer_members
for each row when (old.role <> new.role) execute function private.audit_member();
