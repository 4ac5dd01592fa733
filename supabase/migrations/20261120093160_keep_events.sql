-- A team makes, edits, publishes, withdraws and deletes its events.

create function private.insert_ticket_types(event public.events, types jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.ticket_types (
        event_id, name, description, position, price_cents, early_bird_price_cents, early_bird_until, group_min_quantity, group_percent,
        vat_rate, capacity, min_per_order, max_per_order, requires_approval, sale_starts_at, sale_ends_at,
        access_code
    )
    select
        event.id, type.name, type.description, given.place, type.price_cents, type.early_bird_price_cents, type.early_bird_until,
        type.group_min_quantity, type.group_percent, type.vat_rate, type.capacity, type.min_per_order, type.max_per_order,
        type.requires_approval, type.sale_starts_at, type.sale_ends_at, type.access_code
    from jsonb_array_elements(insert_ticket_types.types) with ordinality as given (edits, place)
    cross join lateral private.edited_ticket_type(private.ticket_type_defaults(event.id), given.edits, event.timezone) as type;
end;
$$;
comment on function private.insert_ticket_types(public.events, jsonb) is 'Writes the ticket types of a new event, in order.';

create function private.ticket_types_faults(event public.events, types jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    if jsonb_typeof(ticket_types_faults.types) is distinct from 'array' or jsonb_array_length(ticket_types_faults.types) > 20 then
        return '[{"field": "ticket_types", "code": "ticket_types_invalid"}]';
    end if;
    return (
        select coalesce(jsonb_agg(fault || jsonb_build_object(
            'field', 'ticket_types.' || given.place - 1 || '.' || (fault ->> 'field'))), '[]')
        from jsonb_array_elements(ticket_types_faults.types) with ordinality as given (edits, place)
        cross join private.ticket_type_defaults(event.id) as base
        cross join lateral private.edited_ticket_type(base, given.edits, event.timezone) as type
        cross join lateral jsonb_array_elements(private.ticket_type_faults(base, type, event, given.edits)) as fault
    );
end;
$$;
comment on function private.ticket_types_faults(public.events, jsonb) is
'What is wrong with the ticket types of a new event, fields named as in ticket_types.0.name.';

create function private.insert_event(event public.events) returns public.events
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events;
begin
    insert into public.events (
        id, organizer_id, policy_id, venue_id, slug, title, summary, description, language_code, timezone, starts_at, ends_at, capacity,
        currency, asks_phone, waitlist_keeps_price, cover_path
    )
    values (
        event.id, event.organizer_id, event.policy_id, event.venue_id, private.slug_of(event.title), event.title, event.summary,
        event.description, event.language_code, event.timezone, event.starts_at, event.ends_at, event.capacity, event.currency,
        event.asks_phone, event.waitlist_keeps_price, event.cover_path
    )
    returning * into v_event;
    perform private.audit('event.created', 'event', v_event.id, v_event.organizer_id, jsonb_build_object('title', v_event.title));
    return v_event;
end;
$$;
comment on function private.insert_event(public.events) is 'Writes a new draft, at an address of its own.';

create function private.assert_publishable(event public.events) returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if event.status <> 'draft' or exists (
        select from public.event_policies where event_policies.id = event.policy_id and event_policies.first_payment_required
    ) then
        raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'Only a draft is published; a meetup by the payment of its first seat.',
            detail = jsonb_build_object('from', event.status, 'to', 'published')::text;
    end if;
    perform private.refuse_input((
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
        from (values
            ('starts_at', 'start_in_past', event.starts_at <= private.now()),
            ('ticket_types', 'ticket_type_missing', not exists (
                select from public.ticket_types where ticket_types.event_id = event.id))
        ) as fault (field, code, found)
        where fault.found
    ));
end;
$$;
comment on function private.assert_publishable(public.events) is 'Whether a draft can go on show. Refuses with illegal_transition, invalid_input.';

create function private.locked_event(event_id uuid, new_venue_id uuid default null) returns public.events
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events;
begin
    select * into v_event from public.events where events.id = locked_event.event_id for no key update;
    perform from public.venues
    where venues.id in (v_event.venue_id, locked_event.new_venue_id)
    order by venues.id
    for no key update;
    perform private.lock_pools(locked_event.event_id);
    perform private.expire_lapsed(locked_event.event_id);
    select * into v_event from public.events where events.id = locked_event.event_id;
    return v_event;
end;
$$;
comment on function private.locked_event(uuid, uuid) is
'An event as it is once nobody else changes it or takes its seats, its venue or the one it moves to; lapsed holds are over. Locks in the
order of lock_pools.';

create function private.assert_editable(event public.events) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
    if assert_editable.event.status not in ('draft', 'awaiting_payment', 'published') then
        raise sqlstate 'PT409' using message = 'event_is_closed', hint = 'What is over or cancelled stays as it was.';
    end if;
end;
$$;
comment on function private.assert_editable(public.events) is 'Whether an event can still be edited. Refuses with event_is_closed.';

create function public.create_event(organizer text, event jsonb, publish boolean default false) returns jsonb
language plpgsql security definer -- events are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(create_event.organizer, 'events:write');
    v_kind text := coalesce(nullif(create_event.event ->> 'kind', ''), 'masterclass');
    v_types jsonb := coalesce(create_event.event -> 'ticket_types', '[]');
    v_base public.events := private.event_defaults(v_organizer.id);
    v_event public.events;
    v_answer jsonb := private.answered_before('create_event', jsonb_build_array(create_event.organizer, create_event.event, create_event.publish));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    v_base.venue_id := null; -- where an event takes place, and for how many, is said each time
    v_base.capacity := null;
    v_event := private.edited_event(v_base, create_event.event);
    v_event.id := gen_random_uuid();
    v_event.policy_id := (
        select event_policies.id from public.event_policies where event_policies.key = v_kind and not event_policies.first_payment_required
    );
    perform private.refuse_input(
        private.event_faults(v_base, v_event, create_event.event)
        || private.ticket_types_faults(v_event, v_types)
        || case when v_event.policy_id is null then '[{"field": "kind", "code": "kind_unknown"}]'::jsonb else '[]' end
        || case
            when create_event.publish and v_types = '[]' then '[{"field": "ticket_types", "code": "ticket_type_missing"}]'::jsonb
            else '[]'
        end
    );
    v_event := private.say_how_to_join(private.insert_event(v_event), create_event.event);
    perform private.insert_ticket_types(v_event, v_types);
    if create_event.publish then
        update public.events set status = 'published' where events.id = v_event.id returning * into v_event;
    end if;
    return private.keep_answer(private.team_event(v_event));
end;
$$;
comment on function public.create_event(text, jsonb, boolean) is
'Makes an event, with its ticket types, as a draft or published at once: {title, starts_at, ends_at?, venue_id? or timezone?, capacity?,
language?, currency?, kind?, summary?, description?, ticket_types?: [{name, price_cents, …}]}. Answers it as its team sees it.
Refuses with not_found, not_permitted, invalid_input, venue_full, idempotency_key_reused.';

create function public.update_event(event_id uuid, revision integer, changes jsonb) returns jsonb
language plpgsql security definer -- events are edited by right, and written by functions alone
set search_path = ''
as $$
declare
    v_id uuid := (private.teams_event(update_event.event_id, 'events:write')).id;
    v_base public.events := private.locked_event(v_id, private.uuid_or_null(update_event.changes ->> 'venue_id'));
    v_event public.events := private.edited_event(v_base, update_event.changes);
    v_edits jsonb := private.exact_moments(
        update_event.changes, jsonb_build_object('starts_at', v_base.starts_at, 'ends_at', v_base.ends_at), v_event.timezone);
begin
    perform private.assert_editable(v_base);
    perform private.assert_revision(v_id, v_base.revision, update_event.revision);
    v_event := private.edited_event(v_base, v_edits);
    perform private.refuse_input(private.event_faults(v_base, v_event, v_edits));
    update public.events
    set title = v_event.title, summary = v_event.summary, description = v_event.description, language_code = v_event.language_code,
        venue_id = v_event.venue_id, timezone = v_event.timezone, starts_at = v_event.starts_at, ends_at = v_event.ends_at,
        capacity = v_event.capacity, currency = v_event.currency, asks_phone = v_event.asks_phone,
        waitlist_keeps_price = v_event.waitlist_keeps_price
    where events.id = v_id
    returning * into v_event;
    v_event := private.say_how_to_join(v_event, v_edits);
    return private.team_event(v_event);
end;
$$;
comment on function public.update_event(uuid, integer, jsonb) is
'Changes the fields that are named, if the event is still at the revision that was read. Buyers are told of another time or place.
Refuses with not_found, not_permitted, event_is_closed, edited_meanwhile, invalid_input, venue_full and the words of its policy.';

create function public.publish_event(event_id uuid) returns jsonb
language plpgsql security definer -- events are published by right
set search_path = ''
as $$
declare
    v_event public.events := private.locked_event((private.teams_event(publish_event.event_id, 'events:write')).id);
begin
    perform private.assert_publishable(v_event);
    update public.events set status = 'published' where events.id = v_event.id returning * into v_event;
    return private.team_event(v_event);
end;
$$;
comment on function public.publish_event(uuid) is
'Puts a draft on show. Refuses with not_found, not_permitted, illegal_transition, invalid_input, venue_full.';

create function public.unpublish_event(event_id uuid) returns jsonb
language plpgsql security definer -- events are withdrawn by right
set search_path = ''
as $$
declare
    v_event public.events := private.locked_event((private.teams_event(unpublish_event.event_id, 'events:write')).id);
begin
    if v_event.status <> 'published' then
        raise sqlstate 'PT409' using message = 'illegal_transition',
            detail = jsonb_build_object('from', v_event.status, 'to', 'draft')::text;
    end if;
    update public.events set status = 'draft' where events.id = v_event.id returning * into v_event;
    return private.team_event(v_event);
end;
$$;
comment on function public.unpublish_event(uuid) is
'Makes a draft again of an event that nobody has seats at. Refuses with not_found, not_permitted, illegal_transition, event_has_orders.';

create function public.delete_event(event_id uuid) returns jsonb
language plpgsql security definer -- drafts are deleted by right
set search_path = ''
as $$
declare
    v_event public.events := private.locked_event((private.teams_event(delete_event.event_id, 'events:write')).id);
begin
    if v_event.status <> 'draft' then
        raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'Only drafts are deleted; cancel what is on show.',
            detail = jsonb_build_object('from', v_event.status, 'to', 'deleted')::text;
    elsif exists (select from public.orders where orders.event_id = v_event.id) then
        raise sqlstate 'PT409' using message = 'event_was_ordered', hint = 'Orders are kept, and so is what they are for.';
    end if;
    delete from public.waitlist_entries where waitlist_entries.event_id = v_event.id;
    delete from public.events where events.id = v_event.id;
    perform private.audit('event.deleted', 'event', v_event.id, v_event.organizer_id, jsonb_build_object('title', v_event.title));
    return jsonb_build_object('unused_cover_path', private.unused_cover(v_event.cover_path));
end;
$$;
comment on function public.delete_event(uuid) is
'Deletes a draft that nobody ever ordered: {unused_cover_path}, a picture that is shown nowhere any more.
Refuses with not_found, not_permitted, illegal_transition, event_was_ordered.';
