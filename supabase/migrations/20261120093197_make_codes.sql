-- A team makes promotion codes; everything that is wrong with one is said at once.

create function private.typed_code(organizer public.organizers, facts jsonb, timezone text) returns public.promotion_codes
language plpgsql stable
set search_path = ''
as $$
declare
    v_code public.promotion_codes;
begin
    v_code.id := gen_random_uuid();
    v_code.organizer_id := typed_code.organizer.id;
    v_code.event_id := private.uuid_or_null(facts ->> 'event_id');
    v_code.code := upper(btrim(facts ->> 'code'));
    v_code.percent := case when private.whole_number(facts ->> 'percent') <= 100 then private.whole_number(facts ->> 'percent') end;
    v_code.amount_cents := private.whole_number(facts ->> 'amount_cents');
    v_code.currency := case when coalesce(facts ->> 'amount_cents', '') <> '' then upper(facts ->> 'currency') end;
    v_code.starts_at := private.instant_of(facts ->> 'starts_at', typed_code.timezone);
    v_code.ends_at := private.instant_of(facts ->> 'ends_at', typed_code.timezone);
    v_code.max_uses := private.whole_number(facts ->> 'max_uses');
    v_code.max_uses_per_person := private.whole_number(facts ->> 'max_uses_per_person');
    v_code.created_at := now();
    v_code.updated_at := now();
    return v_code;
end;
$$;
comment on function private.typed_code(public.organizers, jsonb, text) is
'A promotion code as somebody typed it, not written yet. What cannot be read is null: code_faults says so.';

create function private.code_faults(code public.promotion_codes, facts jsonb, timezone text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_wrong text[] := private.unreadable_numbers(facts, '{max_uses,max_uses_per_person}');
    v_has_percent boolean := coalesce(facts ->> 'percent', '') <> '';
    v_has_amount boolean := coalesce(facts ->> 'amount_cents', '') <> '';
begin
    return private.moment_faults(facts, '{starts_at,ends_at}', code_faults.timezone) || (
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
        from (values
            ('code', 'code_invalid', coalesce(code.code !~ '^[A-Z0-9][A-Z0-9-]{1,39}$', true)),
            ('percent', 'reduction_missing', not v_has_percent and not v_has_amount),
            ('percent', 'percent_invalid', v_has_percent and coalesce(code.percent < 1, true)),
            ('amount_cents', 'reduction_double', v_has_percent and v_has_amount),
            ('amount_cents', 'price_invalid', v_has_amount and coalesce(code.amount_cents not between 1 and 99999999, true)),
            ('currency', 'currency_unknown', v_has_amount and not exists (
                select from private.minimum_charges where minimum_charges.currency = code.currency)),
            ('ends_at', 'end_before_start', code.ends_at <= code.starts_at),
            ('max_uses', 'uses_invalid', 'max_uses' = any (v_wrong) or code.max_uses < 1),
            ('max_uses_per_person', 'uses_invalid', 'max_uses_per_person' = any (v_wrong) or code.max_uses_per_person < 1)
        ) as fault (field, code, found)
        where fault.found
    );
end;
$$;
comment on function private.code_faults(public.promotion_codes, jsonb, text) is 'What is wrong with a promotion code: [{field, code}].';

create function public.create_promotion_code(organizer text, facts jsonb) returns jsonb
language plpgsql security definer -- codes are made by right, and written by functions alone
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(create_promotion_code.organizer, 'events:write');
    v_timezone text := (private.event_defaults(v_organizer.id)).timezone;
    v_code public.promotion_codes;
    v_answer jsonb := private.answered_before('create_promotion_code', jsonb_build_array(create_promotion_code.organizer, create_promotion_code.facts));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    if coalesce(create_promotion_code.facts ->> 'event_id', '') <> '' and (
        private.teams_event(private.uuid_or_null(create_promotion_code.facts ->> 'event_id'), 'events:write')
    ).organizer_id <> v_organizer.id then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The event is another organizer''s.';
    end if;
    v_code := private.typed_code(v_organizer, create_promotion_code.facts, v_timezone);
    perform private.refuse_input(private.code_faults(v_code, create_promotion_code.facts, v_timezone));
    insert into public.promotion_codes select v_code.*;
    perform private.audit('promotion_code.created', 'promotion_code', v_code.id, v_organizer.id, to_jsonb(v_code));
    return private.keep_answer(private.code_document(v_code));
exception when unique_violation then
    raise sqlstate 'PT409' using message = 'code_taken';
end;
$$;
comment on function public.create_promotion_code(text, jsonb) is
'Makes a promotion code for an organizer, or for one of its events: {code, percent or amount_cents and currency, event_id?, starts_at?,
ends_at?, max_uses?, max_uses_per_person?}; times by the clocks of the team''s last event, or with an offset.
Refuses with not_found, not_permitted, invalid_input, code_taken, idempotency_key_reused.';

create function public.list_promotion_codes(organizer text) returns jsonb
language plpgsql stable security definer -- counts orders, by right
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_promotion_codes.organizer, 'events:write');
    v_defaults public.events := private.event_defaults(v_organizer.id);
begin
    return jsonb_build_object(
        'workspace', private.workspace(v_organizer),
        'codes', (
            select coalesce(jsonb_agg(private.code_document(promotion_codes) order by promotion_codes.created_at desc), '[]')
            from public.promotion_codes
            where promotion_codes.organizer_id = v_organizer.id
        ),
        'events', (
            select coalesce(jsonb_agg(jsonb_build_object('id', event.id, 'title', event.title, 'starts_at', event.starts_at,
                'timezone', event.timezone) order by event.starts_at), '[]')
            from (
                select * from public.events
                where events.organizer_id = v_organizer.id and events.status in ('draft', 'published') and events.ends_at > private.now()
                order by events.starts_at
                limit 200
            ) as event
        ),
        'currencies', private.currencies(),
        'currency', v_defaults.currency,
        'timezone', v_defaults.timezone
    );
end;
$$;
comment on function public.list_promotion_codes(text) is
'The codes of an organizer, newest first, with how often each is in use, and what there is to choose from for a new one:
{workspace, codes, events, currencies, currency, timezone}. Refuses with not_found, not_permitted.';
