-- The only place where prices are computed: for the page, the API and Stripe alike.

create function private.price_now(ticket_type public.ticket_types) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    return case
        when price_now.ticket_type.early_bird_until is null then price_now.ticket_type.price_cents
        when price_now.ticket_type.early_bird_until >= private.now() then price_now.ticket_type.early_bird_price_cents
        else price_now.ticket_type.price_cents
    end;
end;
$$;
comment on function private.price_now(public.ticket_types) is 'The price of one seat at this instant; early-bird applies through its last instant.';

create function private.ticket_sale(ticket_type public.ticket_types, event public.events, seats integer) returns text
language plpgsql stable
set search_path = ''
as $$
declare
    v_instant timestamptz := private.now();
begin
    return case
        when ticket_sale.event.status in ('draft', 'awaiting_payment') then 'not_yet'
        when ticket_sale.event.status <> 'published' or ticket_sale.event.starts_at <= v_instant
            or ticket_sale.ticket_type.sale_ends_at <= v_instant then 'ended'
        when ticket_sale.ticket_type.sale_starts_at > v_instant then 'not_yet'
        when ticket_sale.seats <= 0 then 'sold_out'
        else 'on_sale'
    end;
end;
$$;
comment on function private.ticket_sale(public.ticket_types, public.events, integer) is
'Whether a ticket type is on_sale, not_yet, ended or sold_out at this instant, with so many seats left.';

create type private.priced_line as (
    position smallint, ticket_type_id uuid, name text, quantity smallint, list_price_cents integer, unit_price_cents integer,
    discount_cents integer, tax_cents integer, total_cents integer, vat_rate numeric(4, 2), applied text[], group_min_quantity smallint -- noqa: LT01
);

create function private.check_lines(lines jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
    if jsonb_typeof(check_lines.lines) is distinct from 'array' or jsonb_array_length(check_lines.lines) not between 1 and 20 then
        raise sqlstate 'PT422' using message = 'lines_missing', hint = 'Name one to twenty ticket types with a quantity each.';
    end if;
    if exists (
        select from jsonb_array_elements(check_lines.lines) as line
        where jsonb_typeof(line) <> 'object' or jsonb_typeof(line -> 'quantity') is distinct from 'number'
            or (line ->> 'quantity') !~ '^-?\d{1,9}$'
            or private.uuid_or_null(line ->> 'ticket_type_id') is null
    ) then
        raise sqlstate 'PT422' using message = 'lines_invalid', hint = 'Each line is {ticket_type_id, quantity}.';
    end if;
    if jsonb_array_length(check_lines.lines) > (
        select count(distinct lower(line ->> 'ticket_type_id')) from jsonb_array_elements(check_lines.lines) as line
    ) then
        raise sqlstate 'PT422' using message = 'ticket_type_repeated', hint = 'Add the quantities up in one line.';
    end if;
end;
$$;
comment on function private.check_lines(jsonb) is 'The shape of ordered lines. Refuses with lines_missing, lines_invalid, ticket_type_repeated.';

create function private.price_lines(
    event_id uuid, lines jsonb, code public.promotion_codes, priced_at timestamptz, draft public.ticket_types default null
)
returns setof private.priced_line
language plpgsql stable security definer -- hidden ticket types are priced for whoever has their word, which price_order makes sure of
set search_path = ''
as $$
begin
    return query
    with listed as (
        select
            given.position::smallint as position, asked.quantity, ticket_types.id, ticket_types.name, ticket_types.vat_rate, ticket_types.group_min_quantity,
            ticket_types.group_percent, ticket_types.price_cents as list_price,
            coalesce(ticket_types.early_bird_until >= price_lines.priced_at, false) as early_bird,
            asked.quantity * case when ticket_types.early_bird_until >= price_lines.priced_at
                then ticket_types.early_bird_price_cents else ticket_types.price_cents end as plain
        from jsonb_array_elements(price_lines.lines) with ordinality as given (line, position)
        cross join lateral (select (given.line ->> 'quantity')::bigint as quantity) as asked
        cross join lateral (
            select stored.* from public.ticket_types as stored
            where stored.id = (given.line ->> 'ticket_type_id')::uuid and stored.event_id = price_lines.event_id and (price_lines.draft).id is null
            union all
            select (price_lines.draft).* where (price_lines.draft).id is not null
        ) as ticket_types
    ),
    reduced as (
        -- Early-bird and group prices never come together.
        select
            listed.*,
            not listed.early_bird and coalesce(listed.quantity >= listed.group_min_quantity, false) as grouped,
            case
                when listed.early_bird or listed.quantity < listed.group_min_quantity then listed.plain
                else coalesce(private.percent_off(listed.plain, listed.group_percent), listed.plain)
            end as by_group,
            private.code_price(listed.plain, sum(listed.plain) over so_far, sum(listed.plain) over (), price_lines.code) as by_code
        from listed
        window so_far as (order by listed.position)
    ),
    chosen as (
        -- A code counts instead of group prices, never beside them: the buyer pays the lesser sum. What a code leaves over
        -- and Stripe cannot charge is free.
        select
            reduced.*,
            coalesce(sum(reduced.by_code) over () < sum(reduced.by_group) over (), false) as coded,
            sum(reduced.by_code) over () < private.minimum_charge(price_lines.event_id) as too_little
        from reduced
    )
    select
        chosen.position, chosen.id, chosen.name, chosen.quantity::smallint, chosen.list_price,
        round(sums.total::numeric / chosen.quantity)::integer, (chosen.list_price * chosen.quantity - sums.total)::integer,
        round(sums.total * chosen.vat_rate / (100 + chosen.vat_rate))::integer, sums.total::integer, chosen.vat_rate,
        array_remove(array[
            case when chosen.early_bird then 'early_bird' end,
            case when chosen.grouped and not chosen.coded then 'group' end,
            case when chosen.coded then 'code' end
        ], null),
        case when chosen.grouped and not chosen.coded then chosen.group_min_quantity end
    from chosen
    cross join lateral (
        select case when not chosen.coded then chosen.by_group when chosen.too_little then 0 else chosen.by_code end as total
    ) as sums
    order by chosen.position;
end;
$$;
comment on function private.price_lines(uuid, jsonb, public.promotion_codes, timestamptz, public.ticket_types) is
'Prices what is asked of an event as of an instant, line by line, VAT included, rounded half up per line. Lines of other events''
ticket types are left out. A draft is a ticket type that its team is still thinking about: it alone is priced.';

create function private.sum_lines(priced private.priced_line[], currency text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'currency', sum_lines.currency,
            'lines', coalesce(jsonb_agg(to_jsonb(line) order by line.position), '[]'),
            'subtotal_cents', sum(line.list_price_cents * line.quantity),
            'discount_cents', sum(line.discount_cents),
            'tax_cents', sum(line.tax_cents),
            'total_cents', sum(line.total_cents),
            'applied', (select coalesce(jsonb_agg(distinct word), '[]') from unnest(sum_lines.priced) as each, unnest(each.applied) as word)
        )
        from unnest(sum_lines.priced) as line
    );
end;
$$;
comment on function private.sum_lines(private.priced_line[], text) is 'A quote: priced lines and their sums.';

create function private.price_order(
    event public.events, lines jsonb, code public.promotion_codes, priced_at timestamptz default private.now()
) returns private.priced_line[]
language plpgsql stable security definer -- hidden ticket types are sold to whoever has their word
set search_path = ''
as $$
declare
    v_priced private.priced_line[];
    v_wrong public.ticket_types;
begin
    perform private.check_lines(price_order.lines);
    select ticket_types.* into v_wrong
    from jsonb_array_elements(price_order.lines) as line
    inner join public.ticket_types on ticket_types.id = (line ->> 'ticket_type_id')::uuid
        and ticket_types.event_id = price_order.event.id
    where (line ->> 'quantity')::integer not between ticket_types.min_per_order and ticket_types.max_per_order
    limit 1;
    if found then
        raise sqlstate 'PT422' using message = 'quantity_out_of_range', detail = jsonb_build_object(
            'ticket_type_id', v_wrong.id, 'min', v_wrong.min_per_order, 'max', v_wrong.max_per_order)::text;
    end if;
    if exists (
        select from jsonb_array_elements(price_order.lines) as line
        inner join public.ticket_types on ticket_types.id = (line ->> 'ticket_type_id')::uuid
            and ticket_types.event_id = price_order.event.id
        where ticket_types.access_code is not null and ticket_types.access_code is distinct from (price_order.code).code
    ) then
        raise sqlstate 'PT422' using message = 'unknown_ticket_type', hint = 'It is hidden: whoever has its word may buy it.';
    end if;
    v_priced := array(select line from private.price_lines(
        price_order.event.id, price_order.lines, price_order.code, price_order.priced_at
    ) as line);
    if cardinality(v_priced) < jsonb_array_length(price_order.lines) then
        raise sqlstate 'PT422' using message = 'unknown_ticket_type', hint = 'Every ticket type must be one of this event.';
    end if;
    if (select sum(line.list_price_cents::bigint * line.quantity) from unnest(v_priced) as line) > 99999999 then
        raise sqlstate 'PT422' using message = 'total_too_large', hint = 'Split the order: Stripe charges at most 999,999.99 at once.';
    end if;
    return v_priced;
end;
$$;
comment on function private.price_order(public.events, jsonb, public.promotion_codes, timestamptz) is
'Judges and prices what is asked of one event. Refuses with quantity_out_of_range, unknown_ticket_type, total_too_large.';

create function private.visible_event(slug text) returns public.events
language plpgsql stable
set search_path = ''
as $$
declare
    -- Found first and looked at then: under row-level security, one condition with both would read the whole table.
    v_id uuid := coalesce(
        private.uuid_or_null(visible_event.slug), (select events.id from public.events where events.slug = visible_event.slug)
    );
    v_event public.events;
begin
    select * into v_event from public.events where events.id = v_id;
    if v_event.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such event, or it is not published.';
    end if;
    return v_event;
end;
$$;
comment on function private.visible_event(text) is 'The event of this slug or id that the caller may see. Refuses with not_found.';

create function public.quote(event_id uuid, lines jsonb, code text default null) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events := private.visible_event(quote.event_id::text);
    v_tried private.tried_code := private.try_code(v_event, quote.code);
begin
    if v_tried.refusal is not null then
        return private.answer_refused(v_tried.refusal);
    end if;
    return private.sum_lines(private.price_order(v_event, quote.lines, v_tried.code), v_event.currency);
end;
$$;
comment on function public.quote(uuid, jsonb, text) is
'What [{ticket_type_id, quantity}] of an event cost now: {currency, lines, subtotal_cents, discount_cents, tax_cents, total_cents,
applied}. Refuses with not_found, lines_missing, lines_invalid, ticket_type_repeated, quantity_out_of_range, unknown_ticket_type,
total_too_large, code_unknown, code_not_valid_now, code_used_up, too_many_codes.';
