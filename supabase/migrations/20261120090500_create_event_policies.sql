create table public.event_policies (
    id uuid primary key default gen_random_uuid(),
    key text not null unique check (key ~ '^[a-z]+(_[a-z]+)*$'),
    hold interval not null default '15 minutes' check (hold between '1 minute' and '1 day'),
    processing_hold interval not null default '10 days' check (processing_hold >= '1 day'),
    offer_hold interval not null default '2 hours' check (offer_hold >= '10 minutes'),
    approval_wait interval not null default '7 days' check (approval_wait >= '10 minutes'),
    approval_hold interval not null default '24 hours' check (approval_hold >= '10 minutes'),
    max_failed_payments smallint not null default 3 check (max_failed_payments between 1 and 10),
    cancellation_deadline interval check (cancellation_deadline >= '0'),
    duration interval check (duration > '0'),
    price_cents integer check (price_cents >= 0),
    currency text check (currency ~ '^[A-Z]{3}$'),
    earliest_start time,
    latest_start time,
    min_lead_time interval,
    max_lead_time interval,
    min_venue_room integer check (min_venue_room > 0),
    min_attendance integer check (min_attendance > 0),
    attendance_checked_before interval,
    first_payment_required boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (earliest_start <= latest_start),
    check (min_lead_time <= max_lead_time),
    check ((min_attendance is null) = (attendance_checked_before is null))
);
comment on table public.event_policies is 'The rules an event obeys. A kind of event is a row here, not a code path; empty means no such rule.';
comment on column public.event_policies.hold is 'How long a pending order keeps its seats.';
comment on column public.event_policies.processing_hold is 'How long an order keeps its seats while a delayed payment method is under way.';
comment on column public.event_policies.offer_hold is 'How long somebody from the waiting list has to pay for the seats offered.';
comment on column public.event_policies.approval_wait is
'How long an order waits for the organizer''s yes or no; it lapses then, or when the event begins.';
comment on column public.event_policies.approval_hold is 'How long a buyer has to pay once the organizer said yes.';
comment on column public.event_policies.cancellation_deadline is 'A buyer may cancel while strictly more than this is left before the start.';
comment on column public.event_policies.max_failed_payments is 'After so many failed payments an order can no longer be paid.';
comment on column public.event_policies.price_cents is 'The price of a seat, where the kind of event fixes it.';
comment on column public.event_policies.earliest_start is 'First hour to start at, in the event''s timezone; inclusive, as all edges here.';
comment on column public.event_policies.min_lead_time is 'From creation to start, at least.';
comment on column public.event_policies.min_venue_room is 'Free places that the venue must have when the event is created.';
comment on column public.event_policies.min_attendance is 'With fewer confirmed seats than this, attendance_checked_before the start, the event is cancelled.';
comment on column public.event_policies.first_payment_required is 'Whether the event waits for its first paid seat before it is published.';

insert into public.event_policies (
    key, cancellation_deadline, duration, price_cents, currency, earliest_start, latest_start, min_lead_time, max_lead_time,
    min_venue_room, min_attendance, attendance_checked_before, first_payment_required
) values
(
    'meetup', '3 hours', '1 hour', 700, 'EUR', '12:00', '21:00', '24 hours', '7 days',
    3, 3, '1 hour', true
),
('masterclass', '3 hours', null, null, null, null, null, null, null, null, null, null, false),
('conference', '3 hours', null, null, null, null, null, null, null, null, null, null, false);

create trigger touch_updated_at before update on public.event_policies
for each row execute function private.touch_updated_at();
