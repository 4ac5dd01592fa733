create function private.spoken(user_id uuid, use public.language_use) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(profile_languages.language_code order by profile_languages.language_code), '[]')
        from public.profile_languages
        where profile_languages.user_id = spoken.user_id and profile_languages.use = spoken.use
    );
end;
$$;
comment on function private.spoken(uuid, public.language_use) is 'The language codes of one use in a profile.';

create function private.profile_document(profile public.profiles) returns jsonb
language plpgsql stable security definer -- the address is Auth's
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'id', profile_document.profile.user_id,
            'email', (select users.email from auth.users where users.id = profile_document.profile.user_id),
            'display_name', profile_document.profile.display_name,
            'birth_date', profile_document.profile.birth_date,
            'location', profile_document.profile.location,
            'locale', profile_document.profile.locale,
            'avatar_path', profile_document.profile.avatar_path,
            'consent_at', profile_document.profile.consent_at,
            'created_at', profile_document.profile.created_at,
            'native_languages', private.spoken(profile_document.profile.user_id, 'native'),
            'target_languages', private.spoken(profile_document.profile.user_id, 'target'),
            'organizers', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'slug', organizers.slug, 'name', organizers.name, 'role', organizer_members.role) order by organizers.name), '[]')
                from public.organizer_members
                inner join public.organizers on organizers.id = organizer_members.organizer_id
                where organizer_members.user_id = profile_document.profile.user_id
            )
        )
    );
end;
$$;
comment on function private.profile_document(public.profiles) is 'A profile whole, as its owner sees it.';

create function private.own_profile() returns public.profiles
language plpgsql stable security definer -- refuses visitors with a word rather than an empty answer
set search_path = ''
as $$
declare
    v_profile public.profiles;
begin
    select * into v_profile from public.profiles where profiles.user_id = private.caller_id();
    if v_profile.user_id is null then
        raise sqlstate 'PT401' using message = 'sign_in_required', hint = 'Sign in first.';
    end if;
    return v_profile;
end;
$$;
comment on function private.own_profile() is 'The caller''s profile. Refuses with sign_in_required, signed_out.';

create function public.read_me() returns jsonb
language sql stable security definer -- the address is Auth's
set search_path = ''
as $$ select private.profile_document(private.own_profile()) $$;
comment on function public.read_me() is 'The caller''s own profile. Refuses with sign_in_required, signed_out.';

create function public.update_me(changes jsonb) returns jsonb
language plpgsql security definer -- the profile's rules are checked here, all at once
set search_path = ''
as $$
declare
    v_profile public.profiles := private.own_profile();
    v_faults jsonb := private.profile_faults(update_me.changes - 'consent' - 'birth_date');
begin
    if update_me.changes ? 'birth_date' and update_me.changes ->> 'birth_date' is distinct from v_profile.birth_date::text then
        v_faults := v_faults || '[{"field": "birth_date", "code": "birth_date_fixed"}]'::jsonb;
    end if;
    if v_faults <> '[]' then
        raise sqlstate 'PT422' using message = 'profile_refused', detail = jsonb_build_object('errors', v_faults)::text;
    end if;
    update public.profiles
    set display_name = coalesce(private.one_line(update_me.changes ->> 'display_name'), profiles.display_name),
        location = case
            when update_me.changes ? 'location' then private.one_line(update_me.changes ->> 'location')
            else profiles.location
        end,
        locale = coalesce(update_me.changes ->> 'locale', profiles.locale)
    where profiles.user_id = v_profile.user_id
    returning * into v_profile;
    if update_me.changes ? 'native_languages' then
        perform private.speak(v_profile.user_id, 'native', update_me.changes -> 'native_languages');
    end if;
    if update_me.changes ? 'target_languages' then
        perform private.speak(v_profile.user_id, 'target', update_me.changes -> 'target_languages');
    end if;
    return private.profile_document(v_profile);
end;
$$;
comment on function public.update_me(jsonb) is
'Changes the given fields of the caller''s profile: display_name, location, locale, native_languages, target_languages.
Refuses with sign_in_required, signed_out, profile_refused (detail: errors [{field, code}]).';

create function public.set_avatar(path text) returns jsonb
language plpgsql security definer -- profiles are written by functions alone
set search_path = ''
as $$
declare
    v_profile public.profiles := private.own_profile();
begin
    -- What lies in the bucket is what the app has drawn: no policy lets anybody else write there.
    if set_avatar.path is not null and not exists (
        select from storage.objects
        where objects.bucket_id = 'avatars' and objects.name = set_avatar.path
            and (storage.foldername(objects.name))[1] = v_profile.user_id::text
    ) then
        raise sqlstate 'PT422' using message = 'avatar_path_invalid', hint = 'Pictures are stored by the app, in the folder of their person.';
    end if;
    update public.profiles set avatar_path = set_avatar.path where profiles.user_id = v_profile.user_id returning * into v_profile;
    return private.profile_document(v_profile);
end;
$$;
comment on function public.set_avatar(text) is
'Sets, or with null removes, the caller''s picture, which is stored already. Refuses with sign_in_required, signed_out, avatar_path_invalid.';

create function private.deliveries_to(user_id uuid) returns setof public.deliveries
language sql stable
set search_path = ''
as $$
    select deliveries.*
    from public.deliveries
    inner join public.orders on orders.id = deliveries.order_id
    where orders.buyer_id = deliveries_to.user_id
    union all
    select deliveries.*
    from public.deliveries
    where deliveries.order_id is null
        and deliveries.recipient = (select lower(users.email) from auth.users where users.id = deliveries_to.user_id)
$$;
comment on function private.deliveries_to(uuid) is 'Every message to somebody with an account: about their orders, and to their address.';

create function public.export_me() returns jsonb
language plpgsql stable security definer -- everything we hold about the caller, and nothing else
set search_path = ''
as $$
declare
    v_profile public.profiles := private.own_profile();
begin
    return jsonb_build_object(
        'exported_at', now(),
        'profile', private.profile_document(v_profile),
        'orders', (
            select coalesce(jsonb_agg(private.order_document(orders) order by orders.created_at), '[]')
            from public.orders where orders.buyer_id = v_profile.user_id
        ),
        'deliveries', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'kind', deliveries.kind, 'recipient', deliveries.recipient, 'status', deliveries.status, 'created_at', deliveries.created_at
            ) order by deliveries.created_at), '[]')
            from private.deliveries_to(v_profile.user_id) as deliveries
        ),
        'invitations', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'organizer', organizers.name, 'role', invitations.role, 'created_at', invitations.created_at
            ) order by invitations.created_at), '[]')
            from public.invitations
            inner join public.organizers on organizers.id = invitations.organizer_id
            where invitations.email = (select lower(users.email) from auth.users where users.id = v_profile.user_id)
        ),
        'order_requests', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'reference', orders.reference, 'address', order_requests.address, 'created_at', order_requests.created_at
            ) order by order_requests.created_at), '[]')
            from private.order_requests
            inner join public.orders on orders.id = order_requests.order_id
            where orders.buyer_id = v_profile.user_id
        ),
        'audit_entries', (
            select coalesce(jsonb_agg(jsonb_build_object('action', audit_entries.action, 'at', audit_entries.at) order by audit_entries.id), '[]')
            from public.audit_entries where audit_entries.actor_id = v_profile.user_id
        )
    );
end;
$$;
comment on function public.export_me() is 'Everything we hold about the caller. Refuses with sign_in_required, signed_out.';

create function private.forget_person(user_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    -- Papers and sums stay, as the law asks; the person in them goes.
    update public.attendees set name = null, email = null, phone = null
    from public.orders
    where orders.id = attendees.order_id and orders.buyer_id = forget_person.user_id;
    update public.deliveries
    set recipient = 'erased@invalid', recipient_name = null, facts = '{}', data = null, lease_token = null, lease_until = null,
        status = case when deliveries.status in ('queued', 'sending') then 'dead' else deliveries.status end
    where deliveries.id in (select found.id from private.deliveries_to(forget_person.user_id) as found);
    delete from public.order_notes
    using public.orders
    where orders.id = order_notes.order_id and orders.buyer_id = forget_person.user_id;
    delete from public.organizer_members where organizer_members.user_id = forget_person.user_id;
    update public.organizers set name = 'Erased', about = '', website = null, picture_path = null
    where organizers.personal_of = forget_person.user_id;
    update public.invitations set email = 'erased@invalid', withdrawn_at = case when invitations.accepted_at is null then now() end
    where invitations.email = (select lower(users.email) from auth.users where users.id = forget_person.user_id);
    delete from private.answered_calls where answered_calls.account = forget_person.user_id;
    update private.order_requests set person = 'erased', address = null
    from public.orders
    where orders.id = order_requests.order_id and orders.buyer_id = forget_person.user_id;
    update public.orders set buyer_name = 'Erased', buyer_email = 'erased@invalid', buyer_phone = null
    where orders.buyer_id = forget_person.user_id;
end;
$$;
comment on function private.forget_person(uuid) is
'Takes a person out of their orders, seats, mails, notes, invitations and requests. What was not sent yet stays unsent.';

create function private.refuse_erasure(user_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    if exists (
        select from public.organizer_members as own
        inner join public.organizers on organizers.id = own.organizer_id and organizers.personal_of is distinct from own.user_id
        where own.user_id = refuse_erasure.user_id and own.role = 'owner' and not exists (
            select from public.organizer_members as other
            where other.organizer_id = own.organizer_id and other.role = 'owner' and other.user_id <> own.user_id
        )
    ) then
        raise sqlstate 'PT409' using message = 'last_owner', hint = 'Make somebody else an owner of the organizer first.';
    elsif exists (
        select from public.organizers
        inner join public.events on events.organizer_id = organizers.id
        where organizers.personal_of = refuse_erasure.user_id and events.ends_at > private.now()
            and events.status in ('published', 'awaiting_payment')
    ) then
        raise sqlstate 'PT409' using message = 'events_ahead', hint = 'Call them off first: cancel_event.';
    elsif exists (
        select from public.orders
        where orders.buyer_id = refuse_erasure.user_id and orders.status = 'pending' and orders.expires_at > private.now()
    ) then
        raise sqlstate 'PT409' using message = 'order_pending', hint = 'Give back the seats that are held first.';
    end if;
end;
$$;
comment on function private.refuse_erasure(uuid) is
'What must be settled before a person can be erased. Refuses with last_owner, events_ahead, order_pending.';

create function private.erase_person(user_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_events uuid[] := array(
        select orders.event_id from public.orders
        where orders.buyer_id = erase_person.user_id and orders.status in ('pending', 'awaiting_approval')
        union
        select waitlist_entries.event_id from public.waitlist_entries
        where waitlist_entries.user_id = erase_person.user_id and waitlist_entries.status = 'waiting'
    );
begin
    perform private.lock_pools(variadic v_events);
    -- What is being ordered in this name right now comes first, and counts.
    perform from auth.users where users.id = erase_person.user_id for update;
    perform private.refuse_erasure(erase_person.user_id);
    -- Out of line before any seat comes free: nothing is offered to nobody.
    update public.waitlist_entries set status = 'left'
    where waitlist_entries.user_id = erase_person.user_id and waitlist_entries.status = 'waiting';
    -- Lapsed holds are over before their person is, and nobody is left to be told of a yes.
    perform private.expire_lapsed(variadic v_events);
    update public.orders set status = 'cancelled', status_reason = 'given_back'
    where orders.buyer_id = erase_person.user_id and orders.status = 'awaiting_approval';
    perform private.forget_person(erase_person.user_id);
    perform private.audit('account.erased', 'account', erase_person.user_id, null, '{}');
    delete from auth.users where users.id = erase_person.user_id;
end;
$$;
comment on function private.erase_person(uuid) is
'Erases an account and every trace of the person; orders stay, nameless. For the operator too, who names the account by its id.
Refuses with last_owner, events_ahead, order_pending.';

create function public.erase_me() returns jsonb
language plpgsql security definer -- removes the account, which Auth offers only to administrators
set search_path = ''
as $$
begin
    perform private.erase_person((private.own_profile()).user_id);
    return jsonb_build_object('erased', true);
end;
$$;
comment on function public.erase_me() is
'Erases the caller''s account and every trace of the person; orders stay, nameless. Refuses with sign_in_required, signed_out,
last_owner, events_ahead, order_pending.';

create function private.tell_auth_of_profile() returns trigger
language plpgsql security definer -- the metadata, which tokens carry, is Auth's
set search_path = ''
as $$
begin
    update auth.users
    set raw_user_meta_data = coalesce(users.raw_user_meta_data, '{}')
        || jsonb_build_object('display_name', new.display_name, 'avatar_path', new.avatar_path)
    where users.id = new.user_id;
    return null;
end;
$$;
comment on function private.tell_auth_of_profile() is
'Trigger: the next access token carries the name and picture of the profile, so that pages greet people without asking.';

create trigger tell_auth_of_profile after update of display_name, avatar_path on public.profiles
for each row when (old.display_name <> new.display_name or old.avatar_path is distinct from new.avatar_path)
execute function private.tell_auth_of_profile();

create function private.adopt_orders() returns trigger
language plpgsql security definer -- runs as Auth's own role, which may not touch our tables
set search_path = ''
as $$
begin
    update public.orders set buyer_id = new.id
    where orders.buyer_id is null and orders.buyer_email = lower(new.email)
        and (orders.status not in ('pending', 'awaiting_approval') or not exists (
            select from public.orders as own
            where own.buyer_id = new.id and own.event_id = orders.event_id and own.status in ('pending', 'awaiting_approval')
        ));
    return null;
end;
$$;
comment on function private.adopt_orders() is 'Trigger on auth.users: a confirmed address adopts what was bought with it as a guest.';

create trigger adopt_orders_at_once after insert on auth.users
for each row when (new.email_confirmed_at is not null) execute function private.adopt_orders();
create trigger adopt_orders after update of email_confirmed_at, email on auth.users
for each row when (
    new.email_confirmed_at is not null
    and (old.email_confirmed_at is null or lower(old.email) <> lower(new.email))
) execute function private.adopt_orders();

create function private.follow_address() returns trigger
language plpgsql security definer -- runs as Auth's own role, which may not touch our tables
set search_path = ''
as $$
begin
    update public.orders set buyer_email = lower(new.email)
    where orders.buyer_id = new.id and orders.buyer_email <> lower(new.email);
    return null;
end;
$$;
comment on function private.follow_address() is
'Trigger on auth.users: what is still to be told of an account''s orders goes to its present address.';

create trigger follow_address after update of email on auth.users
for each row when (new.email_confirmed_at is not null and lower(old.email) <> lower(new.email))
execute function private.follow_address();

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('avatars', 'avatars', true, 5242880, '{image/webp}'), ('covers', 'covers', true, 10485760, '{image/webp}')
on conflict (id) do nothing;
