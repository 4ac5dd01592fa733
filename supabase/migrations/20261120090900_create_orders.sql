create type public.order_status as enum ('awaiting_approval', 'pending', 'confirmed', 'cancelled', 'expired', 'declined');
create type public.payment_status as enum ('unpaid', 'processing', 'paid', 'failed', 'partially_refunded', 'refunded');

create table public.orders (
    id uuid primary key default gen_random_uuid(),
    reference text not null unique check (reference ~ '^GC\d{4}-[0-9A-HJKMNP-TV-Z]{6}$'),
    event_id uuid not null references public.events (id),
    organizer_id uuid not null references public.organizers (id),
    buyer_id uuid references auth.users (id) on delete set null,
    buyer_name text not null check (length(btrim(buyer_name)) between 1 and 120),
    buyer_email text not null check (buyer_email = lower(buyer_email) and length(buyer_email) <= 254),
    buyer_phone text check (length(buyer_phone) between 3 and 32),
    locale text not null check (locale in ('en', 'fr')),
    status public.order_status not null,
    status_reason text,
    payment_status public.payment_status not null default 'unpaid',
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    subtotal_cents integer not null check (subtotal_cents >= 0),
    discount_cents integer not null check (discount_cents >= 0),
    tax_cents integer not null check (tax_cents >= 0),
    total_cents integer not null check (total_cents >= 0),
    paid_cents integer not null default 0 check (paid_cents >= 0),
    refunded_cents integer not null default 0 check (refunded_cents >= 0),
    promotion_code_id uuid references public.promotion_codes (id),
    failed_payments smallint not null default 0 check (failed_payments >= 0),
    secret_turns smallint not null default 0,
    expires_at timestamptz,
    confirmed_at timestamptz,
    cancelled_at timestamptz,
    search text not null generated always as (
        private.searchable(reference || ' ' || buyer_name || ' ' || buyer_email)
    ) stored,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (total_cents = subtotal_cents - discount_cents),
    check (refunded_cents <= paid_cents),
    check ((status in ('pending', 'awaiting_approval')) <= (expires_at is not null)),
    check ((status = 'confirmed') <= (confirmed_at is not null))
);
comment on table public.orders is 'The payable thing. Written by functions; its status moves the seats.';
comment on column public.orders.expires_at is 'The instant from which the hold of a pending order has lapsed, or one that waits for approval waits no more.';
comment on column public.orders.buyer_id is 'The account; empty for a guest, whom a secret lets in.';
comment on column public.orders.secret_turns is 'How often the guest''s secret was replaced: by each new address, so that the old one opens nothing.';
comment on column public.orders.status_reason is 'Why it is in its status, in one word: hold_lapsed, not_answered, given_back, seated_again …';
comment on column public.orders.subtotal_cents is 'At list prices; less discount_cents it is total_cents.';
comment on column public.orders.tax_cents is 'The VAT that total_cents includes.';
comment on column public.orders.search is 'What a team''s search reads: reference, name and address.';
comment on column public.orders.paid_cents is 'The sum of succeeded payments; follows them, as refunded_cents does.';

create unique index orders_one_pending_per_account on public.orders (buyer_id, event_id)
where status in ('pending', 'awaiting_approval') and buyer_id is not null;
create unique index orders_one_pending_per_guest on public.orders (buyer_email, event_id)
where status in ('pending', 'awaiting_approval') and buyer_id is null;
-- Counting an event's sales reads this index and not the orders.
create index on public.orders (event_id, created_at desc, id) include (status, expires_at, confirmed_at, paid_cents, refunded_cents);
create index on public.orders (organizer_id, created_at desc, id);
create index on public.orders (organizer_id, status, created_at desc, id);
create index orders_of_odd_payment on public.orders (organizer_id, payment_status, created_at desc, id)
where payment_status not in ('unpaid', 'paid');
create index on public.orders (organizer_id, total_cents desc, created_at desc, id desc);
create index orders_search on public.orders using gin (search extensions.gin_trgm_ops);
create index on public.orders (buyer_id, created_at desc, id);
create index on public.orders (promotion_code_id);
create index on public.orders (buyer_email) where buyer_id is null;
create index orders_lapsing on public.orders (expires_at) where status in ('pending', 'awaiting_approval');
-- Looking for lapsed holds reads this small index alone, however many orders an event has.
create index orders_lapsing_of_event on public.orders (event_id, expires_at) include (status, id) where status in ('pending', 'awaiting_approval');

create table private.order_requests (
    order_id uuid primary key references public.orders (id),
    account text not null,
    person text not null,
    address inet,
    idempotency_key text check (length(idempotency_key) between 1 and 255),
    digest bytea not null,
    created_at timestamptz not null default now()
);
create unique index order_requests_once_per_key on private.order_requests (account, idempotency_key);
create index on private.order_requests (person, created_at);
create index on private.order_requests (address, created_at);
create index order_requests_to_forget on private.order_requests (created_at) where address is not null;
comment on table private.order_requests is 'The request that made an order: who asked, from where, under which key. For limits and repeats; read by no client.';
comment on column private.order_requests.address is 'Where the request came from; forgotten once no limit counts it any more.';
comment on column private.order_requests.account is 'The account''s id, or guest: all guests share one space of keys, lest one is reused under another name.';
comment on column private.order_requests.person is 'The account''s id, or the guest''s address: whom limits count. Of guests, forgotten with where they were.';
comment on column private.order_requests.digest is 'SHA-256 of what was asked, to tell a repeated idempotency key from a reused one.';

create table public.order_lines (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references public.orders (id),
    position smallint not null,
    ticket_type_id uuid not null references public.ticket_types (id),
    name text not null,
    quantity smallint not null check (quantity > 0),
    list_price_cents integer not null check (list_price_cents >= 0),
    unit_price_cents integer not null check (unit_price_cents >= 0),
    discount_cents integer not null check (discount_cents >= 0),
    tax_cents integer not null check (tax_cents >= 0),
    total_cents integer not null check (total_cents >= 0),
    vat_rate numeric(4, 2) not null,
    applied text[] not null default '{}',
    group_min_quantity smallint,
    created_at timestamptz not null default now(),
    unique (order_id, position),
    check (total_cents = list_price_cents * quantity - discount_cents)
);
create index on public.order_lines (ticket_type_id);
comment on table public.order_lines is 'What was ordered, at the price of that moment. Never changes.';
comment on column public.order_lines.unit_price_cents is 'total_cents by quantity, rounded: for reading. Sums use total_cents.';
comment on column public.order_lines.applied is 'The discounts that made the price: early_bird or group.';

create table public.attendees (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references public.orders (id),
    order_line_id uuid not null references public.order_lines (id),
    event_id uuid not null references public.events (id),
    ticket_type_id uuid not null references public.ticket_types (id),
    position smallint not null,
    name text check (length(btrim(name)) between 1 and 120),
    email text check (length(email) <= 254),
    phone text check (length(phone) between 3 and 32),
    revision integer not null default 1,
    cancelled_at timestamptz,
    search text not null generated always as (
        private.searchable(coalesce(name, '') || ' ' || coalesce(email, ''))
    ) stored,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index on public.attendees (order_id);
create index on public.attendees (order_line_id);
create index on public.attendees (event_id, search, id);
create index on public.attendees (ticket_type_id) include (order_id, cancelled_at);
create index attendees_search on public.attendees using gin (search extensions.gin_trgm_ops);
comment on table public.attendees is 'One row per seat: the person in it, as far as known.';
comment on column public.attendees.search is 'What a team''s search reads: name and address.';
comment on column public.attendees.revision is 'Counts the changes of who sits there, so that nobody overwrites what they have not seen.';
comment on column public.attendees.cancelled_at is 'When this one seat was given up; the order may live on.';

create table public.order_notes (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references public.orders (id),
    author_id uuid references auth.users (id) on delete set null,
    body text not null check (body ~ '\S' and length(body) <= 2000),
    created_at timestamptz not null default now()
);
create index on public.order_notes (order_id, created_at);
create index on public.order_notes (author_id);
comment on table public.order_notes is 'What a team notes about an order for itself; its buyer never sees it.';
comment on column public.order_notes.author_id is 'Empty when a program wrote it, or its author is gone.';

create trigger touch_updated_at before update on public.orders
for each row execute function private.touch_updated_at();
create trigger touch_updated_at before update on public.attendees
for each row execute function private.touch_updated_at();

create function private.seats_taken(ticket_type_id uuid, out held integer, out sold integer)
language sql stable
set search_path = ''
as $$
    select
        count(*) filter (where orders.status = 'pending'),
        count(*) filter (where orders.status = 'confirmed')
    from public.attendees
    inner join public.orders on orders.id = attendees.order_id
    where attendees.ticket_type_id = seats_taken.ticket_type_id and attendees.cancelled_at is null
$$;
comment on function private.seats_taken(uuid) is 'How many seats of a ticket type orders hold and have bought, counted from the orders themselves.';

create function private.new_reference() returns text
language plpgsql volatile
set search_path = ''
as $$
declare
    v_letters constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; -- Crockford's base 32: nothing that is misread
    v_random bytea;
    v_reference text;
begin
    loop
        v_random := extensions.gen_random_bytes(6);
        v_reference := 'GC' || to_char(private.now() at time zone 'UTC', 'YYYY') || '-';
        for v_place in 0..5 loop
            v_reference := v_reference || substr(v_letters, get_byte(v_random, v_place) % 32 + 1, 1);
        end loop;
        exit when not exists (select from public.orders where orders.reference = v_reference);
    end loop;
    return v_reference;
end;
$$;
comment on function private.new_reference() is 'A random order reference such as GC2026-7K3M9Q that no order has yet.';

create function private.order_secret(order_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select translate(encode(
            uuid_send(orders.id)
            || substr(extensions.hmac(uuid_send(orders.id) || int2send(orders.secret_turns), secrets.value, 'sha256'), 1, 16),
            'base64'
        ), '+/=', '-_')
        from public.orders
        cross join private.secrets
        where orders.id = order_secret.order_id and secrets.name = 'order_secret'
    );
end;
$$;
comment on function private.order_secret(uuid) is
'What opens one order to a guest: its id and a signature, base64url. Derived, so never stored; null when there is no such order.';

create function private.caller_order_id() returns uuid
language plpgsql stable security definer -- the signing key is nobody's to read
set search_path = ''
as $$
declare
    v_secret text := private.request_header('x-order-secret');
    v_order_id uuid;
begin
    if v_secret is null or v_secret !~ '^[A-Za-z0-9_-]{43}$' then
        return null;
    end if;
    v_order_id := encode(substr(decode(translate(v_secret, '-_', '+/') || '=', 'base64'), 1, 16), 'hex')::uuid;
    return case when private.order_secret(v_order_id) = v_secret then v_order_id end;
end;
$$;
comment on function private.caller_order_id() is 'The order that the request''s X-Order-Secret opens; null when there is none, or it is forged.';
