create function private.queue_mail(kind text, placed public.orders, facts jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.deliveries (kind, order_id, organizer_id, recipient, recipient_name, locale, priority, facts)
    values (
        queue_mail.kind, queue_mail.placed.id, queue_mail.placed.organizer_id, queue_mail.placed.buyer_email,
        queue_mail.placed.buyer_name, queue_mail.placed.locale, 1, coalesce(jsonb_strip_nulls(queue_mail.facts), '{}')
    );
end;
$$;
comment on function private.queue_mail(text, public.orders, jsonb) is 'Puts a mail about an order into the outbox, in the transaction that causes it.';

create function private.guard_delivery() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if old.status <> 'dead' then
        raise sqlstate 'PT409' using message = 'illegal_transition', hint = 'This mail went out. To send one like it, use repeat_mail.';
    elsif old.order_id is null and not old.facts ? 'site_path' then
        raise sqlstate 'PT409' using message = 'illegal_transition',
            hint = 'Its link is forgotten. Have it made anew, for example by resend_invitation.';
    end if;
    -- It is written as things are now, and goes to who has the order now: it may open it.
    new.data := null;
    select orders.buyer_email, orders.buyer_name into new.recipient, new.recipient_name
    from public.orders
    where orders.id = new.order_id and not exists (
        select from public.attendees where attendees.order_id = orders.id and lower(attendees.email) = old.recipient
    );
    new.recipient := coalesce(new.recipient, old.recipient);
    new.recipient_name := coalesce(new.recipient_name, old.recipient_name);
    new.attempts := 0;
    new.next_attempt_at := now();
    return new;
end;
$$;
comment on function private.guard_delivery() is
'Row trigger: what went out is not queued again; what was given up may be, and starts afresh. Refuses with illegal_transition.';

create trigger guard_delivery before update of status on public.deliveries
for each row when (old.status not in ('queued', 'sending') and new.status in ('queued', 'sending'))
execute function private.guard_delivery();

create function private.person_to_tell(user_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object('email', lower(users.email), 'name', profiles.display_name, 'locale', profiles.locale)
        from auth.users
        inner join public.profiles on profiles.user_id = users.id
        where users.id = person_to_tell.user_id
    );
end;
$$;
comment on function private.person_to_tell(uuid) is 'Somebody with an account, as queue_notice wants them: {email, name, locale}.';

create function private.queue_notice(kind text, organizer_id uuid, recipient jsonb, facts jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into public.deliveries (kind, organizer_id, recipient, recipient_name, locale, priority, facts)
    values (
        queue_notice.kind, queue_notice.organizer_id, queue_notice.recipient ->> 'email', queue_notice.recipient ->> 'name',
        coalesce(queue_notice.recipient ->> 'locale', 'en'), 2, jsonb_strip_nulls(queue_notice.facts)
    );
end;
$$;
comment on function private.queue_notice(text, uuid, jsonb, jsonb) is
'Puts a mail that is about no order into the outbox. recipient: {email, name, locale}; facts: site_path is where its button leads,
event_id the event it shows, if any.';

create function private.tell_buyer() returns trigger
language plpgsql security definer -- the outbox is written by functions alone
set search_path = ''
as $$
begin
    if new.status = 'confirmed' and old.status <> 'confirmed' then
        perform private.queue_mail('order_confirmed', new, null);
    elsif old.status = 'awaiting_approval' and new.status = 'expired' then
        perform private.queue_mail('order_unanswered', new, null);
    end if;
    if new.buyer_id is not null then
        perform realtime.send(private.order_state(new), 'order', 'user:' || new.buyer_id, true);
    end if;
    return null;
end;
$$;
comment on function private.tell_buyer() is
'Row trigger: a confirmed order is mailed, and one that nobody answered in time; a signed-in buyer''s open pages hear of every change.';

create trigger tell_buyer after update of status, payment_status, failed_payments on public.orders
for each row when ((old.status, old.payment_status, old.failed_payments) is distinct from (new.status, new.payment_status, new.failed_payments))
execute function private.tell_buyer();

create function private.mail_data(delivery public.deliveries) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    if mail_data.delivery.order_id is null then
        return jsonb_build_object(
            'organizer', (
                select jsonb_build_object('slug', organizers.slug, 'name', organizers.name)
                from public.organizers where organizers.id = mail_data.delivery.organizer_id
            ),
            'event', private.event_of_order((mail_data.delivery.facts ->> 'event_id')::uuid)
        );
    end if;
    return (
        select jsonb_build_object(
            'order', private.order_document(orders),
            'site_path', '/orders/' || orders.reference || case
                when orders.buyer_id is null then '/access?key=' || private.order_secret(orders.id)
                else ''
            end
        )
        from public.orders
        where orders.id = mail_data.delivery.order_id
    );
end;
$$;
comment on function private.mail_data(public.deliveries) is
'What a mail says: its order, with the link that opens it for guests; else its organizer and event.';

create function public.claim_deliveries(batch integer default 20, lease_seconds integer default 60) returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with due as materialized ( -- once: a join that looked again would skip what is locked and claim more than a batch
        select deliveries.id from public.deliveries
        where (deliveries.status = 'queued' and deliveries.next_attempt_at <= now())
            or (deliveries.status = 'sending' and deliveries.lease_until < now())
        order by deliveries.priority, deliveries.next_attempt_at
        limit claim_deliveries.batch
        for update skip locked
    ), claimed as (
        update public.deliveries
        set status = 'sending', attempts = deliveries.attempts + 1, lease_token = gen_random_uuid(),
            lease_until = now() + make_interval(secs => claim_deliveries.lease_seconds),
            data = coalesce(deliveries.data, private.mail_data(deliveries) || deliveries.facts)
        from due
        where deliveries.id = due.id
        returning deliveries.*
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', claimed.id, 'lease_token', claimed.lease_token, 'kind', claimed.kind, 'recipient', claimed.recipient,
        'recipient_name', claimed.recipient_name, 'locale', claimed.locale, 'data', claimed.data, 'attempt', claimed.attempts,
        'idempotency_key', 'delivery:' || claimed.id, 'created_at', claimed.created_at
    ) order by claimed.priority, claimed.created_at), '[]')
    from claimed
$$;
comment on function public.claim_deliveries(integer, integer) is
'Messages to send, leased, their content frozen at the first claim. For the worker.';

create function public.record_delivery(
    delivery_id uuid, lease_token uuid, outcome text, provider_id text default null, error text default null,
    retry_after_seconds integer default null
) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
begin
    update public.deliveries
    set status = case record_delivery.outcome when 'sent' then 'sent' when 'retry' then 'queued' else 'dead' end::public.delivery_status,
        provider_id = coalesce(record_delivery.provider_id, deliveries.provider_id),
        last_error = left(record_delivery.error, 500),
        sent_at = case when record_delivery.outcome = 'sent' then now() end,
        -- A link that opens more than a public page is for its reader alone: once the mail is out, or given up, we forget it.
        facts = case
            when record_delivery.outcome = 'retry' or deliveries.facts ->> 'site_path' ~ '^/(events/[^?]*)?$' then deliveries.facts
            else deliveries.facts - 'site_path'
        end,
        data = case when record_delivery.outcome = 'retry' then deliveries.data else deliveries.data - 'site_path' end,
        next_attempt_at = now() + make_interval(secs => coalesce(record_delivery.retry_after_seconds, 0)),
        lease_token = null,
        lease_until = null
    where deliveries.id = record_delivery.delivery_id and deliveries.lease_token = record_delivery.lease_token;
    if not found then
        raise sqlstate 'PT409' using message = 'lease_lost';
    end if;
    return jsonb_build_object('recorded', true);
end;
$$;
comment on function public.record_delivery(uuid, uuid, text, text, text, integer) is
'Notes what came of sending: sent, retry or dead. For the worker. Refuses with lease_lost.';

create function public.record_delivery_event(provider_id text, event text, occurred_at timestamptz) returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    with settled as (
        update public.deliveries
        set status = record_delivery_event.event::public.delivery_status, settled_at = record_delivery_event.occurred_at
        where deliveries.provider_id = record_delivery_event.provider_id
            and record_delivery_event.event in ('delivered', 'bounced', 'complained')
            and (deliveries.status = 'sent' or (deliveries.status = 'delivered' and record_delivery_event.event <> 'delivered'))
    )
    select jsonb_build_object(
        'known', exists (select from public.deliveries where deliveries.provider_id = record_delivery_event.provider_id)
    )
$$;
comment on function public.record_delivery_event(text, text, timestamptz) is
'Notes what the provider says became of a mail; later and repeated news never take a bounce back. → {known}: whether the mail is one
of ours, as far as is recorded. For services.';
