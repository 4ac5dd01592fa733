create type private.order_terms as (
    status public.order_status, expires_at timestamptz, promotion_code_id uuid, locale text
);

create function private.insert_order(
    event public.events, priced private.priced_line[], lines jsonb, buyer private.buyer, terms private.order_terms
) returns public.orders
language plpgsql
set search_path = ''
as $$
declare
    v_order public.orders;
begin
    insert into public.orders (
        reference, event_id, organizer_id, buyer_id, buyer_name, buyer_email, buyer_phone, locale, status, currency,
        subtotal_cents, discount_cents, tax_cents, total_cents, expires_at, promotion_code_id
    )
    select
        private.new_reference(), insert_order.event.id, insert_order.event.organizer_id, insert_order.buyer.user_id,
        insert_order.buyer.name, insert_order.buyer.email, insert_order.buyer.phone, insert_order.terms.locale,
        insert_order.terms.status, insert_order.event.currency, sum(line.list_price_cents * line.quantity),
        sum(line.discount_cents), sum(line.tax_cents), sum(line.total_cents), insert_order.terms.expires_at,
        insert_order.terms.promotion_code_id
    from unnest(insert_order.priced) as line
    returning * into v_order;

    with written as (
        insert into public.order_lines (
            order_id, position, ticket_type_id, name, quantity, list_price_cents, unit_price_cents, discount_cents, tax_cents,
            total_cents, vat_rate, applied, group_min_quantity
        )
        select
            v_order.id, line.position, line.ticket_type_id, line.name, line.quantity, line.list_price_cents,
            line.unit_price_cents, line.discount_cents, line.tax_cents, line.total_cents, line.vat_rate, line.applied,
            line.group_min_quantity
        from unnest(insert_order.priced) as line
        returning id, position, ticket_type_id, quantity
    )
    insert into public.attendees (order_id, order_line_id, event_id, ticket_type_id, position, name, email, phone)
    select
        v_order.id, written.id, v_order.event_id, written.ticket_type_id,
        row_number() over (order by written.position, seat),
        coalesce(private.one_line(person.given ->> 'name'), case when written.position = 1 and seat = 1 then v_order.buyer_name end),
        lower(nullif(btrim(person.given ->> 'email'), '')),
        nullif(btrim(person.given ->> 'phone'), '')
    from written
    cross join generate_series(1, written.quantity) as seat
    cross join lateral (
        select insert_order.lines -> (written.position - 1) -> 'attendees' -> (seat - 1) as given
    ) as person;
    if v_order.status = 'awaiting_approval' then
        perform private.queue_mail('order_requested', v_order, null);
    end if;
    return v_order;
end;
$$;
comment on function private.insert_order(public.events, private.priced_line[], jsonb, private.buyer, private.order_terms) is
'Writes an order, its lines and its attendees; the trigger on attendees takes the seats. One that waits for a yes is told of by mail.';

create function private.answer_order(placed public.orders) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select private.order_document(answer_order.placed) || case
            when answer_order.placed.buyer_id is null then jsonb_build_object('secret', private.order_secret(answer_order.placed.id))
            else '{}'
        end
    );
end;
$$;
comment on function private.answer_order(public.orders) is 'An order as its buyer gets it on placing: guests with the secret that opens it.';

create function private.repeated_order(account text, idempotency_key text, digest bytea) returns public.orders
language plpgsql
set search_path = ''
as $$
declare
    v_request private.order_requests;
    v_order public.orders;
begin
    -- Two requests with one key wait for each other here, so that the second finds what the first wrote.
    perform pg_advisory_xact_lock(hashtextextended(repeated_order.account || ' ' || repeated_order.idempotency_key, 0));
    select * into v_request
    from private.order_requests
    where order_requests.account = repeated_order.account and order_requests.idempotency_key = repeated_order.idempotency_key;
    if v_request.digest <> repeated_order.digest then
        raise sqlstate 'PT422' using message = 'idempotency_key_reused', hint = 'Take a new key for another order.';
    end if;
    select * into v_order from public.orders where orders.id = v_request.order_id;
    return v_order;
end;
$$;
comment on function private.repeated_order(text, text, bytea) is
'The order that this key has made already, empty if none. Refuses with idempotency_key_reused.';

create function private.assert_none_pending(event_id uuid, buyer private.buyer) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_pending public.orders;
begin
    -- Two questions, each with an index of its own: a hot event has thousands of pending orders.
    if (assert_none_pending.buyer).user_id is null then
        select * into v_pending
        from public.orders
        where orders.event_id = assert_none_pending.event_id and orders.status in ('pending', 'awaiting_approval')
            and orders.buyer_id is null and orders.buyer_email = (assert_none_pending.buyer).email;
    else
        select * into v_pending
        from public.orders
        where orders.event_id = assert_none_pending.event_id and orders.status in ('pending', 'awaiting_approval')
            and orders.buyer_id = (assert_none_pending.buyer).user_id;
    end if;
    if v_pending.expires_at <= private.now() then
        update public.orders set status = 'expired', status_reason = private.lapse_reason(orders.status) where orders.id = v_pending.id;
    elsif v_pending.id is not null then
        raise sqlstate 'PT409' using message = 'order_pending', hint = 'Pay it or give it back, then order again.',
            detail = jsonb_build_object('expires_at', v_pending.expires_at, 'reference',
                -- To a guest the reference is a clue about somebody else's order: an address proves nothing.
                case when (assert_none_pending.buyer).user_id is not null then v_pending.reference end)::text;
    end if;
end;
$$;
comment on function private.assert_none_pending(uuid, private.buyer) is
'One pending order per buyer and event: one that has lapsed is over. Refuses with order_pending; an account is told which.';

create function private.event_on_show(event_id uuid) returns public.events
language plpgsql stable
set search_path = ''
as $$
declare
    v_event public.events;
begin
    select * into v_event
    from public.events
    where events.id = event_on_show.event_id
        and (events.status in ('published', 'completed') or (events.status = 'cancelled' and events.published_at is not null));
    if v_event.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such event, or it is not published.';
    end if;
    return v_event;
end;
$$;
comment on function private.event_on_show(uuid) is
'The event as visitors see it, for functions that sight does not limit: nobody orders a draft, not even its team. Refuses with not_found.';

create function private.terms_of_order(event public.events, priced private.priced_line[], code public.promotion_codes, locale text)
returns private.order_terms
language plpgsql stable
set search_path = ''
as $$
declare
    v_terms private.order_terms;
    v_asks boolean := exists (
        select from public.ticket_types
        where ticket_types.id = any(array(select line.ticket_type_id from unnest(terms_of_order.priced) as line))
            and ticket_types.requires_approval
    );
begin
    v_terms.status := case when v_asks then 'awaiting_approval' else 'pending' end;
    v_terms.expires_at := (
        select case when v_asks then least(terms_of_order.event.starts_at, private.now() + event_policies.approval_wait)
            else private.now() + event_policies.hold end
        from public.event_policies
        where event_policies.id = terms_of_order.event.policy_id
    );
    if exists (select from unnest(terms_of_order.priced) as line where 'code' = any(line.applied)) then
        v_terms.promotion_code_id := terms_of_order.code.id;
    end if;
    v_terms.locale := case when terms_of_order.locale = 'fr' then 'fr' else 'en' end;
    return v_terms;
end;
$$;
comment on function private.terms_of_order(public.events, private.priced_line[], public.promotion_codes, text) is
'How a new order begins: held until an instant, or waiting until one for its organizer''s yes, which holds no seats.';

create function private.assert_price_seen(priced private.priced_line[], seen_cents integer) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
    v_total bigint := (select sum(line.total_cents) from unnest(assert_price_seen.priced) as line);
begin
    -- Paying less than one has seen, as with a code typed last, surprises nobody.
    if v_total > assert_price_seen.seen_cents then
        raise sqlstate 'PT409' using message = 'price_changed', hint = 'Show the new price, and ask again with it.',
            detail = jsonb_build_object('total_cents', v_total, 'seen_cents', assert_price_seen.seen_cents)::text;
    end if;
end;
$$;
comment on function private.assert_price_seen(private.priced_line[], integer) is
'Whether an order costs no more than its buyer has seen, where they say what that was. Refuses with price_changed.';

create function public.place_order(
    event_id uuid, lines jsonb, buyer jsonb default null, locale text default 'en', idempotency_key text default null,
    promotion_code text default null, seen_cents integer default null
) returns jsonb
language plpgsql security definer -- takes seats and writes an order, which no client may do itself
set search_path = '' set plan_cache_mode = force_generic_plan -- every statement in here finds rows by key: planned once
as $$
declare
    v_account text := coalesce(private.caller_id()::text, 'guest');
    v_digest bytea := extensions.digest(jsonb_build_array(
        place_order.event_id, place_order.lines, place_order.buyer, place_order.locale, place_order.promotion_code)::text, 'sha256');
    v_address inet := private.caller_address();
    v_event public.events;
    v_tried private.tried_code;
    v_buyer private.buyer;
    v_person text;
    v_priced private.priced_line[];
    v_order public.orders;
begin
    if place_order.idempotency_key is not null then
        v_order := private.repeated_order(v_account, place_order.idempotency_key, v_digest);
        if v_order.id is not null then
            return private.answer_order(v_order);
        end if;
    end if;
    v_event := private.event_on_show(place_order.event_id);
    v_tried := private.try_code(v_event, place_order.promotion_code);
    if v_tried.refusal is not null then
        return private.answer_refused(v_tried.refusal);
    end if;
    v_priced := private.price_order(v_event, place_order.lines, v_tried.code);
    perform private.assert_price_seen(v_priced, place_order.seen_cents);
    perform private.check_attendees(place_order.lines);
    v_buyer := private.buyer_of_order(v_event, place_order.buyer);
    v_person := coalesce(v_buyer.user_id::text, v_buyer.email);

    perform private.limit_orders(v_person, v_address);
    perform private.lock_pools(v_event.id);
    perform private.keep_account(v_buyer.user_id);
    perform private.make_room(v_event.id, v_priced);
    perform private.assert_none_pending(v_event.id, v_buyer);
    perform private.assert_room(v_event.id, v_priced);
    perform private.assert_code_left(v_tried.code, v_buyer);

    v_order := private.insert_order(
        v_event, v_priced, place_order.lines, v_buyer, private.terms_of_order(v_event, v_priced, v_tried.code, place_order.locale)
    );
    insert into private.order_requests (order_id, account, person, address, idempotency_key, digest, created_at)
    values (v_order.id, v_account, v_person, v_address, place_order.idempotency_key, v_digest, private.now());
    return private.answer_order(v_order);
end;
$$;
comment on function public.place_order(uuid, jsonb, jsonb, text, text, text, integer) is
'Holds seats: the order, pending, with its instant of lapse; a guest also gets its secret. Where a ticket type asks for approval it
waits for the organizer first and holds nothing. lines: [{ticket_type_id, quantity, attendees: [{name, email, phone}]}],
buyer: {name, email, phone} for guests; seen_cents: the total that the buyer saw. The same key with the same body answers the first order.
Refuses with not_found, too_many_codes, sold_out, price_changed, sale_closed, order_pending, too_many_orders, idempotency_key_reused, signed_out and the words of
quote and of the buyer''s fields.';
