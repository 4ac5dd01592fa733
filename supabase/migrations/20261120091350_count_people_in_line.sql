-- What newcomers may have: free seats, less those that people in line are about to be offered.

create function private.people_in_line(event_id uuid) returns setof public.waitlist_entries
language sql stable
set search_path = ''
as $$
    select waitlist_entries.*
    from public.waitlist_entries
    inner join public.ticket_types on ticket_types.id = waitlist_entries.ticket_type_id
    where waitlist_entries.event_id = people_in_line.event_id and waitlist_entries.status = 'waiting'
        and coalesce(ticket_types.sale_ends_at > private.now(), true)
        and not exists (
            -- One pending order per person and event: they are next in line when it is over.
            select from public.orders
            where orders.buyer_id = waitlist_entries.user_id and orders.event_id = waitlist_entries.event_id
                and orders.status in ('pending', 'awaiting_approval') and orders.expires_at > private.now()
        )
    order by waitlist_entries.line_number
$$;
comment on function private.people_in_line(uuid) is 'Who may be offered seats of an event now, first in line first.';

create function private.seats_after_line(event_id uuid) returns table (ticket_type_id uuid, capacity integer, seats integer)
language plpgsql stable
set search_path = ''
as $$
declare
    v_types uuid[];
    v_capacities integer[];
    v_seats integer[];
    v_whole integer;
    v_waiting record;
    v_place integer;
begin
    select
        array_agg(level.ticket_type_id), array_agg(level.capacity), array_agg(level.seats),
        max(level.seats) filter (where level.ticket_type_id is null)
    into v_types, v_capacities, v_seats, v_whole
    from private.free_seats(seats_after_line.event_id) as level;
    for v_waiting in select * from private.people_in_line(seats_after_line.event_id) loop
        v_place := array_position(v_types, v_waiting.ticket_type_id);
        if v_waiting.quantity <= least(v_seats[v_place], v_whole) then
            v_seats[v_place] := v_seats[v_place] - v_waiting.quantity;
            v_whole := v_whole - v_waiting.quantity;
        end if;
    end loop;
    return query
    select level.type, level.places, least(level.left_over, v_whole)
    from unnest(v_types, v_capacities, v_seats) as level (type, places, left_over);
end;
$$;
comment on function private.seats_after_line(uuid) is
'Free seats less those that people in line are about to be offered: what newcomers may have.';

create function private.seats_left(event_id uuid) returns table (ticket_type_id uuid, capacity integer, seats integer)
language plpgsql stable security definer -- counts orders that the caller may not see; only numbers leave
set search_path = ''
rows 4
as $$
begin
    if exists (
        select from public.waitlist_entries
        where waitlist_entries.event_id = seats_left.event_id and waitlist_entries.status = 'waiting'
    ) then
        return query select * from private.seats_after_line(seats_left.event_id);
    else
        return query select * from private.free_seats(seats_left.event_id);
    end if;
end;
$$;
comment on function private.seats_left(uuid) is
'Seats left of an event (no ticket type) and of each ticket type, for newcomers. capacity is empty for a type limited by its event
alone.';
