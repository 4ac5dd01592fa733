create function private.kept_by_hand(event_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object('orders', count(*), 'cents', coalesce(sum(kept.cents), 0))
        from (
            select sum(payments.amount_cents) as cents
            from public.orders
            inner join public.payments on payments.order_id = orders.id
            where orders.event_id = kept_by_hand.event_id and payments.method <> 'stripe' and payments.status = 'succeeded'
            group by orders.id
            having sum(payments.amount_cents) > 0
        ) as kept
    );
end;
$$;
comment on function private.kept_by_hand(uuid) is
'What was paid by hand for an event and not handed back: {orders, cents}. When it is called off, its team gives this back itself.';

create function public.quote_event_cancellation(event_id uuid, organizer text default null) returns jsonb
language plpgsql stable security definer -- sums orders, by right
set search_path = ''
as $$
declare
    v_event public.events := private.event_to_call_off(quote_event_cancellation.event_id);
    v_organizer public.organizers;
begin
    select * into v_organizer
    from public.organizers
    where organizers.id in (v_event.organizer_id, (select venues.organizer_id from public.venues where venues.id = v_event.venue_id))
        and private.may_edit(organizers.id) and organizers.slug = coalesce(quote_event_cancellation.organizer, organizers.slug)
    order by organizers.id = v_event.organizer_id desc
    limit 1;
    if v_organizer.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The event is another organizer''s, at another''s venue.';
    end if;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        -- A venue's team learns no more of another team's event than it takes to call it off.
        'event', private.team_event_card(v_event) || jsonb_build_object('can', private.event_actions(v_event))
    ) || (
        select jsonb_build_object(
            'currency', v_event.currency,
            'orders', count(*) filter (where orders.status = 'confirmed'),
            'seats', coalesce(sum(seats.taken) filter (where orders.status = 'confirmed'), 0),
            'refunded_orders', count(*) filter (where orders.paid_cents > orders.refunded_cents),
            'refund_cents', coalesce(sum(orders.paid_cents - orders.refunded_cents), 0),
            'by_hand', private.kept_by_hand(v_event.id),
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
comment on function public.quote_event_cancellation(uuid, text) is
'What calling an event off would do, for its organizer or for its venue, whose workspace it is then, or the one named:
{workspace, event, currency, orders, seats, refunded_orders, refund_cents, by_hand, unpaid_orders, waiting}; by_hand is the part of
the money that the team hands back itself. Refuses with not_found, not_permitted.';
