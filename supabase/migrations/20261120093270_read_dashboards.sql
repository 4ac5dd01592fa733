-- An event in numbers, as its team follows it: counted afresh from the orders, so they are never out of date.

create type private.day_of_sales as (
    day date, ticket_type_id uuid, sold bigint, held bigint, ever_sold bigint, orders bigint, paid_cents bigint, refunded_cents bigint
);

create function private.days_of_sales(event public.events) returns setof private.day_of_sales
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- an event of thousands and one of ten are counted in different ways
as $$
declare
    v_now timestamptz := private.now();
    v_types uuid[] := array(select ticket_types.id from public.ticket_types where ticket_types.event_id = days_of_sales.event.id);
begin
    return query
    with placed as materialized ( -- every order is looked at once, for its seats and for its money
        select
            orders.id, (orders.confirmed_at at time zone days_of_sales.event.timezone)::date as day,
            orders.status = 'confirmed' as sold, orders.status = 'pending' and orders.expires_at > v_now as held,
            orders.paid_cents, orders.refunded_cents
        from public.orders
        where orders.event_id = days_of_sales.event.id
    )
    select
        placed.day, attendees.ticket_type_id,
        count(*) filter (where placed.sold and attendees.cancelled_at is null),
        count(*) filter (where placed.held and attendees.cancelled_at is null),
        count(*) filter (where placed.day is not null), null::bigint, null::bigint, null::bigint
    from public.attendees
    inner join placed on placed.id = attendees.order_id
    where attendees.ticket_type_id = any(v_types)
    group by placed.day, attendees.ticket_type_id
    union all
    select
        placed.day, null, null, null, null, count(*) filter (where placed.sold), sum(placed.paid_cents), sum(placed.refunded_cents)
    from placed
    group by placed.day;
end;
$$;
comment on function private.days_of_sales(public.events) is
'The sales of an event by the day on which orders were confirmed (empty for others): for each ticket type the seats sold and held now,
and ever sold, which counts those given up later; and without a type the confirmed orders and their money.';

create function private.sales_by_type(event public.events, days private.day_of_sales[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', ticket_types.id, 'name', ticket_types.name, 'price_cents', ticket_types.price_cents,
            'capacity', ticket_types.capacity, 'sold', coalesce(taken.sold, 0), 'held', coalesce(taken.held, 0), 'left', level.seats
        ) order by ticket_types.position, ticket_types.name, ticket_types.id), '[]')
        from public.ticket_types
        inner join private.seats_left(sales_by_type.event.id) as level on level.ticket_type_id = ticket_types.id
        cross join lateral (
            select sum(sales.sold) as sold, sum(sales.held) as held
            from unnest(sales_by_type.days) as sales
            where sales.ticket_type_id = ticket_types.id
        ) as taken
        where ticket_types.event_id = sales_by_type.event.id
    );
end;
$$;
comment on function private.sales_by_type(public.events, private.day_of_sales[]) is
'The ticket types of an event with the seats sold, held and left; a type''s capacity is empty where the event''s alone limits it.';

create function private.money_of_event(days private.day_of_sales[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'orders', coalesce(sum(sales.orders), 0),
            'paid_cents', coalesce(sum(sales.paid_cents), 0),
            'refunded_cents', coalesce(sum(sales.refunded_cents), 0)
        )
        from unnest(money_of_event.days) as sales
    );
end;
$$;
comment on function private.money_of_event(private.day_of_sales[]) is 'What came in for an event and what went back, in its currency.';

create function private.sales_over_time(event public.events, days private.day_of_sales[], money boolean) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_last date := (least(private.now(), sales_over_time.event.ends_at) at time zone sales_over_time.event.timezone)::date;
    -- A fortnight at least, so that the first sale does not look like a wall.
    v_first date := least((select min(sales.day) from unnest(sales_over_time.days) as sales), v_last - 13);
    v_unit text := case when v_last - v_first > 92 then 'week' else 'day' end;
begin
    return jsonb_build_object('unit', v_unit, 'points', (
        with sold as (
            select date_trunc(v_unit, sales.day) as since, sum(sales.ever_sold) as seats, sum(sales.paid_cents) as paid_cents
            from unnest(sales_over_time.days) as sales
            group by since
        )
        select jsonb_agg(jsonb_build_object(
            'since', unit.since::date, 'seats', coalesce(sold.seats, 0),
            'paid_cents', case when sales_over_time.money then coalesce(sold.paid_cents, 0) end
        ) order by unit.since)
        from generate_series(date_trunc(v_unit, v_first), date_trunc(v_unit, v_last), ('1 ' || v_unit)::interval) as unit (since)
        left join sold on sold.since = unit.since
    ));
end;
$$;
comment on function private.sales_over_time(public.events, private.day_of_sales[], boolean) is
'Seats sold (and, where money is told, what they brought) day by day or week by week, by the clock of the event: {unit, points: [{since,
seats, paid_cents}]}. Seats given up later were sold all the same.';

create function private.line_of_event(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object('people', count(*), 'seats', coalesce(sum(waitlist_entries.quantity), 0))
        from public.waitlist_entries
        where waitlist_entries.event_id = line_of_event.event.id and waitlist_entries.status = 'waiting'
    );
end;
$$;
comment on function private.line_of_event(public.events) is 'How many people wait in line for an event, and for how many seats.';

create function private.latest_orders(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(private.order_row(orders) order by orders.created_at desc, orders.id desc), '[]')
        from (
            select * from public.orders
            where orders.event_id = latest_orders.event.id
            order by orders.created_at desc, orders.id desc
            limit 8
        ) as orders
    );
end;
$$;
comment on function private.latest_orders(public.events) is 'The eight latest orders for an event.';

create function public.read_dashboard(event_id uuid, organizer text default null) returns jsonb
language plpgsql stable security definer -- a team counts its orders by right
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(read_dashboard.event_id, 'events:read');
    v_organizer public.organizers;
    v_days private.day_of_sales[] := array(select days from private.days_of_sales(v_event) as days);
    v_money boolean := v_event.organizer_id in (select private.permitted_organizers('statistics:read'));
    v_orders boolean := v_event.organizer_id in (select private.permitted_organizers('orders:read'));
begin
    select * into v_organizer from public.organizers where organizers.id = v_event.organizer_id;
    if v_organizer.slug <> read_dashboard.organizer then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The event is another organizer''s.';
    end if;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'event', private.event_head(v_event),
        'seats', (
            select jsonb_build_object('capacity', pools.capacity, 'sold', pools.sold, 'held', pools.held, 'left', level.seats)
            from public.pools
            inner join private.seats_left(v_event.id) as level on level.ticket_type_id is null
            where pools.event_id = v_event.id and pools.ticket_type_id is null
        ),
        'ticket_types', private.sales_by_type(v_event, v_days),
        'sales', private.sales_over_time(v_event, v_days, v_money),
        'to_hand_back', case when v_orders and v_event.status = 'cancelled' then private.kept_by_hand(v_event.id) end,
        'money', case when v_money then private.money_of_event(v_days) end,
        'line', case when v_orders then private.line_of_event(v_event) end,
        'latest_orders', case when v_orders then private.latest_orders(v_event) end
    );
end;
$$;
comment on function public.read_dashboard(uuid, text) is
'An event in numbers: {workspace, event, seats, ticket_types, sales, to_hand_back, money, line, latest_orders}. money is for
statistics:read, line and latest_orders for orders:read, and so is what a team must hand back itself of an event that was called off;
else they are null. Refuses with not_found, not_permitted.';
