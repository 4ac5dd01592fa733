-- A team makes, edits, arranges and deletes ticket types. What was ordered has its own copy of every price and never changes.

create function private.teams_ticket_type(ticket_type_id uuid, permission text) returns public.ticket_types
language plpgsql stable security definer -- looks past sight to tell a missing ticket type from a missing right
set search_path = ''
as $$
declare
    v_type public.ticket_types;
begin
    select * into v_type from public.ticket_types where ticket_types.id = teams_ticket_type.ticket_type_id;
    perform private.teams_event(v_type.event_id, teams_ticket_type.permission);
    return v_type;
end;
$$;
comment on function private.teams_ticket_type(uuid, text) is
'A ticket type of an event in whose team the caller has a permission. Refuses with not_found, not_permitted.';

create function public.create_ticket_type(event_id uuid, ticket_type jsonb) returns jsonb
language plpgsql security definer -- ticket types are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_event public.events := private.locked_event((private.teams_event(create_ticket_type.event_id, 'events:write')).id);
    v_base public.ticket_types := private.ticket_type_defaults(v_event.id);
    v_type public.ticket_types := private.edited_ticket_type(v_base, create_ticket_type.ticket_type, v_event.timezone);
    v_answer jsonb := private.answered_before('create_ticket_type', jsonb_build_array(create_ticket_type.event_id, create_ticket_type.ticket_type));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    perform private.assert_editable(v_event);
    if (select count(*) from public.ticket_types where ticket_types.event_id = v_event.id) >= 20 then
        raise sqlstate 'PT409' using message = 'ticket_types_invalid', hint = 'Twenty are the most.';
    end if;
    perform private.refuse_input(private.ticket_type_faults(v_base, v_type, v_event, create_ticket_type.ticket_type));
    v_type.id := gen_random_uuid();
    v_type.revision := 1;
    v_type.created_at := now();
    v_type.updated_at := now();
    insert into public.ticket_types select v_type.*;
    perform private.audit('ticket_type.created', 'ticket_type', v_type.id, v_event.organizer_id,
        jsonb_build_object('event_id', v_event.id, 'name', v_type.name, 'price_cents', v_type.price_cents));
    return private.keep_answer(private.team_ticket_type(v_type));
end;
$$;
comment on function public.create_ticket_type(uuid, jsonb) is
'Adds a ticket type to an event: {name, price_cents, …}. Refuses with not_found, not_permitted, event_is_closed, ticket_types_invalid,
invalid_input, idempotency_key_reused.';

create function public.update_ticket_type(ticket_type_id uuid, revision integer, changes jsonb) returns jsonb
language plpgsql security definer -- ticket types are edited by right, and written by functions alone
set search_path = ''
as $$
declare
    v_type public.ticket_types := private.teams_ticket_type(update_ticket_type.ticket_type_id, 'events:write');
    v_event public.events := private.locked_event(v_type.event_id);
    v_base public.ticket_types;
    v_edits jsonb;
begin
    perform private.assert_editable(v_event);
    select * into v_base from public.ticket_types where ticket_types.id = v_type.id for no key update;
    perform private.assert_revision(v_base.id, v_base.revision, update_ticket_type.revision);
    v_edits := private.exact_moments(update_ticket_type.changes, jsonb_build_object('early_bird_until', v_base.early_bird_until,
        'sale_starts_at', v_base.sale_starts_at, 'sale_ends_at', v_base.sale_ends_at), v_event.timezone);
    v_type := private.edited_ticket_type(v_base, v_edits, v_event.timezone);
    perform private.refuse_input(private.ticket_type_faults(v_base, v_type, v_event, v_edits));
    update public.ticket_types
    set name = v_type.name, description = v_type.description, price_cents = v_type.price_cents,
        early_bird_price_cents = v_type.early_bird_price_cents, early_bird_until = v_type.early_bird_until,
        group_min_quantity = v_type.group_min_quantity, group_percent = v_type.group_percent, vat_rate = v_type.vat_rate,
        capacity = v_type.capacity, min_per_order = v_type.min_per_order, max_per_order = v_type.max_per_order,
        requires_approval = v_type.requires_approval, sale_starts_at = v_type.sale_starts_at, sale_ends_at = v_type.sale_ends_at,
        access_code = v_type.access_code
    where ticket_types.id = v_type.id
    returning * into v_type;
    return private.team_ticket_type(v_type);
end;
$$;
comment on function public.update_ticket_type(uuid, integer, jsonb) is
'Changes the fields that are named, if the ticket type is still at the revision that was read; what was ordered keeps its price.
Refuses with not_found, not_permitted, event_is_closed, edited_meanwhile, invalid_input.';

create function public.delete_ticket_type(ticket_type_id uuid) returns jsonb
language plpgsql security definer -- ticket types are deleted by right
set search_path = ''
as $$
declare
    v_type public.ticket_types := private.teams_ticket_type(delete_ticket_type.ticket_type_id, 'events:write');
    v_event public.events := private.locked_event(v_type.event_id);
begin
    if exists (select from public.order_lines where order_lines.ticket_type_id = v_type.id)
        or exists (select from public.waitlist_entries where waitlist_entries.ticket_type_id = v_type.id) then
        raise sqlstate 'PT409' using message = 'ticket_type_was_ordered', hint = 'End its sale instead: set sale_ends_at.';
    elsif v_event.status <> 'draft' and not exists (
        select from public.ticket_types where ticket_types.event_id = v_event.id and ticket_types.id <> v_type.id
    ) then
        raise sqlstate 'PT409' using message = 'ticket_type_missing', hint = 'The last ticket type of an event on show stays.';
    end if;
    delete from public.ticket_types where ticket_types.id = v_type.id;
    perform private.audit('ticket_type.deleted', 'ticket_type', v_type.id, v_event.organizer_id,
        jsonb_build_object('event_id', v_event.id, 'name', v_type.name));
    return jsonb_build_object('event_id', v_event.id);
end;
$$;
comment on function public.delete_ticket_type(uuid) is
'Deletes a ticket type that nobody ever ordered or waited for. Refuses with not_found, not_permitted, ticket_type_was_ordered,
ticket_type_missing.';

create function public.arrange_ticket_types(event_id uuid, ticket_type_ids uuid[]) returns jsonb
language plpgsql security definer -- ticket types are arranged by right
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(arrange_ticket_types.event_id, 'events:write');
begin
    update public.ticket_types set position = named.place
    from unnest(arrange_ticket_types.ticket_type_ids) with ordinality as named (id, place)
    where ticket_types.id = named.id and ticket_types.event_id = v_event.id and ticket_types.position <> named.place;
    return private.team_event(v_event);
end;
$$;
comment on function public.arrange_ticket_types(uuid, uuid[]) is
'Puts the ticket types of an event into the order named; others'' are passed by. Refuses with not_found, not_permitted.';

create function private.prices_at(event public.events, type public.ticket_types, instant timestamptz) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_agg(jsonb_build_object('quantity', priced.quantity, 'total_cents', priced.total_cents,
            'unit_price_cents', priced.unit_price_cents, 'applied', to_jsonb(priced.applied)) order by priced.quantity)
        from (select distinct wished from unnest(array[1, 3, 5, prices_at.type.group_min_quantity]) as wished where wished is not null) as asked
        cross join lateral private.price_lines(prices_at.event.id, jsonb_build_array(
            jsonb_build_object('ticket_type_id', prices_at.type.id, 'quantity', asked.wished)), null, prices_at.instant, prices_at.type) as priced
    );
end;
$$;
comment on function private.prices_at(public.events, public.ticket_types, timestamptz) is
'What 1, 3 and 5 seats of a ticket type cost at an instant, and as many as its group price asks for.';

create function private.price_preview(event public.events, type public.ticket_types) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'currency', price_preview.event.currency,
        'timezone', price_preview.event.timezone,
        'now', private.prices_at(price_preview.event, price_preview.type, private.now()),
        'early_bird_until', case when price_preview.type.early_bird_until >= private.now() then price_preview.type.early_bird_until end,
        'later', case when price_preview.type.early_bird_until >= private.now() then private.prices_at(
            price_preview.event, price_preview.type, price_preview.type.early_bird_until + interval '1 microsecond') end
    );
end;
$$;
comment on function private.price_preview(public.events, public.ticket_types) is
'What a ticket type costs now and, where an early-bird price is running, once that is over: {currency, timezone, now, early_bird_until, later}.';

create function public.read_team_ticket_type(ticket_type_id uuid) returns jsonb
language plpgsql stable security definer -- teams see their drafts, and programs with a key are nobody to row-level security
set search_path = ''
as $$
declare
    v_type public.ticket_types := private.teams_ticket_type(read_team_ticket_type.ticket_type_id, 'events:read');
    v_event public.events;
    v_organizer public.organizers;
begin
    select * into v_event from public.events where events.id = v_type.event_id;
    select * into v_organizer from public.organizers where organizers.id = v_event.organizer_id;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'event', private.team_event_card(v_event),
        'ticket_type', private.team_ticket_type(v_type),
        'preview', private.price_preview(v_event, v_type)
    );
end;
$$;
comment on function public.read_team_ticket_type(uuid) is
'A ticket type as its team edits it: {workspace, event, ticket_type, preview}. Refuses with not_found, not_permitted.';

create function public.quote_ticket_type(event_id uuid, ticket_type_id uuid, edits jsonb) returns jsonb
language plpgsql stable security definer -- prices what a team is thinking about, by right
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(quote_ticket_type.event_id, 'events:write');
    v_type public.ticket_types := private.ticket_type_defaults(v_event.id);
begin
    if quote_ticket_type.ticket_type_id is not null then
        v_type := private.teams_ticket_type(quote_ticket_type.ticket_type_id, 'events:write');
    end if;
    v_type := private.edited_ticket_type(v_type, quote_ticket_type.edits, v_event.timezone);
    v_type.id := coalesce(v_type.id, gen_random_uuid());
    perform private.refuse_input(private.price_faults(v_type, v_event, quote_ticket_type.edits)
        || private.moment_faults(quote_ticket_type.edits, '{early_bird_until}', v_event.timezone));
    return private.price_preview(v_event, v_type);
end;
$$;
comment on function public.quote_ticket_type(uuid, uuid, jsonb) is
'What a ticket type would cost with what is typed, which changes nothing: {currency, timezone, now, early_bird_until, later}.
Refuses with not_found, not_permitted, invalid_input.';
