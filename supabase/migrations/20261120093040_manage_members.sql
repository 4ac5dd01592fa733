-- Who is in a team, in which role, and how they go.

create function private.member_document(member public.organizer_members) returns jsonb
language plpgsql stable security definer -- addresses are Auth's
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'user_id', profiles.user_id, 'name', profiles.display_name, 'email', users.email, 'avatar_path', profiles.avatar_path,
            'role', member_document.member.role, 'since', member_document.member.created_at,
            'me', profiles.user_id is not distinct from private.caller_id(),
            'must_stay', private.must_stay(member_document.member.organizer_id, profiles.user_id),
            'keys', (
                select count(*) from public.api_keys
                where api_keys.organizer_id = member_document.member.organizer_id and api_keys.created_by = profiles.user_id
                    and api_keys.revoked_at is null
            )
        )
        from public.profiles
        inner join auth.users on users.id = profiles.user_id
        where profiles.user_id = member_document.member.user_id
    );
end;
$$;
comment on function private.member_document(public.organizer_members) is
'A member as their team sees them; keys is how many working API keys they made.';

create function public.list_members(organizer text) returns jsonb
language plpgsql stable security definer -- a team sees its own people, by right
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_members.organizer, 'team:read');
begin
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'members', (
            select jsonb_agg(private.member_document(organizer_members) order by organizer_members.role, organizer_members.created_at)
            from public.organizer_members
            where organizer_members.organizer_id = v_organizer.id
        ),
        'invitations', (
            select coalesce(jsonb_agg(private.invitation_document(invitations) order by invitations.created_at desc), '[]')
            from public.invitations
            where invitations.organizer_id = v_organizer.id and invitations.accepted_at is null and invitations.withdrawn_at is null
        )
    );
end;
$$;
comment on function public.list_members(text) is
'The members of a team, owners first, and who is invited and has not answered yet. Refuses with not_found, not_permitted.';

create function private.teams_member(organizer_id uuid, user_id uuid) returns public.organizer_members
language plpgsql
set search_path = ''
as $$
declare
    v_member public.organizer_members;
begin
    -- Owners change one at a time, in the order in which the trigger locks.
    perform from public.organizers where organizers.id = teams_member.organizer_id for no key update;
    select * into v_member
    from public.organizer_members
    where organizer_members.organizer_id = teams_member.organizer_id and organizer_members.user_id = teams_member.user_id;
    if v_member.user_id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'This person is not in the team, or has left it.';
    elsif exists (
        select from public.organizers where organizers.id = teams_member.organizer_id and organizers.personal_of = teams_member.user_id
    ) then
        raise sqlstate 'PT409' using message = 'last_owner', hint = 'One''s own meetups stay with oneself.';
    end if;
    return v_member;
end;
$$;
comment on function private.teams_member(uuid, uuid) is
'A member of a team, which is locked. Refuses with not_found; with last_owner for whose own meetups the team is behind.';

create function public.change_member_role(organizer text, user_id uuid, role public.member_role) returns jsonb
language plpgsql security definer -- roles change by right, and are written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(change_member_role.organizer, 'team:write');
    v_member public.organizer_members := private.teams_member(v_organizer.id, change_member_role.user_id);
begin
    perform private.assert_grantable(v_organizer.id, change_member_role.role);
    update public.organizer_members set role = change_member_role.role
    where organizer_members.organizer_id = v_organizer.id and organizer_members.user_id = v_member.user_id
    returning * into v_member;
    return private.member_document(v_member);
end;
$$;
comment on function public.change_member_role(text, uuid, public.member_role) is
'Gives a member another role. Refuses with not_found, not_permitted, last_owner.';

create function public.remove_member(organizer text, user_id uuid) returns jsonb
language plpgsql security definer -- members go by right, and are written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(remove_member.organizer, 'team:write');
    v_member public.organizer_members := private.teams_member(v_organizer.id, remove_member.user_id);
begin
    delete from public.organizer_members
    where organizer_members.organizer_id = v_organizer.id and organizer_members.user_id = v_member.user_id;
    return jsonb_build_object('removed', true);
end;
$$;
comment on function public.remove_member(text, uuid) is
'Removes a member; the API keys they made are revoked. Refuses with not_found, not_permitted, last_owner.';

create function public.leave_organizer(organizer text) returns jsonb
language plpgsql security definer -- everyone may go, and members are written by functions alone
set search_path = ''
as $$
declare
    v_person uuid := (private.own_profile()).user_id;
    v_organizer public.organizers := private.teams_organizer(leave_organizer.organizer, 'organizer:read');
    v_member public.organizer_members := private.teams_member(v_organizer.id, v_person);
begin
    delete from public.organizer_members
    where organizer_members.organizer_id = v_organizer.id and organizer_members.user_id = v_member.user_id;
    return jsonb_build_object('left', true);
end;
$$;
comment on function public.leave_organizer(text) is
'Leaves a team; the API keys one made are revoked. Refuses with sign_in_required, signed_out, not_found, last_owner.';
