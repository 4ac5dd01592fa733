create function private.own_order(reference text) returns public.orders
language plpgsql stable
set search_path = ''
as $$
declare
    v_order public.orders;
    v_person uuid := private.caller_id();
begin
    select * into v_order
    from public.orders
    where orders.reference = upper(own_order.reference) and (orders.buyer_id = v_person or orders.id = private.caller_order_id());
    if v_order.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such order, or it is not yours.';
    end if;
    return v_order;
end;
$$;
comment on function private.own_order(text) is 'The caller''s own order of this reference, by account or secret. Refuses with not_found.';

create function private.forget_requests(batch integer) returns void
language plpgsql
set search_path = ''
as $$
begin
    update private.order_requests
    set address = null, person = case when order_requests.account = 'guest' then 'guest' else order_requests.person end
    where order_requests.order_id in (
        select old.order_id from private.order_requests as old
        where old.address is not null and old.created_at <= (
            select private.now() - max(limits.per) from private.limits where limits.name in ('orders_by_person', 'orders_by_address')
        )
        order by old.created_at
        limit forget_requests.batch
        for no key update skip locked
    );
end;
$$;
comment on function private.forget_requests(integer) is
'Forgets from where orders were asked for, and by which guest, once no limit counts them any more.';

create function public.expire_holds(batch integer default 500) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_event_ids uuid[] := array(
        select distinct lapsed.event_id
        from (
            select orders.event_id
            from public.orders
            where orders.status in ('pending', 'awaiting_approval') and orders.expires_at <= (select private.now())
            order by orders.expires_at
            limit expire_holds.batch
        ) as lapsed
    );
    v_expired integer;
begin
    perform private.lock_pools(variadic v_event_ids);
    v_expired := private.expire_lapsed(variadic v_event_ids);
    perform private.tell_untold_changes();
    perform private.forget_requests(expire_holds.batch);
    return jsonb_build_object('expired', v_expired);
end;
$$;
comment on function public.expire_holds(integer) is
'Expires what has lapsed at the events that wait longest, holds and orders that nobody answered, and tells pages what a burst of
changes left untold and forgets from where orders came; no rule waits for this. For the worker. → {expired}.';
