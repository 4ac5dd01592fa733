-- Calls that create and are sent again under the same Idempotency-Key get the first answer again, for a day.

create table private.answered_calls (
    account uuid not null,
    key text not null check (length(key) between 1 and 255),
    digest bytea not null check (length(digest) = 32),
    answer jsonb,
    created_at timestamptz not null default now(),
    primary key (account, key)
);
create index on private.answered_calls (created_at);
comment on table private.answered_calls is 'What a call with an Idempotency-Key was answered. For repeats; kept a day; read by no client.';
comment on column private.answered_calls.account is 'The person, or the API key, that called.';
comment on column private.answered_calls.digest is 'SHA-256 of what was asked, to tell a repeated key from a reused one.';

create function private.answered_before(call text, asked jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    v_account uuid := coalesce(private.caller_id(), (private.caller_key()).id);
    v_key text := private.request_header('idempotency-key');
    v_digest bytea := sha256(convert_to(answered_before.call || answered_before.asked::text, 'UTF8'));
    v_call private.answered_calls;
begin
    if v_key is null or v_account is null then
        return null;
    end if;
    delete from private.answered_calls
    where (answered_calls.account, answered_calls.key) in (
        select old.account, old.key from private.answered_calls as old
        where old.created_at < now() - interval '1 day'
        for update skip locked -- anybody's, so nobody waits for anybody
    );
    -- Whoever sends the same at the same time waits here for the first to be through.
    insert into private.answered_calls (account, key, digest) values (v_account, v_key, v_digest) on conflict do nothing;
    if found then
        return null;
    end if;
    select * into v_call from private.answered_calls where answered_calls.account = v_account and answered_calls.key = v_key;
    if v_call.digest <> v_digest then
        raise sqlstate 'PT422' using message = 'idempotency_key_reused', hint = 'Take a new key for each thing that you create.';
    end if;
    return v_call.answer;
end;
$$;
comment on function private.answered_before(text, jsonb) is
'What the caller was answered to the same call under the same Idempotency-Key; null for a first one, which keep_answer then
remembers in the same transaction. Refuses with idempotency_key_reused.';

create function private.keep_answer(answer jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    update private.answered_calls set answer = keep_answer.answer
    where answered_calls.account = coalesce(private.caller_id(), (private.caller_key()).id)
        and answered_calls.key = private.request_header('idempotency-key');
    return keep_answer.answer;
end;
$$;
comment on function private.keep_answer(jsonb) is 'Remembers an answer for a repeat under the same Idempotency-Key, and gives it.';
