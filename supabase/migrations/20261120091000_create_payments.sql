create type public.checkout_status as enum ('starting', 'open', 'closing', 'complete', 'expired', 'abandoned');

create table public.checkouts (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references public.orders (id),
    attempt smallint not null check (attempt > 0),
    status public.checkout_status not null default 'starting',
    session_id text unique,
    url text,
    expires_at timestamptz not null,
    lease_token uuid,
    lease_until timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (order_id, attempt),
    check ((status in ('starting', 'abandoned')) or session_id is not null)
);
create unique index checkouts_one_under_way on public.checkouts (order_id) where status in ('starting', 'open');
create index checkouts_to_close on public.checkouts (updated_at) where status = 'closing';
comment on table public.checkouts is 'Stripe Checkout sessions, each frozen here before Stripe is asked, so that a crash in between repeats the same request.';
comment on column public.checkouts.attempt is 'Counts the sessions of an order; part of the key that Stripe is asked with.';
comment on column public.checkouts.status is 'starting: Stripe has not answered yet; closing: to be expired at Stripe; abandoned: never reached Stripe.';

create type public.payment_kind as enum ('payment', 'refund');
create type public.payment_state as enum ('requested', 'succeeded', 'failed', 'review');
create type public.payment_method as enum ('stripe', 'bank', 'cash');

create table public.payments (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references public.orders (id),
    kind public.payment_kind not null,
    method public.payment_method not null default 'stripe',
    refunded_payment_id uuid references public.payments (id),
    amount_cents integer not null check (amount_cents <> 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    status public.payment_state not null,
    reason text,
    session_id text,
    payment_intent_id text,
    charge_id text,
    stripe_refund_id text unique,
    cancellation_id uuid references public.cancellations (id),
    charged_at timestamptz,
    attempts smallint not null default 0,
    next_attempt_at timestamptz not null default now(),
    lease_token uuid,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check ((kind = 'payment') = (amount_cents > 0)),
    check ((kind = 'refund') = (refunded_payment_id is not null)),
    check (method = 'stripe' or coalesce(session_id, payment_intent_id, charge_id, stripe_refund_id) is null)
);
create unique index payments_once_per_intent on public.payments (payment_intent_id) where kind = 'payment';
create index on public.payments (order_id);
create index on public.payments (refunded_payment_id);
create index on public.payments (cancellation_id);
create index payments_refunds_to_send on public.payments (next_attempt_at)
where kind = 'refund' and status = 'requested' and method = 'stripe';
create index payments_to_hand_back on public.payments (order_id) where kind = 'refund' and status = 'requested' and method <> 'stripe';
comment on table public.payments is 'Money in, and money back as rows of their own with a negative amount.';
comment on column public.payments.method is 'How the money moved: through Stripe, or by hand of the team, who record it here.';
comment on column public.payments.status is 'review: the amount or currency was not what was asked; a person decides.';
comment on column public.payments.refunded_payment_id is 'Of a refund: the payment that it gives back, wholly or in part.';
comment on column public.payments.reason is 'In one word: why it is given back, or what a person must review.';
comment on column public.payments.charged_at is 'Stripe''s time of the charge: it decides whether the money met its hold.';
comment on column public.payments.lease_token is 'Of a refund: who is asking Stripe now, until lease_until; then it may be claimed again.';

create table public.stripe_events (
    id text primary key,
    type text not null,
    object_id text,
    outcome text not null,
    created_at timestamptz not null default now()
);
create index stripe_events_unplaced on public.stripe_events (object_id) where outcome = 'unknown_payment';
comment on table public.stripe_events is 'Every Stripe event that had its effect: each has it once.';

create table private.early_refunds (
    refund_id text primary key,
    payment_intent_id text not null,
    facts jsonb not null,
    created_at timestamptz not null default now()
);
create index on private.early_refunds (payment_intent_id);
create index on private.early_refunds (created_at);
comment on table private.early_refunds is 'What Stripe said of refunds before what must be known first: their payment, or the failure of another refund.
Kept for 30 days, as long as Stripe tells of events: some are of payments that are not ours.';

create trigger touch_updated_at before update on public.checkouts
for each row execute function private.touch_updated_at();
create trigger touch_updated_at before update on public.payments
for each row execute function private.touch_updated_at();

create function private.guard_refund() returns trigger
language plpgsql security definer -- whoever writes a refund, the sum must hold
set search_path = ''
as $$
declare
    v_paid integer;
    v_refunded integer;
begin
    select payments.amount_cents into v_paid
    from public.payments
    where payments.id = new.refunded_payment_id and payments.order_id = new.order_id
        and payments.currency = new.currency and payments.method = new.method and payments.kind = 'payment'
    for update;
    select -coalesce(sum(payments.amount_cents), 0) into v_refunded
    from public.payments
    where payments.refunded_payment_id = new.refunded_payment_id and payments.status <> 'failed' and payments.id <> new.id;
    if v_paid is null or (new.status <> 'failed' and v_refunded - new.amount_cents > v_paid) then
        raise sqlstate 'PT409' using message = 'refund_exceeds_payment',
            detail = jsonb_build_object('left_cents', coalesce(v_paid, 0) - v_refunded)::text,
            hint = 'Refunds are asked for by refund_order, which knows what is left.';
    end if;
    return new;
end;
$$;
comment on function private.guard_refund() is 'Row trigger: never more back than came in. Refuses with refund_exceeds_payment.';

create trigger guard_refund before insert or update of status on public.payments
for each row when (new.kind = 'refund') execute function private.guard_refund();

create function private.money_of(order_id uuid) returns setof public.payments
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select payments.*
    from public.payments
    left join public.payments as refunded on refunded.id = payments.refunded_payment_id
    where payments.order_id = money_of.order_id and coalesce(refunded.status, payments.status) = 'succeeded';
end;
$$;
comment on function private.money_of(uuid) is
'The money of an order that counts: what came in, and what goes back of it. What waits for review was never counted as paid, so giving
it back does not count either.';

create function private.money_in_review(order_id uuid) returns boolean
language plpgsql stable security definer -- looks at payments whole, which buyers see in part
set search_path = ''
as $$
begin
    return exists (
        select from public.payments
        where payments.order_id = money_in_review.order_id and payments.status = 'review' and private.refundable(payments.id) > 0
    );
end;
$$;
comment on function private.money_in_review(uuid) is
'Whether money came in for an order that was not asked for, and nobody has given it back yet.';

create function private.sum_payments() returns trigger
language plpgsql security definer -- orders are written by functions alone
set search_path = ''
as $$
declare
    v_paid integer;
    v_refunded integer;
begin
    -- The order first: two payments of one order, settled at once, must not each miss the other.
    perform from public.orders where orders.id = new.order_id for no key update;
    select
        coalesce(sum(money.amount_cents) filter (where money.kind = 'payment'), 0),
        coalesce(-sum(money.amount_cents) filter (where money.kind = 'refund'), 0)
    into v_paid, v_refunded
    from private.money_of(new.order_id) as money
    where money.status = 'succeeded';
    update public.orders
    set paid_cents = v_paid,
        refunded_cents = v_refunded,
        payment_status = case
            when v_refunded > 0 and v_refunded >= v_paid then 'refunded'
            when v_refunded > 0 then 'partially_refunded'
            when v_paid > 0 then 'paid'
            else orders.payment_status
        end::public.payment_status
    where orders.id = new.order_id and (orders.paid_cents, orders.refunded_cents) is distinct from (v_paid, v_refunded);
    return null;
end;
$$;
comment on function private.sum_payments() is 'Row trigger: an order''s sums and payment status follow its payments.';

create trigger sum_payments after insert or update of status on public.payments
for each row execute function private.sum_payments();
