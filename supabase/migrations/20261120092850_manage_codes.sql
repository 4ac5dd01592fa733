create function private.code_document(code public.promotion_codes) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(code_document.code) - array['id', 'organizer_id', 'updated_at']
        || jsonb_build_object('uses', private.code_uses(code_document.code, null));
end;
$$;
comment on function private.code_document(public.promotion_codes) is 'A promotion code as its team sees it, with how often it is in use.';

create function public.create_promotion_code(
    organizer text, code text, percent integer default null, amount_cents integer default null, currency text default null,
    event_id uuid default null, starts_at timestamptz default null, ends_at timestamptz default null,
    max_uses integer default null, max_uses_per_person integer default null
) returns jsonb
language plpgsql security definer -- codes are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(create_promotion_code.organizer, 'events:write');
    v_code public.promotion_codes;
begin
    if create_promotion_code.event_id is not null
        and (private.teams_event(create_promotion_code.event_id, 'events:write')).organizer_id <> v_organizer.id
    then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The event is another organizer''s.';
    end if;
    insert into public.promotion_codes (
        organizer_id, event_id, code, percent, amount_cents, currency, starts_at, ends_at, max_uses, max_uses_per_person
    )
    values (
        v_organizer.id, create_promotion_code.event_id, upper(btrim(create_promotion_code.code)), create_promotion_code.percent,
        create_promotion_code.amount_cents, upper(create_promotion_code.currency), create_promotion_code.starts_at,
        create_promotion_code.ends_at, create_promotion_code.max_uses, create_promotion_code.max_uses_per_person
    )
    returning * into v_code;
    return private.code_document(v_code);
exception
    when unique_violation then
        raise sqlstate 'PT409' using message = 'code_taken';
    when check_violation or not_null_violation or numeric_value_out_of_range then
        raise sqlstate 'PT422' using message = 'code_invalid',
            hint = 'Letters, digits and dashes; a percentage from 1 to 100, or an amount with its currency; dates in order.';
end;
$$;
comment on function public.create_promotion_code(
    text, text, integer, integer, text, uuid, timestamptz, timestamptz, integer, integer
) is
'Makes a promotion code for an organizer, or for one of its events. Refuses with not_found, not_permitted, code_taken, code_invalid.';

create function public.end_promotion_code(organizer text, code text) returns jsonb
language plpgsql security definer -- codes are ended by right, and written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(end_promotion_code.organizer, 'events:write');
    v_code public.promotion_codes;
begin
    update public.promotion_codes
    set ends_at = private.now(), starts_at = least(promotion_codes.starts_at, private.now() - interval '1 second')
    where promotion_codes.organizer_id = v_organizer.id and promotion_codes.code = upper(btrim(end_promotion_code.code))
        and (promotion_codes.ends_at is null or promotion_codes.ends_at > private.now())
    returning * into v_code;
    if v_code.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such code, or it has ended.';
    end if;
    return private.code_document(v_code);
end;
$$;
comment on function public.end_promotion_code(text, text) is
'Ends a code now; what was ordered with it stays. Refuses with not_found, not_permitted.';

create function public.list_promotion_codes(organizer text) returns jsonb
language plpgsql stable security definer -- counts orders, by right
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_promotion_codes.organizer, 'events:read');
begin
    return (
        select coalesce(jsonb_agg(private.code_document(promotion_codes) order by promotion_codes.created_at desc), '[]')
        from public.promotion_codes
        where promotion_codes.organizer_id = v_organizer.id
    );
end;
$$;
comment on function public.list_promotion_codes(text) is
'The codes of an organizer, newest first, with how often each is in use. Refuses with not_found, not_permitted.';
