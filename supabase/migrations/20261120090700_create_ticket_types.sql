create table public.ticket_types (
    id uuid primary key default gen_random_uuid(),
    event_id uuid not null references public.events (id) on delete cascade,
    name text not null check (length(btrim(name)) between 1 and 80),
    description text not null default '' check (length(description) <= 500),
    position smallint not null default 0,
    price_cents integer not null check (price_cents between 0 and 10000000),
    early_bird_price_cents integer check (early_bird_price_cents >= 0),
    early_bird_until timestamptz,
    group_min_quantity smallint check (group_min_quantity between 2 and 100),
    group_percent smallint check (group_percent between 1 and 100),
    vat_rate numeric(4, 2) not null default 0 check (vat_rate between 0 and 99),
    capacity integer check (capacity between 1 and 1000000),
    min_per_order smallint not null default 1 check (min_per_order >= 1),
    max_per_order smallint not null default 10 check (max_per_order between 1 and 100),
    requires_approval boolean not null default false,
    sale_starts_at timestamptz,
    sale_ends_at timestamptz,
    access_code text check (access_code ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'),
    revision integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (min_per_order <= max_per_order),
    check (sale_starts_at < sale_ends_at),
    check ((early_bird_price_cents is null) = (early_bird_until is null)),
    check (early_bird_price_cents <= price_cents),
    check ((group_min_quantity is null) = (group_percent is null))
);
create index on public.ticket_types (event_id, position);
comment on table public.ticket_types is 'What one can buy a seat as. Prices include VAT, in the event''s currency.';
comment on column public.ticket_types.early_bird_until is 'The last instant of the early-bird price, inclusive.';
comment on column public.ticket_types.group_min_quantity is 'From so many seats in one line on, group_percent is taken off; never with early-bird.';
comment on column public.ticket_types.sale_ends_at is 'The first instant at which it is no longer sold; empty: until the event starts.';
comment on column public.ticket_types.access_code is 'Hidden: seen and bought only by who has this word; empty: open to all.';
comment on column public.ticket_types.revision is 'Grows with each edit, as an event''s does.';
comment on column public.ticket_types.capacity is 'A limit of its own within the event; empty: the event''s alone.';

create trigger touch_updated_at before update on public.ticket_types
for each row execute function private.touch_updated_at();

create table private.minimum_charges (
    currency text primary key check (currency ~ '^[A-Z]{3}$'),
    cents integer not null check (cents > 0)
);
comment on table private.minimum_charges is 'The least that Stripe charges in a currency. Source: Stripe''s documentation of minimum amounts.';
insert into private.minimum_charges (currency, cents) values
('EUR', 50), ('USD', 50), ('CHF', 50), ('GBP', 30), ('CAD', 50), ('AUD', 50), ('DKK', 250), ('NOK', 300), ('SEK', 300),
('PLN', 200), ('CZK', 1500), ('JPY', 50);

create function private.minimum_charge(event_id uuid) returns integer
language plpgsql stable security definer -- everyone's quotes must know it
set search_path = ''
as $$
begin
    return (
        select minimum_charges.cents
        from public.events
        inner join private.minimum_charges using (currency)
        where events.id = minimum_charge.event_id
    );
end;
$$;
comment on function private.minimum_charge(uuid) is 'The least that Stripe charges in an event''s currency, in minor units.';

create function private.guard_ticket_price() returns trigger
language plpgsql security definer -- whoever edits prices, Stripe's minimum holds
set search_path = ''
as $$
declare
    v_minimum integer := private.minimum_charge(new.event_id);
begin
    if v_minimum is null or v_minimum > any (array_remove(array[
        nullif(new.price_cents, 0),
        nullif(new.early_bird_price_cents, 0),
        nullif(private.percent_off(new.price_cents::bigint * new.group_min_quantity, new.group_percent), 0)
    ], null)) then
        raise sqlstate 'PT422' using message = 'price_below_minimum',
            detail = jsonb_build_object('minimum_cents', v_minimum)::text,
            hint = 'Make it free, or ask at least the minimum of the currency.';
    end if;
    return new;
end;
$$;
comment on function private.guard_ticket_price() is
'Row trigger: a price is nothing, or at least what Stripe can charge. Refuses with price_below_minimum.';

create function private.percent_off(cents bigint, percent integer) returns integer
language plpgsql immutable
set search_path = ''
as $$
begin
    return round(percent_off.cents * (100 - percent_off.percent) / 100.0)::integer;
end;
$$;
comment on function private.percent_off(bigint, integer) is 'An amount less a percentage, rounded half up: amounts are never negative.';

create trigger guard_ticket_price before insert or update of price_cents, early_bird_price_cents, group_percent, group_min_quantity
on public.ticket_types
for each row execute function private.guard_ticket_price();

create function private.guard_currency() returns trigger
language plpgsql security definer -- whoever edits the currency, Stripe's minimum holds
set search_path = ''
as $$
begin
    update public.ticket_types set price_cents = ticket_types.price_cents where ticket_types.event_id = new.id;
    return null;
end;
$$;
comment on function private.guard_currency() is 'Row trigger: prices are judged again in a new currency. Refuses with price_below_minimum.';

create trigger guard_currency after update of currency on public.events
for each row when (old.currency <> new.currency) execute function private.guard_currency();
