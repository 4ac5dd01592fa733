-- A ticket type as its team types it, and what is wrong with it.

create function private.edited_ticket_type(base public.ticket_types, edits jsonb, timezone text) returns public.ticket_types
language plpgsql stable
set search_path = ''
as $$
declare
    v_type public.ticket_types;
begin
    select (jsonb_populate_record(edited_ticket_type.base, coalesce(jsonb_object_agg(given.field, given.value), '{}'))).*
    into v_type
    from (
        select 'name' as field, to_jsonb(private.one_line(edits ->> 'name')) as value
        union all
        select 'description', to_jsonb(coalesce(private.one_line(edits ->> 'description'), ''))
        union all
        select 'vat_rate', to_jsonb(private.rate_or_null(edits ->> 'vat_rate'))
        union all
        select 'access_code', to_jsonb(upper(nullif(btrim(edits ->> 'access_code'), '')))
        union all
        select 'requires_approval', to_jsonb(coalesce((edits ->> 'requires_approval')::boolean, false))
        union all
        select field, to_jsonb(private.whole_number(edits ->> field))
        from unnest('{price_cents,early_bird_price_cents,capacity}'::text[]) as field
        union all
        select field, case
            when private.whole_number(edits ->> field) > 32767 then '32767' -- what their columns hold; far beyond any limit
            else to_jsonb(private.whole_number(edits ->> field))
        end
        from unnest('{group_min_quantity,group_percent,min_per_order,max_per_order}'::text[]) as field
        union all
        select field, to_jsonb(private.instant_of(edits ->> field, edited_ticket_type.timezone))
        from unnest('{early_bird_until,sale_starts_at,sale_ends_at}'::text[]) as field
    ) as given
    where edits ? given.field;
    return v_type;
end;
$$;
comment on function private.edited_ticket_type(public.ticket_types, jsonb, text) is
'A ticket type with what somebody typed laid over it; fields not named stay. What cannot be read is null: ticket_type_faults says so.';

create function private.rate_or_null(words text) returns numeric
language plpgsql immutable
set search_path = ''
as $$
begin
    return case when rate_or_null.words ~ '^\d{1,2}([.,]\d{1,2})?$' then replace(rate_or_null.words, ',', '.')::numeric end;
end;
$$;
comment on function private.rate_or_null(text) is 'A percentage such as 21 or 5.5; null when the words are none.';

create function private.last_vat_rate(organizer_id uuid) returns numeric
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select ticket_types.vat_rate
        from public.ticket_types
        inner join public.events on events.id = ticket_types.event_id
        where events.organizer_id = last_vat_rate.organizer_id
        order by ticket_types.created_at desc
        limit 1
    );
end;
$$;
comment on function private.last_vat_rate(uuid) is 'VAT in percent as a team charged it last; null before it ever did.';

create function private.ticket_type_defaults(event_id uuid) returns public.ticket_types
language plpgsql stable
set search_path = ''
as $$
declare
    v_type public.ticket_types;
begin
    v_type.event_id := ticket_type_defaults.event_id;
    v_type.name := 'Seat';
    v_type.description := '';
    v_type.vat_rate := coalesce(
        (select private.last_vat_rate(events.organizer_id) from public.events where events.id = ticket_type_defaults.event_id), 0);
    v_type.min_per_order := 1;
    v_type.max_per_order := 10;
    v_type.requires_approval := false;
    v_type.position := coalesce((
        select max(ticket_types.position) + 1 from public.ticket_types where ticket_types.event_id = ticket_type_defaults.event_id
    ), 0);
    return v_type;
end;
$$;
comment on function private.ticket_type_defaults(uuid) is 'What a new ticket type of an event begins with; VAT as its team charged it last.';

create function private.unreadable_numbers(edits jsonb, fields text[]) returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
    return array(
        select field from unnest(unreadable_numbers.fields) as field
        where coalesce(edits ->> field, '') <> '' and private.whole_number(edits ->> field) is null
    );
end;
$$;
comment on function private.unreadable_numbers(jsonb, text[]) is 'Which of these fields hold something that is no whole number.';

create function private.price_faults(type public.ticket_types, event public.events, edits jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_wrong text[] := private.unreadable_numbers(edits, '{price_cents,early_bird_price_cents,group_min_quantity,group_percent}');
    v_least integer := (select minimum_charges.cents from private.minimum_charges where minimum_charges.currency = event.currency);
    v_fixed integer := (select event_policies.price_cents from public.event_policies where event_policies.id = event.policy_id);
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
        from (values
            ('price_cents', 'price_invalid', coalesce(type.price_cents > 10000000, true)),
            ('price_cents', 'price_is_fixed', type.price_cents <> v_fixed),
            ('price_cents', 'price_below_minimum', type.price_cents between 1 and v_least - 1),
            ('early_bird_price_cents', 'price_invalid', 'early_bird_price_cents' = any(v_wrong)),
            ('early_bird_price_cents', 'price_below_minimum', type.early_bird_price_cents between 1 and v_least - 1),
            ('early_bird_price_cents', 'price_is_fixed', type.early_bird_price_cents is not null and v_fixed is not null),
            ('early_bird_price_cents', 'early_bird_not_lower', type.early_bird_price_cents >= type.price_cents),
            ('early_bird_price_cents', 'required', type.early_bird_until is not null and coalesce(edits ->> 'early_bird_price_cents', '') = ''
                and type.early_bird_price_cents is null),
            ('early_bird_until', 'required', type.early_bird_price_cents is not null and coalesce(edits ->> 'early_bird_until', '') = ''
                and type.early_bird_until is null),
            ('group_min_quantity', 'group_invalid', 'group_min_quantity' = any(v_wrong) or type.group_min_quantity not between 2 and 100
                or (type.group_min_quantity is null and type.group_percent is not null)),
            ('group_percent', 'percent_invalid', 'group_percent' = any(v_wrong) or type.group_percent not between 1 and 100),
            ('group_percent', 'group_invalid', type.group_percent is null and type.group_min_quantity is not null
                and 'group_percent' <> all(v_wrong)),
            ('group_percent', 'price_below_minimum', case
                -- A sum too large for its type is price_invalid, not a failure here.
                when type.group_percent between 1 and 99 and type.group_min_quantity between 2 and 100 and type.price_cents <= 10000000
                    then private.percent_off(type.price_cents::bigint * type.group_min_quantity, type.group_percent) between 1 and v_least - 1
            end)
        ) as fault (field, code, found)
        where fault.found
    );
end;
$$;
comment on function private.price_faults(public.ticket_types, public.events, jsonb) is 'What is wrong with the prices of a ticket type: [{field, code}].';

create function private.places_of(event public.events) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(places_of.event.capacity, (select venues.capacity from public.venues where venues.id = places_of.event.venue_id));
end;
$$;
comment on function private.places_of(public.events) is 'The most people an event takes: its own limit, or its venue''s.';

create function private.reach_faults(base public.ticket_types, type public.ticket_types, event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_most integer := private.places_of(event);
    v_new boolean := base.id is null; -- a sale that runs is ended by setting its end
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code) || case fault.code
            when 'capacity_above_event' then jsonb_build_object('most', v_most)
            when 'limits_above_capacity' then jsonb_build_object('most', least(nullif(type.capacity, 0), v_most))
            else '{}'
        end), '[]')
        from (values
            ('capacity', 'capacity_above_event', type.capacity > v_most and type.capacity is distinct from base.capacity),
            ('group_min_quantity', 'group_above_limit', type.group_min_quantity between type.max_per_order + 1 and 100
                and (type.group_min_quantity, type.max_per_order) is distinct from (base.group_min_quantity, base.max_per_order)),
            ('min_per_order', 'limits_above_capacity', type.min_per_order between least(nullif(type.capacity, 0), v_most) + 1 and 100
                and (type.min_per_order, type.capacity) is distinct from (base.min_per_order, base.capacity)),
            ('early_bird_until', 'time_passed', v_new and type.early_bird_until <= private.now()),
            ('sale_ends_at', 'time_passed', v_new and type.sale_ends_at <= private.now()),
            ('sale_starts_at', 'sale_after_start', type.sale_starts_at >= event.starts_at
                and type.sale_starts_at is distinct from base.sale_starts_at),
            ('early_bird_until', 'deadline_after_start', type.early_bird_until > event.starts_at
                and type.early_bird_until is distinct from base.early_bird_until),
            ('sale_ends_at', 'deadline_after_start', type.sale_ends_at > event.starts_at
                and type.sale_ends_at is distinct from base.sale_ends_at)
        ) as fault (field, code, found)
        where fault.found
    );
end;
$$;
comment on function private.reach_faults(public.ticket_types, public.ticket_types, public.events) is
'What nobody could ever buy of an edited ticket type: [{field, code}], with most where a number of seats is. Judged where it is edited: an
event that got smaller or was moved since does not make what nobody touched wrong.';

create function private.ticket_type_faults(
    base public.ticket_types, type public.ticket_types, event public.events, edits jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_wrong text[] := private.unreadable_numbers(edits, '{capacity,min_per_order,max_per_order}');
    v_taken bigint := (select taken.held + taken.sold from private.seats_taken(type.id) as taken);
begin
    return private.price_faults(type, event, edits) || private.reach_faults(base, type, event)
        || private.moment_faults(edits, '{early_bird_until,sale_starts_at,sale_ends_at}', event.timezone) || (
            select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)
                || case fault.code when 'capacity_below_sold' then jsonb_build_object('taken', v_taken) else '{}' end), '[]')
            from (values
                ('name', 'name_invalid', coalesce(length(type.name) > 80, true)),
                ('description', 'ticket_description_too_long', length(type.description) > 500),
                ('vat_rate', 'vat_invalid', coalesce(type.vat_rate not between 0 and 99, true)),
                ('capacity', 'capacity_invalid', 'capacity' = any(v_wrong) or type.capacity not between 1 and 1000000),
                ('capacity', 'capacity_below_sold', type.capacity < v_taken),
                ('min_per_order', 'limits_invalid', coalesce(type.min_per_order not between 1 and 100, true)),
                ('max_per_order', 'limits_invalid', coalesce(type.max_per_order not between type.min_per_order and 100, true)),
                ('access_code', 'code_invalid', type.access_code !~ '^[A-Z0-9][A-Z0-9-]{1,39}$'),
                ('sale_ends_at', 'sale_ends_first', type.sale_ends_at <= type.sale_starts_at)
            ) as fault (field, code, found)
            where fault.found
        );
end;
$$;
comment on function private.ticket_type_faults(public.ticket_types, public.ticket_types, public.events, jsonb) is
'What is wrong with an edited ticket type of an event: [{field, code}], with most or taken where a number of seats is. edits is what
was typed, base what was there before.';
