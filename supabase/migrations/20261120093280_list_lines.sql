-- Who waits for a team's event, and what keeps each from being served.

create function private.why_unserved(entry public.waitlist_entries, seats integer) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return case
        when why_unserved.entry.status = 'offered' then 'offered'
        when not private.event_is_open(why_unserved.entry.event_id) then 'event_closed'
        when not exists (
            select from public.ticket_types
            where ticket_types.id = why_unserved.entry.ticket_type_id
                and (ticket_types.sale_ends_at is null or ticket_types.sale_ends_at > private.now())
        ) then 'sale_ended'
        when exists (
            select from public.orders
            where orders.buyer_id = why_unserved.entry.user_id and orders.event_id = why_unserved.entry.event_id
                and orders.status in ('pending', 'awaiting_approval') and orders.expires_at > private.now()
        ) then 'order_under_way'
        when why_unserved.seats = 0 then 'full'
        when why_unserved.seats < why_unserved.entry.quantity then 'too_large'
        else 'next'
    end;
end;
$$;
comment on function private.why_unserved(public.waitlist_entries, integer) is
'What keeps a place in line from being served, when so many seats are free for it: offered (it is being), event_closed, sale_ended,
order_under_way (one at a time for each person), full, too_large (smaller parties behind go first) or next.';

create function public.list_event_waitlist(event_id uuid, organizer text default null) returns jsonb
language plpgsql stable security definer -- a team sees who waits for it, by right
set search_path = ''
as $$
declare
    v_event public.events;
    v_organizer public.organizers;
begin
    select * into v_event
    from public.events
    where events.id = list_event_waitlist.event_id and events.organizer_id in (select private.permitted_organizers('orders:read'));
    select * into v_organizer
    from public.organizers
    where organizers.id = v_event.organizer_id and organizers.slug = coalesce(list_event_waitlist.organizer, organizers.slug);
    if v_organizer.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such event, or it is not your team''s.';
    end if;
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'event', private.event_head(v_event),
        'entries', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'id', waitlist_entries.id, 'status', waitlist_entries.status, 'quantity', waitlist_entries.quantity,
                'name', profiles.display_name, 'joined_at', waitlist_entries.joined_at,
                'ticket_type_id', waitlist_entries.ticket_type_id, 'ticket_type', ticket_types.name, 'seats_free', level.seats,
                'why', private.why_unserved(waitlist_entries, level.seats),
                'order_reference', orders.reference, 'offer_expires_at', orders.expires_at
            ) order by waitlist_entries.line_number), '[]')
            from public.waitlist_entries
            inner join public.profiles on profiles.user_id = waitlist_entries.user_id
            inner join public.ticket_types on ticket_types.id = waitlist_entries.ticket_type_id
            inner join private.free_seats(v_event.id) as level on level.ticket_type_id = waitlist_entries.ticket_type_id
            left join public.orders on orders.id = waitlist_entries.order_id
            where waitlist_entries.event_id = v_event.id and waitlist_entries.status in ('waiting', 'offered')
        )
    );
end;
$$;
comment on function public.list_event_waitlist(uuid, text) is
'The line of a team''s event, first in line first, and what keeps each from being served: {workspace, event, entries}.
Refuses with not_found.';
