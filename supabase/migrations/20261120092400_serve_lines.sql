-- Seats that come free by any way go to those who wait, before any newcomer.

create function private.offer_seats(entry public.waitlist_entries) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events;
    v_buyer private.buyer;
    v_lines jsonb := jsonb_build_array(jsonb_build_object(
        'ticket_type_id', offer_seats.entry.ticket_type_id, 'quantity', offer_seats.entry.quantity));
    v_priced private.priced_line[];
    v_terms private.order_terms;
    v_order public.orders;
begin
    select * into v_event from public.events where events.id = offer_seats.entry.event_id;
    select users.id, profiles.display_name, lower(users.email), null into v_buyer
    from auth.users
    inner join public.profiles on profiles.user_id = users.id
    where users.id = offer_seats.entry.user_id;
    v_priced := array(select line from private.price_lines(
        v_event.id, v_lines, null, case when v_event.waitlist_keeps_price then offer_seats.entry.joined_at else private.now() end
    ) as line);
    v_terms := private.terms_of_order(v_event, v_priced, null, offer_seats.entry.locale);
    if v_terms.status = 'pending' then
        v_terms.expires_at := least(v_event.starts_at, private.now() + (
            select event_policies.offer_hold from public.event_policies where event_policies.id = v_event.policy_id
        ));
    end if;
    v_order := private.insert_order(v_event, v_priced, v_lines, v_buyer, v_terms);
    update public.waitlist_entries set status = 'offered', order_id = v_order.id where waitlist_entries.id = offer_seats.entry.id;
    if v_order.status = 'pending' and v_order.total_cents = 0 then
        update public.orders set status = 'confirmed', payment_status = 'paid' where orders.id = v_order.id;
    elsif v_order.status = 'pending' then
        perform private.queue_mail('seats_offered', v_order, null);
    end if;
end;
$$;
comment on function private.offer_seats(public.waitlist_entries) is
'Holds the seats that somebody waits for, with a time of their own to pay; free seats are theirs at once. Where the organizer says
yes or no to everyone, the offer is an order that waits for it and holds nothing.';

create function private.serve_line(event_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_entry public.waitlist_entries;
begin
    if not private.event_is_open(serve_line.event_id) then
        return;
    end if;
    perform private.expire_lapsed(serve_line.event_id); -- an offer takes its seats where lapsed holds may still sit
    loop
        -- A larger party that does not fit waits without blocking a smaller one behind it. Each offer changes who fits next.
        select waiting.* into v_entry
        from private.people_in_line(serve_line.event_id) as waiting
        inner join private.free_seats(serve_line.event_id) as level on level.ticket_type_id = waiting.ticket_type_id
        where level.seats >= waiting.quantity
        order by waiting.line_number
        limit 1;
        exit when not found;
        perform private.offer_seats(v_entry);
    end loop;
end;
$$;
comment on function private.serve_line(uuid) is 'Offers free seats of an event to those who wait, in line. Its pools are locked.';

create function private.somebody_waits(event_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select exists (
            select from public.waitlist_entries
            where waitlist_entries.event_id = somebody_waits.event_id and waitlist_entries.status = 'waiting'
        )
    );
end;
$$;
comment on function private.somebody_waits(uuid) is 'Whether anybody is in line for an event.';

create function private.serve_venue(venue_id uuid, during tstzrange) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_event_ids uuid[] := array(
        select events.id
        from public.events
        where events.venue_id = serve_venue.venue_id and events.capacity is null and events.status = 'published'
            and tstzrange(events.starts_at, events.ends_at) && serve_venue.during
            and private.somebody_waits(events.id)
        order by events.id
    );
    v_event_id uuid;
begin
    if v_event_ids <> '{}' then
        perform private.lock_pools(variadic v_event_ids);
        foreach v_event_id in array v_event_ids loop
            perform private.serve_line(v_event_id);
        end loop;
    end if;
end;
$$;
comment on function private.serve_venue(uuid, tstzrange) is
'Places of a venue have come free for a time: offers them at the events that draw their seats there one by one.';

create function private.serve_lines(event_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events;
begin
    select * into v_event from public.events where events.id = serve_lines.event_id;
    if v_event.capacity is not null then
        if private.somebody_waits(v_event.id) then
            perform private.serve_line(v_event.id);
        end if;
    elsif v_event.venue_id is not null then
        perform private.serve_venue(v_event.venue_id, tstzrange(v_event.starts_at, v_event.ends_at));
    end if;
end;
$$;
comment on function private.serve_lines(uuid) is 'Seats of an event have come free: offers them, there and at events that share its venue.';

create function private.serve_enlarged_pool() returns trigger
language plpgsql security definer -- offers are orders, which only functions write
set search_path = ''
as $$
begin
    perform private.serve_lines(new.event_id);
    return null;
end;
$$;
comment on function private.serve_enlarged_pool() is 'Row trigger: a bigger capacity reaches those who wait, also from the dashboard.';

create trigger serve_enlarged_pool after update of capacity on public.pools
for each row when (new.capacity > old.capacity) execute function private.serve_enlarged_pool();

create function private.serve_changed_event() returns trigger
language plpgsql security definer -- offers are orders, which only functions write
set search_path = ''
as $$
begin
    if new.status = 'completed' then
        update public.waitlist_entries set status = 'left'
        where waitlist_entries.event_id = new.id and waitlist_entries.status = 'waiting';
    elsif private.somebody_waits(new.id) then
        perform private.lock_pools(new.id);
        perform private.serve_line(new.id);
    end if;
    if old.venue_id is not null then
        perform private.serve_venue(old.venue_id, tstzrange(old.starts_at, old.ends_at));
    end if;
    return null;
end;
$$;
comment on function private.serve_changed_event() is
'Row trigger: an event that moves, shrinks, ends or is called off leaves room to those who wait at its venue; whoever waits for what
is over waits no more. Those who wait for what is called off are told so too, by settle_cancelled_events.';

create trigger serve_changed_event after update of status, venue_id, capacity, starts_at, ends_at, policy_id on public.events
for each row when (
    (old.status, old.venue_id, old.capacity, old.starts_at, old.ends_at)
    is distinct from (new.status, new.venue_id, new.capacity, new.starts_at, new.ends_at)
) execute function private.serve_changed_event();

create function private.serve_changed_type() returns trigger
language plpgsql security definer -- offers are orders, which only functions write
set search_path = ''
as $$
begin
    if private.somebody_waits(new.event_id) then
        perform private.lock_pools(new.event_id);
        perform private.serve_line(new.event_id);
    end if;
    return null;
end;
$$;
comment on function private.serve_changed_type() is
'Row trigger: a ticket type without a limit of its own, or on sale for longer, reaches those who wait for it.';

create trigger serve_changed_type after update of capacity, sale_ends_at on public.ticket_types
for each row when ((old.capacity, old.sale_ends_at) is distinct from (new.capacity, new.sale_ends_at))
execute function private.serve_changed_type();

create function private.serve_next_wish() returns trigger
language plpgsql security definer -- offers are orders, which only functions write
set search_path = ''
as $$
begin
    if exists (
        select from public.waitlist_entries
        where waitlist_entries.event_id = new.event_id and waitlist_entries.user_id = new.buyer_id
            and waitlist_entries.status = 'waiting'
    ) then
        perform private.lock_pools(new.event_id);
        perform private.serve_line(new.event_id);
    end if;
    return null;
end;
$$;
comment on function private.serve_next_wish() is
'Row trigger: whoever had an order under way was passed over in line; when it is over, seats that are free are offered to them.';

create trigger serve_next_wish after update of status on public.orders
for each row when (
    new.buyer_id is not null and old.status in ('pending', 'awaiting_approval') and new.status not in ('pending', 'awaiting_approval')
) execute function private.serve_next_wish();

create function private.guard_place_in_line() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if (old.status, new.status) not in (
        ('waiting', 'offered'), ('waiting', 'left'), ('offered', 'converted'), ('offered', 'lapsed'), ('offered', 'left'),
        ('lapsed', 'converted')
    ) and old.status <> new.status
        or (new.event_id, new.ticket_type_id, new.user_id, new.quantity, new.line_number, new.joined_at)
        is distinct from (old.event_id, old.ticket_type_id, old.user_id, old.quantity, old.line_number, old.joined_at)
    then
        raise sqlstate 'PT409' using message = 'illegal_transition',
            detail = jsonb_build_object('from', old.status, 'to', new.status)::text,
            hint = 'A place in line goes from waiting to offered to converted or lapsed; whoever wants another leaves and joins again.';
    end if;
    return new;
end;
$$;
comment on function private.guard_place_in_line() is
'Row trigger: a place in line never changes but for its status, which goes one way. Refuses with illegal_transition.';

create trigger guard_place_in_line before update on public.waitlist_entries
for each row execute function private.guard_place_in_line();

create function private.follow_offer() returns trigger
language plpgsql security definer -- the line is written by functions alone
set search_path = ''
as $$
begin
    update public.waitlist_entries
    set status = case
        when new.status = 'confirmed' then 'converted'
        when new.status in ('cancelled', 'declined') then 'left'
        else 'lapsed'
    end::public.waitlist_status
    where waitlist_entries.order_id = new.id and waitlist_entries.status in ('offered', 'lapsed');
    return null;
end;
$$;
comment on function private.follow_offer() is 'Row trigger: an offer''s entry follows what becomes of its order.';

create trigger follow_offer after update of status on public.orders
for each row when (old.status <> new.status and new.status in ('confirmed', 'cancelled', 'declined', 'expired'))
execute function private.follow_offer();
