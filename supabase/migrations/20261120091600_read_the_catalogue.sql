create view public.event_cards with (security_invoker = true) as
select
    events.id,
    events.slug,
    events.title,
    events.summary,
    events.starts_at,
    events.ends_at,
    events.timezone,
    events.language_code as language,
    events.status,
    events.venue_id is null as online,
    venues.city,
    case when venues.id is not null
        then jsonb_build_object('id', venues.id, 'slug', venues.slug, 'name', venues.name, 'city', venues.city)
    end as venue,
    jsonb_build_object('slug', organizers.slug, 'name', organizers.name, 'hue', organizers.hue) as organizer,
    events.cover_path,
    events.currency,
    offer.price_from_cents,
    offer.price_to_cents,
    offer.capacity,
    offer.seats as left, -- noqa: RF04
    case when events.status = 'cancelled' then 'cancelled' else offer.sale end as sale
from public.events
inner join public.organizers on organizers.id = events.organizer_id
left join public.venues on venues.id = events.venue_id
cross join lateral (
    select
        max(level.capacity) filter (where level.ticket_type_id is null) as capacity,
        max(level.seats) filter (where level.ticket_type_id is null) as seats,
        min(state.price_cents) as price_from_cents,
        max(state.price_cents) as price_to_cents,
        case
            when bool_or(state.sale = 'on_sale') then 'on_sale'
            when bool_or(state.sale = 'sold_out') then 'sold_out'
            when bool_or(state.sale = 'not_yet') then 'not_yet'
            -- All its ticket types are hidden: whoever has a word sees one.
            when count(ticket_types.id) = 0 and bool_or(level.ticket_type_id is not null)
                and events.status = 'published' and events.starts_at > private.now() then 'by_code'
            else 'ended'
        end as sale
    from private.seats_left(events.id) as level
    left join public.ticket_types on ticket_types.id = level.ticket_type_id and ticket_types.access_code is null
    left join lateral (
        select private.ticket_sale(ticket_types, events, level.seats) as sale, private.price_now(ticket_types) as price_cents
        where ticket_types.id is not null
    ) as state on true
) as offer;
comment on view public.event_cards is 'An event as lists show it, with the lowest and highest price and the seats left at this instant.';

create function private.offers_among(event public.events, ticket_type_ids uuid[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', ticket_types.id,
            'name', ticket_types.name,
            'description', ticket_types.description,
            'price_cents', private.price_now(ticket_types),
            'list_price_cents', ticket_types.price_cents,
            'early_bird', case when ticket_types.early_bird_until >= private.now() then jsonb_build_object(
                'price_cents', ticket_types.early_bird_price_cents, 'until', ticket_types.early_bird_until) end,
            'group', case when ticket_types.group_percent is not null then jsonb_build_object(
                'min_quantity', ticket_types.group_min_quantity, 'percent', ticket_types.group_percent) end,
            'vat_rate', ticket_types.vat_rate,
            'min_per_order', ticket_types.min_per_order,
            'max_per_order', ticket_types.max_per_order,
            'requires_approval', ticket_types.requires_approval,
            'left', level.seats,
            'sale_starts_at', ticket_types.sale_starts_at,
            'sale_ends_at', ticket_types.sale_ends_at,
            'sale', state.sale,
            'on_sale', state.sale = 'on_sale',
            'hidden', ticket_types.access_code is not null
        ) order by ticket_types.position, ticket_types.name, ticket_types.id), '[]')
        from private.seats_left(offers_among.event.id) as level
        inner join public.ticket_types on ticket_types.id = level.ticket_type_id
        cross join lateral (select private.ticket_sale(ticket_types, offers_among.event, level.seats) as sale) as state
        where level.ticket_type_id = any(offers_among.ticket_type_ids)
    );
end;
$$;
comment on function private.offers_among(public.events, uuid[]) is
'Those of an event''s ticket types that are named, as pages show them: price now, seats left, whether they are on sale.';

create function private.ticket_offers(event public.events, word text default null) returns jsonb
language plpgsql stable security definer -- hidden ticket types are shown to whoever has their word
set search_path = ''
as $$
begin
    return private.offers_among(ticket_offers.event, array(
        select ticket_types.id from public.ticket_types
        where ticket_types.event_id = ticket_offers.event.id
            and coalesce(ticket_types.access_code = upper(btrim(ticket_offers.word)), ticket_types.access_code is null)
    ));
end;
$$;
comment on function private.ticket_offers(public.events, text) is
'The ticket types of an event as its page shows them; a word shows those that it opens as well.';

create function private.availability(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'event_id', availability.event.id,
            'capacity', max(level.capacity) filter (where level.ticket_type_id is null),
            'left', max(level.seats) filter (where level.ticket_type_id is null),
            'ticket_types', coalesce(jsonb_agg(jsonb_build_object(
                'id', ticket_types.id, 'left', level.seats, 'sale', state.sale, 'on_sale', state.sale = 'on_sale'
            ) order by ticket_types.position, ticket_types.name, ticket_types.id) filter (where ticket_types.id is not null), '[]')
        )
        from private.seats_left(availability.event.id) as level
        left join public.ticket_types on ticket_types.id = level.ticket_type_id and ticket_types.access_code is null
        left join lateral (
            select private.ticket_sale(ticket_types, availability.event, level.seats) as sale where ticket_types.id is not null
        ) as state on true
    );
end;
$$;
comment on function private.availability(public.events) is 'The seats left of an event, as pages and broadcasts tell them.';

create function public.read_availability(event_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return private.availability(private.visible_event(read_availability.event_id::text));
end;
$$;
comment on function public.read_availability(uuid) is
'{event_id, capacity, left, ticket_types: [{id, left, sale, on_sale}]}, lapsed holds not counted. Refuses with not_found.';

create function private.preview(event public.events, word text) returns jsonb
language plpgsql stable security definer -- whoever sees a draft is told what they may do with it
set search_path = ''
as $$
declare
    v_published public.events := preview.event;
begin
    if exists (
        select from public.event_policies
        where event_policies.id = preview.event.policy_id and event_policies.first_payment_required
    ) then
        return null;
    end if;
    v_published.status := 'published';
    return jsonb_build_object(
        'ticket_types', private.ticket_offers(v_published, preview.word), 'can', private.event_actions(preview.event)
    );
end;
$$;
comment on function private.preview(public.events, text) is
'A draft as it will be on sale: {ticket_types, can}, with what the caller may do with it now; null for a meetup, which its first payment
publishes.';

create function private.event_page(event public.events, tried private.tried_code) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select to_jsonb(event_cards) || jsonb_build_object(
            'description', event_page.event.description,
            'venue', event_cards.venue || (
                select jsonb_build_object(
                    'address', venues.address, 'postal_code', venues.postal_code, 'country', venues.country,
                    'latitude', venues.latitude, 'longitude', venues.longitude, 'capacity', venues.capacity,
                    'reputation', venues.reputation
                ) from public.venues where venues.id = event_page.event.venue_id
            ),
            'organizer', event_cards.organizer || (
                select jsonb_build_object('about', organizers.about, 'website', organizers.website)
                from public.organizers where organizers.id = event_page.event.organizer_id
            ),
            'policy', (
                select jsonb_build_object(
                    'key', event_policies.key,
                    'hold_minutes', extract(epoch from event_policies.hold)::integer / 60,
                    'cancel_until', event_page.event.starts_at - event_policies.cancellation_deadline,
                    'max_failed_payments', event_policies.max_failed_payments
                ) from public.event_policies where event_policies.id = event_page.event.policy_id
            ),
            'asks_phone', event_page.event.asks_phone,
            'ticket_types', offers.shown,
            'code_refusal', event_page.tried.refusal ->> 'message',
            'sale', case when offers.shown @> '[{"on_sale": true}]' and event_cards.sale <> 'cancelled' then 'on_sale' else event_cards.sale end,
            'my_order', (
                select jsonb_build_object('reference', orders.reference, 'status', orders.status, 'expires_at', orders.expires_at)
                from public.orders
                where orders.event_id = event_page.event.id and orders.buyer_id = (select private.caller_id())
                    and (orders.status = 'confirmed' or (orders.status in ('pending', 'awaiting_approval') and orders.expires_at > private.now()))
                order by orders.status = 'confirmed', orders.created_at desc
                limit 1
            ),
            'my_entries', private.own_places(event_page.event.id),
            'preview', case when event_page.event.status = 'draft' then private.preview(event_page.event, (event_page.tried.code).code) end,
            'published_at', event_page.event.published_at,
            'updated_at', event_page.event.updated_at
        )
        from public.event_cards
        cross join lateral private.ticket_offers(event_page.event, (event_page.tried.code).code) as offers (shown)
        where event_cards.id = event_page.event.id
    );
end;
$$;
comment on function private.event_page(public.events, private.tried_code) is
'One event whole, as its page shows it to whoever has tried a code there, or none.';

create function public.read_event(slug text, code text default null) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events := private.visible_event(read_event.slug); -- before any plan may leave it out
begin
    return private.event_page(v_event, private.try_code(v_event, read_event.code));
end;
$$;
comment on function public.read_event(text, text) is
'One event whole, by slug or id, as its page shows it; a code shows the hidden ticket types that it opens, and is judged.
Refuses with not_found.';

create function public.prepare_order(slug text, lines jsonb, code text default null) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events := private.visible_event(prepare_order.slug);
    v_tried private.tried_code := private.try_code(v_event, prepare_order.code);
begin
    if v_tried.refusal is not null then
        return private.answer_refused(v_tried.refusal);
    end if;
    return jsonb_build_object(
        'event', private.event_page(v_event, v_tried),
        'quote', private.sum_lines(private.price_order(v_event, prepare_order.lines, v_tried.code), v_event.currency)
    );
end;
$$;
comment on function public.prepare_order(text, jsonb, text) is
'What the page before an order shows, in one call: {event, quote}. Refuses with the words of read_event and quote.';
