-- Who sits in which seat, as the buyer says, or the team.

create function private.count_naming() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.revision := old.revision + 1;
    return new;
end;
$$;
comment on function private.count_naming() is 'Row trigger: somebody else in a seat is a new revision of it.';

create trigger count_naming before update of name, email, phone on public.attendees
for each row when ((old.name, old.email, old.phone) is distinct from (new.name, new.email, new.phone))
execute function private.count_naming();

create function private.name_seats(placed public.orders, people jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
    v_edits jsonb;
begin
    perform private.check_attendees(jsonb_build_array(jsonb_build_object(
        'quantity', jsonb_array_length(name_seats.people), 'attendees', name_seats.people)));
    perform from public.orders where orders.id = name_seats.placed.id for no key update; -- namings of one order wait for each other
    if jsonb_array_length(name_seats.people) <> (
        select count(distinct attendees.id)
        from public.attendees
        inner join jsonb_array_elements(name_seats.people) as given on private.uuid_or_null(given ->> 'id') = attendees.id
        where attendees.order_id = name_seats.placed.id and attendees.cancelled_at is null
    ) then
        raise sqlstate 'PT422' using message = 'attendee_unknown', hint = 'Name seats of this order that are not cancelled yet, each once.';
    end if;
    perform private.assert_revision(attendees.id, attendees.revision, (given ->> 'revision')::integer)
    from jsonb_array_elements(name_seats.people) as given
    inner join public.attendees on attendees.id = (given ->> 'id')::uuid
    where given ->> 'revision' is not null;

    select jsonb_agg(jsonb_build_object('id', attendees.id, 'before', was.person, 'after', becomes.person)) into v_edits
    from jsonb_array_elements(name_seats.people) as given
    inner join public.attendees on attendees.id = (given ->> 'id')::uuid
    cross join lateral jsonb_build_object('name', attendees.name, 'email', attendees.email, 'phone', attendees.phone) as was (person)
    cross join lateral private.read_buyer(was.person || given) as typed
    cross join lateral jsonb_build_object('name', typed.name, 'email', typed.email, 'phone', typed.phone) as becomes (person)
    where was.person <> becomes.person;
    update public.attendees set
        name = edit -> 'after' ->> 'name', email = edit -> 'after' ->> 'email', phone = edit -> 'after' ->> 'phone'
    from jsonb_array_elements(v_edits) as edit
    where attendees.id = (edit ->> 'id')::uuid;
    perform private.audit_edit(name_seats.placed, 'order.attendee_changed', edit -> 'before', edit -> 'after',
        jsonb_build_object('attendee_id', edit -> 'id'))
    from jsonb_array_elements(v_edits) as edit;
end;
$$;
comment on function private.name_seats(public.orders, jsonb) is
'Says who sits in seats of an order: [{id, name, email, phone, revision}]; what is left out of a seat stays, and with a revision it is
judged whether that is still what was seen. Refuses with attendees_invalid (detail: seat from 0, field), attendee_unknown, edited_meanwhile.';

create function public.name_attendees(reference text, attendees jsonb) returns jsonb
language plpgsql security definer -- edits seats, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.own_order(name_attendees.reference);
begin
    if not private.names_are_open(v_order) then
        raise sqlstate 'PT409' using message = 'names_fixed', hint = 'Possible while the order stands and its event has not begun.';
    elsif jsonb_typeof(name_attendees.attendees) is distinct from 'array' then
        raise sqlstate 'PT422' using message = 'attendees_invalid', hint = 'A list of {id, name, email, phone, revision}.';
    end if;
    perform private.name_seats(v_order, name_attendees.attendees);
    return private.order_document(v_order);
end;
$$;
comment on function public.name_attendees(text, jsonb) is
'Says who sits in seats of one''s own order: [{id, name, email, phone, revision}]. Refuses with not_found, names_fixed, attendees_invalid,
attendee_unknown, edited_meanwhile, signed_out.';

create function public.change_attendee(
    reference text, attendee_id uuid, name text default null, email text default null, phone text default null
) returns jsonb
language plpgsql security definer -- edits a seat by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(change_attendee.reference, 'orders:write');
begin
    perform private.name_seats(v_order, jsonb_build_array(jsonb_build_object('id', change_attendee.attendee_id,
        'name', change_attendee.name, 'email', change_attendee.email, 'phone', change_attendee.phone)));
    return private.order_file(v_order);
end;
$$;
comment on function public.change_attendee(text, uuid, text, text, text) is
'Says who sits in a seat of a team''s order. Refuses with not_found, not_permitted, attendee_unknown, attendees_invalid.';
