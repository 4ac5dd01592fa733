-- What every later migration stands on: the private schema, extensions, the clock, the secrets.

create schema if not exists private;
comment on schema private is 'Not exposed by the Data API: rules, counters, numbering and secrets behind the public functions.';

-- Clients get nothing by default; policies.sql grants one by one.
alter default privileges for role postgres revoke execute on functions from public;
alter default privileges for role postgres in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public revoke execute on functions from anon, authenticated, service_role;

create extension if not exists pgcrypto with schema extensions;
create extension if not exists citext with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists btree_gist with schema extensions;

create table private.clock (
    only_row boolean primary key default true check (only_row),
    shift interval not null default '0'
);
comment on table private.clock is 'Offset of the rules'' clock. Only the database owner may change it; tests move time here.';
insert into private.clock default values;

create function private.now() returns timestamptz
language plpgsql stable security definer -- everyone may ask the time, nobody may set the clock
set search_path = ''
as $$
begin
    return (select now() + clock.shift from private.clock);
end;
$$;
comment on function private.now() is 'The only clock of the rules: the transaction''s time plus the offset in private.clock.';

create table private.secrets (
    name text primary key,
    value bytea not null default extensions.gen_random_bytes(32)
);
comment on table private.secrets is 'Keys for signatures. That of guests'' order secrets never leaves the database; client_address is
the one by which the app signs its visitors'' addresses, and comes from it (flask db push).';
insert into private.secrets (name) values ('order_secret'), ('client_address');

create function private.new_secret() returns text
language sql volatile
set search_path = ''
as $$ select translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_') $$;
comment on function private.new_secret() is '43 letters that nobody guesses and that fit into an address.';

create function private.secret_digest(secret text) returns bytea
language plpgsql immutable
set search_path = ''
as $$
begin
    return sha256(convert_to(secret_digest.secret, 'UTF8'));
end;
$$;
comment on function private.secret_digest(text) is 'What is kept of a secret: it is long and random, so it needs no slow hash.';

create table private.limits (
    name text primary key,
    amount integer not null check (amount > 0),
    per interval not null check (per > interval '0')
);
comment on table private.limits is 'How often one person or one address may do a thing. Changed by the operator, read by the functions.';
insert into private.limits (name, amount, per) values
('orders_by_person', 10, '10 minutes'),
('orders_by_address', 60, '1 minute'),
('wrong_codes_by_address', 10, '1 minute'),
('mails_sent_again', 3, '1 hour');

create function private.touch_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;
comment on function private.touch_updated_at() is 'Row trigger: keeps updated_at.';

create function private.request_header(name text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return nullif(nullif(current_setting('request.headers', true), '')::json ->> request_header.name, '');
end;
$$;
comment on function private.request_header(text) is 'One header of the Data API request being answered, by its lowercase name; null outside a request.';

create function private.correlation_id() returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return left(private.request_header('x-request-id'), 64);
end;
$$;
comment on function private.correlation_id() is 'The request id that ties logs, audit entries and answers together.';

create function private.refusal(status integer, word text, detail jsonb default null, hint text default null) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return jsonb_build_object('code', 'PT' || refusal.status, 'message', refusal.word, 'details', refusal.detail::text, 'hint', refusal.hint);
end;
$$;
comment on function private.refusal(integer, text, jsonb, text) is
'A refusal as the Data API words one that is raised, for functions that keep what they have written: answer_refused answers it.';

create function private.answer_refused(refusal jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    -- A status answered in this way ends the transaction well: what was counted stays counted.
    perform set_config('response.status', substr(answer_refused.refusal ->> 'code', 3), true);
    return answer_refused.refusal;
end;
$$;
comment on function private.answer_refused(jsonb) is 'Refuses by the status of the answer: a client cannot tell it from a raised refusal.';

create function private.uuid_or_null(word text) returns uuid
language plpgsql immutable
set search_path = ''
as $$
begin
    return case
        when uuid_or_null.word ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then uuid_or_null.word::uuid
    end;
end;
$$;
comment on function private.uuid_or_null(text) is 'A uuid, or null when the text is none.';

create function private.one_line(words text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select line.kept
        from btrim(regexp_replace(one_line.words, '[\s[:cntrl:]\u202a-\u202e\u2066-\u2069]+', ' ', 'g')) as line (kept)
        -- Joiners and the like count within a word, as in some emoji and scripts, and are nothing by themselves.
        where line.kept ~ '[^ \u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]'
    );
end;
$$;
comment on function private.one_line(text) is
'What a one-line field keeps of a text: no line breaks or control characters, none that turn what follows it around, no blanks around
it; null when nothing is left that can be seen.';

create function private.some_lines(words text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select nullif(btrim(regexp_replace(string_agg(coalesce(private.one_line(line.words), ''), e'\n' order by line.place), '\n{3,}', e'\n\n', 'g'), e'\n'), '')
        from regexp_split_to_table(some_lines.words, '\r\n|\r|\n') with ordinality as line (words, place)
    );
end;
$$;
comment on function private.some_lines(text) is 'The same for a field of several lines, with a blank line between paragraphs at most.';

create function private.is_address(word text) returns boolean
language plpgsql immutable
set search_path = ''
as $$
declare
    -- Marks that mail programs read as something else have no place in an address, though the standard lets them in between quotes.
    v_atom constant text := '[^\s@"(),:;<>[\]\\.]+';
    v_letter constant text := '[^\s@!-/:-@[-`{-~]'; -- or figure, of any script
    v_label constant text := v_letter || '(([^\s@!-,./:-@[-`{-~])*' || v_letter || ')?';
begin
    return is_address.word ~ format('^%1$s(\.%1$s)*@(%2$s\.)+%3$s%2$s$', v_atom, v_label, v_letter)
        and length(is_address.word) <= 254 and length(split_part(is_address.word, '@', 1)) <= 64;
end;
$$;
comment on function private.is_address(text) is 'Whether a mail could be sent to this, as far as its looks tell; null when there is nothing.';

create function private.searchable(phrase text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    return lower(extensions.unaccent('extensions.unaccent'::regdictionary, coalesce(searchable.phrase, '')));
end;
$$;
comment on function private.searchable(text) is 'Text as search compares it: lowercase, without accents.';
