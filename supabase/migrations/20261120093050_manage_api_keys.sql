-- Keys for a team's programs: made with a name and permissions, shown once, listed by how they begin, revoked.

create function private.key_document(key public.api_keys) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(key_document.key) - array['digest', 'organizer_id', 'updated_at', 'created_by'] || jsonb_build_object(
        'created_by', (select profiles.display_name from public.profiles where profiles.user_id = key_document.key.created_by)
    );
end;
$$;
comment on function private.key_document(public.api_keys) is 'An API key as its team sees it: never the key itself.';

create function public.create_api_key(organizer text, name text, permissions text[]) returns jsonb
language plpgsql security definer -- keys are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(create_api_key.organizer, 'team:write');
    v_permissions text[] := array(select distinct asked from unnest(create_api_key.permissions) as asked order by asked);
    v_secret text := 'gk_' || private.new_secret();
    v_faults jsonb;
    v_key public.api_keys;
begin
    select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]') into v_faults
    from (values
        ('name', 'key_name_invalid', coalesce(length(private.one_line(create_api_key.name)) not between 1 and 80, true)),
        ('permissions', 'permissions_missing', v_permissions = '{}'),
        ('permissions', 'permissions_not_yours', not v_permissions <@ private.permissions_in(v_organizer.id))
    ) as fault (field, code, found)
    where fault.found;
    if v_faults <> '[]' then
        raise sqlstate 'PT422' using message = 'key_refused', detail = jsonb_build_object('errors', v_faults)::text;
    end if;
    insert into public.api_keys (organizer_id, name, prefix, digest, permissions, created_by)
    values (
        v_organizer.id, private.one_line(create_api_key.name), left(v_secret, 8), private.secret_digest(v_secret),
        -- Without it a program does not even find its team.
        array(select distinct given from unnest(v_permissions || array['organizer:read']) as given order by given),
        private.caller_id()
    )
    returning * into v_key;
    return private.key_document(v_key) || jsonb_build_object('key', v_secret);
end;
$$;
comment on function public.create_api_key(text, text, text[]) is
'Makes a key for a team''s program and says it, this once; it may do at most what its maker may.
Refuses with not_found, not_permitted, key_refused (detail: errors [{field, code}]).';

create function public.list_api_keys(organizer text) returns jsonb
language plpgsql stable security definer -- clients may not read who made them
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_api_keys.organizer, 'team:write');
begin
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'keys', (
            select coalesce(jsonb_agg(private.key_document(api_keys) order by api_keys.revoked_at desc nulls first, api_keys.created_at desc), '[]')
            from public.api_keys
            where api_keys.organizer_id = v_organizer.id
        )
    );
end;
$$;
comment on function public.list_api_keys(text) is
'A team''s API keys, the working ones first, newest first. Refuses with not_found, not_permitted.';

create function public.revoke_api_key(organizer text, key_id uuid) returns jsonb
language plpgsql security definer -- keys end by right, and are written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(revoke_api_key.organizer, 'team:write');
    v_key public.api_keys;
begin
    update public.api_keys set revoked_at = now()
    where api_keys.id = revoke_api_key.key_id and api_keys.organizer_id = v_organizer.id and api_keys.revoked_at is null
    returning * into v_key;
    if v_key.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such key, or it is revoked already.';
    end if;
    return private.key_document(v_key);
end;
$$;
comment on function public.revoke_api_key(text, uuid) is
'Ends an API key at once, for good, and the invitations it made. Refuses with not_found, not_permitted.';

create function public.record_key_use() returns jsonb
language plpgsql security definer -- programs may not write keys
set search_path = ''
as $$
begin
    update public.api_keys set last_used_at = now()
    where api_keys.id = (private.caller_key()).id
        and (api_keys.last_used_at is null or api_keys.last_used_at < now() - interval '1 minute');
    return jsonb_build_object('recorded', found);
end;
$$;
comment on function public.record_key_use() is
'Notes that the caller''s API key is in use, once a minute at most however often it is called. Refuses with api_key_unknown.';

create function private.guard_key() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'A revoked key is over. Make another: create_api_key.';
end;
$$;
comment on function private.guard_key() is 'Row trigger: revoking a key is for good. Refuses with illegal_transition.';

create trigger guard_key before update of revoked_at on public.api_keys
for each row when (old.revoked_at is not null and new.revoked_at is null) execute function private.guard_key();

create function private.withdraw_with_key() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    -- A key is revoked because it leaked, too: whoever had it then has no way in left.
    update public.invitations set withdrawn_at = private.now()
    where invitations.invited_with = new.id and invitations.accepted_at is null and invitations.withdrawn_at is null;
    return null;
end;
$$;
comment on function private.withdraw_with_key() is 'Row trigger: whom a key invited is no longer invited when it is revoked.';

create trigger withdraw_with_key after update on public.api_keys
for each row when (old.revoked_at is null and new.revoked_at is not null) execute function private.withdraw_with_key();

create function private.audit_key() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit(
        'team.' || case when tg_op = 'INSERT' then 'key_made' when new.revoked_at is not null then 'key_revoked' else 'key_changed' end,
        'api_key', new.id, new.organizer_id, jsonb_build_object('name', new.name, 'prefix', new.prefix, 'permissions', new.permissions)
    );
    return null;
end;
$$;
comment on function private.audit_key() is 'Row trigger: keys made, narrowed and revoked reach the trail.';

create trigger audit_key_made after insert on public.api_keys
for each row execute function private.audit_key();
create trigger audit_key after update of permissions, revoked_at on public.api_keys
for each row when ((old.permissions, old.revoked_at) is distinct from (new.permissions, new.revoked_at))
execute function private.audit_key();
