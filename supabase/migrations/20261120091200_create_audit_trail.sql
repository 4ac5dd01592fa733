create table public.audit_entries (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject text not null,
    subject_id uuid not null,
    organizer_id uuid,
    actor_kind text not null check (actor_kind in ('person', 'guest', 'key', 'service', 'dashboard')),
    actor_id uuid,
    detail jsonb not null default '{}',
    correlation_id text
);
create index on public.audit_entries (subject_id, id);
create index on public.audit_entries (organizer_id, at desc, id desc);
-- Orders and places in line are most of a trail; what else happens is few among them.
create index on public.audit_entries (organizer_id, subject, at desc, id desc) where subject not in ('order', 'waitlist_entry');
create index on public.audit_entries (actor_id, id) where actor_id is not null;
comment on table public.audit_entries is 'The append-only trail: one line per transition, with who and why.';
comment on column public.audit_entries.actor_kind is
'person, guest or key (a team''s program) by the Data API, service for webhooks and jobs, dashboard for whoever edits rows directly.';
comment on column public.audit_entries.correlation_id is 'The request it happened in, as logs name it.';

create function private.guard_trail() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise sqlstate 'PT409' using message = 'trail_is_append_only', hint = 'Entries are written by the changes they tell of.';
end;
$$;
comment on function private.guard_trail() is 'Statement trigger: nobody edits the trail. Refuses with trail_is_append_only.';

create trigger guard_trail before update or delete or truncate on public.audit_entries
for each statement execute function private.guard_trail();

create function private.audit(action text, subject text, subject_id uuid, organizer_id uuid, detail jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.audit_entries (action, subject, subject_id, organizer_id, actor_kind, actor_id, detail, correlation_id)
    select
        audit.action, audit.subject, audit.subject_id, audit.organizer_id,
        case
            when claims.of_request is null then 'dashboard'
            when claims.of_request ->> 'role' = 'service_role' then 'service'
            when claims.of_request ->> 'sub' is not null then 'person'
            when key.id is not null then 'key'
            else 'guest'
        end,
        coalesce((claims.of_request ->> 'sub')::uuid, key.id), jsonb_strip_nulls(audit.detail), private.correlation_id()
    from (select nullif(current_setting('request.jwt.claims', true), '')::jsonb as of_request) as claims
    cross join private.caller_key() as key;
end;
$$;
comment on function private.audit(text, text, uuid, uuid, jsonb) is
'Writes one audit entry, with the actor and correlation id of the request. Refuses with api_key_unknown.';

create function private.audit_order() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit(
        'order.' || case when tg_op = 'INSERT' then 'placed' when new.status is distinct from old.status
            then new.status::text else 'payment_' || new.payment_status::text end,
        'order', new.id, new.organizer_id,
        jsonb_build_object('reference', new.reference, 'reason', new.status_reason, 'payment_status', new.payment_status)
        || case when tg_op = 'UPDATE' then jsonb_build_object('from', old.status) else jsonb_build_object('status', new.status) end
    );
    return null;
end;
$$;
comment on function private.audit_order() is 'Row trigger: an order''s transitions reach the trail, whoever makes them.';

create trigger audit_order_placed after insert on public.orders
for each row execute function private.audit_order();
create trigger audit_order after update of status, payment_status on public.orders
for each row when ((old.status, old.payment_status) is distinct from (new.status, new.payment_status))
execute function private.audit_order();

create function private.audit_payment() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit(
        new.kind || '.' || new.status, 'order', new.order_id,
        (select orders.organizer_id from public.orders where orders.id = new.order_id),
        jsonb_build_object('amount_cents', new.amount_cents, 'currency', new.currency, 'method', new.method, 'reason', new.reason,
            'payment_intent_id', new.payment_intent_id, 'stripe_refund_id', new.stripe_refund_id)
    );
    return null;
end;
$$;
comment on function private.audit_payment() is 'Row trigger: money moving reaches the trail.';

create trigger audit_payment_recorded after insert on public.payments
for each row execute function private.audit_payment();
create trigger audit_payment after update of status on public.payments
for each row when (old.status is distinct from new.status) execute function private.audit_payment();

create function private.audit_cancellation() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit(
        'cancellation.' || new.status, 'order', new.order_id,
        (select orders.organizer_id from public.orders where orders.id = new.order_id),
        jsonb_build_object('cause', new.cause, 'reason', new.reason, 'refund_cents', new.refund_cents,
            'seats', cardinality(new.attendee_ids), 'error', new.last_error)
    );
    return null;
end;
$$;
comment on function private.audit_cancellation() is 'Row trigger: seats on their way out reach the trail.';

create trigger audit_cancellation_begun after insert on public.cancellations
for each row execute function private.audit_cancellation();
create trigger audit_cancellation after update of status on public.cancellations
for each row when (old.status is distinct from new.status) execute function private.audit_cancellation();

create function private.audit_place_in_line() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit(
        'waitlist.' || new.status, 'waitlist_entry', new.id,
        (select events.organizer_id from public.events where events.id = new.event_id),
        jsonb_build_object('event_id', new.event_id, 'quantity', new.quantity, 'order_id', new.order_id)
    );
    return null;
end;
$$;
comment on function private.audit_place_in_line() is 'Row trigger: who joins the line, is offered seats and takes them reaches the trail.';

create trigger audit_place_taken after insert on public.waitlist_entries
for each row execute function private.audit_place_in_line();
create trigger audit_place_in_line after update of status on public.waitlist_entries
for each row when (old.status is distinct from new.status) execute function private.audit_place_in_line();

create function private.audit_event() returns trigger
language plpgsql security definer -- clients never write the trail themselves
set search_path = ''
as $$
begin
    perform private.audit('event.' || new.status, 'event', new.id, new.organizer_id,
        jsonb_build_object('from', old.status, 'reason', new.status_reason));
    return null;
end;
$$;
comment on function private.audit_event() is 'Row trigger: an event''s transitions reach the trail.';

create trigger audit_event after update of status on public.events
for each row when (old.status is distinct from new.status) execute function private.audit_event();
