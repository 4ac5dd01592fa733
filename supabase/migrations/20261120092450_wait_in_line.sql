-- Joining the line of a full event, seeing one's place in it, leaving it; and the line as its team sees it.

create function private.place_in_line(entry public.waitlist_entries) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
    return case when place_in_line.entry.status = 'waiting' then (
        select count(*) from public.waitlist_entries as ahead
        where ahead.event_id = place_in_line.entry.event_id and ahead.status = 'waiting'
            and ahead.ticket_type_id = place_in_line.entry.ticket_type_id and ahead.line_number <= place_in_line.entry.line_number
    ) end;
end;
$$;
comment on function private.place_in_line(public.waitlist_entries) is 'How far in front somebody waits, 1 is next; null when they do not.';

create function private.own_places(event_id uuid) returns jsonb
language plpgsql stable security definer -- counts the people ahead, whom the caller may not see
set search_path = ''
as $$
declare
    v_person uuid := private.caller_id();
begin
    if v_person is null then
        return '[]';
    end if;
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', waitlist_entries.id, 'ticket_type_id', waitlist_entries.ticket_type_id, 'status', waitlist_entries.status,
            'quantity', waitlist_entries.quantity, 'position', private.place_in_line(waitlist_entries)
        ) order by waitlist_entries.line_number), '[]')
        from public.waitlist_entries
        where waitlist_entries.event_id = own_places.event_id and waitlist_entries.user_id = v_person
            and waitlist_entries.status in ('waiting', 'offered')
    );
end;
$$;
comment on function private.own_places(uuid) is 'Where the caller stands in the lines of an event, as its page tells them.';

create function private.waitlist_document(entry public.waitlist_entries) returns jsonb
language plpgsql stable security definer -- counts the people ahead, whom the caller may not see
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'id', waitlist_document.entry.id,
            'status', waitlist_document.entry.status,
            'quantity', waitlist_document.entry.quantity,
            'ticket_type_id', waitlist_document.entry.ticket_type_id,
            'ticket_type', (select ticket_types.name from public.ticket_types where ticket_types.id = waitlist_document.entry.ticket_type_id),
            'position', private.place_in_line(waitlist_document.entry),
            'order_reference', (select orders.reference from public.orders where orders.id = waitlist_document.entry.order_id),
            'offer_expires_at', (
                select orders.expires_at from public.orders
                where orders.id = waitlist_document.entry.order_id and orders.status = 'pending'
            ),
            'joined_at', waitlist_document.entry.joined_at,
            'event', private.event_of_order(waitlist_document.entry.event_id)
        )
    );
end;
$$;
comment on function private.waitlist_document(public.waitlist_entries) is 'A place in line as its person sees it.';

create function public.join_waitlist(event_id uuid, ticket_type_id uuid, quantity integer, locale text default 'en') returns jsonb
language plpgsql security definer -- the line is written by functions alone
set search_path = ''
as $$
#variable_conflict use_column
declare
    v_person uuid := (private.own_profile()).user_id;
    v_event public.events := private.event_on_show(join_waitlist.event_id);
    v_entry public.waitlist_entries;
    v_answer jsonb := private.answered_before(
        'join_waitlist', jsonb_build_array(join_waitlist.event_id, join_waitlist.ticket_type_id, join_waitlist.quantity));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    perform private.price_order(v_event, jsonb_build_array(jsonb_build_object(
        'ticket_type_id', join_waitlist.ticket_type_id, 'quantity', join_waitlist.quantity)), null);
    perform private.lock_pools(v_event.id);
    perform private.keep_account(v_person);
    perform private.expire_lapsed(v_event.id);
    if not private.event_is_open(v_event.id) or exists (
        select from public.ticket_types
        where ticket_types.id = join_waitlist.ticket_type_id and private.ticket_sale(ticket_types, v_event, 1) <> 'on_sale'
    ) then
        raise sqlstate 'PT409' using message = 'sale_closed';
    elsif exists (
        select from private.seats_left(v_event.id) as level
        where level.ticket_type_id = join_waitlist.ticket_type_id and level.seats >= join_waitlist.quantity
    ) then
        raise sqlstate 'PT409' using message = 'seats_available', hint = 'There are seats: order them.';
    end if;
    insert into public.waitlist_entries (event_id, ticket_type_id, user_id, quantity, locale, joined_at)
    values (
        v_event.id, join_waitlist.ticket_type_id, v_person, join_waitlist.quantity,
        case when join_waitlist.locale = 'fr' then 'fr' else 'en' end, private.now()
    )
    on conflict (ticket_type_id, user_id) where status in ('waiting', 'offered') do nothing
    returning * into v_entry;
    if v_entry.id is null then
        raise sqlstate 'PT409' using message = 'already_in_line', hint = 'Leave the line first to join it with another number.';
    end if;
    return private.keep_answer(private.waitlist_document(v_entry));
end;
$$;
comment on function public.join_waitlist(uuid, uuid, integer, text) is
'Joins the line for so many seats when fewer are left. → {id, status, position, …}. Refuses with sign_in_required, signed_out,
not_found, sale_closed, seats_available, already_in_line, idempotency_key_reused and the words of quote.';

create function public.leave_waitlist(entry_id uuid) returns jsonb
language plpgsql security definer -- the line is written by functions alone
set search_path = ''
as $$
declare
    v_person uuid := (private.own_profile()).user_id;
    v_entry public.waitlist_entries;
begin
    select * into v_entry from public.waitlist_entries where waitlist_entries.id = leave_waitlist.entry_id and waitlist_entries.user_id = v_person;
    if v_entry.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such place in line, or it is not yours.';
    end if;
    perform private.lock_pools(v_entry.event_id);
    select * into v_entry from public.waitlist_entries where waitlist_entries.id = v_entry.id for no key update;
    if v_entry.status not in ('waiting', 'offered') then
        raise sqlstate 'PT409' using message = 'not_in_line';
    elsif v_entry.status = 'offered' then
        update public.orders set status = 'cancelled', status_reason = 'given_back'
        where orders.id = v_entry.order_id and orders.status in ('pending', 'awaiting_approval')
            and orders.payment_status <> 'processing';
        if not found then
            raise sqlstate 'PT409' using message = 'payment_processing';
        end if;
    else
        update public.waitlist_entries set status = 'left' where waitlist_entries.id = v_entry.id;
    end if;
    select * into v_entry from public.waitlist_entries where waitlist_entries.id = v_entry.id;
    return private.waitlist_document(v_entry);
end;
$$;
comment on function public.leave_waitlist(uuid) is
'Leaves the line, or declines its offer. Refuses with not_found, not_in_line, payment_processing, sign_in_required, signed_out.';

create function public.list_waitlist() returns jsonb
language sql stable security definer -- one's own places, with the number of people ahead
set search_path = ''
as $$
    select coalesce(jsonb_agg(private.waitlist_document(waitlist_entries) order by waitlist_entries.created_at desc), '[]')
    from public.waitlist_entries
    where waitlist_entries.user_id = (private.own_profile()).user_id
$$;
comment on function public.list_waitlist() is 'The caller''s places in line, newest first. Refuses with sign_in_required, signed_out.';
