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

create function private.is_used_up(code public.promotion_codes) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(private.code_uses(is_used_up.code, null) >= is_used_up.code.max_uses, false);
end;
$$;
comment on function private.is_used_up(public.promotion_codes) is 'Whether a code is in use as often as it may be.';

create function private.code_is_left(placed public.orders) returns boolean
language plpgsql
set search_path = ''
as $$
begin
    perform from public.promotion_codes where promotion_codes.id = code_is_left.placed.promotion_code_id for no key update;
    return not exists (
        select from public.promotion_codes
        where promotion_codes.id = code_is_left.placed.promotion_code_id and (
            private.is_used_up(promotion_codes)
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
        and not private.is_used_up(is_redeemable.code);
end;
$$;
comment on function private.is_redeemable(public.promotion_codes) is 'Whether there is such a code, it counts now, and is not used up.';

create table private.code_guesses (
    address inet primary key,
    guesses integer not null,
    began_at timestamptz not null
);
create index on private.code_guesses (began_at);
comment on table private.code_guesses is 'How many codes that do not exist an address has tried since an instant. For the limit; kept no longer than that.';

create type private.tried_code as (code public.promotion_codes, refusal jsonb);

create function private.guessed_too_often(address inet, allowed_more integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select private.refusal(429, 'too_many_codes', jsonb_build_object(
            'retry_after', ceil(extract(epoch from code_guesses.began_at + limits.per - private.now()))
        ))
        from private.code_guesses
        inner join private.limits on limits.name = 'wrong_codes_by_address'
        where code_guesses.address = guessed_too_often.address
            and code_guesses.guesses >= limits.amount + guessed_too_often.allowed_more
            and code_guesses.began_at + limits.per > private.now()
    );
end;
$$;
comment on function private.guessed_too_often(inet, integer) is
'The refusal too_many_codes (detail: retry_after in seconds) for an address that has tried too many; null for others.';

create function private.count_guess(address inet) returns void
language plpgsql
set search_path = ''
as $$
begin
    delete from private.code_guesses
    where code_guesses.address in (
        select old.address from private.code_guesses as old
        where old.began_at <= private.now() - (select limits.per from private.limits where limits.name = 'wrong_codes_by_address')
        for update skip locked -- anybody's, so nobody waits for anybody
    );
    insert into private.code_guesses (address, guesses, began_at) values (count_guess.address, 1, private.now())
    on conflict on constraint code_guesses_pkey do update set guesses = code_guesses.guesses + 1;
end;
$$;
comment on function private.count_guess(inet) is 'Counts a code that does not exist against the address that tried it, and forgets what counts no more.';

create function private.judge_code(event public.events, word text) returns private.tried_code
language plpgsql stable
set search_path = ''
as $$
declare
    v_code public.promotion_codes;
    v_refusal jsonb;
begin
    select * into v_code
    from public.promotion_codes
    where promotion_codes.organizer_id = judge_code.event.organizer_id
        and promotion_codes.code = upper(btrim(judge_code.word))
        and (promotion_codes.event_id is null or promotion_codes.event_id = judge_code.event.id)
        and (promotion_codes.currency is null or promotion_codes.currency = judge_code.event.currency);
    if private.is_redeemable(v_code) then
        return row(v_code, null)::private.tried_code;
    elsif private.opens_ticket_type(judge_code.event.id, judge_code.word) then
        v_code := null; -- a word that only lets one in takes nothing off, or no longer does
        v_code.code := upper(btrim(judge_code.word));
        return row(v_code, null)::private.tried_code;
    elsif v_code.id is null then
        v_refusal := private.refusal(422, 'code_unknown');
    elsif v_code.starts_at > private.now() or v_code.ends_at <= private.now() then
        v_refusal := private.refusal(
            409, 'code_not_valid_now', jsonb_build_object('starts_at', v_code.starts_at, 'ends_at', v_code.ends_at)
        );
    else
        v_refusal := private.refusal(409, 'code_used_up');
    end if;
    return row(null, v_refusal)::private.tried_code;
end;
$$;
comment on function private.judge_code(public.events, text) is
'The code of this word for an event, or the refusal code_unknown, code_not_valid_now or code_used_up. A word that only opens a hidden
ticket type is a code without id.';

create function private.try_code(event public.events, word text) returns private.tried_code
language plpgsql security definer -- codes are secrets: whoever knows the word may use it, nobody may list them, or guess for long
set search_path = ''
as $$
declare
    v_address inet;
    v_tried private.tried_code;
begin
    if nullif(btrim(try_code.word), '') is null then
        return null;
    elsif current_setting('transaction_read_only')::boolean then
        raise read_only_sql_transaction using message = 'Codes are tried by POST: wrong ones are counted.';
    end if;
    v_address := coalesce(private.caller_address(), '::'); -- all whose address is not known are one visitor
    v_tried.refusal := private.guessed_too_often(v_address, 0);
    if v_tried.refusal is null then
        v_tried := private.judge_code(try_code.event, try_code.word);
    end if;
    if v_tried.refusal ->> 'message' = 'code_unknown' then
        perform private.count_guess(v_address);
        -- Of those who tried at once, no more are told than the limit allows.
        v_tried.refusal := coalesce(private.guessed_too_often(v_address, 1), v_tried.refusal);
    end if;
    return v_tried;
end;
$$;
comment on function private.try_code(public.events, text) is
'The only way in which clients try a code: what judge_code says of it, null when none is given. Wrong ones are counted by address, so that
none can be found by trying; the refusal (also too_many_codes) is returned, since raised it would undo the count.';

create function private.assert_code_left(code public.promotion_codes, buyer private.buyer) returns void
language plpgsql
set search_path = ''
as $$
begin
    if assert_code_left.code.id is null then
        return;
    end if;
    -- Whoever else uses this code waits here, so that the limits hold exactly.
    perform from public.promotion_codes where promotion_codes.id = assert_code_left.code.id for no key update;
    if private.is_used_up(assert_code_left.code) then
        raise sqlstate 'PT409' using message = 'code_used_up';
    elsif private.code_uses(assert_code_left.code, assert_code_left.buyer) >= assert_code_left.code.max_uses_per_person then
        raise sqlstate 'PT409' using message = 'code_used_by_you';
    end if;
end;
$$;
comment on function private.assert_code_left(public.promotion_codes, private.buyer) is
'Whether a code may be used once more, by anyone and by this buyer. Refuses with code_used_up, code_used_by_you.';
