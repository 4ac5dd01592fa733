-- An event in numbers, as its team follows it: counted afresh from the orders, so they are never out of date.

create type private.day_of_sales as (day date, ticket_type_id uuid, sold bigint, held bigint, ever_sold bigint);

create function private.days_of_sales(event public.events) returns setof private.day_of_sales
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- an event of thousands and one of ten are counted in different ways
as $$
declare
    v_now timestamptz := private.now();
    v_types uuid[] := array(select ticket_types.id from public.ticket_types where ticket_types.event_id = days_of_sales.event.id);
begin
    return query
    select
        (orders.confirmed_at at time zone days_of_sales.event.timezone)::date as day, attendees.ticket_type_id,
        count(*) filter (where attendees.cancelled_at is null and orders.status = 'confirmed'),
        count(*) filter (where attendees.cancelled_at is null and orders.status = 'pending' and orders.expires_at > v_now),
        count(*) filter (where orders.confirmed_at is not null)
    from public.attendees
    inner join public.orders on orders.id = attendees.order_id and orders.event_id = days_of_sales.event.id
    where attendees.ticket_type_id = any(v_types)
    group by day, attendees.ticket_type_id;
end;
$$;
comment on function private.days_of_sales(public.events) is
'The seats of an event by the day on which their orders were confirmed (empty for others) and by ticket type: sold and held now, and
ever sold, which counts those given up later.';

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

create function private.money_of_event(event public.events) returns jsonb
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- an event of thousands and one of ten are counted in different ways
as $$
begin
    return (
        with taken as (
            select
                (orders.confirmed_at at time zone money_of_event.event.timezone)::date as day,
                count(*) filter (where orders.status = 'confirmed') as orders,
                sum(orders.paid_cents) as paid_cents, sum(orders.refunded_cents) as refunded_cents
            from public.orders
            where orders.event_id = money_of_event.event.id
            group by day
        )
        select jsonb_build_object(
            'orders', coalesce(sum(taken.orders), 0),
            'paid_cents', coalesce(sum(taken.paid_cents), 0),
            'refunded_cents', coalesce(sum(taken.refunded_cents), 0),
            'by_day', coalesce(jsonb_object_agg(taken.day, taken.paid_cents) filter (where taken.day is not null), '{}')
        )
        from taken
    );
end;
$$;
comment on function private.money_of_event(public.events) is
'What came in for an event and what went back, in its currency; by_day is what the orders confirmed on each day have paid.';

create function private.sales_over_time(event public.events, days private.day_of_sales[], money jsonb) returns jsonb
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
            select date_trunc(v_unit, sales.day) as since, sum(sales.ever_sold) as seats
            from unnest(sales_over_time.days) as sales
            group by since
        ),
        paid as (
            select date_trunc(v_unit, taken.key::date) as since, sum(taken.value::bigint) as cents
            from jsonb_each_text(sales_over_time.money -> 'by_day') as taken
            group by since
        )
        select jsonb_agg(jsonb_build_object(
            'since', unit.since::date, 'seats', coalesce(sold.seats, 0),
            'paid_cents', case when sales_over_time.money is not null then coalesce(paid.cents, 0) end
        ) order by unit.since)
        from generate_series(date_trunc(v_unit, v_first), date_trunc(v_unit, v_last), ('1 ' || v_unit)::interval) as unit (since)
        left join sold on sold.since = unit.since
        left join paid on paid.since = unit.since
    ));
end;
$$;
comment on function private.sales_over_time(public.events, private.day_of_sales[], jsonb) is
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
    v_money jsonb;
    v_orders boolean := v_event.organizer_id in (select private.permitted_organizers('orders:read'));
begin
    select * into v_organizer from public.organizers where organizers.id = v_event.organizer_id;
    if v_organizer.slug <> read_dashboard.organizer then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The event is another organizer''s.';
    end if;
    if v_event.organizer_id in (select private.permitted_organizers('statistics:read')) then
        v_money := private.money_of_event(v_event);
    end if;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'event', private.event_name(v_event) || jsonb_build_object('slug', v_event.slug, 'status', v_event.status,
            'ends_at', v_event.ends_at, 'currency', v_event.currency),
        'seats', (
            select jsonb_build_object('capacity', pools.capacity, 'sold', pools.sold, 'held', pools.held, 'left', level.seats)
            from public.pools
            inner join private.seats_left(v_event.id) as level on level.ticket_type_id is null
            where pools.event_id = v_event.id and pools.ticket_type_id is null
        ),
        'ticket_types', private.sales_by_type(v_event, v_days),
        'sales', private.sales_over_time(v_event, v_days, v_money),
        'money', v_money - 'by_day',
        'line', case when v_orders then private.line_of_event(v_event) end,
        'latest_orders', case when v_orders then private.latest_orders(v_event) end
    );
end;
$$;
comment on function public.read_dashboard(uuid, text) is
'An event in numbers: {workspace, event, seats, ticket_types, sales, money, line, latest_orders}. money is for statistics:read, line and
latest_orders for orders:read, else they are null. Refuses with not_found, not_permitted.';
