create table public.disputes (
    id text primary key,
    order_id uuid not null references public.orders (id),
    payment_id uuid not null references public.payments (id),
    amount_cents integer not null check (amount_cents > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    reason text not null,
    status text not null,
    opened_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index on public.disputes (order_id);
create index on public.disputes (payment_id);
comment on table public.disputes is 'Payments that their cardholder contests at the bank, under Stripe''s own ids and words.';

create trigger touch_updated_at before update on public.disputes
for each row execute function private.touch_updated_at();

create function public.settle_dispute(stripe_event_id text, event_type text, facts jsonb) returns jsonb
language plpgsql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
declare
    v_payment public.payments;
    v_organizer_id uuid;
begin
    select * into v_payment
    from public.payments
    where payments.payment_intent_id = settle_dispute.facts ->> 'payment_intent_id' and payments.kind = 'payment';
    if not found then
        perform private.note_stripe_event(
            settle_dispute.stripe_event_id, settle_dispute.event_type, settle_dispute.facts ->> 'dispute_id', 'unknown_payment');
        return jsonb_build_object('outcome', 'unknown_payment');
    end if;
    select orders.organizer_id into v_organizer_id from public.orders where orders.id = v_payment.order_id for no key update;
    if exists (
        select from public.stripe_events
        where stripe_events.id = settle_dispute.stripe_event_id and stripe_events.outcome <> 'unknown_payment'
    ) then
        return jsonb_build_object('outcome', 'repeated');
    end if;
    insert into public.disputes (id, order_id, payment_id, amount_cents, currency, reason, status, opened_at)
    values (
        settle_dispute.facts ->> 'dispute_id', v_payment.order_id, v_payment.id, (settle_dispute.facts ->> 'amount_cents')::integer,
        upper(settle_dispute.facts ->> 'currency'), settle_dispute.facts ->> 'reason', settle_dispute.facts ->> 'status',
        (settle_dispute.facts ->> 'opened_at')::timestamptz
    )
    on conflict (id) do update set status = excluded.status, reason = excluded.reason, amount_cents = excluded.amount_cents
    -- What was read before the bank decided may arrive after it.
    where disputes.status not in ('won', 'lost', 'warning_closed') or excluded.status in ('won', 'lost', 'warning_closed');
    if found then
        perform private.audit('payment.disputed', 'order', v_payment.order_id, v_organizer_id, settle_dispute.facts);
    end if;
    perform private.note_stripe_event(
        settle_dispute.stripe_event_id, settle_dispute.event_type, settle_dispute.facts ->> 'dispute_id', 'recorded');
    return jsonb_build_object('outcome', 'recorded');
end;
$$;
comment on function public.settle_dispute(text, text, jsonb) is
'Records what Stripe says of a dispute, read afresh, in any order: {outcome: recorded | repeated | unknown_payment}. facts: {dispute_id,
payment_intent_id, amount_cents, currency, reason, status, opened_at}. For services.';
