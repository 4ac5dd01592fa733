-- A team's orders, found among a hundred thousand: by word, event, state and day, in three orders, page by page.

create function private.event_name(event public.events) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return jsonb_build_object('id', event_name.event.id, 'slug', event_name.event.slug, 'title', event_name.event.title, 'starts_at', event_name.event.starts_at,
        'timezone', event_name.event.timezone);
end;
$$;
comment on function private.event_name(public.events) is 'An event as its team''s lists name it.';

create function private.order_row(placed public.orders) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'reference', order_row.placed.reference,
            'status', state.facts -> 'status',
            'status_reason', state.facts -> 'status_reason',
            'payment_status', order_row.placed.payment_status,
            'buyer', jsonb_build_object('name', order_row.placed.buyer_name, 'email', order_row.placed.buyer_email,
                'phone', order_row.placed.buyer_phone),
            'event', private.event_name(events),
            'seats', (
                select count(*) from public.attendees
                where attendees.order_id = order_row.placed.id and attendees.cancelled_at is null
            ),
            'currency', order_row.placed.currency,
            'total_cents', order_row.placed.total_cents,
            'refunded_cents', order_row.placed.refunded_cents,
            'created_at', order_row.placed.created_at
        )
        from public.events
        cross join lateral (select private.order_state(order_row.placed) as facts) as state
        where events.id = order_row.placed.event_id
    );
end;
$$;
comment on function private.order_row(public.orders) is 'An order as its team''s lists show it; seats are those not given up.';

create function private.team_orders(
    organizer_id uuid, words text[], event_id uuid, status public.order_status, payment_status public.payment_status,
    owing boolean, placed_from timestamptz, placed_before timestamptz, sort text, page_size integer, mark public.orders
) returns setof public.orders
language plpgsql stable
set search_path = '' set plan_cache_mode = force_custom_plan -- what is not asked for drops out, and an index fits the rest
as $$
declare
    v_now timestamptz := private.now();
    v_owing uuid[] := array( -- few: what was paid by hand and waits to be handed back
        select payments.order_id from public.payments
        where payments.kind = 'refund' and payments.status = 'requested' and payments.method <> 'stripe'
    );
begin
    return query
    select orders.*
    from public.orders
    where orders.organizer_id = team_orders.organizer_id
        -- Three words are the index's to find; it takes none from an array.
        and (team_orders.words[1] is null or orders.search like team_orders.words[1])
        and (team_orders.words[2] is null or orders.search like team_orders.words[2])
        and (team_orders.words[3] is null or orders.search like team_orders.words[3])
        and orders.search like all (team_orders.words)
        and (team_orders.event_id is null or orders.event_id = team_orders.event_id)
        and case -- what has lapsed is expired from its very instant, as everywhere
            when team_orders.status in ('pending', 'awaiting_approval') then orders.status = team_orders.status and orders.expires_at > v_now
            when team_orders.status = 'expired' then orders.status in ('expired', 'pending', 'awaiting_approval')
                and (orders.status = 'expired' or orders.expires_at <= v_now)
            else team_orders.status is null or orders.status = team_orders.status
        end
        and (team_orders.payment_status is null or orders.payment_status = team_orders.payment_status)
        and case team_orders.owing when true then orders.id = any(v_owing) when false then orders.id <> all(v_owing) else true end
        and (team_orders.placed_from is null or orders.created_at >= team_orders.placed_from)
        and (team_orders.placed_before is null or orders.created_at < team_orders.placed_before)
        and ((team_orders.mark).id is null or case team_orders.sort
            when 'oldest' then (orders.created_at, orders.id) > ((team_orders.mark).created_at, (team_orders.mark).id)
            when 'largest' then (orders.total_cents, orders.created_at, orders.id)
                < ((team_orders.mark).total_cents, (team_orders.mark).created_at, (team_orders.mark).id)
            else (orders.created_at, orders.id) < ((team_orders.mark).created_at, (team_orders.mark).id)
        end)
    order by
        case when team_orders.sort = 'oldest' then orders.created_at end,
        case when team_orders.sort = 'oldest' then orders.id end,
        case when team_orders.sort = 'largest' then orders.total_cents end desc,
        orders.created_at desc, orders.id desc
    limit team_orders.page_size;
end;
$$;
comment on function private.team_orders(
    uuid, text[], uuid, public.order_status, public.payment_status, boolean, timestamptz, timestamptz, text, integer, public.orders
) is 'So many orders of a team after a marked one, in one of three orders: newest, oldest, largest.';

create function private.events_to_choose(organizer_id uuid, chosen uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(private.event_name(events) order by events.starts_at desc, events.id), '[]')
        from public.events
        where events.organizer_id = events_to_choose.organizer_id and (events.id = events_to_choose.chosen or events.id in (
            select latest.id from public.events as latest
            where latest.organizer_id = events_to_choose.organizer_id
            order by latest.starts_at desc
            limit 100
        ))
    );
end;
$$;
comment on function private.events_to_choose(uuid, uuid) is
'The hundred latest events of a team, and the one that is chosen, for whoever narrows a list down to one.';

create function private.clocks_of_team(organizer_id uuid, event_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(
        (select events.timezone from public.events
            where events.id = clocks_of_team.event_id and events.organizer_id = clocks_of_team.organizer_id),
        (select events.timezone from public.events
            where events.organizer_id = clocks_of_team.organizer_id order by events.starts_at desc limit 1),
        'UTC'
    );
end;
$$;
comment on function private.clocks_of_team(uuid, uuid) is 'The timezone by which a team means a day: that of an event, else of its latest.';

create function public.list_team_orders(
    organizer text, q text default null, event_id uuid default null, status public.order_status default null,
    payment_status public.payment_status default null, owing boolean default null, placed_from date default null, placed_to date default null,
    sort text default 'newest', page_size integer default null, cursor text default null
) returns jsonb
language plpgsql stable security definer -- a team sees its orders by right
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_team_orders.organizer, 'orders:read');
    v_size integer := private.page_size(list_team_orders.page_size);
    v_clocks text := private.clocks_of_team(v_organizer.id, list_team_orders.event_id);
    v_mark public.orders;
begin
    if list_team_orders.cursor is not null then
        select orders.* into v_mark
        from private.read_cursor(list_team_orders.cursor) as marked
        inner join public.orders on orders.id = marked.id and orders.organizer_id = v_organizer.id;
        if v_mark.id is null then
            raise sqlstate 'PT422' using message = 'cursor_invalid', hint = 'Take the cursor from the list''s next link, unchanged.';
        end if;
    end if;
    return (
        with found as materialized (
            select listed, row_number() over () as place
            from private.team_orders(
                v_organizer.id, private.search_patterns(list_team_orders.q), list_team_orders.event_id, list_team_orders.status,
                list_team_orders.payment_status, list_team_orders.owing,
                list_team_orders.placed_from::timestamp at time zone v_clocks,
                (list_team_orders.placed_to + 1)::timestamp at time zone v_clocks,
                list_team_orders.sort, v_size + 1, v_mark
            ) as listed
        )
        select jsonb_build_object(
            'workspace', private.workspace(v_organizer),
            'orders', coalesce(jsonb_agg(private.order_row(found.listed) order by found.place) filter (where found.place <= v_size), '[]'),
            'next', (
                select private.cursor_of((last.listed).created_at, (last.listed).id) from found as last
                where last.place = v_size and exists (select from found as beyond where beyond.place > v_size)
            ),
            'owing', (
                select count(distinct payments.order_id)
                from public.payments
                inner join public.orders on orders.id = payments.order_id
                where payments.kind = 'refund' and payments.status = 'requested' and payments.method <> 'stripe'
                    and orders.organizer_id = v_organizer.id
            ),
            'events', private.events_to_choose(v_organizer.id, list_team_orders.event_id),
            'timezone', v_clocks
        )
        from found
    );
end;
$$;
comment on function public.list_team_orders(
    text, text, uuid, public.order_status, public.payment_status, boolean, date, date, text, integer, text
) is
'A team''s orders: {workspace, orders, next, owing, events, timezone}. owing are those whose money the team must hand back
itself. q holds words of reference, name and address; both days count, by the clocks of timezone:
that of the event or of the team''s latest one; sort is newest, oldest or largest.
Refuses with not_found, not_permitted, cursor_invalid.';
