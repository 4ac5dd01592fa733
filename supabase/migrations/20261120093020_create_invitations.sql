-- Invitations into a team: by mail, for one address, for a week, once.

create table public.invitations (
    id uuid primary key default gen_random_uuid(),
    organizer_id uuid not null references public.organizers (id) on delete cascade,
    email text not null check (email = lower(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 320),
    role public.member_role not null,
    digest bytea not null unique check (length(digest) = 32),
    invited_by uuid references auth.users (id) on delete set null,
    invited_with uuid references public.api_keys (id) on delete set null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (accepted_at is null or withdrawn_at is null)
);
create unique index invitations_open_once on public.invitations (organizer_id, email) where accepted_at is null and withdrawn_at is null;
create index on public.invitations (organizer_id, created_at);
create index on public.invitations (email);
create index on public.invitations (invited_by);
create index on public.invitations (invited_with);
comment on table public.invitations is 'Who is asked into which team, in which role. To withdraw one by hand, set withdrawn_at.';
comment on column public.invitations.email is 'The address that is asked, in small letters; only who has confirmed it may accept.';
comment on column public.invitations.digest is 'SHA-256 of the secret in the link, which is in the mail alone.';
comment on column public.invitations.invited_by is 'Who asked, or made the key that did: when they lose team:write, it is withdrawn.';
comment on column public.invitations.invited_with is 'The API key that asked, if it was one: when it is revoked, so is this.';
comment on column public.invitations.expires_at is 'The first instant at which it can no longer be accepted.';
comment on column public.invitations.accepted_at is 'When it was accepted: it works once.';
comment on column public.invitations.withdrawn_at is 'When the team took it back.';

insert into private.limits (name, amount, per) values ('invitations_by_organizer', 50, '1 day');

create trigger touch_updated_at before update on public.invitations
for each row execute function private.touch_updated_at();

create function private.audit_invitation() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit(
        'team.' || case
            when tg_op = 'INSERT' then 'invited'
            when new.accepted_at is not null then 'invitation_accepted'
            when new.withdrawn_at is not null then 'invitation_withdrawn'
            else 'invitation_sent_again'
        end, 'invitation', new.id, new.organizer_id, jsonb_build_object('role', new.role)
    );
    return null;
end;
$$;
comment on function private.audit_invitation() is
'Row trigger: invitations reach the trail, without the address: the trail outlives the person.';

create trigger audit_invitation_sent after insert on public.invitations
for each row execute function private.audit_invitation();
create trigger audit_invitation after update of digest, accepted_at, withdrawn_at on public.invitations
for each row when ((old.digest, old.accepted_at, old.withdrawn_at) is distinct from (new.digest, new.accepted_at, new.withdrawn_at))
execute function private.audit_invitation();

create function private.guard_invitation() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'This invitation is over. Send another: invite_member.';
end;
$$;
comment on function private.guard_invitation() is
'Row trigger: what was accepted or withdrawn stays so. Refuses with illegal_transition.';

create trigger guard_invitation before update of accepted_at, withdrawn_at on public.invitations
for each row when ((old.accepted_at is not null and new.accepted_at is null) or (old.withdrawn_at is not null and new.withdrawn_at is null))
execute function private.guard_invitation();

create function private.invitation_state(invitation public.invitations) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return case
        when invitation_state.invitation.accepted_at is not null then 'accepted'
        when invitation_state.invitation.withdrawn_at is not null then 'withdrawn'
        when invitation_state.invitation.expires_at <= private.now() then 'expired'
        else 'open'
    end;
end;
$$;
comment on function private.invitation_state(public.invitations) is 'open, expired, accepted or withdrawn.';

create function private.invitation_document(invitation public.invitations) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(invitation_document.invitation) - array['digest', 'organizer_id', 'updated_at', 'invited_by', 'invited_with']
        || jsonb_build_object(
            'state', private.invitation_state(invitation_document.invitation),
            'invited_by', (
                select profiles.display_name from public.profiles where profiles.user_id = invitation_document.invitation.invited_by
            )
        );
end;
$$;
comment on function private.invitation_document(public.invitations) is 'An invitation as its team sees it: never the secret.';

create function private.mail_invitation(invitation public.invitations, secret text) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_inviter jsonb := private.person_to_tell(mail_invitation.invitation.invited_by);
    v_invited uuid := (select users.id from auth.users where users.email = mail_invitation.invitation.email);
begin
    perform private.queue_notice(
        'team_invitation', mail_invitation.invitation.organizer_id,
        coalesce(
            private.person_to_tell(v_invited),
            jsonb_build_object('email', mail_invitation.invitation.email, 'locale', v_inviter ->> 'locale')
        ),
        jsonb_build_object(
            'site_path', '/invitations/' || mail_invitation.secret, 'role', mail_invitation.invitation.role,
            'invited_by', v_inviter ->> 'name'
        )
    );
end;
$$;
comment on function private.mail_invitation(public.invitations, text) is 'Puts the mail with the link of an invitation into the outbox.';
