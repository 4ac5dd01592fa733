-- Teams make and describe themselves.

insert into private.limits (name, amount, per) values ('organizers_by_person', 10, '1 day');

create function private.organizer_faults(facts jsonb, organizer_id uuid default null) returns jsonb
language sql stable
set search_path = ''
as $$
    -- Only the fields that are present are judged, so that one rule serves making and changing alike.
    select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
    from (values
        ('name', 'name_missing', facts ? 'name' and private.one_line(facts ->> 'name') is null),
        ('name', 'name_too_long', length(private.one_line(facts ->> 'name')) > 120),
        ('slug', 'slug_invalid', facts ? 'slug' and coalesce(
            facts ->> 'slug' !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(facts ->> 'slug') > 60 or facts ->> 'slug' = 'new', true)),
        ('slug', 'slug_taken', exists (
            select from public.organizers
            where organizers.slug = facts ->> 'slug' and organizers.id is distinct from organizer_faults.organizer_id)),
        ('about', 'about_too_long', length(facts ->> 'about') > 4000),
        ('website', 'website_invalid', facts ->> 'website' !~ '^https?://[^\s/]+\.[^\s]+$' or length(facts ->> 'website') > 300),
        ('hue', 'hue_invalid', facts ? 'hue' and coalesce((facts ->> 'hue')::numeric not between 0 and 359, true))
    ) as fault (field, code, found)
    where fault.found
$$;
comment on function private.organizer_faults(jsonb, uuid) is
'What is wrong with the given fields of an organizer, a new one if none is named: [{field, code}].';

create function private.refuse_organizer(faults jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    if refuse_organizer.faults <> '[]' then
        raise sqlstate 'PT422' using message = 'organizer_refused',
            detail = jsonb_build_object('errors', refuse_organizer.faults)::text;
    end if;
end;
$$;
comment on function private.refuse_organizer(jsonb) is 'Refuses with organizer_refused (detail: errors [{field, code}]) where there are faults.';

create function private.free_slug(name text) returns text
language sql stable
set search_path = ''
as $$
    select tried.slug
    from coalesce(
        nullif(btrim(left(btrim(regexp_replace(private.searchable(left(free_slug.name, 200)), '[^a-z0-9]+', '-', 'g'), '-'), 50), '-'), ''), 'team'
    ) as word
    cross join generate_series(1, 1000) as number
    cross join lateral (select case when number = 1 then word else word || '-' || number end) as tried (slug)
    where tried.slug <> 'new' and not exists (select from public.organizers where organizers.slug = tried.slug)
    order by number
    limit 1
$$;
comment on function private.free_slug(text) is 'The address of a team by its name, numbered where others have it already.';

create function private.organizer_document(organizer public.organizers) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(organizer_document.organizer) - 'personal_of'
        || jsonb_build_object('workspace', private.workspace(organizer_document.organizer),
            'must_stay', private.must_stay(organizer_document.organizer.id, private.caller_id()));
end;
$$;
comment on function private.organizer_document(public.organizers) is
'An organizer as its team sees it, with the workspace around it, and whether the caller must stay in it.';

create function public.create_organizer(facts jsonb) returns jsonb
language plpgsql security definer -- teams are made by people, and written by functions alone
set search_path = ''
as $$
declare
    v_person uuid := (private.own_profile()).user_id;
    v_faults jsonb := private.organizer_faults('{"name": null}' || create_organizer.facts);
    v_slug text := coalesce(create_organizer.facts ->> 'slug', private.free_slug(create_organizer.facts ->> 'name'));
    v_organizer public.organizers;
    v_answer jsonb := private.answered_before('create_organizer', jsonb_build_array(create_organizer.facts));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    perform private.refuse_organizer(v_faults);
    if (
        select count(*) >= limits.amount
        from private.limits
        inner join public.organizer_members
            on organizer_members.user_id = v_person and organizer_members.role = 'owner' and organizer_members.created_at > now() - limits.per
        where limits.name = 'organizers_by_person'
        group by limits.amount
    ) then
        raise sqlstate 'PT429' using message = 'too_many_organizers', hint = 'Make the next one tomorrow.';
    end if;
    insert into public.organizers (slug, name, about, website, hue)
    values (
        v_slug, private.one_line(create_organizer.facts ->> 'name'), coalesce(create_organizer.facts ->> 'about', ''),
        create_organizer.facts ->> 'website',
        -- Teams differ in colour from the start.
        coalesce((create_organizer.facts ->> 'hue')::smallint, get_byte(sha256(convert_to(v_slug, 'UTF8')), 0) * 360 / 256)
    )
    returning * into v_organizer;
    insert into public.organizer_members (organizer_id, user_id, role) values (v_organizer.id, v_person, 'owner');
    return private.keep_answer(private.organizer_document(v_organizer));
exception
    when unique_violation then -- somebody else took it in this very moment
        perform private.refuse_organizer('[{"field": "slug", "code": "slug_taken"}]');
end;
$$;
comment on function public.create_organizer(jsonb) is
'Makes a team whose owner the caller is: name, and if they like slug, about, website, hue. Without a slug one is made from the name.
Refuses with sign_in_required, signed_out, organizer_refused (detail: errors [{field, code}]), too_many_organizers, idempotency_key_reused.';

create function public.read_organizer(organizer text) returns jsonb
language plpgsql stable security definer -- tells the caller their role
set search_path = ''
as $$
begin
    return private.organizer_document(private.teams_organizer(read_organizer.organizer, 'organizer:read'));
end;
$$;
comment on function public.read_organizer(text) is 'An organizer as its team sees it. Refuses with not_found, not_permitted.';

create function public.update_organizer(organizer text, revision integer, changes jsonb) returns jsonb
language plpgsql security definer -- teams change by right, and are written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(update_organizer.organizer, 'organizer:write');
    v_changes jsonb := update_organizer.changes;
begin
    select * into v_organizer from public.organizers where organizers.id = v_organizer.id for no key update;
    perform private.assert_revision(v_organizer.id, v_organizer.revision, update_organizer.revision);
    perform private.refuse_organizer(private.organizer_faults(v_changes, v_organizer.id));
    update public.organizers
    set name = coalesce(private.one_line(v_changes ->> 'name'), organizers.name),
        slug = coalesce(v_changes ->> 'slug', organizers.slug),
        about = case when v_changes ? 'about' then coalesce(v_changes ->> 'about', '') else organizers.about end,
        website = case when v_changes ? 'website' then v_changes ->> 'website' else organizers.website end,
        hue = coalesce((v_changes ->> 'hue')::smallint, organizers.hue)
    where organizers.id = v_organizer.id
    returning * into v_organizer;
    return private.organizer_document(v_organizer);
exception
    when unique_violation then -- somebody else took it in this very moment
        perform private.refuse_organizer('[{"field": "slug", "code": "slug_taken"}]');
end;
$$;
comment on function public.update_organizer(text, integer, jsonb) is
'Changes the given fields of an organizer (name, slug, about, website, hue), if it is still at the revision that was read.
Refuses with not_found, not_permitted, edited_meanwhile (detail: revision, by, changes), organizer_refused (detail: errors [{field, code}]).';

create function public.prepare_organizer_picture(organizer text) returns jsonb
language plpgsql security definer -- says by right where a picture may lie
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(prepare_organizer_picture.organizer, 'organizer:write');
begin
    return jsonb_build_object('path', v_organizer.id || '/' || replace(gen_random_uuid()::text, '-', '') || '.webp');
end;
$$;
comment on function public.prepare_organizer_picture(text) is
'Where to put a new picture of an organizer: {path}; set_organizer_picture then shows it. Refuses with not_found, not_permitted.';

create function public.set_organizer_picture(organizer text, path text) returns jsonb
language plpgsql security definer -- teams change by right, and are written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(set_organizer_picture.organizer, 'organizer:write');
    v_former text := v_organizer.picture_path;
begin
    if set_organizer_picture.path !~ ('^' || v_organizer.id || '/[A-Za-z0-9_-]{1,80}\.webp$') then
        raise sqlstate 'PT422' using message = 'picture_path_invalid', hint = 'Pictures lie in the folder of their organizer.';
    end if;
    update public.organizers set picture_path = set_organizer_picture.path
    where organizers.id = v_organizer.id
    returning * into v_organizer;
    return private.organizer_document(v_organizer) || jsonb_build_object('former_picture_path', v_former);
end;
$$;
comment on function public.set_organizer_picture(text, text) is
'Sets, or with null removes, an organizer''s picture; says which one it was before. Refuses with not_found, not_permitted, picture_path_invalid.';

create function private.audit_organizer() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit(
        'organizer.' || case tg_op when 'INSERT' then 'created' else 'picture_changed' end, 'organizer', new.id, new.id, '{}');
    return null;
end;
$$;
comment on function private.audit_organizer() is 'Row trigger: a team''s beginning and its pictures reach the trail; what people type does by revise.';

create trigger audit_organizer_made after insert on public.organizers
for each row execute function private.audit_organizer();
create trigger audit_organizer after update of picture_path on public.organizers
for each row when (old.picture_path is distinct from new.picture_path) execute function private.audit_organizer();

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('pictures', 'pictures', true, 5242880, '{image/webp}')
on conflict (id) do nothing;
