-- Orders that a team makes for somebody: free of charge, or sold at the desk.

create function private.free_of_charge(priced private.priced_line[]) returns private.priced_line[]
language sql immutable
set search_path = ''
as $$
    select array_agg(row(
        line.position, line.ticket_type_id, line.name, line.quantity, line.list_price_cents, 0,
        line.list_price_cents * line.quantity, 0, 0, line.vat_rate, array['comp'], null
    )::private.priced_line order by line.position)
    from unnest(free_of_charge.priced) as line
$$;
comment on function private.free_of_charge(private.priced_line[]) is 'The same lines at no price: the discount is all of it.';

create function private.priced_by_hand(event public.events, lines jsonb) returns private.priced_line[]
language plpgsql stable
set search_path = ''
as $$
declare
    v_priced private.priced_line[];
begin
    -- A team is bound by seats, not by sale windows or numbers per order.
    perform private.check_lines(priced_by_hand.lines);
    if exists (
        select from jsonb_array_elements(priced_by_hand.lines) as line where (line ->> 'quantity')::integer not between 1 and 100
    ) then
        raise sqlstate 'PT422' using message = 'quantity_out_of_range', detail = jsonb_build_object('min', 1, 'max', 100)::text;
    end if;
    if (
        select sum(ticket_types.price_cents::bigint * (line ->> 'quantity')::integer)
        from jsonb_array_elements(priced_by_hand.lines) as line
        inner join public.ticket_types on ticket_types.id = (line ->> 'ticket_type_id')::uuid
    ) > 99999999 then
        raise sqlstate 'PT422' using message = 'total_too_large', hint = 'Split the order: no order is worth more than 999,999.99.';
    end if;
    v_priced := array(select line from private.price_lines(priced_by_hand.event.id, priced_by_hand.lines, null, private.now()) as line);
    if cardinality(v_priced) < jsonb_array_length(priced_by_hand.lines) then
        raise sqlstate 'PT422' using message = 'unknown_ticket_type', hint = 'Every ticket type must be one of this event.';
    end if;
    perform private.check_attendees(priced_by_hand.lines);
    return v_priced;
end;
$$;
comment on function private.priced_by_hand(public.events, jsonb) is
'What a team puts into an order at the desk, at today''s prices. Refuses with quantity_out_of_range, total_too_large, unknown_ticket_type and the words of
check_lines and check_attendees.';

create function private.assert_seats(event public.events, priced private.priced_line[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_short record;
begin
    if assert_seats.event.status <> 'published' or assert_seats.event.ends_at <= private.now() then
        raise sqlstate 'PT409' using message = 'sale_closed', hint = 'The event must be on show and not over.';
    end if;
    select
        level.seats as remaining,
        coalesce(level.ticket_type_id, case when cardinality(assert_seats.priced) = 1 then (assert_seats.priced[1]).ticket_type_id end) as ticket_type_id
    into v_short
    from (
        select line.ticket_type_id, line.quantity::integer as quantity from unnest(assert_seats.priced) as line
        union all
        select null, sum(line.quantity)::integer from unnest(assert_seats.priced) as line
    ) as asked
    inner join private.seats_left(assert_seats.event.id) as level on level.ticket_type_id is not distinct from asked.ticket_type_id
    where level.seats < asked.quantity
    order by level.seats, level.ticket_type_id
    limit 1;
    if found then
        raise sqlstate 'PT409' using message = 'sold_out', hint = 'Those who wait in line come first.',
            detail = jsonb_build_object('left', v_short.remaining, 'ticket_type_id', v_short.ticket_type_id)::text;
    end if;
end;
$$;
comment on function private.assert_seats(public.events, private.priced_line[]) is
'Whether so many seats are free of an event whose pools are locked, after those who wait in line. Refuses with sale_closed, sold_out.';

insert into private.limits (name, amount, per) values ('orders_by_desk', 300, '1 day');

create function private.limit_desk(organizer_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('desk:' || limit_desk.organizer_id, 1));
    if (
        select count(*) >= limits.amount
        from private.limits
        inner join private.order_requests
            on order_requests.person = 'team:' || limit_desk.organizer_id and order_requests.created_at > private.now() - limits.per
        where limits.name = 'orders_by_desk'
        group by limits.amount
    ) then
        raise sqlstate 'PT429' using message = 'too_many_orders', hint = 'The operator may raise private.limits for a large door sale.',
            detail = '{"retry_after": 3600}';
    end if;
end;
$$;
comment on function private.limit_desk(uuid) is
'How many people a team may seat in a day, each of whom gets a mail. Refuses with too_many_orders.';

create function private.order_by_hand(
    event public.events, priced private.priced_line[], lines jsonb, buyer jsonb, payment text, note text, locale text, idempotency_key text
) returns public.orders
language plpgsql
set search_path = ''
as $$
declare
    v_team text := 'team:' || order_by_hand.event.organizer_id; -- a team's orders count for no person's limits
    v_digest bytea := extensions.digest(jsonb_build_array(
        order_by_hand.event.id, order_by_hand.lines, order_by_hand.buyer, order_by_hand.payment, order_by_hand.note)::text, 'sha256');
    v_buyer private.buyer := private.read_buyer(order_by_hand.buyer);
    v_order public.orders;
begin
    if order_by_hand.idempotency_key is not null then
        v_order := private.repeated_order(v_team, order_by_hand.idempotency_key, v_digest);
        if v_order.id is not null then
            return v_order;
        end if;
    end if;
    perform private.check_buyer(v_buyer, false);
    perform private.limit_desk(order_by_hand.event.organizer_id);
    perform private.lock_pools(order_by_hand.event.id);
    perform private.expire_lapsed(order_by_hand.event.id);
    if exists (
        select from public.orders
        where orders.event_id = order_by_hand.event.id and orders.status in ('pending', 'awaiting_approval')
            and orders.buyer_id is null and orders.buyer_email = v_buyer.email
    ) then
        raise sqlstate 'PT409' using message = 'address_has_order', hint = 'Take the money for the order under way, or use another address.';
    end if;
    perform private.assert_seats(events, order_by_hand.priced) from public.events where events.id = order_by_hand.event.id;
    v_order := private.insert_order(order_by_hand.event, order_by_hand.priced, order_by_hand.lines, v_buyer, row(
        'pending', private.now() + interval '1 minute', null, case when order_by_hand.locale = 'fr' then 'fr' else 'en' end
    )::private.order_terms);
    insert into private.order_requests (order_id, account, person, idempotency_key, digest, created_at)
    values (v_order.id, v_team, v_team, order_by_hand.idempotency_key, v_digest, private.now());
    return v_order;
end;
$$;
comment on function private.order_by_hand(public.events, private.priced_line[], jsonb, jsonb, text, text, text, text) is
'Writes an order for somebody at a team''s desk; a repeated key answers the first one. Refuses with idempotency_key_reused,
address_has_order, too_many_orders and the words of check_buyer and assert_seats.';

create function public.read_desk(event_id uuid, organizer text) returns jsonb
language plpgsql stable security definer -- a team sees its event by right
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(read_desk.event_id, 'orders:write');
    v_organizer public.organizers := private.teams_organizer(read_desk.organizer, 'orders:write');
begin
    if v_event.organizer_id <> v_organizer.id then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The event is another organizer''s.';
    end if;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'event', private.event_name(v_event),
        'currency', v_event.currency,
        'ticket_types', private.offers_among(v_event, array(select ticket_types.id from public.ticket_types where ticket_types.event_id = v_event.id))
    );
end;
$$;
comment on function public.read_desk(uuid, text) is
'What a team may give or sell at an event: {workspace, event, currency, ticket_types}. Refuses with not_found, not_permitted.';

create function public.quote_desk(event_id uuid, lines jsonb, free boolean default false) returns jsonb
language plpgsql stable security definer -- a team prices its hidden ticket types too, by right
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(quote_desk.event_id, 'orders:write');
    v_lines private.priced_line[] := '{}';
begin
    if quote_desk.lines <> '[]' then
        v_lines := private.priced_by_hand(v_event, quote_desk.lines);
    end if;
    return private.sum_lines(case when quote_desk.free then private.free_of_charge(v_lines) else v_lines end, v_event.currency);
end;
$$;
comment on function public.quote_desk(uuid, jsonb, boolean) is
'What is to pay for seats that a team sells itself, now, or gives away: as quote, of any ticket type; nothing for no lines.
Refuses with not_found, not_permitted and the words of priced_by_hand.';

create function public.create_comp_order(
    event_id uuid, lines jsonb, buyer jsonb, locale text default 'en', note text default null, idempotency_key text default null
) returns jsonb
language plpgsql security definer -- takes seats by right, which no client may do itself
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(create_comp_order.event_id, 'orders:write');
    v_order public.orders;
begin
    v_order := private.order_by_hand(
        v_event, private.free_of_charge(private.priced_by_hand(v_event, create_comp_order.lines)), create_comp_order.lines,
        create_comp_order.buyer, 'comp', create_comp_order.note, create_comp_order.locale, create_comp_order.idempotency_key
    );
    if v_order.status = 'pending' then
        update public.orders set status = 'confirmed', status_reason = 'comp', payment_status = 'paid' where orders.id = v_order.id;
        perform public.add_order_note(v_order.reference, create_comp_order.note) where create_comp_order.note ~ '\S';
    end if;
    return public.read_team_order(v_order.reference);
end;
$$;
comment on function public.create_comp_order(uuid, jsonb, jsonb, text, text, text) is
'Gives somebody seats free of charge: the order, confirmed, its mail on the way. lines and buyer as in place_order.
Refuses with not_found, not_permitted, note_invalid and the words of priced_by_hand and order_by_hand.';

create function public.create_paid_order(
    event_id uuid, lines jsonb, buyer jsonb, method public.payment_method, locale text default 'en', note text default null,
    idempotency_key text default null
) returns jsonb
language plpgsql security definer -- takes seats and records money by right, which no client may do itself
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(create_paid_order.event_id, 'orders:write');
    v_order public.orders;
begin
    perform private.teams_event(v_event.id, 'payments:write');
    v_order := private.order_by_hand(
        v_event, private.priced_by_hand(v_event, create_paid_order.lines), create_paid_order.lines, create_paid_order.buyer,
        create_paid_order.method::text, create_paid_order.note, create_paid_order.locale, create_paid_order.idempotency_key
    );
    if v_order.status = 'pending' then
        perform private.assert_takes_money(v_order, create_paid_order.method);
        if v_order.total_cents > 0 then
            perform private.take_by_hand(v_order, create_paid_order.method);
        else
            update public.orders set status = 'confirmed', payment_status = 'paid' where orders.id = v_order.id;
        end if;
        perform public.add_order_note(v_order.reference, create_paid_order.note) where create_paid_order.note ~ '\S';
    end if;
    return public.read_team_order(v_order.reference);
end;
$$;
comment on function public.create_paid_order(uuid, jsonb, jsonb, public.payment_method, text, text, text) is
'Sells somebody seats at the desk, paid in cash or by bank transfer: the order, confirmed, its mail on the way.
Refuses with not_found, not_permitted, note_invalid and the words of priced_by_hand, order_by_hand and assert_takes_money.';
