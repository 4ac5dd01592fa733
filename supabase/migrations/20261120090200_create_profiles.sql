-- People: what Supabase Auth does not hold. The account itself is auth.users.

create type public.language_use as enum ('native', 'target');

create table public.profiles (
    user_id uuid primary key references auth.users (id) on delete cascade,
    display_name text not null check (length(btrim(display_name)) between 1 and 80),
    birth_date date not null,
    location text check (length(location) <= 120),
    locale text not null default 'en' check (locale in ('en', 'fr')),
    avatar_path text,
    consent_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table public.profiles is 'One row per account: name, birth date, location, consent with its time.';
comment on column public.profiles.locale is 'The language of pages and mails.';
comment on column public.profiles.avatar_path is 'The picture''s path in the bucket avatars.';

create table public.profile_languages (
    user_id uuid not null references public.profiles (user_id) on delete cascade,
    language_code text not null references public.languages (code),
    use public.language_use not null,
    created_at timestamptz not null default now(),
    primary key (user_id, language_code, use)
);
create index on public.profile_languages (language_code);
comment on table public.profile_languages is 'Which languages a person speaks natively and which they want to practise.';

create trigger touch_updated_at before update on public.profiles
for each row execute function private.touch_updated_at();

create function private.date_or_null(word text) returns date
language plpgsql immutable
set search_path = ''
as $$
begin
    return case when date_or_null.word ~ '^\d{4}-\d\d-\d\d$' then date_or_null.word::date end;
exception when datetime_field_overflow then
    return null;
end;
$$;
comment on function private.date_or_null(text) is 'An ISO date, or null when the text is none.';

create function private.known_languages(codes jsonb) returns boolean
language sql stable
set search_path = ''
as $$
    select jsonb_typeof(known_languages.codes) = 'array'
        and jsonb_array_length(known_languages.codes) between 1 and 20
        and not exists (
            select from jsonb_array_elements_text(known_languages.codes) as given (code)
            where not exists (select from public.languages where languages.code = given.code)
        )
$$;
comment on function private.known_languages(jsonb) is 'Whether this is a list of one to twenty ISO 639-1 codes that we know.';

create function private.profile_faults(person jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
    -- Only the fields that are present are judged, so that one rule serves sign-up and edits alike.
    select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
    from (
        select (private.now() at time zone 'UTC')::date as today, private.date_or_null(person ->> 'birth_date') as birth_date
    ) as age
    cross join lateral (values
        ('display_name', 'display_name_missing',
            person ? 'display_name' and private.one_line(person ->> 'display_name') is null),
        ('display_name', 'display_name_too_long', length(private.one_line(person ->> 'display_name')) > 80),
        ('birth_date', 'birth_date_invalid',
            person ? 'birth_date' and coalesce(age.birth_date not between date '1900-01-01' and age.today, true)),
        ('birth_date', 'under_age', age.birth_date <= age.today and age.birth_date + interval '18 years' > age.today),
        ('native_languages', 'native_language_missing',
            person ? 'native_languages' and not private.known_languages(person -> 'native_languages')),
        ('target_languages', 'target_language_missing',
            person ? 'target_languages' and not private.known_languages(person -> 'target_languages')),
        ('location', 'location_too_long', length(person ->> 'location') > 120),
        ('locale', 'locale_unknown', person ? 'locale' and coalesce(person ->> 'locale' not in ('en', 'fr'), true)),
        ('consent', 'consent_missing', person ? 'consent' and person -> 'consent' is distinct from 'true'::jsonb)
    ) as fault (field, code, found)
    where fault.found
$$;
comment on function private.profile_faults(jsonb) is
'What is wrong with the given fields of a profile: [{field, code}]. Source of the age rule: the 18th birthday counts.';

create function public.check_sign_up(sign_up jsonb) returns jsonb
language sql stable security definer -- visitors may not read private.clock
set search_path = ''
as $$
    select jsonb_build_object('errors', private.profile_faults(
        '{"display_name": null, "birth_date": null, "native_languages": null, "target_languages": null, "consent": null}'
        || given.fields
    ) || case
        when coalesce((given.fields ->> 'password_length')::integer, 0) < 9
            then '[{"field": "password", "code": "password_too_short"}]'::jsonb
        else '[]'
    end || case
        when private.is_address(given.fields ->> 'email') is not true
            then '[{"field": "email", "code": "email_invalid"}]'::jsonb
        else '[]'
    end)
    from (
        select case when jsonb_typeof(check_sign_up.sign_up) = 'object' then check_sign_up.sign_up else '{}' end as fields
    ) as given
$$;
comment on function public.check_sign_up(jsonb) is
'Judges a sign-up before Auth is asked: {email, password_length, display_name, birth_date, native_languages, target_languages,
consent} → {errors: [{field, code}]}. Says nothing about whether the address is known.';

create function private.speak(user_id uuid, use public.language_use, codes jsonb) returns void
language sql
set search_path = ''
as $$
    delete from public.profile_languages as spoken
    where spoken.user_id = speak.user_id and spoken.use = speak.use;
    insert into public.profile_languages (user_id, language_code, use)
    select distinct speak.user_id, code, speak.use from jsonb_array_elements_text(speak.codes) as code;
$$;
comment on function private.speak(uuid, public.language_use, jsonb) is 'Replaces the languages of one use in a profile.';

create function private.make_profile() returns trigger
language plpgsql security definer -- runs as Auth's own role, which may not touch our tables
set search_path = ''
as $$
declare
    v_person jsonb := coalesce(new.raw_user_meta_data, '{}');
    v_faults jsonb := private.profile_faults(
        '{"display_name": null, "birth_date": null, "native_languages": null, "target_languages": null, "consent": null}' || v_person
    );
begin
    -- The backstop for clients that skip check_sign_up; Auth answers them with a bare 500.
    if v_faults <> '[]' then
        raise sqlstate 'PT422' using message = 'sign_up_refused', detail = v_faults::text;
    end if;
    insert into public.profiles (user_id, display_name, birth_date, locale, location, consent_at)
    values (
        new.id, private.one_line(v_person ->> 'display_name'), (v_person ->> 'birth_date')::date,
        coalesce(v_person ->> 'locale', 'en'), private.one_line(v_person ->> 'location'), private.now()
    );
    perform private.speak(new.id, 'native', v_person -> 'native_languages');
    perform private.speak(new.id, 'target', v_person -> 'target_languages');
    return new;
end;
$$;
comment on function private.make_profile() is 'Trigger on auth.users: an account never exists without its profile. Refuses with sign_up_refused.';

create trigger make_profile after insert on auth.users
for each row execute function private.make_profile();
