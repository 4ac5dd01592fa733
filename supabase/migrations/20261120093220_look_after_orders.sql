-- What a team does about an order short of its money: names, addresses, mails said again, notes.

create function private.replace_secret() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.secret_turns := old.secret_turns + 1;
    return new;
end;
$$;
comment on function private.replace_secret() is
'Row trigger: with a new address, a guest''s order gets a new secret; the link sent to the old one opens nothing.';

create trigger replace_secret before update of buyer_email on public.orders
for each row when (new.buyer_id is null and new.buyer_email <> old.buyer_email) execute function private.replace_secret();

create function private.send_new_link() returns trigger
language plpgsql security definer -- the outbox is written by functions alone
set search_path = ''
as $$
begin
    -- A mail that is still to be written will hold the new link: it must not go to the old address.
    update public.deliveries set recipient = new.buyer_email, recipient_name = new.buyer_name
    where deliveries.order_id = new.id and deliveries.status = 'queued' and deliveries.data is null;
    perform private.queue_mail('order_readdressed', new, null);
    return null;
end;
$$;
comment on function private.send_new_link() is 'Row trigger: the new link of a guest''s order goes to its new address, and to that alone.';

create trigger send_new_link after update of buyer_email on public.orders
for each row when (new.buyer_id is null and new.buyer_email <> old.buyer_email) execute function private.send_new_link();

create function private.audit_edit(placed public.orders, action text, before jsonb, after jsonb, detail jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
    -- The trail is kept for good, so it names the fields and not the persons in them.
    perform private.audit(audit_edit.action, 'order', audit_edit.placed.id, audit_edit.placed.organizer_id, audit_edit.detail || (
        select jsonb_build_object('fields', coalesce(jsonb_agg(field.key order by field.key), '[]'))
        from jsonb_each(audit_edit.after) as field
        where audit_edit.before -> field.key is distinct from field.value
    ));
end;
$$;
comment on function private.audit_edit(public.orders, text, jsonb, jsonb, jsonb) is 'Writes which fields of an order were edited, and by whom.';

create function public.change_buyer(reference text, name text, email text, phone text default null) returns jsonb
language plpgsql security definer -- edits an order by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(change_buyer.reference, 'orders:write');
    v_buyer private.buyer := private.read_buyer(jsonb_build_object(
        'name', change_buyer.name, 'email', change_buyer.email, 'phone', change_buyer.phone));
    v_changed public.orders;
begin
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    perform private.check_buyer(v_buyer, false);
    if v_order.buyer_id is not null and v_buyer.email <> v_order.buyer_email then
        raise sqlstate 'PT409' using message = 'address_of_account', hint = 'Its mails go to the account''s own address.';
    end if;
    if v_buyer.email <> v_order.buyer_email then
        perform private.limit_repeats(v_order);
    end if;
    update public.orders set buyer_name = v_buyer.name, buyer_email = v_buyer.email, buyer_phone = v_buyer.phone
    where orders.id = v_order.id
    returning * into v_changed;
    perform private.audit_edit(v_order, 'order.buyer_changed',
        jsonb_build_object('name', v_order.buyer_name, 'email', v_order.buyer_email, 'phone', v_order.buyer_phone),
        jsonb_build_object('name', v_changed.buyer_name, 'email', v_changed.buyer_email, 'phone', v_changed.buyer_phone), '{}');
    return private.order_file(v_changed);
exception when unique_violation then
    raise sqlstate 'PT409' using message = 'address_has_order', hint = 'An order under way for this event goes to that address already.';
end;
$$;
comment on function public.change_buyer(text, text, text, text) is
'Puts an order in another name; a guest''s order also to another address, which then gets a link of its own while the old one ends.
Refuses with not_found, not_permitted, address_of_account, address_has_order, too_many_mails and the words of check_buyer.';

create function private.limit_repeats(placed public.orders) returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_free_at timestamptz;
begin
    select limits.per + (
        select deliveries.created_at from public.deliveries
        where deliveries.order_id = limit_repeats.placed.id
            and (deliveries.repeats is not null or deliveries.kind = 'order_readdressed')
        order by deliveries.created_at desc offset limits.amount - 1 limit 1
    )
    into v_free_at
    from private.limits where limits.name = 'mails_sent_again';
    if v_free_at > now() then
        raise sqlstate 'PT429' using message = 'too_many_mails', hint = 'Ask whether the first one has arrived.',
            detail = jsonb_build_object('retry_after', ceil(extract(epoch from v_free_at - now())))::text;
    end if;
end;
$$;
comment on function private.limit_repeats(public.orders) is 'How often mails about one order may be said again. Refuses with too_many_mails.';

create function public.repeat_mail(reference text, delivery_id uuid) returns jsonb
language plpgsql security definer -- the outbox is written by functions alone
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(repeat_mail.reference, 'orders:write');
    v_mail public.deliveries;
begin
    select * into v_order from public.orders where orders.id = v_order.id for no key update; -- repeats of one order wait for each other
    select * into v_mail
    from public.deliveries
    where deliveries.id = repeat_mail.delivery_id and deliveries.order_id = v_order.id;
    if v_mail.id is null then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such mail about this order.';
    elsif not private.mail_may_repeat(v_mail, v_order) then
        raise sqlstate 'PT409' using message = 'mail_outdated', hint = 'It is on its way, or what it says is no longer true.';
    end if;
    perform private.limit_repeats(v_order);
    insert into public.deliveries (kind, order_id, organizer_id, recipient, recipient_name, locale, priority, facts, repeats)
    values (
        v_mail.kind, v_order.id, v_order.organizer_id, v_order.buyer_email, v_order.buyer_name, v_order.locale, 1, v_mail.facts, v_mail.id
    );
    perform private.audit('order.mail_repeated', 'order', v_order.id, v_order.organizer_id, jsonb_build_object('kind', v_mail.kind));
    return private.order_file(v_order);
end;
$$;
comment on function public.repeat_mail(text, uuid) is
'Says a mail about an order again, as things are now, to its present address. Refuses with not_found, not_permitted, mail_outdated,
too_many_mails.';

create function public.add_order_note(reference text, body text) returns jsonb
language plpgsql security definer -- notes are written by functions alone
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(add_order_note.reference, 'orders:write');
    v_answer jsonb := private.answered_before('add_order_note', jsonb_build_array(add_order_note.reference, add_order_note.body));
begin
    if v_answer is not null then
        return v_answer;
    end if;
    if coalesce(add_order_note.body, '') !~ '\S' or length(add_order_note.body) > 2000 then
        raise sqlstate 'PT422' using message = 'note_invalid', hint = 'One to 2,000 characters.';
    end if;
    insert into public.order_notes (order_id, author_id, body)
    values (v_order.id, private.caller_id(), btrim(add_order_note.body, E' \t\r\n'));
    return private.keep_answer(private.order_file(v_order));
end;
$$;
comment on function public.add_order_note(text, text) is
'Notes something about an order for its team alone. Refuses with not_found, not_permitted, note_invalid, idempotency_key_reused.';

create function public.release_order(reference text, reason text) returns jsonb
language plpgsql security definer -- gives seats back by right, which no client may do itself
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(release_order.reference, 'orders:write');
begin
    perform private.lock_pools(v_order.event_id);
    perform private.expire_lapsed(v_order.event_id);
    select * into v_order from public.orders where orders.id = v_order.id for no key update;
    if private.one_line(release_order.reason) is null then
        raise sqlstate 'PT422' using message = 'reason_missing', hint = 'The buyer is told why.';
    elsif v_order.payment_status = 'processing' then
        raise sqlstate 'PT409' using message = 'payment_processing', hint = 'A payment is under way; refund it when it is through.';
    elsif v_order.status <> 'pending' then
        raise sqlstate 'PT409' using message = 'cannot_cancel', hint = 'Only unpaid orders whose seats are held are released.';
    end if;
    update public.orders set status = 'cancelled', status_reason = 'cancelled_by_organizer' where orders.id = v_order.id
    returning * into v_order;
    perform private.queue_mail('order_released', v_order, jsonb_build_object('reason', left(private.one_line(release_order.reason), 500)));
    return private.order_file(v_order);
end;
$$;
comment on function public.release_order(text, text) is
'Gives back the seats of an order that nobody has paid yet, with a word to its buyer. Refuses with not_found, not_permitted,
reason_missing, payment_processing, cannot_cancel.';
