-- An event as its team types it, and what is wrong with it.

create function private.edited_event(base public.events, edits jsonb) returns public.events
language plpgsql stable
set search_path = ''
as $$
declare
    v_event public.events;
    v_lasts interval := coalesce(edited_event.base.ends_at - edited_event.base.starts_at, '2 hours');
begin
    select (jsonb_populate_record(edited_event.base, coalesce(jsonb_object_agg(given.column_name, given.value), '{}'))).*
    into v_event
    from (values
        ('title', 'title', to_jsonb(private.one_line(edits ->> 'title'))),
        ('summary', 'summary', to_jsonb(coalesce(private.one_line(edits ->> 'summary'), ''))),
        ('description', 'description', to_jsonb(btrim(coalesce(edits ->> 'description', '')))),
        ('language', 'language_code', edits -> 'language'),
        ('venue_id', 'venue_id', to_jsonb(private.uuid_or_null(edits ->> 'venue_id'))),
        ('timezone', 'timezone', to_jsonb(coalesce(nullif(edits ->> 'timezone', ''), base.timezone))),
        ('capacity', 'capacity', to_jsonb(private.whole_number(edits ->> 'capacity'))),
        ('currency', 'currency', to_jsonb(upper(edits ->> 'currency'))),
        ('asks_phone', 'asks_phone', to_jsonb(coalesce((edits ->> 'asks_phone')::boolean, false))),
        ('waitlist_keeps_price', 'waitlist_keeps_price', to_jsonb(coalesce((edits ->> 'waitlist_keeps_price')::boolean, true)))
    ) as given (field, column_name, value)
    where edits ? given.field;
    -- A venue's clocks are its events' clocks, from the moment the event goes there.
    v_event.timezone := coalesce(
        case when v_event.venue_id = base.venue_id then base.timezone end,
        (select venues.timezone from public.venues where venues.id = v_event.venue_id), v_event.timezone, 'UTC');
    if edits ? 'starts_at' then
        v_event.starts_at := private.instant_of(edits ->> 'starts_at', v_event.timezone);
    end if;
    if edits ? 'ends_at' and edits ->> 'ends_at' <> '' then
        v_event.ends_at := private.instant_of(edits ->> 'ends_at', v_event.timezone);
    elsif edits ? 'starts_at' then
        v_event.ends_at := v_event.starts_at + v_lasts;
    end if;
    return v_event;
end;
$$;
comment on function private.edited_event(public.events, jsonb) is
'An event with what somebody typed laid over it; fields not named stay. Times are by the clocks of its place, and an end left empty
follows its start. What cannot be read is null: event_faults says so.';

create function private.event_faults(base public.events, event public.events, edits jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_venue public.venues;
    v_taken integer := private.seats_in_use(event.id);
    v_timezone_known boolean := not edits ? 'timezone' or event.venue_id is not null
        or event.timezone is not distinct from base.timezone or private.is_timezone(event.timezone);
    v_timezone text := case when v_timezone_known then event.timezone else 'UTC' end;
begin
    select * into v_venue from public.venues where venues.id = event.venue_id;
    return private.moment_faults(edits, '{starts_at,ends_at}', v_timezone) || (
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code) || case fault.code
            when 'capacity_above_venue' then jsonb_build_object('most', v_venue.capacity)
            when 'capacity_below_sold' then jsonb_build_object('taken', v_taken)
            else '{}'
        end), '[]')
        from (values
            ('title', 'title_invalid', coalesce(length(event.title) > 140, true)),
            ('summary', 'summary_too_long', length(event.summary) > 280),
            ('description', 'description_too_long', length(event.description) > 20000),
            ('joining', 'joining_too_long', length(edits ->> 'joining') > 1000),
            ('language', 'language_unknown', not exists (select from public.languages where languages.code = event.language_code)),
            ('venue_id', 'venue_unknown', edits ->> 'venue_id' <> '' and v_venue.id is null),
            ('timezone', 'timezone_unknown', not v_timezone_known),
            ('starts_at', 'required', event.starts_at is null and coalesce(edits ->> 'starts_at', '') = ''),
            ('starts_at', 'start_in_past', event.starts_at is distinct from base.starts_at and event.starts_at <= private.now()),
            ('ends_at', 'end_before_start', event.ends_at <= event.starts_at),
            ('capacity', 'capacity_invalid',
                coalesce(edits ->> 'capacity', '') <> '' and coalesce(event.capacity not between 1 and 1000000, true)),
            ('capacity', 'capacity_missing', event.capacity is null and v_venue.id is null and coalesce(edits ->> 'capacity', '') = ''),
            ('capacity', 'capacity_above_venue', event.capacity > v_venue.capacity
                and (event.capacity, event.venue_id) is distinct from (base.capacity, base.venue_id)),
            ('capacity', 'capacity_below_sold', coalesce(event.capacity, v_venue.capacity) < v_taken),
            ('currency', 'currency_unknown', not exists (
                select from private.minimum_charges where minimum_charges.currency = event.currency)),
            ('currency', 'currency_fixed', event.currency <> base.currency and exists (
                select from public.orders where orders.event_id = event.id))
        ) as fault (field, code, found)
        where fault.found
    );
end;
$$;
comment on function private.event_faults(public.events, public.events, jsonb) is
'What is wrong with an edited event: [{field, code}], with most or taken where a number of seats is. edits is what was typed, base what
was there before.';

create function private.seats_in_use(event_id uuid) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select pools.held + pools.sold from public.pools
        where pools.event_id = seats_in_use.event_id and pools.ticket_type_id is null
    );
end;
$$;
comment on function private.seats_in_use(uuid) is 'Seats of an event that orders hold or have bought.';

create function private.guard_sold_currency() returns trigger
language plpgsql security definer -- whoever edits the currency, orders of other people count
set search_path = ''
as $$
begin
    if exists (select from public.orders where orders.event_id = new.id) then
        raise sqlstate 'PT409' using message = 'currency_fixed', hint = 'What was ordered stays in its currency; make another event.';
    end if;
    return new;
end;
$$;
comment on function private.guard_sold_currency() is
'Row trigger: the currency stays once something was ordered in it. Refuses with currency_fixed.';

create trigger guard_sold_currency before update of currency on public.events
for each row when (old.currency <> new.currency) execute function private.guard_sold_currency();

create function private.event_defaults(organizer_id uuid) returns public.events
language plpgsql stable
set search_path = ''
as $$
declare
    v_last public.events;
    v_event public.events;
begin
    select * into v_last
    from public.events
    where events.organizer_id = event_defaults.organizer_id
    order by events.created_at desc
    limit 1;
    v_event.organizer_id := event_defaults.organizer_id;
    v_event.summary := '';
    v_event.description := '';
    v_event.asks_phone := false;
    v_event.waitlist_keeps_price := true;
    v_event.language_code := coalesce(
        (
            select mode() within group (order by events.language_code)
            from public.events where events.organizer_id = event_defaults.organizer_id
        ),
        (select profiles.locale from public.profiles where profiles.user_id = private.caller_id()),
        'en'
    );
    v_event.currency := coalesce(v_last.currency, 'EUR');
    v_event.timezone := coalesce(v_last.timezone, 'Europe/Brussels');
    v_event.venue_id := v_last.venue_id;
    v_event.capacity := v_last.capacity;
    return v_event;
end;
$$;
comment on function private.event_defaults(uuid) is
'What a team''s next event begins with: currency, place and size of its last one, and the language of most;
a first one the language of whoever makes it.';
