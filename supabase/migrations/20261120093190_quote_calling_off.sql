create function public.quote_event_cancellation(event_id uuid) returns jsonb
language plpgsql stable security definer -- sums orders, by right
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(quote_event_cancellation.event_id, 'events:write');
    v_organizer public.organizers;
begin
    select * into v_organizer from public.organizers where organizers.id = v_event.organizer_id;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'event', private.team_event(v_event)
    ) || (
        select jsonb_build_object(
            'currency', v_event.currency,
            'orders', count(*) filter (where orders.status = 'confirmed'),
            'seats', coalesce(sum(seats.taken) filter (where orders.status = 'confirmed'), 0),
            'refunded_orders', count(*) filter (where orders.paid_cents > orders.refunded_cents),
            'refund_cents', coalesce(sum(orders.paid_cents - orders.refunded_cents), 0),
            'unpaid_orders', count(*) filter (where orders.status <> 'confirmed'),
            'waiting', (
                select count(*) from public.waitlist_entries
                where waitlist_entries.event_id = v_event.id and waitlist_entries.status = 'waiting'
            )
        )
        from private.orders_to_settle(v_event.id) as orders
        cross join lateral (
            select count(*) as taken from public.attendees where attendees.order_id = orders.id and attendees.cancelled_at is null
        ) as seats
    );
end;
$$;
comment on function public.quote_event_cancellation(uuid) is
'What calling an event off would do: {workspace, event, currency, orders, seats, refunded_orders, refund_cents, unpaid_orders, waiting}.
Refuses with not_found, not_permitted.';
