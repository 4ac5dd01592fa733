-- Reading what people type into forms, and saying everything that is wrong with it at once, each beside its field.

create function private.refuse_input(faults jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
    if refuse_input.faults <> '[]' then
        raise sqlstate 'PT422' using message = 'invalid_input', detail = jsonb_build_object('errors', refuse_input.faults)::text,
            hint = 'errors names each field with what is wrong. Nothing was changed.';
    end if;
end;
$$;
comment on function private.refuse_input(jsonb) is
'Refuses with invalid_input when there are faults; its detail is {errors: [{field, code}]}, all of them.';

create function private.whole_number(words text) returns integer
language plpgsql immutable
set search_path = ''
as $$
begin
    return case when btrim(whole_number.words) ~ '^\d{1,9}$' then btrim(whole_number.words)::integer end;
end;
$$;
comment on function private.whole_number(text) is 'A number from 0 to 999,999,999; null when the words are none.';

create function private.is_timezone(name text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    -- Postgres would take abbreviations and any case as well; browsers and Python know the names alone.
    return exists (select from pg_catalog.pg_timezone_names where pg_timezone_names.name = is_timezone.name);
end;
$$;
comment on function private.is_timezone(text) is 'Whether this is the IANA name of a timezone. Reads the whole list: ask only when one changes.';

create function private.instant_of(words text, timezone text) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
    v_wall constant text := '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?';
    v_instant timestamptz;
begin
    if instant_of.words ~ (v_wall || '$') then
        v_instant := instant_of.words::timestamp at time zone instant_of.timezone;
    elsif instant_of.words ~ (v_wall || '(Z|[+-]\d\d:?\d\d)$') then
        v_instant := instant_of.words::timestamptz;
    end if;
    return case when v_instant between timestamptz '2000-01-01' and private.now() + interval '10 years' then v_instant end;
exception when data_exception then
    return null;
end;
$$;
comment on function private.instant_of(text, text) is
'The instant of a date and time: by the clocks of a timezone, or with an offset of its own. Null when the words are none, or far off.';

create function private.moment_fault(words text, timezone text) returns text
language plpgsql stable
set search_path = ''
as $$
declare
    v_instant timestamptz := private.instant_of(moment_fault.words, moment_fault.timezone);
    v_wall timestamp;
begin
    if coalesce(moment_fault.words, '') = '' then
        return null;
    elsif v_instant is not null and moment_fault.words !~ '(Z|[+-]\d\d:?\d\d)$' then
        v_wall := moment_fault.words::timestamp;
    end if;
    return (
        select fault.code
        from (values
            ('moment', 'time_invalid', v_instant is null),
            ('moment', 'time_skipped', v_instant at time zone moment_fault.timezone <> v_wall),
            ('moment', 'time_ambiguous', exists (
                select from unnest(array['-2 hours', '-1 hour', '-30 minutes', '30 minutes', '1 hour', '2 hours']::interval[]) as shift
                where (v_instant + shift) at time zone moment_fault.timezone = v_wall
            ))
        ) as fault (field, code, found)
        where fault.found
        limit 1
    );
end;
$$;
comment on function private.moment_fault(text, text) is
'What is wrong with a date and time that somebody typed: time_invalid, time_skipped when clocks jump over it, time_ambiguous when
they show it twice; null when nothing is, or when there is none.';

create function private.moment_facts(code text, words text, timezone text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return case when moment_facts.code = 'time_skipped' then jsonb_build_object(
        'typed', to_char(moment_facts.words::timestamp, 'HH24:MI'),
        'instead', to_char(private.instant_of(moment_facts.words, moment_facts.timezone) at time zone moment_facts.timezone, 'HH24:MI')
    ) else '{}' end;
end;
$$;
comment on function private.moment_facts(text, text, text) is
'What there is to say about a fault of moment_fault: for a time that clocks jump over {typed, instead}, the time they show in its place.';

create function private.moment_faults(edits jsonb, fields text[], timezone text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object('field', moment.field, 'code', moment.code)
            || private.moment_facts(moment.code, moment_faults.edits ->> moment.field, moment_faults.timezone)), '[]')
        from (
            select field, private.moment_fault(moment_faults.edits ->> field, moment_faults.timezone) as code
            from unnest(moment_faults.fields) as field
        ) as moment
        where moment.code is not null
    );
end;
$$;
comment on function private.moment_faults(jsonb, text[], text) is 'The same for several fields of a form: [{field, code}], with moment_facts.';

create function private.exact_moments(edits jsonb, known jsonb, timezone text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return exact_moments.edits || (
        select coalesce(jsonb_object_agg(moment.field, moment.instant), '{}')
        from jsonb_each_text(exact_moments.known) as moment (field, instant)
        where exact_moments.edits ->> moment.field
            = to_char(moment.instant::timestamptz at time zone exact_moments.timezone, 'YYYY-MM-DD"T"HH24:MI')
    );
end;
$$;
comment on function private.exact_moments(jsonb, jsonb, text) is
'What was typed, with the instants known before where a form sent them back as it showed them: to the minute, by the clocks there.';
