create function private.read_buyer(given jsonb) returns private.buyer
language plpgsql immutable
set search_path = ''
as $$
begin
    return row(
        null, private.one_line(read_buyer.given ->> 'name'), lower(nullif(btrim(read_buyer.given ->> 'email'), '')),
        nullif(btrim(read_buyer.given ->> 'phone'), '')
    )::private.buyer;
end;
$$;
comment on function private.read_buyer(jsonb) is 'A guest as given: {name, email, phone}.';

create function private.check_buyer(buyer private.buyer, asks_phone boolean) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
    if (check_buyer.buyer).name is null or length((check_buyer.buyer).name) > 120 then
        raise sqlstate 'PT422' using message = 'buyer_name_missing', hint = 'A name of 1 to 120 characters.';
    end if;
    if private.is_address((check_buyer.buyer).email) is not true then
        raise sqlstate 'PT422' using message = 'buyer_email_invalid', hint = 'The tickets and the order''s link go to this address.';
    end if;
    if check_buyer.asks_phone and (check_buyer.buyer).phone is null then
        raise sqlstate 'PT422' using message = 'buyer_phone_missing', hint = 'The organizer asks for a phone number.';
    end if;
    if (check_buyer.buyer).phone !~ '^\+?[0-9 ().-]{5,31}$' then
        raise sqlstate 'PT422' using message = 'buyer_phone_invalid', hint = 'Digits, spaces and + ( ) . - only.';
    end if;
end;
$$;
comment on function private.check_buyer(private.buyer, boolean) is
'Whether an order can be in somebody''s name. Refuses with buyer_name_missing, buyer_email_invalid, buyer_phone_missing,
buyer_phone_invalid.';

create function private.buyer_of_order(event public.events, given jsonb) returns private.buyer
language plpgsql stable
set search_path = ''
as $$
declare
    v_buyer private.buyer := private.read_buyer(buyer_of_order.given);
begin
    v_buyer.user_id := private.caller_id();
    if v_buyer.user_id is not null then
        -- An account's orders go to its confirmed address, whatever was typed.
        select coalesce(v_buyer.name, profiles.display_name), lower(users.email)
        into v_buyer.name, v_buyer.email
        from auth.users
        inner join public.profiles on profiles.user_id = users.id
        where users.id = v_buyer.user_id;
    end if;
    perform private.check_buyer(v_buyer, buyer_of_order.event.asks_phone);
    return v_buyer;
end;
$$;
comment on function private.buyer_of_order(public.events, jsonb) is
'Who buys: the account, or the guest as given. Refuses with signed_out and the words of check_buyer.';

create function private.keep_account(user_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
    if keep_account.user_id is null then
        return;
    end if;
    perform from auth.users where users.id = keep_account.user_id for key share;
    if not found then
        raise sqlstate 'PT401' using message = 'signed_out', hint = 'The account was erased meanwhile.';
    end if;
end;
$$;
comment on function private.keep_account(uuid) is
'Keeps an account from being erased until what is being written in its name is; once pools are locked, as erasure does it. Of guests there
is nothing to keep. Refuses with signed_out.';

create function private.one_visitor(address inet) returns inet
language plpgsql immutable
set search_path = ''
as $$
begin
    return case
        when family(one_visitor.address) = 4 or one_visitor.address << '::ffff:0:0/96' then one_visitor.address
        else set_masklen(network(set_masklen(one_visitor.address, 64))::inet, 128)
    end;
end;
$$;
comment on function private.one_visitor(inet) is
'What limits count as one visitor: an address; of IPv6 the network of 64 bits, in which everyone has as many addresses as they like.';

create function private.caller_address() returns inet
language plpgsql stable
set search_path = ''
as $$
declare
    v_told text := private.request_header('x-client-address');
    v_signature text := (
        select encode(extensions.hmac(convert_to(v_told, 'UTF8'), secrets.value, 'sha256'), 'hex')
        from private.secrets
        where secrets.name = 'client_address'
    );
begin
    if v_signature = private.request_header('x-client-signature') then
        return private.one_visitor(v_told::inet);
    end if;
    -- Whoever comes past the app is known by what Supabase's own edge adds; what stands before it in the list anyone may write.
    return private.one_visitor(btrim(coalesce(
        private.request_header('cf-connecting-ip'), split_part(private.request_header('x-forwarded-for'), ',', -1)
    ))::inet);
exception when invalid_text_representation then
    return null;
end;
$$;
comment on function private.caller_address() is
'The address the request comes from, as far as it is known: as the app says, if it has signed that, else as the edge tells;
of IPv6, its network.';

create function private.limit_orders(person text, address inet) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_free_at timestamptz;
begin
    -- One order at a time for one person, and for one address: else requests at once would each miss the others.
    perform pg_advisory_xact_lock(hashtextextended(limit_orders.person, 1));
    perform pg_advisory_xact_lock(hashtextextended(host(limit_orders.address), 2));
    select max(limits.per + case limits.name
        when 'orders_by_person' then (
            select order_requests.created_at from private.order_requests
            where order_requests.person = limit_orders.person
            order by order_requests.created_at desc offset limits.amount - 1 limit 1
        )
        when 'orders_by_address' then (
            select order_requests.created_at from private.order_requests
            where order_requests.address = limit_orders.address
            order by order_requests.created_at desc offset limits.amount - 1 limit 1
        )
    end)
    into v_free_at
    from private.limits;
    if v_free_at > private.now() then
        raise sqlstate 'PT429' using message = 'too_many_orders',
            detail = jsonb_build_object('retry_after', ceil(extract(epoch from v_free_at - private.now())))::text;
    end if;
end;
$$;
comment on function private.limit_orders(text, inet) is
'Refuses with too_many_orders (detail: retry_after in seconds) when a person or an address places more than private.limits allows.';

create function private.check_attendees(lines jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
    v_wrong jsonb;
begin
    if exists (
        select from jsonb_array_elements(check_attendees.lines) as line
        where jsonb_typeof(coalesce(line -> 'attendees', '[]')) <> 'array'
            or jsonb_array_length(coalesce(line -> 'attendees', '[]')) > (line ->> 'quantity')::integer
    ) then
        raise sqlstate 'PT422' using message = 'attendees_invalid', hint = 'At most one attendee for each seat.';
    end if;
    select jsonb_build_object('ticket_type_id', ordered.line ->> 'ticket_type_id', 'seat', given.seat - 1, 'field', judged.field)
    into v_wrong
    from jsonb_array_elements(check_attendees.lines) with ordinality as ordered (line, place)
    cross join jsonb_array_elements(coalesce(ordered.line -> 'attendees', '[]')) with ordinality as given (attendee, seat)
    cross join lateral (
        select case
            when jsonb_typeof(given.attendee) <> 'object' or length(given.attendee ->> 'name') > 120 then 'name'
            when not private.is_address(nullif(btrim(given.attendee ->> 'email'), '')) then 'email'
            when nullif(btrim(given.attendee ->> 'phone'), '') !~ '^\+?[0-9 ().-]{5,31}$' then 'phone'
        end as field
    ) as judged
    where judged.field is not null
    order by ordered.place, given.seat
    limit 1;
    if v_wrong is not null then
        raise sqlstate 'PT422' using message = 'attendees_invalid', detail = v_wrong::text,
            hint = 'Each is {name, email, phone}; names up to 120 characters.';
    end if;
end;
$$;
comment on function private.check_attendees(jsonb) is 'The shape of the attendees in ordered lines. Refuses with attendees_invalid
(detail: ticket_type_id, seat from 0, field of the first that is wrong).';
