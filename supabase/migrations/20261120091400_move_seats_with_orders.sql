-- The heart of the capacity rules: pools follow orders and attendees, whoever changes those, so they can never drift apart.

create table private.untold_changes (
    event_id uuid primary key references public.events (id) on delete cascade
);
comment on table private.untold_changes is 'Events whose seats moved again within the second after pages were told; the next sweep tells them.';

create function private.tell_pages(event_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform realtime.send(private.availability(events), 'availability', 'event:' || events.id, false)
    from public.events
    where events.id = tell_pages.event_id;
end;
$$;
comment on function private.tell_pages(uuid) is 'Sends an event''s availability to the pages that show it.';

create function private.tell_untold_changes() returns void
language sql
set search_path = ''
as $$
    with untold as (
        delete from private.untold_changes where true returning event_id
    )
    select private.tell_pages(untold.event_id) from untold
$$;
comment on function private.tell_untold_changes() is 'Tells pages the last word after a burst of changes.';

create function private.shift_seats(event_id uuid, ticket_type_ids uuid[], held integer[], sold integer[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_instant timestamptz := clock_timestamp();
    v_tell boolean;
    v_takes boolean;
    v_frees boolean;
begin
    select bool_or(seats.held + seats.sold > 0), bool_or(seats.held + seats.sold < 0) into v_takes, v_frees
    from unnest(shift_seats.held, shift_seats.sold) as seats (held, sold);
    with change as (
        select pools.id, sum(seats.held) as held, sum(seats.sold) as sold
        from unnest(shift_seats.ticket_type_ids, shift_seats.held, shift_seats.sold) as seats (ticket_type_id, held, sold)
        inner join public.pools on pools.event_id = shift_seats.event_id
            and (pools.ticket_type_id is null or pools.ticket_type_id = seats.ticket_type_id)
        group by pools.id
    ),
    moved as (
        update public.pools
        set held = pools.held + change.held,
            sold = pools.sold + change.sold,
            announced_at = case
                when pools.ticket_type_id is null and pools.announced_at < v_instant - interval '1 second' then v_instant
                else pools.announced_at
            end
        from change
        where pools.id = change.id
        returning pools.announced_at
    )
    select bool_or(moved.announced_at = v_instant) into v_tell from moved;
    if v_takes and exists (select from public.events where events.id = shift_seats.event_id and events.capacity is null) then
        perform private.assert_venue_room(shift_seats.event_id);
    end if;
    if v_frees then
        perform private.serve_lines(shift_seats.event_id);
    end if;
    if v_tell then
        perform private.tell_pages(shift_seats.event_id);
    else
        insert into private.untold_changes (event_id) values (shift_seats.event_id) on conflict do nothing;
    end if;
end;
$$;
comment on function private.shift_seats(uuid, uuid[], integer[], integer[]) is
'Adds to the counters of an event''s pools, by ticket type, and tells the pages: the first change of a second at once, the rest
by the next sweep. Refuses with sold_out, venue_full.';

create function private.move_seats_of_orders() returns trigger
language plpgsql security definer -- pools are written by triggers alone
set search_path = ''
as $$
begin
    perform private.shift_seats(
        moved.event_id, array_agg(moved.ticket_type_id), array_agg(moved.held), array_agg(moved.sold)
    )
    from (
        select
            later.event_id, attendees.ticket_type_id,
            sum((later.status = 'pending')::integer - (earlier.status = 'pending')::integer)::integer as held,
            sum((later.status = 'confirmed')::integer - (earlier.status = 'confirmed')::integer)::integer as sold
        from later
        inner join earlier on earlier.id = later.id and earlier.status <> later.status
        inner join public.attendees on attendees.order_id = later.id and attendees.cancelled_at is null
        group by later.event_id, attendees.ticket_type_id
    ) as moved
    where (moved.held, moved.sold) <> (0, 0)
    group by moved.event_id;
    return null;
end;
$$;
comment on function private.move_seats_of_orders() is
'Statement trigger: pending orders hold their seats, confirmed ones have bought them, others have none. One step per pool,
however many orders moved.';

create trigger move_seats after update on public.orders
referencing old table as earlier new table as later
for each statement execute function private.move_seats_of_orders();

create function private.take_seats() returns trigger
language plpgsql security definer -- pools are written by triggers alone
set search_path = ''
as $$
begin
    if exists (
        select from seated
        inner join public.orders on orders.id = seated.order_id
        where orders.event_id <> seated.event_id
    ) then
        raise sqlstate 'PT422' using message = 'unknown_ticket_type', hint = 'An attendee sits at the event of the order.';
    end if;
    perform private.shift_seats(
        taken.event_id, array_agg(taken.ticket_type_id), array_agg(taken.held), array_agg(taken.sold)
    )
    from (
        select
            seated.event_id, seated.ticket_type_id,
            count(*) filter (where orders.status = 'pending')::integer as held,
            count(*) filter (where orders.status = 'confirmed')::integer as sold
        from seated
        inner join public.orders on orders.id = seated.order_id
        where seated.cancelled_at is null and orders.status in ('pending', 'confirmed')
        group by seated.event_id, seated.ticket_type_id
    ) as taken
    group by taken.event_id;
    return null;
end;
$$;
comment on function private.take_seats() is 'Statement trigger: new attendees take seats as their order''s status says. Refuses with unknown_ticket_type.';

create trigger take_seats after insert on public.attendees
referencing new table as seated
for each statement execute function private.take_seats();

create function private.move_seats_of_attendees() returns trigger
language plpgsql security definer -- pools are written by triggers alone
set search_path = ''
as $$
begin
    perform private.shift_seats(
        moved.event_id, array_agg(moved.ticket_type_id), array_agg(moved.held), array_agg(moved.sold)
    )
    from (
        select
            later.event_id, later.ticket_type_id,
            sum(seat.change * (orders.status = 'pending')::integer)::integer as held,
            sum(seat.change * (orders.status = 'confirmed')::integer)::integer as sold
        from later
        inner join earlier on earlier.id = later.id
        inner join public.orders on orders.id = later.order_id and orders.status in ('pending', 'confirmed')
        cross join lateral (
            select (later.cancelled_at is null)::integer - (earlier.cancelled_at is null)::integer as change
        ) as seat
        where seat.change <> 0
        group by later.event_id, later.ticket_type_id
    ) as moved
    group by moved.event_id;
    return null;
end;
$$;
comment on function private.move_seats_of_attendees() is
'Statement trigger: cancelled attendees give their seats back, all at once: whoever waits for two gets both of two.';

create trigger move_seats after update on public.attendees
referencing old table as earlier new table as later
for each statement execute function private.move_seats_of_attendees();

create function private.money_unreturned(order_id uuid) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(sum(money.amount_cents), 0)
        from private.money_of(money_unreturned.order_id) as money
        where money.status = 'succeeded' or (money.status = 'requested' and money.stripe_refund_id is not null)
    );
end;
$$;
comment on function private.money_unreturned(uuid) is 'What came in for an order, less what Stripe has accepted to give back.';

create function private.guard_order() returns trigger
language plpgsql security definer -- judges by payments that the caller may not see
set search_path = ''
as $$
begin
    if (old.status, new.status) not in (
        ('awaiting_approval', 'pending'), ('awaiting_approval', 'declined'), ('awaiting_approval', 'cancelled'), ('awaiting_approval', 'expired'),
        ('pending', 'confirmed'), ('pending', 'cancelled'), ('pending', 'expired'),
        ('expired', 'confirmed'), ('confirmed', 'cancelled')
    ) and old.status <> new.status then
        raise sqlstate 'PT409' using message = 'illegal_transition',
            detail = jsonb_build_object('from', old.status, 'to', new.status)::text,
            hint = 'An order goes from pending to confirmed, cancelled or expired; what is over stays over.';
    end if;
    if new.status = 'confirmed' and old.status <> 'confirmed' then
        if new.paid_cents - new.refunded_cents < new.total_cents then
            raise sqlstate 'PT409' using message = 'not_paid', hint = 'settle_payment confirms an order when its money is there.';
        end if;
        new.confirmed_at := private.now();
        new.expires_at := null;
    end if;
    if new.status in ('cancelled', 'declined') and old.status <> new.status then
        if private.money_unreturned(new.id) > 0 then
            raise sqlstate 'PT409' using message = 'refund_first', hint = 'The money must be back before the seats are given up.';
        end if;
        new.cancelled_at := private.now();
    end if;
    if (new.paid_cents, new.refunded_cents) is distinct from (old.paid_cents, old.refunded_cents) and pg_trigger_depth() < 2 then
        raise sqlstate 'PT409' using message = 'money_follows_payments', hint = 'Record a payment; the order''s sums follow.';
    end if;
    if (new.id, new.reference, new.event_id, new.organizer_id, new.currency, new.subtotal_cents, new.discount_cents, new.tax_cents,
        new.total_cents, new.created_at)
        is distinct from (old.id, old.reference, old.event_id, old.organizer_id, old.currency, old.subtotal_cents,
            old.discount_cents, old.tax_cents, old.total_cents, old.created_at)
    then
        raise sqlstate 'PT409' using message = 'order_is_fixed', hint = 'What was ordered never changes; cancel it and place another.';
    end if;
    return new;
end;
$$;
comment on function private.guard_order() is
'Row trigger: legal transitions only, money before seats, nothing ordered ever changes.
Refuses with illegal_transition, not_paid, refund_first, money_follows_payments, order_is_fixed.';

create trigger guard_order before update on public.orders
for each row execute function private.guard_order();

create function private.guard_new_order() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if new.status not in ('pending', 'awaiting_approval') or new.paid_cents + new.refunded_cents <> 0 then
        raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'Every order begins as pending; place_order makes one.';
    end if;
    return new;
end;
$$;
comment on function private.guard_new_order() is 'Row trigger: an order begins at its beginning. Refuses with illegal_transition.';

create trigger guard_new_order before insert on public.orders
for each row execute function private.guard_new_order();

create function private.guard_ordered_rows() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise sqlstate 'PT409' using message = 'order_is_fixed',
        hint = 'What was ordered or paid is neither edited nor removed; cancel the order, or refund it.';
end;
$$;
comment on function private.guard_ordered_rows() is 'Trigger: what was ordered or paid is neither edited nor removed. Refuses with order_is_fixed.';

create trigger guard_removed before delete on public.orders
for each row execute function private.guard_ordered_rows();
create trigger guard_emptied before truncate on public.orders
for each statement execute function private.guard_ordered_rows();
create trigger guard_removed before update or delete on public.order_lines
for each row execute function private.guard_ordered_rows();
create trigger guard_emptied before truncate on public.order_lines
for each statement execute function private.guard_ordered_rows();
create trigger guard_removed before delete on public.attendees
for each row execute function private.guard_ordered_rows();
create trigger guard_moved before update of order_id, order_line_id, event_id, ticket_type_id on public.attendees
for each row execute function private.guard_ordered_rows();
create trigger guard_emptied before truncate on public.attendees
for each statement execute function private.guard_ordered_rows();
create trigger guard_removed before delete on public.payments
for each row execute function private.guard_ordered_rows();
create trigger guard_moved before update of order_id, kind, method, refunded_payment_id, amount_cents, currency on public.payments
for each row execute function private.guard_ordered_rows();
create trigger guard_emptied before truncate on public.payments
for each statement execute function private.guard_ordered_rows();

create function public.check_pools() returns jsonb
language sql stable security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with counted as (
        select
            pools.id, pools.event_id, pools.ticket_type_id, pools.held, pools.sold,
            count(attendees.id) filter (where orders.status = 'pending') as held_by_orders,
            count(attendees.id) filter (where orders.status = 'confirmed') as sold_by_orders
        from public.pools
        left join public.attendees on attendees.event_id = pools.event_id and attendees.cancelled_at is null
            and (pools.ticket_type_id is null or pools.ticket_type_id = attendees.ticket_type_id)
        left join public.orders on orders.id = attendees.order_id
        group by pools.id
    )
    select coalesce(jsonb_agg(to_jsonb(counted)), '[]')
    from counted
    where (counted.held, counted.sold) <> (counted.held_by_orders, counted.sold_by_orders)
$$;
comment on function public.check_pools() is 'Pools that do not equal what orders have taken: always none, or there is a bug. For jobs and the operator.';
