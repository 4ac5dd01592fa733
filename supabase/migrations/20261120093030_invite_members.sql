-- Inviting people into a team, and what the invited may do with it.

create function private.limit_invitations(organizer_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    if (
        select count(*) >= limits.amount
        from private.limits
        inner join public.deliveries
            on deliveries.organizer_id = limit_invitations.organizer_id and deliveries.created_at > now() - limits.per
            and deliveries.kind = 'team_invitation'
        where limits.name = 'invitations_by_organizer'
        group by limits.amount
    ) then
        raise sqlstate 'PT429' using message = 'too_many_invitations', hint = 'Invite the others tomorrow.';
    end if;
end;
$$;
comment on function private.limit_invitations(uuid) is
'Keeps a team from mailing the world: it sends so many invitations a day. Refuses with too_many_invitations.';

create function private.invited_address(email text) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
    v_email text := lower(btrim(invited_address.email));
begin
    if private.is_address(v_email) is not true then
        raise sqlstate 'PT422' using message = 'email_invalid';
    end if;
    return v_email;
end;
$$;
comment on function private.invited_address(text) is 'An address as invitations keep it. Refuses with email_invalid.';

create function private.assert_grantable(organizer_id uuid, role public.member_role) returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_missing text := (
        select min(role_permissions.permission)
        from public.role_permissions
        where role_permissions.role = assert_grantable.role
            and role_permissions.permission <> all (private.permissions_in(assert_grantable.organizer_id))
    );
begin
    if v_missing is not null and not private.is_operator() then
        raise sqlstate 'PT403' using message = 'not_permitted', detail = jsonb_build_object('permission', v_missing)::text;
    end if;
end;
$$;
comment on function private.assert_grantable(uuid, public.member_role) is
'Whether the caller may do all that a role may: nobody gives away more than they have, least of all a key. Refuses with not_permitted.';

create function public.invite_member(organizer text, email text, role public.member_role) returns jsonb
language plpgsql security definer -- members are invited by right, and invitations are written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(invite_member.organizer, 'team:write');
    v_email text := private.invited_address(invite_member.email);
    v_secret text := private.new_secret();
    v_invitation public.invitations;
    v_answer jsonb := private.answered_before('invite_member', jsonb_build_array(invite_member.organizer, invite_member.email, invite_member.role));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    if exists (
        select from public.organizer_members
        inner join auth.users on users.id = organizer_members.user_id
        where organizer_members.organizer_id = v_organizer.id and lower(users.email) = v_email
    ) then
        raise sqlstate 'PT409' using message = 'already_member';
    end if;
    perform private.assert_grantable(v_organizer.id, invite_member.role);
    perform private.limit_invitations(v_organizer.id);
    -- One that nobody accepted in time makes room for the next.
    update public.invitations set withdrawn_at = private.now()
    where invitations.organizer_id = v_organizer.id and invitations.email = v_email
        and invitations.accepted_at is null and invitations.withdrawn_at is null and invitations.expires_at <= private.now();
    insert into public.invitations (organizer_id, email, role, digest, invited_by, invited_with, expires_at)
    values (
        v_organizer.id, v_email, invite_member.role, private.secret_digest(v_secret),
        coalesce(private.caller_id(), (private.caller_key()).created_by), -- a key speaks for its maker: narrow_keys withdraws with both
        case when private.caller_id() is null then (private.caller_key()).id end,
        private.now() + interval '7 days'
    )
    on conflict do nothing
    returning * into v_invitation;
    if v_invitation.id is null then
        raise sqlstate 'PT409' using message = 'already_invited', hint = 'Send the invitation again, or withdraw it.';
    end if;
    perform private.mail_invitation(v_invitation, v_secret);
    return private.keep_answer(private.invitation_document(v_invitation));
end;
$$;
comment on function public.invite_member(text, text, public.member_role) is
'Invites an address into a team, by mail, for seven days.
Refuses with not_found, not_permitted, email_invalid, already_member, already_invited, too_many_invitations, idempotency_key_reused.';

create function private.teams_invitation(organizer text, invitation_id uuid) returns public.invitations
language plpgsql
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(teams_invitation.organizer, 'team:write');
    v_invitation public.invitations;
begin
    select * into v_invitation
    from public.invitations
    where invitations.id = teams_invitation.invitation_id and invitations.organizer_id = v_organizer.id
        and invitations.accepted_at is null and invitations.withdrawn_at is null
    for update;
    if v_invitation.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such invitation, or it was accepted or withdrawn.';
    end if;
    return v_invitation;
end;
$$;
comment on function private.teams_invitation(text, uuid) is
'An invitation of a team that waits for an answer, locked. Refuses with not_found, not_permitted.';

create function public.resend_invitation(organizer text, invitation_id uuid) returns jsonb
language plpgsql security definer -- invitations change by right, and are written by functions alone
set search_path = ''
as $$
declare
    v_invitation public.invitations := private.teams_invitation(resend_invitation.organizer, resend_invitation.invitation_id);
    v_secret text := private.new_secret();
begin
    perform private.limit_invitations(v_invitation.organizer_id);
    update public.invitations
    set digest = private.secret_digest(v_secret), expires_at = private.now() + interval '7 days'
    where invitations.id = v_invitation.id
    returning * into v_invitation;
    perform private.mail_invitation(v_invitation, v_secret);
    return private.invitation_document(v_invitation);
end;
$$;
comment on function public.resend_invitation(text, uuid) is
'Mails an invitation again, good for seven days from now; the link before it opens nothing any more.
Refuses with not_found, not_permitted, too_many_invitations.';

create function public.withdraw_invitation(organizer text, invitation_id uuid) returns jsonb
language plpgsql security definer -- invitations change by right, and are written by functions alone
set search_path = ''
as $$
declare
    v_invitation public.invitations := private.teams_invitation(withdraw_invitation.organizer, withdraw_invitation.invitation_id);
begin
    update public.invitations set withdrawn_at = private.now() where invitations.id = v_invitation.id returning * into v_invitation;
    return private.invitation_document(v_invitation);
end;
$$;
comment on function public.withdraw_invitation(text, uuid) is 'Takes an invitation back. Refuses with not_found, not_permitted.';

create function public.read_invitation(secret text) returns jsonb
language plpgsql stable security definer -- whoever has the link from the mail sees what it asks
set search_path = ''
as $$
declare
    v_invitation public.invitations;
begin
    select * into v_invitation from public.invitations where invitations.digest = private.secret_digest(read_invitation.secret);
    if v_invitation.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such invitation, or a newer mail has replaced it.';
    end if;
    return private.invitation_document(v_invitation) || jsonb_build_object(
        'organizer', (
            select jsonb_build_object('slug', organizers.slug, 'name', organizers.name,
                'hue', organizers.hue, 'picture_path', organizers.picture_path)
            from public.organizers where organizers.id = v_invitation.organizer_id
        ),
        'mine', exists (select from auth.users where users.id = private.caller_id() and lower(users.email) = v_invitation.email)
    );
end;
$$;
comment on function public.read_invitation(text) is
'What a link from a mail asks, whether it still can be accepted, and whether it is for the caller. Refuses with not_found, signed_out.';

create function public.accept_invitation(secret text) returns jsonb
language plpgsql security definer -- members are made by functions alone
set search_path = ''
as $$
declare
    v_person uuid := (private.own_profile()).user_id;
    v_invitation public.invitations;
begin
    select * into v_invitation from public.invitations
    where invitations.digest = private.secret_digest(accept_invitation.secret)
    for update;
    if v_invitation.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such invitation, or a newer mail has replaced it.';
    elsif not exists (
        select from auth.users
        where users.id = v_person and lower(users.email) = v_invitation.email and users.email_confirmed_at is not null
    ) then
        raise sqlstate 'PT403' using message = 'invitation_for_another', hint = 'Sign in with the address that was invited.';
    elsif private.invitation_state(v_invitation) = 'expired' then
        raise sqlstate 'PT410' using message = 'invitation_expired', hint = 'Ask the team to send it again.';
    elsif private.invitation_state(v_invitation) <> 'open' then
        raise sqlstate 'PT410' using message = 'invitation_over', hint = 'It was accepted or withdrawn.';
    end if;
    insert into public.organizer_members (organizer_id, user_id, role)
    values (v_invitation.organizer_id, v_person, v_invitation.role)
    on conflict do nothing;
    if not found then
        raise sqlstate 'PT409' using message = 'already_member';
    end if;
    update public.invitations set accepted_at = private.now() where invitations.id = v_invitation.id;
    return (select private.workspace(organizers) from public.organizers where organizers.id = v_invitation.organizer_id);
end;
$$;
comment on function public.accept_invitation(text) is
'Joins the team that invited the caller''s confirmed address; answers its workspace. Refuses with sign_in_required, signed_out,
not_found, invitation_for_another, invitation_expired, invitation_over, already_member.';
