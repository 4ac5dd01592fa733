-- Small events that anyone may hold: the policy's rules are judged by a trigger, for every way in.

alter table public.events add column first_order_id uuid unique references public.orders (id);
comment on column public.events.first_order_id is 'The order whose payment publishes the event, where its policy asks for one.';

create function private.local_time(instant timestamptz, timezone text) returns time
language sql stable
set search_path = ''
as $$ select (local_time.instant at time zone local_time.timezone)::time $$;
comment on function private.local_time(timestamptz, text) is 'The time of day on the wall of a place; right on the days the clocks change.';

create function private.guard_event_policy() returns trigger
language plpgsql security definer -- whoever edits an event, its policy holds
set search_path = ''
as $$
declare
    v_policy public.event_policies;
    v_lead interval := new.starts_at - private.now();
    v_timezone text := coalesce((select venues.timezone from public.venues where venues.id = new.venue_id), new.timezone);
begin
    select * into v_policy from public.event_policies where event_policies.id = new.policy_id;
    if v_policy.duration is not null then
        new.ends_at := new.starts_at + v_policy.duration;
    end if;
    if v_policy.currency is not null then
        new.currency := v_policy.currency;
    end if;
    if tg_op = 'UPDATE' then
        if (new.starts_at, new.timezone, new.venue_id, new.policy_id)
            is not distinct from (old.starts_at, old.timezone, old.venue_id, old.policy_id)
        then
            return new;
        end if;
        new.attendance_checked_at := null; -- another start is judged anew
        if (new.starts_at at time zone new.timezone, new.policy_id) is not distinct from (old.starts_at at time zone old.timezone, old.policy_id)
            and new.venue_id = old.venue_id
        then
            return new; -- only the zone of its venue was corrected
        end if;
    end if;
    if private.local_time(new.starts_at, v_timezone) not between v_policy.earliest_start and v_policy.latest_start then
        raise sqlstate 'PT422' using message = 'start_outside_hours',
            detail = jsonb_build_object(
                'earliest', to_char(v_policy.earliest_start, 'HH24:MI'), 'latest', to_char(v_policy.latest_start, 'HH24:MI'))::text,
            hint = 'The event''s row of event_policies says so.';
    elsif v_lead < v_policy.min_lead_time then
        raise sqlstate 'PT422' using message = 'start_too_soon', detail = jsonb_build_object(
            'hours', round(extract(epoch from v_policy.min_lead_time) / 3600))::text,
            hint = 'The event''s row of event_policies says so.';
    elsif v_lead > v_policy.max_lead_time then
        raise sqlstate 'PT422' using message = 'start_too_late', detail = jsonb_build_object(
            'days', round(extract(epoch from v_policy.max_lead_time) / 86400))::text,
            hint = 'The event''s row of event_policies says so.';
    end if;
    return new;
end;
$$;
comment on function private.guard_event_policy() is
'Row trigger: start hours (local to the venue, inclusive), lead time (exact to the instant, inclusive), duration and currency as the policy says.
Refuses with start_outside_hours, start_too_soon, start_too_late.';

create trigger guard_event_policy before insert or update on public.events
for each row execute function private.guard_event_policy();

create function private.guard_policy_price() returns trigger
language plpgsql security definer -- whoever edits a price, the policy's holds
set search_path = ''
as $$
declare
    v_price integer;
begin
    select event_policies.price_cents into v_price
    from public.events
    inner join public.event_policies on event_policies.id = events.policy_id
    where events.id = new.event_id;
    if new.price_cents <> v_price or new.early_bird_price_cents is not null and v_price is not null then
        raise sqlstate 'PT422' using message = 'price_is_fixed', detail = jsonb_build_object('price_cents', v_price)::text,
            hint = 'The row of event_policies of its event says so.';
    end if;
    return new;
end;
$$;
comment on function private.guard_policy_price() is 'Row trigger: where the policy fixes the price of a seat, it is that. Refuses with price_is_fixed.';

create trigger guard_policy_price before insert or update of price_cents, early_bird_price_cents on public.ticket_types
for each row execute function private.guard_policy_price();

create function private.personal_organizer(person uuid) returns uuid
language plpgsql
set search_path = ''
as $$
declare
    v_organizer_id uuid;
begin
    perform pg_advisory_xact_lock(hashtextextended(personal_organizer.person::text, 3));
    select organizers.id into v_organizer_id from public.organizers where organizers.personal_of = personal_organizer.person;
    if not found then
        insert into public.organizers (slug, name, personal_of)
        select
            'with-' || left(encode(extensions.gen_random_bytes(6), 'hex'), 10), profiles.display_name, profiles.user_id
        from public.profiles
        where profiles.user_id = personal_organizer.person
        returning id into v_organizer_id;
        insert into public.organizer_members (organizer_id, user_id, role) values (v_organizer_id, personal_organizer.person, 'owner');
    end if;
    return v_organizer_id;
end;
$$;
comment on function private.personal_organizer(uuid) is 'The organizer behind a person who holds meetups of their own, made when first needed.';

create function private.slug_of(title text) returns text
language sql volatile
set search_path = ''
as $$
    select concat_ws('-',
        nullif(left(btrim(regexp_replace(private.searchable(slug_of.title), '[^a-z0-9]+', '-', 'g'), '-'), 60), ''),
        encode(extensions.gen_random_bytes(3), 'hex'))
$$;
comment on function private.slug_of(text) is 'An address for a title, with a random end so that it is free.';

create function private.note_first_seat(placed public.orders) returns void
language sql
set search_path = ''
as $$
    insert into private.order_requests (order_id, account, person, address, digest, created_at)
    values (
        note_first_seat.placed.id, note_first_seat.placed.buyer_id::text, note_first_seat.placed.buyer_id::text,
        private.caller_address(), '', private.now()
    )
$$;
comment on function private.note_first_seat(public.orders) is 'Meetups count among the orders that one person may place in a while.';

create function private.order_first_seat(event public.events, person uuid, locale text) returns public.orders
language plpgsql
set search_path = ''
as $$
declare
    v_ticket_type_id uuid;
    v_lines jsonb;
    v_buyer private.buyer;
    v_order public.orders;
begin
    select ticket_types.id into v_ticket_type_id from public.ticket_types where ticket_types.event_id = order_first_seat.event.id;
    v_lines := jsonb_build_array(jsonb_build_object('ticket_type_id', v_ticket_type_id, 'quantity', 1));
    select users.id, profiles.display_name, lower(users.email), null into v_buyer
    from auth.users
    inner join public.profiles on profiles.user_id = users.id
    where users.id = order_first_seat.person;
    perform private.lock_pools(order_first_seat.event.id);
    perform private.keep_account(order_first_seat.person);
    perform private.assert_none_pending(order_first_seat.event.id, v_buyer);
    v_order := private.insert_order(
        order_first_seat.event, private.price_order(order_first_seat.event, v_lines, null), v_lines, v_buyer,
        private.terms_of_order(order_first_seat.event, '{}', null, order_first_seat.locale)
    );
    perform private.note_first_seat(v_order);
    update public.events set first_order_id = v_order.id where events.id = order_first_seat.event.id;
    return v_order;
end;
$$;
comment on function private.order_first_seat(public.events, uuid, text) is
'The seat of whoever holds a meetup: a held order; paying it publishes the event. Refuses with order_pending.';

create function private.venue_space(venue_id uuid, during tstzrange) returns bigint
language sql stable
set search_path = ''
as $$
    select venues.capacity - private.venue_peak(venues.id, venue_space.during, null)
    from public.venues
    where venues.id = venue_space.venue_id
$$;
comment on function private.venue_space(uuid, tstzrange) is 'Places that a venue has left at every instant of a period.';

create function private.assert_min_room(venue_id uuid, during tstzrange, policy public.event_policies) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform from public.venues where venues.id = assert_min_room.venue_id for no key update;
    if private.venue_space(assert_min_room.venue_id, assert_min_room.during) < assert_min_room.policy.min_venue_room then
        raise sqlstate 'PT409' using message = 'venue_full', detail = jsonb_build_object(
            'room', private.venue_space(assert_min_room.venue_id, assert_min_room.during),
            'needed', assert_min_room.policy.min_venue_room)::text;
    end if;
end;
$$;
comment on function private.assert_min_room(uuid, tstzrange, public.event_policies) is
'Locks a venue and makes sure that it has the room a new event needs. Refuses with venue_full.';

create function private.guard_min_room() returns trigger
language plpgsql security definer -- whoever makes an event, its policy holds
set search_path = ''
as $$
begin
    perform private.assert_min_room(new.venue_id, tstzrange(new.starts_at, new.ends_at), event_policies)
    from public.event_policies
    where event_policies.id = new.policy_id and event_policies.min_venue_room is not null;
    return new;
end;
$$;
comment on function private.guard_min_room() is
'Row trigger: a new event finds the free places at its venue that its policy asks for. Refuses with venue_full.';

create trigger guard_min_room before insert on public.events
for each row when (new.venue_id is not null) execute function private.guard_min_room();

create function public.create_meetup(
    title text, language text, venue_id uuid, starts_at timestamptz, description text default '', locale text default 'en'
) returns jsonb
language plpgsql security definer -- makes an event and an order, which no client may do itself
set search_path = ''
as $$
declare
    v_person uuid := (private.own_profile()).user_id;
    v_policy public.event_policies;
    v_event public.events;
    v_order public.orders;
    v_answer jsonb := private.answered_before('create_meetup', jsonb_build_array(
        create_meetup.title, create_meetup.language, create_meetup.venue_id, create_meetup.starts_at, create_meetup.description));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    perform private.limit_orders(v_person::text, private.caller_address()); -- before any event or venue, as place_order does
    select * into v_policy from public.event_policies where event_policies.key = 'meetup';
    if private.one_line(create_meetup.title) is null or length(private.one_line(create_meetup.title)) > 140 then
        raise sqlstate 'PT422' using message = 'title_invalid', hint = '1 to 140 characters.';
    elsif not exists (select from public.languages where languages.code = create_meetup.language) then
        raise sqlstate 'PT422' using message = 'language_unknown';
    elsif length(create_meetup.description) > 20000 then
        raise sqlstate 'PT422' using message = 'description_too_long';
    elsif not exists (select from public.venues where venues.id = create_meetup.venue_id) then
        raise sqlstate 'PT422' using message = 'venue_unknown';
    end if;
    insert into public.events (
        organizer_id, policy_id, venue_id, slug, title, description, language_code, timezone, starts_at, ends_at, currency
    )
    select
        private.personal_organizer(v_person), v_policy.id, venues.id, private.slug_of(create_meetup.title),
        private.one_line(create_meetup.title), coalesce(create_meetup.description, ''), create_meetup.language, venues.timezone,
        create_meetup.starts_at, create_meetup.starts_at + v_policy.duration, v_policy.currency
    from public.venues
    where venues.id = create_meetup.venue_id
    returning * into v_event;
    insert into public.ticket_types (event_id, name, price_cents) values (v_event.id, 'Seat', v_policy.price_cents);
    v_order := private.order_first_seat(v_event, v_person, create_meetup.locale);
    return private.keep_answer(
        jsonb_build_object('event', public.read_event(v_event.id::text), 'order', private.order_document(v_order)));
end;
$$;
comment on function public.create_meetup(text, text, uuid, timestamptz, text, text) is
'Holds a meetup: the event as a draft and the held order for one''s own seat; paying it publishes the event. {event, order}.
Refuses with sign_in_required, signed_out, title_invalid, language_unknown, description_too_long, venue_unknown, venue_full,
start_outside_hours, start_too_soon, start_too_late, too_many_orders, idempotency_key_reused.';

create function public.retry_meetup(event_id uuid, locale text default 'en') returns jsonb
language plpgsql security definer -- makes an order, which no client may do itself
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(retry_meetup.event_id, 'events:write');
    v_person uuid := (private.own_profile()).user_id;
    v_policy public.event_policies;
    v_lead interval := v_event.starts_at - private.now();
    v_answer jsonb := private.answered_before('retry_meetup', to_jsonb(retry_meetup.event_id));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    perform private.limit_orders(v_person::text, private.caller_address());
    select * into v_policy from public.event_policies where event_policies.id = v_event.policy_id;
    perform private.lock_pools(v_event.id);
    perform private.expire_lapsed(v_event.id); -- a first seat that was not paid in time, swept or not
    select * into v_event from public.events where events.id = v_event.id;
    if v_event.status <> 'draft' or v_event.first_order_id is null then
        raise sqlstate 'PT409' using message = 'illegal_transition', detail = jsonb_build_object('from', v_event.status)::text;
    elsif v_lead < v_policy.min_lead_time then
        raise sqlstate 'PT422' using message = 'start_too_soon', detail = jsonb_build_object(
            'hours', round(extract(epoch from v_policy.min_lead_time) / 3600))::text;
    end if;
    perform private.assert_min_room(v_event.venue_id, tstzrange(v_event.starts_at, v_event.ends_at), v_policy);
    return private.keep_answer(jsonb_build_object('order', private.order_document(private.order_first_seat(
        v_event, v_person, retry_meetup.locale))));
end;
$$;
comment on function public.retry_meetup(uuid, text) is
'Holds the first seat of an unpaid meetup again: {order}. Refuses with not_found, not_permitted, illegal_transition, start_too_soon,
venue_full, order_pending, too_many_orders, idempotency_key_reused.';

create function private.follow_first_order() returns trigger
language plpgsql security definer -- events move with the order that publishes them
set search_path = ''
as $$
begin
    if new.status = 'confirmed' then
        update public.events set status = 'published'
        where events.first_order_id = new.id and events.status in ('draft', 'awaiting_payment');
    else
        update public.events set status = 'draft'
        where events.first_order_id = new.id and events.status = 'awaiting_payment';
    end if;
    return null;
end;
$$;
comment on function private.follow_first_order() is
'Row trigger: paid, the event is published; lapsed or given back, it is a draft again that can be tried once more.';

create trigger follow_first_order after update of status on public.orders
for each row when (old.status is distinct from new.status) execute function private.follow_first_order();

create function private.await_first_payment() returns trigger
language plpgsql security definer -- events move with the order that publishes them
set search_path = ''
as $$
begin
    update public.events set status = 'awaiting_payment'
    where events.first_order_id = new.order_id and events.status = 'draft';
    return null;
end;
$$;
comment on function private.await_first_payment() is 'Row trigger: once its organizer goes to pay, a meetup awaits payment.';

create trigger await_first_payment after insert on public.checkouts
for each row execute function private.await_first_payment();
