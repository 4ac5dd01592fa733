create function private.code_document(code public.promotion_codes) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(code_document.code) - array['id', 'organizer_id', 'updated_at'] || jsonb_build_object(
        'uses', private.code_uses(code_document.code, null),
        'state', case
            when code_document.code.ends_at <= private.now() then 'over'
            when code_document.code.starts_at > private.now() then 'to_come'
            else 'valid'
        end,
        'event_title', (select events.title from public.events where events.id = code_document.code.event_id)
    );
end;
$$;
comment on function private.code_document(public.promotion_codes) is
'A promotion code as its team sees it, with how often it is in use, and whether it is valid, to_come or over.';

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
    perform private.audit('promotion_code.ended', 'promotion_code', v_code.id, v_organizer.id, jsonb_build_object('code', v_code.code));
    return private.code_document(v_code);
end;
$$;
comment on function public.end_promotion_code(text, text) is
'Ends a code now; what was ordered with it stays. Refuses with not_found, not_permitted.';
