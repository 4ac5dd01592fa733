create function public.approve_order(reference text) returns jsonb
language plpgsql security definer -- takes seats by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(approve_order.reference, 'orders:write');
begin
    perform private.lock_pools(v_order.event_id);
    perform private.expire_lapsed(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    if v_order.status <> 'awaiting_approval' then
        raise sqlstate 'PT409' using message = 'not_awaiting_approval';
    elsif not private.event_is_open(v_order.event_id) then
        raise sqlstate 'PT409' using message = 'sale_closed';
    elsif not private.seats_are_free(v_order) then
        raise sqlstate 'PT409' using message = 'sold_out', hint = 'Make room first, or decline.', detail = (
            select jsonb_build_object('left', level.seats)::text
            from private.seats_left(v_order.event_id) as level where level.ticket_type_id is null
        );
    end if;
    update public.orders
    set status = 'pending', expires_at = least(events.starts_at, private.now() + event_policies.approval_hold)
    from public.events
    inner join public.event_policies on event_policies.id = events.policy_id
    where orders.id = v_order.id and events.id = orders.event_id
    returning orders.* into v_order;
    if v_order.total_cents = 0 then
        update public.orders set status = 'confirmed', payment_status = 'paid' where orders.id = v_order.id returning * into v_order;
    else
        perform private.queue_mail('order_approved', v_order, null);
    end if;
    return private.order_document(v_order);
end;
$$;
comment on function public.approve_order(text) is
'Says yes to an order that waited: its seats are held and the time to pay begins; a free one is confirmed.
Refuses with not_found, not_permitted, not_awaiting_approval, sale_closed, sold_out.';

create function public.decline_order(reference text, reason text default null) returns jsonb
language plpgsql security definer -- ends an order by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(decline_order.reference, 'orders:write');
begin
    perform private.lock_pools(v_order.event_id);
    perform private.expire_lapsed(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    if v_order.status <> 'awaiting_approval' then
        raise sqlstate 'PT409' using message = 'not_awaiting_approval';
    end if;
    update public.orders set status = 'declined', status_reason = 'declined_by_organizer' where orders.id = v_order.id
    returning * into v_order;
    perform private.queue_mail('order_declined', v_order, jsonb_build_object('reason', left(private.one_line(decline_order.reason), 500)));
    return private.order_document(v_order);
end;
$$;
comment on function public.decline_order(text, text) is
'Says no to an order that waited, with a word to its buyer. Refuses with not_found, not_permitted, not_awaiting_approval.';

create function private.hasten_answers() returns trigger
language plpgsql security definer -- orders are written by functions alone
set search_path = ''
as $$
begin
    perform private.lock_pools(new.id);
    update public.orders set expires_at = new.starts_at
    where orders.event_id = new.id and orders.status = 'awaiting_approval' and orders.expires_at > new.starts_at;
    return null;
end;
$$;
comment on function private.hasten_answers() is 'Row trigger: nobody waits for a yes beyond the start of the event, earlier though it now be.';

create trigger hasten_answers after update of starts_at on public.events
for each row when (new.starts_at < old.starts_at) execute function private.hasten_answers();
