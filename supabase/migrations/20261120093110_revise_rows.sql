-- Edits are counted and kept, so that whoever edits an older state is told what changed, and nothing is overwritten silently.

create function private.revise() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
declare
    v_changed jsonb;
begin
    select jsonb_object_agg(later.key, jsonb_build_object('from', earlier.value, 'to', later.value)) into v_changed
    from jsonb_each(to_jsonb(new)) as later
    inner join jsonb_each(to_jsonb(old)) as earlier using (key)
    where later.key = any (tg_argv) and later.value <> earlier.value;
    if v_changed is not null then
        new.revision := old.revision + 1;
        perform private.audit(
            left(tg_table_name, -1) || '.edited', left(tg_table_name, -1), new.id, -- of events: event.edited
            coalesce((to_jsonb(new) ->> 'organizer_id')::uuid, (
                select events.organizer_id from public.events where events.id = (to_jsonb(new) ->> 'event_id')::uuid
            ), case tg_table_name when 'organizers' then new.id end),
            jsonb_build_object('revision', new.revision, 'changed', v_changed)
        );
    end if;
    return new;
end;
$$;
comment on function private.revise() is
'Row trigger: a change of one of the columns named to it is a new revision, and reaches the trail with what was before.';

-- Triggers run in the order of their names: this one after those that judge and complete the row.
create trigger revise before update on public.events
for each row execute function private.revise(
    'title', 'summary', 'description', 'language_code', 'venue_id', 'timezone', 'starts_at', 'ends_at', 'capacity', 'currency',
    'asks_phone', 'waitlist_keeps_price'
);
create trigger revise before update on public.ticket_types
for each row execute function private.revise(
    'name', 'description', 'price_cents', 'early_bird_price_cents', 'early_bird_until', 'group_min_quantity', 'group_percent',
    'vat_rate', 'capacity', 'min_per_order', 'max_per_order', 'requires_approval', 'sale_starts_at', 'sale_ends_at', 'access_code'
);
create trigger revise before update on public.venues
for each row execute function private.revise(
    'name', 'address', 'postal_code', 'city', 'country', 'latitude', 'longitude', 'timezone', 'capacity', 'hours'
);

-- The name of a team behind a person's meetups is the person's, which the trail would never forget.
create trigger revise before update on public.organizers
for each row when (new.personal_of is null) execute function private.revise('name', 'slug', 'about', 'website', 'hue');

create function private.changes_since(subject_id uuid, revision integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_object_agg(change.field, jsonb_build_object('before', change.before, 'now', change.now)), '{}')
        from (
            select
                edit.key as field,
                (array_agg(edit.value -> 'from' order by audit_entries.id))[1] as before,
                (array_agg(edit.value -> 'to' order by audit_entries.id desc))[1] as now
            from public.audit_entries
            cross join lateral jsonb_each(audit_entries.detail -> 'changed') as edit
            where audit_entries.subject_id = changes_since.subject_id and audit_entries.action like '%.edited'
                and (audit_entries.detail ->> 'revision')::integer > changes_since.revision
            group by edit.key
        ) as change
    );
end;
$$;
comment on function private.changes_since(uuid, integer) is
'What was edited after a revision, by column: {column: {before, now}}; empty texts and dates are null.';

create function private.last_editor(subject_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select profiles.display_name
        from public.audit_entries
        inner join public.profiles on profiles.user_id = audit_entries.actor_id
        where audit_entries.subject_id = last_editor.subject_id and audit_entries.action like '%.edited'
        order by audit_entries.id desc
        limit 1
    );
end;
$$;
comment on function private.last_editor(uuid) is 'The name of whoever edited a row last; null for programs and the dashboard.';

create function private.assert_revision(subject_id uuid, current integer, seen integer) returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if assert_revision.current is distinct from assert_revision.seen then
        raise sqlstate 'PT409' using message = 'edited_meanwhile', detail = jsonb_build_object(
            'revision', assert_revision.current, 'by', private.last_editor(assert_revision.subject_id),
            'changes', private.changes_since(assert_revision.subject_id, assert_revision.seen))::text,
            hint = 'Read it again, and send your changes with its present revision.';
    end if;
end;
$$;
comment on function private.assert_revision(uuid, integer, integer) is
'Whether an edit was made from what is there now. Refuses with edited_meanwhile and what changed.';
