create function private.event_of_order(event_id uuid) returns jsonb
language plpgsql stable security definer -- a buyer sees the event of their order even when it is withdrawn
set search_path = ''
as $$
begin
    -- Not the card of lists: seats left and prices now are no matter of an order, and cost half of reading it.
    return (
        select jsonb_build_object(
            'id', events.id, 'slug', events.slug, 'title', events.title, 'summary', events.summary, 'starts_at', events.starts_at,
            'ends_at', events.ends_at, 'timezone', events.timezone, 'language', events.language_code, 'status', events.status,
            'online', events.venue_id is null, 'asks_phone', events.asks_phone, 'city', venues.city, 'cover_path', events.cover_path, 'currency', events.currency,
            'upcoming', events.status = 'published' and events.starts_at > private.now(),
            'organizer', jsonb_build_object('slug', organizers.slug, 'name', organizers.name, 'hue', organizers.hue),
            'venue', case when venues.id is not null then jsonb_build_object(
                'id', venues.id, 'slug', venues.slug, 'name', venues.name, 'city', venues.city, 'address', venues.address,
                'postal_code', venues.postal_code, 'country', venues.country) end
        )
        from public.events
        inner join public.organizers on organizers.id = events.organizer_id
        left join public.venues on venues.id = events.venue_id
        where events.id = event_of_order.event_id
    );
end;
$$;
comment on function private.event_of_order(uuid) is 'The event that goes with an order, with the venue''s address.';

create function private.cancel_until(placed public.orders) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select events.starts_at - event_policies.cancellation_deadline
        from public.events
        inner join public.event_policies on event_policies.id = events.policy_id
        where events.id = cancel_until.placed.event_id
    );
end;
$$;
comment on function private.cancel_until(public.orders) is
'The instant from which buyers can no longer cancel; empty where the policy lets nobody cancel.';

create function private.cancellation_refusal(placed public.orders) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select case
            when cancellation_refusal.placed.status = 'cancelled' then 'already_cancelled'
            when cancellation_refusal.placed.payment_status = 'processing' then 'payment_processing'
            when cancellation_refusal.placed.status in ('pending', 'awaiting_approval') then null
            when cancellation_refusal.placed.status <> 'confirmed' then 'cannot_cancel'
            when exists (
                select from public.cancellations
                where cancellations.order_id = cancellation_refusal.placed.id and cancellations.status = 'refunding'
            ) then 'cancellation_under_way'
            when private.cancel_until(cancellation_refusal.placed) > private.now() then null
            else 'cancellation_deadline_passed'
        end
    );
end;
$$;
comment on function private.cancellation_refusal(public.orders) is
'The word that keeps a buyer from cancelling now; null when they may. Strictly more than the deadline must be left.';

create function private.names_are_open(placed public.orders) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select events.starts_at > private.now() and events.status <> 'cancelled' and case
            when names_are_open.placed.status in ('pending', 'awaiting_approval') then names_are_open.placed.expires_at > private.now()
            else names_are_open.placed.status = 'confirmed'
        end
        from public.events
        where events.id = names_are_open.placed.event_id
    );
end;
$$;
comment on function private.names_are_open(public.orders) is
'Whether a buyer may still say who sits where: the order stands, its event is on and has not begun.';

create function private.order_actions(placed public.orders) returns jsonb
language plpgsql stable security definer -- judges by rows that the caller may not see
set search_path = ''
as $$
begin
    return (
        -- What the buyer may do now. A page offers exactly these; the functions behind them judge again.
        select coalesce(jsonb_agg(action.word), '[]')
        from (values
            ('pay', order_actions.placed.status = 'pending' and order_actions.placed.expires_at > private.now()
                and order_actions.placed.payment_status <> 'processing' and not private.money_in_review(order_actions.placed.id)),
            ('cancel', private.cancellation_refusal(order_actions.placed) is null),
            ('name', private.names_are_open(order_actions.placed))
        ) as action (word, possible)
        where action.possible
    );
end;
$$;
comment on function private.order_actions(public.orders) is 'The actions that are possible on an order at this instant: pay, cancel, name.';

create function private.money_of_cancellation(cancellation public.cancellations) returns integer
language plpgsql stable security definer -- sums payments, which buyers see in part
set search_path = ''
as $$
begin
    return greatest(money_of_cancellation.cancellation.refund_cents, (
        select -sum(payments.amount_cents) from public.payments where payments.cancellation_id = money_of_cancellation.cancellation.id
    ));
end;
$$;
comment on function private.money_of_cancellation(public.cancellations) is
'What goes back when seats are given up: their price and, with the last of an order, what else was asked back and not sent yet.';

create function private.last_cancellation(placed public.orders) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'status', cancellations.status, 'cause', cancellations.cause, 'reason', cancellations.reason,
            'refund_cents', private.money_of_cancellation(cancellations), 'seats', cardinality(cancellations.attendee_ids), 'at', cancellations.created_at
        )
        from public.cancellations
        where cancellations.order_id = last_cancellation.placed.id
        order by cancellations.created_at desc
        limit 1
    );
end;
$$;
comment on function private.last_cancellation(public.orders) is 'The latest giving-up of seats of an order, with how it stands.';

create function private.lapse_reason(status public.order_status) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    return case lapse_reason.status when 'awaiting_approval' then 'not_answered' else 'hold_lapsed' end;
end;
$$;
comment on function private.lapse_reason(public.order_status) is
'Why an order that was in this status expired: nobody paid in time, or the organizer did not answer.';

create function private.order_state(placed public.orders) returns jsonb
language plpgsql stable security definer -- a buyer sees how their order stands even when its event is withdrawn
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'reference', order_state.placed.reference,
            -- What has lapsed is told as expired from its very instant, whether or not the sweep has passed.
            'status', case when clock.lapsed then 'expired' else order_state.placed.status::text end,
            'status_reason', case
                when clock.lapsed then private.lapse_reason(order_state.placed.status) else order_state.placed.status_reason
            end,
            'payment_status', order_state.placed.payment_status,
            'expires_at', order_state.placed.expires_at,
            'hold_left_seconds', case when order_state.placed.status = 'pending'
                then greatest(0, ceil(extract(epoch from order_state.placed.expires_at - clock.instant)))::bigint
                else 0
            end,
            'failed_payments', order_state.placed.failed_payments,
            'payments_left', (
                select greatest(0, event_policies.max_failed_payments - order_state.placed.failed_payments)
                from public.events
                inner join public.event_policies on event_policies.id = events.policy_id
                where events.id = order_state.placed.event_id
            )
        )
        from (
            select
                private.now() as instant,
                order_state.placed.status in ('pending', 'awaiting_approval') and order_state.placed.expires_at <= private.now() as lapsed
        ) as clock
    );
end;
$$;
comment on function private.order_state(public.orders) is 'The parts of an order that change by themselves, as pages follow them.';

create function private.order_is_over(placed public.orders, event public.events) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return order_is_over.event.status = 'cancelled' or order_is_over.event.ends_at <= private.now()
        or order_is_over.placed.status in ('cancelled', 'expired', 'declined')
        or (order_is_over.placed.status in ('pending', 'awaiting_approval') and order_is_over.placed.expires_at <= private.now());
end;
$$;
comment on function private.order_is_over(public.orders, public.events) is
'Whether nothing comes of an order any more: it has ended, or its event has, or that is called off.';

create function private.order_document(placed public.orders) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select private.order_state(order_document.placed) || jsonb_build_object(
            'id', order_document.placed.id,
            'currency', order_document.placed.currency,
            'subtotal_cents', order_document.placed.subtotal_cents,
            'discount_cents', order_document.placed.discount_cents,
            'tax_cents', order_document.placed.tax_cents,
            'total_cents', order_document.placed.total_cents,
            'paid_cents', order_document.placed.paid_cents,
            'refunded_cents', order_document.placed.refunded_cents,
            'buyer', jsonb_build_object('name', order_document.placed.buyer_name, 'email', order_document.placed.buyer_email,
                'phone', order_document.placed.buyer_phone),
            'guest', order_document.placed.buyer_id is null,
            'locale', order_document.placed.locale,
            'can', private.order_actions(order_document.placed),
            'cancellation', private.last_cancellation(order_document.placed),
            'created_at', order_document.placed.created_at,
            'confirmed_at', order_document.placed.confirmed_at,
            'cancelled_at', order_document.placed.cancelled_at,
            'cancellable_until', private.cancel_until(order_document.placed),
            'lines', (
                select coalesce(jsonb_agg(to_jsonb(order_lines) - array['order_id', 'created_at', 'position'] order by order_lines.position), '[]')
                from public.order_lines where order_lines.order_id = order_document.placed.id
            ),
            'attendees', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'id', attendees.id, 'ticket_type_id', attendees.ticket_type_id, 'name', attendees.name, 'email', attendees.email,
                    'phone', attendees.phone, 'cancelled_at', attendees.cancelled_at, 'revision', attendees.revision
                ) order by attendees.position), '[]')
                from public.attendees where attendees.order_id = order_document.placed.id
            ),
            'payments', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'kind', payments.kind, 'method', payments.method, 'amount_cents', payments.amount_cents, 'status', payments.status,
                    'at', coalesce(payments.charged_at, payments.created_at)
                ) order by payments.created_at, payments.id), '[]')
                from public.payments where payments.order_id = order_document.placed.id
            ),
            'event', private.event_of_order(order_document.placed.event_id),
            'over', (
                select private.order_is_over(order_document.placed, events)
                from public.events where events.id = order_document.placed.event_id
            ),
            'in_review', private.money_in_review(order_document.placed.id),
            'joining', case when order_document.placed.status = 'confirmed' then private.how_to_join(order_document.placed.event_id) end
        )
    );
end;
$$;
comment on function private.order_document(public.orders) is 'An order whole, as its page, the API and its mails show it.';

create function private.visible_order(reference text) returns public.orders
language plpgsql stable
set search_path = ''
as $$
declare
    v_order public.orders;
begin
    perform private.caller_id(); -- a signed-out token learns nothing, not even which references exist
    select * into v_order from public.orders where orders.reference = upper(visible_order.reference);
    if v_order.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such order, or it is not yours.';
    end if;
    return v_order;
end;
$$;
comment on function private.visible_order(text) is 'The order of this reference that the caller may see. Refuses with not_found, signed_out.';

create function private.changes_of_order(order_id uuid) returns setof public.audit_entries
language sql stable
set search_path = ''
as $$
    select * from public.audit_entries
    where audit_entries.subject_id = changes_of_order.order_id
        -- The payment that it followed from is told already.
        and audit_entries.action not in ('order.payment_paid', 'order.payment_partially_refunded', 'order.payment_refunded')
$$;
comment on function private.changes_of_order(uuid) is 'What the trail says of an order, each thing once.';

create function private.steps_of_order(placed public.orders) returns jsonb
language plpgsql stable security definer -- the trail is its team's alone; of their order buyers learn what, and not who
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'at', change.at,
            'what', case when change.action = 'order.placed' and change.detail ->> 'status' = 'awaiting_approval' then 'order.requested'
                else change.action end,
            'reason', coalesce(change.detail ->> 'reason', 'cancelled_by_' || (change.detail ->> 'cause')),
            'seats', change.detail -> 'seats', 'amount_cents', change.detail -> 'amount_cents', 'method', change.detail ->> 'method'
        ) order by change.id), '[]')
        from private.changes_of_order(steps_of_order.placed.id) as change
        where change.action in (
            'order.placed', 'order.pending', 'order.confirmed', 'order.declined', 'order.expired', 'order.cancelled',
            'order.payment_processing', 'order.payment_failed', 'payment.succeeded', 'payment.review',
            'refund.requested', 'refund.succeeded', 'refund.failed', 'cancellation.done', 'cancellation.failed'
        )
    );
end;
$$;
comment on function private.steps_of_order(public.orders) is
'What happened to an order as its buyer is told, oldest first: [{at, what, reason, seats, amount_cents, method}].';

create function public.read_order(reference text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select private.order_document(visible_order) || jsonb_build_object('history', private.steps_of_order(visible_order))
        from private.visible_order(read_order.reference)
    );
end;
$$;
comment on function public.read_order(text) is
'One order whole with what happened to it, for its buyer, its guest (X-Order-Secret) or its organizer. Refuses with not_found.';

create function public.read_order_state(reference text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (select private.order_state(visible_order) from private.visible_order(read_order_state.reference));
end;
$$;
comment on function public.read_order_state(text) is 'What changes by itself in an order: status, hold, payment. Refuses with not_found.';

create function private.own_orders(mark timestamptz, mark_id uuid, amount integer) returns table (order_id uuid, turn timestamptz)
language sql stable rows 25 security definer -- a buyer sees the event of their order even when it is withdrawn
set search_path = ''
as $$
    select listed.id, listed.turn
    from (
        -- One order of two halves, so that a single instant marks a place in it: what is over follows, mirrored into the next century.
        select orders.id, case
            when private.order_is_over(orders, events) then timestamptz '2100-01-01' + (timestamptz '2100-01-01' - events.starts_at)
            else least(events.starts_at, orders.expires_at)
        end as turn
        from public.orders
        inner join public.events on events.id = orders.event_id
        where orders.buyer_id = (select private.caller_id())
    ) as listed
    where own_orders.mark_id is null or (listed.turn, listed.id) > (own_orders.mark, own_orders.mark_id)
    order by listed.turn, listed.id
    limit own_orders.amount
$$;
comment on function private.own_orders(timestamptz, uuid, integer) is
'The caller''s orders after a mark: first what is coming, by what is due next; then what is over, the latest event first.';

create function public.list_orders(page_size integer default null, cursor text default null) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_size integer := private.page_size(list_orders.page_size);
    v_mark record := private.read_cursor(list_orders.cursor);
begin
    return (
        with found as materialized (
            select own.order_id, own.turn, row_number() over (order by own.turn, own.order_id) as place
            from private.own_orders(v_mark.instant, v_mark.id, v_size + 1) as own
        )
        select jsonb_build_object(
            'orders', coalesce(jsonb_agg(private.order_document(orders) order by found.place), '[]'),
            'next', (
                select private.cursor_of(last.turn, last.order_id) from found as last
                where last.place = v_size and exists (select from found as beyond where beyond.place > v_size)
            )
        )
        from found
        inner join public.orders on orders.id = found.order_id
        where found.place <= v_size
    );
end;
$$;
comment on function public.list_orders(integer, text) is
'The caller''s own orders: what is coming, soonest first, then what is over, latest first: {orders, next}. Refuses with cursor_invalid.';
