-- Whoever counts on an event that is called off hears of it: buyers, those who sit in seats that others bought, those who wait in line.

create function private.tell_called_off(placed public.orders, event public.events) returns void
language plpgsql
set search_path = ''
as $$
begin
    perform private.queue_mail('event_cancelled', tell_called_off.placed, jsonb_build_object('reason', tell_called_off.event.status_reason));
end;
$$;
comment on function private.tell_called_off(public.orders, public.events) is 'Tells a buyer that an event does not take place, and why.';

create function private.dismiss_seats(placed public.orders, event public.events) returns void
language plpgsql
set search_path = ''
as $$
begin
    if dismiss_seats.placed.status_reason = 'cancelled_by_event' then
        return; -- told while the payment was still under way
    end if;
    perform private.queue_notice('seat_dismissed', dismiss_seats.event.organizer_id,
        to_jsonb(person) || jsonb_build_object('locale', dismiss_seats.placed.locale),
        jsonb_build_object('event_id', dismiss_seats.event.id, 'reason', dismiss_seats.event.status_reason, 'site_path', '/'))
    from (
        select distinct on (lower(attendees.email)) lower(attendees.email) as email, attendees.name
        from public.attendees
        where attendees.order_id = dismiss_seats.placed.id and attendees.cancelled_at is null
            and lower(attendees.email) <> lower(dismiss_seats.placed.buyer_email)
        order by lower(attendees.email), attendees.position
    ) as person;
end;
$$;
comment on function private.dismiss_seats(public.orders, public.events) is
'Tells those who sit in seats that somebody else bought, once per order, that a cancelled event does not take place.';

create function private.dismiss_line(event public.events, batch integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_entry public.waitlist_entries;
    v_dismissed integer := 0;
begin
    for v_entry in
        update public.waitlist_entries set status = 'left'
        where waitlist_entries.id in (
            select first.id from public.waitlist_entries as first
            where first.event_id = dismiss_line.event.id and first.status = 'waiting'
            order by first.line_number
            limit dismiss_line.batch
        )
        returning waitlist_entries.*
    loop
        perform private.queue_notice('line_dismissed', dismiss_line.event.organizer_id,
            private.person_to_tell(v_entry.user_id) || jsonb_build_object('locale', v_entry.locale),
            jsonb_build_object('event_id', dismiss_line.event.id, 'reason', dismiss_line.event.status_reason, 'site_path', '/'));
        v_dismissed := v_dismissed + 1;
    end loop;
    return v_dismissed;
end;
$$;
comment on function private.dismiss_line(public.events, integer) is
'Tells so many of those who wait for a cancelled event, first in line first, that they wait no more; answers how many.';
