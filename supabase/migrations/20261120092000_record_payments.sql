-- What Stripe tells of money, written down; and what decides whether an order may still have its seats.

create function private.order_of_facts(facts jsonb) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(
            (select checkouts.order_id from public.checkouts where checkouts.session_id = order_of_facts.facts ->> 'session_id'),
            (select payments.order_id from public.payments
                where payments.payment_intent_id = order_of_facts.facts ->> 'payment_intent_id' and payments.kind = 'payment'),
            (select orders.id from public.orders where orders.id = private.uuid_or_null(order_of_facts.facts ->> 'order_id'))
        )
    );
end;
$$;
comment on function private.order_of_facts(jsonb) is
'The order that facts from Stripe speak of: by the session we recorded, by a known payment, or by the order id in its metadata.';

create function private.note_stripe_event(stripe_event_id text, event_type text, object_id text, outcome text) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.stripe_events (id, type, object_id, outcome)
    select note_stripe_event.stripe_event_id, note_stripe_event.event_type, note_stripe_event.object_id, note_stripe_event.outcome
    where note_stripe_event.stripe_event_id is not null
    on conflict (id) do update set outcome = excluded.outcome where stripe_events.outcome = 'unknown_payment';
end;
$$;
comment on function private.note_stripe_event(text, text, text, text) is 'Remembers an event and what came of it, at last if it was told too early.';

create function private.request_refund(payment public.payments, reason text) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.payments (
        order_id, kind, method, refunded_payment_id, amount_cents, currency, status, reason, session_id, payment_intent_id, charge_id
    )
    values (
        request_refund.payment.order_id, 'refund', request_refund.payment.method, request_refund.payment.id, -request_refund.payment.amount_cents,
        request_refund.payment.currency, 'requested', request_refund.reason, request_refund.payment.session_id,
        request_refund.payment.payment_intent_id, request_refund.payment.charge_id
    );
end;
$$;
comment on function private.request_refund(public.payments, text) is 'Marks a whole payment to be given back; the worker asks Stripe.';

create function private.record_payment(placed public.orders, facts jsonb) returns public.payments
language plpgsql
set search_path = ''
as $$
declare
    v_payment public.payments;
begin
    insert into public.payments (
        order_id, kind, amount_cents, currency, status, reason, session_id, payment_intent_id, charge_id, charged_at
    )
    values (
        record_payment.placed.id, 'payment', (record_payment.facts ->> 'amount_cents')::integer,
        upper(record_payment.facts ->> 'currency'),
        case
            when (record_payment.facts ->> 'amount_cents')::integer = record_payment.placed.total_cents
                and upper(record_payment.facts ->> 'currency') = record_payment.placed.currency then 'succeeded'
            else 'review'
        end::public.payment_state,
        case
            when (record_payment.facts ->> 'amount_cents')::integer <> record_payment.placed.total_cents then 'wrong_amount'
            when upper(record_payment.facts ->> 'currency') <> record_payment.placed.currency then 'wrong_currency'
        end,
        record_payment.facts ->> 'session_id', record_payment.facts ->> 'payment_intent_id', record_payment.facts ->> 'charge_id',
        (record_payment.facts ->> 'charged_at')::timestamptz
    )
    returning * into v_payment;
    return v_payment;
end;
$$;
comment on function private.record_payment(public.orders, jsonb) is
'Writes the money that came in; an amount or currency that was not asked for waits for a person.';

create function private.seats_fit(placed public.orders, left_over jsonb) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select not exists (
            select
            from (
                select attendees.ticket_type_id, count(*) as number
                from public.attendees
                where attendees.order_id = seats_fit.placed.id and attendees.cancelled_at is null
                group by rollup (attendees.ticket_type_id)
            ) as needed
            where (seats_fit.left_over ->> coalesce(needed.ticket_type_id::text, 'event'))::integer < needed.number
        )
    );
end;
$$;
comment on function private.seats_fit(public.orders, jsonb) is
'Whether the seats of an order fit into what is left: {event, <ticket type>}.';

create function private.seats_are_free(placed public.orders) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select private.seats_fit(seats_are_free.placed, jsonb_object_agg(coalesce(level.ticket_type_id::text, 'event'), level.seats))
        from private.seats_left(seats_are_free.placed.event_id) as level
    );
end;
$$;
comment on function private.seats_are_free(public.orders) is
'Whether the seats of an order whose hold has lapsed are still there, after those who wait in line.';

create function private.seats_are_kept(placed public.orders) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select private.seats_fit(seats_are_kept.placed, jsonb_object_agg(coalesce(level.ticket_type_id::text, 'event'), level.seats))
        from private.free_seats(seats_are_kept.placed.event_id) as level
    );
end;
$$;
comment on function private.seats_are_kept(public.orders) is
'Whether nobody else has taken the seats of a lapsed hold that was not swept yet; those in line were not offered them.';

create function private.hold_stands(placed public.orders) returns boolean
language plpgsql
set search_path = ''
as $$
begin
    return (
        -- A hold that has lapsed but was not swept may have lost its places to another event at the same venue.
        select hold_stands.placed.status = 'pending'
            and (hold_stands.placed.expires_at > private.now() or (
                private.seats_are_kept(hold_stands.placed) and private.code_is_left(hold_stands.placed)
            ))
    );
end;
$$;
comment on function private.hold_stands(public.orders) is 'Whether a locked order still has its seats.';

create function private.event_is_open(event_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select exists (
            select from public.events
            where events.id = event_is_open.event_id and events.status = 'published' and events.starts_at > private.now()
        )
    );
end;
$$;
comment on function private.event_is_open(uuid) is 'Whether an event is still to come.';

create function private.event_awaits(placed public.orders) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    -- A meetup whose organizer pays late, and who has not tried again, is published after all.
    return (
        select events.starts_at > private.now() and (
            events.status = 'published' or (events.status = 'draft' and events.first_order_id = event_awaits.placed.id)
        )
        from public.events
        where events.id = event_awaits.placed.event_id
    );
end;
$$;
comment on function private.event_awaits(public.orders) is 'Whether an event can still take the people of a late payment.';

create function private.event_is_on(event_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select events.status <> 'cancelled' from public.events where events.id = event_is_on.event_id
    );
end;
$$;
comment on function private.event_is_on(uuid) is 'Whether an event has not been called off.';
