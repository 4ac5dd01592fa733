-- What buyers rely on, time and place, has changed: everyone concerned is told, once per change, in the transaction that makes it.

create function private.place_and_time(event public.events) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'starts_at', place_and_time.event.starts_at, 'ends_at', place_and_time.event.ends_at, 'timezone', place_and_time.event.timezone,
        'online', place_and_time.event.venue_id is null,
        'venue', (
            select jsonb_build_object('name', venues.name, 'address', venues.address, 'postal_code', venues.postal_code,
                'city', venues.city, 'country', venues.country)
            from public.venues where venues.id = place_and_time.event.venue_id
        )
    );
end;
$$;
comment on function private.place_and_time(public.events) is 'Where and when an event is, as the mail about a change of it says.';

create function private.people_concerned(event_id uuid) returns table (email text, name text, locale text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    with buyers as materialized (
        select placed.buyer_email as email from private.orders_concerned(people_concerned.event_id) as placed
    )
    select distinct on (people.email) people.email, people.name, people.locale
    from (
        -- Whoever sits in a seat that somebody else bought.
        select lower(attendees.email) as email, attendees.name, orders.locale
        from public.attendees
        inner join public.orders on orders.id = attendees.order_id
        where orders.event_id = people_concerned.event_id and orders.status = 'confirmed' and attendees.cancelled_at is null
            and attendees.email is not null
        union all
        select lower(users.email), profiles.display_name, waitlist_entries.locale
        from public.waitlist_entries
        inner join auth.users on users.id = waitlist_entries.user_id
        inner join public.profiles on profiles.user_id = waitlist_entries.user_id
        where waitlist_entries.event_id = people_concerned.event_id and waitlist_entries.status = 'waiting'
    ) as people
    where not exists (select from buyers where buyers.email = people.email)
    order by people.email;
end;
$$;
comment on function private.people_concerned(uuid) is
'Who has a seat at an event or waits for one, and is not told by a mail about an order of their own.';

create function private.orders_concerned(event_id uuid) returns setof public.orders
language sql stable
set search_path = ''
as $$
    select orders.*
    from public.orders
    where orders.event_id = orders_concerned.event_id
        and (orders.status in ('confirmed', 'awaiting_approval') or (orders.status = 'pending' and orders.payment_status = 'processing'))
$$;
comment on function private.orders_concerned(uuid) is
'Orders whose buyers count on an event: confirmed, on their way to be paid, or waiting for a yes.';

create function private.tell_of_change() returns trigger
language plpgsql security definer -- the outbox is written by functions alone
set search_path = ''
as $$
declare
    v_before jsonb := jsonb_build_object('before', private.place_and_time(old));
begin
    perform private.queue_mail('event_changed', placed, v_before) from private.orders_concerned(new.id) as placed;
    perform private.queue_notice(
        'event_changed', new.organizer_id, to_jsonb(person), v_before || jsonb_build_object('event_id', new.id, 'site_path', '/events/' || new.slug)
    )
    from private.people_concerned(new.id) as person;
    return null;
end;
$$;
comment on function private.tell_of_change() is 'Row trigger: who has seats at an event, or waits for them, hears of another time or place.';

create trigger tell_of_change after update of starts_at, ends_at, timezone, venue_id on public.events
for each row when (
    new.status = 'published'
    and (new.starts_at, new.ends_at, new.timezone, new.venue_id) is distinct from (old.starts_at, old.ends_at, old.timezone, old.venue_id)
)
execute function private.tell_of_change();
