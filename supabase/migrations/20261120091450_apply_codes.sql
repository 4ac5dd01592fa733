create type private.buyer as (user_id uuid, name text, email text, phone text);

create function private.code_price(cents bigint, running numeric, whole numeric, code public.promotion_codes) returns bigint
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select case
            when code_price.code.percent is not null then private.percent_off(code_price.cents, code_price.code.percent)
            when code_price.code.amount_cents is not null and code_price.whole > 0 then code_price.cents - (
                -- Each line bears its share; running sums make the shares add up to the cent.
                round(least(code_price.code.amount_cents, code_price.whole) * code_price.running / code_price.whole)
                - round(least(code_price.code.amount_cents, code_price.whole) * (code_price.running - code_price.cents) / code_price.whole)
            )::bigint
        end
    );
end;
$$;
comment on function private.code_price(bigint, numeric, numeric, public.promotion_codes) is
'One line''s price under a code, from the line, the running sum up to it, and the sum of all lines; null without a code.';

create function private.code_uses(code public.promotion_codes, buyer private.buyer) returns bigint
language plpgsql stable security definer -- counts orders that the caller may not see; only a number leaves
set search_path = ''
as $$
begin
    return (
        select count(*)
        from public.orders
        where orders.promotion_code_id = code_uses.code.id
            and (orders.status = 'confirmed' or (orders.status in ('pending', 'awaiting_approval') and orders.expires_at > private.now()))
            and (
                (code_uses.buyer).email is null
                or orders.buyer_id = (code_uses.buyer).user_id
                or orders.buyer_email = (code_uses.buyer).email
            )
    );
end;
$$;
comment on function private.code_uses(public.promotion_codes, private.buyer) is 'How often a code is in use, by one buyer or, without one, by all.';

create function private.code_is_left(placed public.orders) returns boolean
language plpgsql
set search_path = ''
as $$
begin
    perform from public.promotion_codes where promotion_codes.id = code_is_left.placed.promotion_code_id for no key update;
    return not exists (
        select from public.promotion_codes
        where promotion_codes.id = code_is_left.placed.promotion_code_id and (
            private.code_uses(promotion_codes, null) >= promotion_codes.max_uses
            or private.code_uses(promotion_codes, row(
                code_is_left.placed.buyer_id, code_is_left.placed.buyer_name, code_is_left.placed.buyer_email, null
            )::private.buyer) >= promotion_codes.max_uses_per_person
        )
    );
end;
$$;
comment on function private.code_is_left(public.orders) is
'Whether nobody else has used up the code of an order whose hold has lapsed.';

create function private.opens_ticket_type(event_id uuid, word text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return exists (
        select from public.ticket_types
        where ticket_types.event_id = opens_ticket_type.event_id and ticket_types.access_code = upper(btrim(opens_ticket_type.word))
    );
end;
$$;
comment on function private.opens_ticket_type(uuid, text) is 'Whether a word lets one see and buy a hidden ticket type of an event.';

create function private.is_redeemable(code public.promotion_codes) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return is_redeemable.code.id is not null
        and (is_redeemable.code.starts_at > private.now()) is not true
        and (is_redeemable.code.ends_at <= private.now()) is not true
        and (private.code_uses(is_redeemable.code, null) >= is_redeemable.code.max_uses) is not true;
end;
$$;
comment on function private.is_redeemable(public.promotion_codes) is 'Whether there is such a code, it counts now, and is not used up.';

create function private.find_code(event public.events, code text) returns public.promotion_codes
language plpgsql stable security definer -- codes are secrets: whoever knows the word may use it, nobody may list them
set search_path = ''
as $$
declare
    v_code public.promotion_codes;
begin
    if nullif(btrim(find_code.code), '') is null then
        return null;
    end if;
    select * into v_code
    from public.promotion_codes
    where promotion_codes.organizer_id = find_code.event.organizer_id
        and promotion_codes.code = upper(btrim(find_code.code))
        and (promotion_codes.event_id is null or promotion_codes.event_id = find_code.event.id)
        and (promotion_codes.currency is null or promotion_codes.currency = find_code.event.currency);
    if not private.is_redeemable(v_code) and private.opens_ticket_type(find_code.event.id, find_code.code) then
        v_code := null; -- a word that only lets one in takes nothing off, or no longer does
        v_code.code := upper(btrim(find_code.code));
        return v_code;
    elsif v_code.id is null then
        raise sqlstate 'PT422' using message = 'code_unknown';
    elsif v_code.starts_at > private.now() or v_code.ends_at <= private.now() then
        raise sqlstate 'PT409' using message = 'code_not_valid_now',
            detail = jsonb_build_object('starts_at', v_code.starts_at, 'ends_at', v_code.ends_at)::text;
    end if;
    perform private.assert_code_left(v_code, null);
    return v_code;
end;
$$;
comment on function private.find_code(public.events, text) is
'The code of this word for an event; null when none is given. A word that only opens a hidden ticket type is a code without id.
 Refuses with code_unknown, code_not_valid_now, code_used_up.';

create function private.assert_code_left(code public.promotion_codes, buyer private.buyer) returns void
language plpgsql
set search_path = ''
as $$
begin
    if assert_code_left.code.id is null then
        return;
    end if;
    if (assert_code_left.buyer).email is not null then
        -- Placing an order: whoever else uses this code waits here, so that the limits hold exactly.
        perform from public.promotion_codes where promotion_codes.id = assert_code_left.code.id for no key update;
    end if;
    if private.code_uses(assert_code_left.code, null) >= assert_code_left.code.max_uses then
        raise sqlstate 'PT409' using message = 'code_used_up';
    elsif private.code_uses(assert_code_left.code, assert_code_left.buyer) >= assert_code_left.code.max_uses_per_person
        and (assert_code_left.buyer).email is not null
    then
        raise sqlstate 'PT409' using message = 'code_used_by_you';
    end if;
end;
$$;
comment on function private.assert_code_left(public.promotion_codes, private.buyer) is
'Whether a code may be used once more, by anyone and by this buyer. Refuses with code_used_up, code_used_by_you.';
