-- One order as its team sees it: what happened to it, and what may be done about it.

create function private.mail_may_repeat(delivery public.deliveries, placed public.orders) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return mail_may_repeat.delivery.status not in ('queued', 'sending')
        and case mail_may_repeat.delivery.kind
            when 'order_confirmed' then mail_may_repeat.placed.status = 'confirmed'
            when 'order_requested' then mail_may_repeat.placed.status = 'awaiting_approval' and mail_may_repeat.placed.expires_at > private.now()
            when 'order_approved' then mail_may_repeat.placed.status = 'pending' and mail_may_repeat.placed.expires_at > private.now()
            when 'seats_offered' then mail_may_repeat.placed.status = 'pending' and mail_may_repeat.placed.expires_at > private.now()
            else true
        end;
end;
$$;
comment on function private.mail_may_repeat(public.deliveries, public.orders) is
'Whether a mail may be said again: it is out, or given up, and what it says is still true.';

create function private.name_of_actor(organizer_id uuid, placed public.orders, actor_kind text, actor_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return case name_of_actor.actor_kind
        when 'person' then (select profiles.display_name from public.profiles where profiles.user_id = name_of_actor.actor_id)
        when 'key' then (
            select api_keys.name from public.api_keys
            where api_keys.id = name_of_actor.actor_id and api_keys.organizer_id = name_of_actor.organizer_id
        )
        when 'guest' then name_of_actor.placed.buyer_name
    end;
end;
$$;
comment on function private.name_of_actor(uuid, public.orders, text, uuid) is
'Who did something to an order; null when it was nobody in particular.';

create function private.begun_by(entry public.audit_entries, placed public.orders) returns public.audit_entries
language plpgsql stable
set search_path = ''
as $$
declare
    v_begun public.audit_entries;
begin
    if begun_by.entry.actor_kind = 'service' then
        select audit_entries.* into v_begun
        from public.audit_entries
        where audit_entries.id < begun_by.entry.id and audit_entries.actor_kind <> 'service' and (
            (audit_entries.subject_id = begun_by.placed.event_id and audit_entries.action = 'event.cancelled'
                and 'cancelled_by_event' in (begun_by.entry.detail ->> 'reason', 'cancelled_by_' || (begun_by.entry.detail ->> 'cause')))
            or (audit_entries.subject_id = begun_by.placed.id and case audit_entries.action
                when 'refund.requested' then begun_by.entry.action in ('refund.succeeded', 'refund.failed')
                    and audit_entries.detail @> (begun_by.entry.detail - array['stripe_refund_id'])
                when 'cancellation.refunding' then
                    (begun_by.entry.action in ('cancellation.done', 'cancellation.failed')
                        and audit_entries.detail @> (begun_by.entry.detail - array['error']))
                    or (begun_by.entry.action = 'order.cancelled'
                        and begun_by.entry.detail ->> 'reason' = 'cancelled_by_' || (audit_entries.detail ->> 'cause'))
                else false
            end)
        )
        order by audit_entries.id desc
        limit 1;
    end if;
    return case when v_begun.id is null then begun_by.entry else v_begun end;
end;
$$;
comment on function private.begun_by(public.audit_entries, public.orders) is
'The entry of whoever began what a job went on with: the cancellation of the event, of seats, or a refund; else the entry itself.';

create function private.order_history(placed public.orders) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_names boolean := order_history.placed.organizer_id in (select private.permitted_organizers('audit:read'));
begin
    return (
        select coalesce(jsonb_agg(line.entry order by line.at desc, line.place desc), '[]')
        from (
            select change.at, change.id as place, jsonb_build_object(
                'kind', 'change', 'at', change.at, 'what', change.action, 'detail', change.detail,
                'by', begun.actor_kind,
                'name', case when v_names then private.name_of_actor(
                    order_history.placed.organizer_id, order_history.placed, begun.actor_kind, begun.actor_id) end
            ) as entry
            from private.changes_of_order(order_history.placed.id) as change
            cross join lateral private.begun_by(change, order_history.placed) as begun
            union all
            select deliveries.created_at, 0, jsonb_build_object(
                'kind', 'mail', 'at', deliveries.created_at, 'what', deliveries.kind, 'id', deliveries.id,
                'recipient', deliveries.recipient, 'status', deliveries.status, 'sent_at', deliveries.sent_at,
                'settled_at', deliveries.settled_at, 'error', deliveries.last_error, 'again', deliveries.repeats is not null,
                'may_repeat', private.mail_may_repeat(deliveries, order_history.placed)
            )
            from public.deliveries
            where deliveries.order_id = order_history.placed.id
            union all
            select order_notes.created_at, 0, jsonb_build_object(
                'kind', 'note', 'at', order_notes.created_at, 'body', order_notes.body, 'name', profiles.display_name
            )
            from public.order_notes
            left join public.profiles on profiles.user_id = order_notes.author_id
            where order_notes.order_id = order_history.placed.id
        ) as line
    );
end;
$$;
comment on function private.order_history(public.orders) is
'What happened to an order, latest first: changes, mails and notes. Who made a change, or began what a job went on with, is told to
those who may read the trail.';

create function private.team_actions(placed public.orders) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_writes boolean := team_actions.placed.organizer_id in (select private.permitted_organizers('orders:write'));
    v_refunds boolean := team_actions.placed.organizer_id in (select private.permitted_organizers('orders:refund'));
    v_takes boolean := team_actions.placed.organizer_id in (select private.permitted_organizers('payments:write'));
    v_settled boolean := not exists (
        select from public.cancellations
        where cancellations.order_id = team_actions.placed.id and cancellations.status = 'refunding'
    );
begin
    return (
        -- A page offers exactly these; the functions behind them judge again.
        select coalesce(jsonb_agg(action.word), '[]')
        from (values
            ('answer', v_writes and team_actions.placed.status = 'awaiting_approval' and team_actions.placed.expires_at > private.now()),
            ('release', v_writes and team_actions.placed.status = 'pending' and team_actions.placed.expires_at > private.now()
                and team_actions.placed.payment_status <> 'processing'),
            ('cancel', v_refunds and v_settled and team_actions.placed.status = 'confirmed'),
            ('refund', v_refunds and v_settled and private.money_kept(team_actions.placed.id) > 0),
            ('hand_back', v_refunds and private.owed_by_hand(team_actions.placed.id) > 0),
            ('take_money', v_takes and team_actions.placed.status in ('pending', 'expired') and team_actions.placed.paid_cents = 0
                and team_actions.placed.total_cents > 0
                and not exists (select from public.events where events.first_order_id = team_actions.placed.id)
                and team_actions.placed.payment_status <> 'processing' and private.event_is_on(team_actions.placed.event_id)),
            ('change', v_writes),
            ('readdress', v_writes and team_actions.placed.buyer_id is null),
            ('note', v_writes)
        ) as action (word, possible)
        where action.possible
    );
end;
$$;
comment on function private.team_actions(public.orders) is
'What the caller may do about their team''s order now: answer, release, cancel, refund, hand_back, take_money, change, readdress, note.';

create function private.order_of_organizer(reference text, organizer text, permission text) returns public.orders
language plpgsql stable
set search_path = ''
as $$
declare
    v_order public.orders := private.teams_order(order_of_organizer.reference, order_of_organizer.permission);
begin
    if order_of_organizer.organizer <> (select organizers.slug from public.organizers where organizers.id = v_order.organizer_id) then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'The order is another organizer''s.';
    end if;
    return v_order;
end;
$$;
comment on function private.order_of_organizer(text, text, text) is
'A team''s order, of this organizer if one is named. Refuses with not_found, not_permitted.';

create function private.order_file(placed public.orders) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'workspace', private.workspace(organizers),
            'order', private.order_document(order_file.placed),
            'kept_cents', private.money_kept(order_file.placed.id),
            'owed_cents', private.owed_by_hand(order_file.placed.id),
            'may', private.team_actions(order_file.placed),
            'history', private.order_history(order_file.placed)
        )
        from public.organizers
        where organizers.id = order_file.placed.organizer_id
    );
end;
$$;
comment on function private.order_file(public.orders) is
'An order with its history and what may be done about it; kept_cents is what came in, less what went or is on its way
back, owed_cents what the team must hand back itself.';

create function public.read_team_order(reference text, organizer text default null) returns jsonb
language plpgsql stable security definer -- a team sees its orders by right
set search_path = ''
as $$
begin
    return private.order_file(private.order_of_organizer(read_team_order.reference, read_team_order.organizer, 'orders:read'));
end;
$$;
comment on function public.read_team_order(text, text) is
'A team''s order whole: {workspace, order, kept_cents, owed_cents, may, history}. Refuses with not_found, not_permitted.';

create function public.prepare_refund(reference text, organizer text default null, attendees uuid[] default null) returns jsonb
language plpgsql stable security definer -- judges by payments that the caller may not see
set search_path = ''
as $$
declare
    v_order public.orders := private.order_of_organizer(prepare_refund.reference, prepare_refund.organizer, 'orders:refund');
    v_seats uuid[];
begin
    if v_order.status = 'confirmed' then
        v_seats := private.chosen_seats(v_order, prepare_refund.attendees);
    end if;
    return private.order_file(v_order) || jsonb_build_object(
        'attendees', coalesce(to_jsonb(v_seats), '[]'),
        'refund_cents', case when v_seats is null then private.money_kept(v_order.id) else private.refund_for(v_order.id, v_seats) end
    );
end;
$$;
comment on function public.prepare_refund(text, text, uuid[]) is
'What giving money back for seats of a team''s order would come to, all of them when none are named: the order as read_team_order
tells it, and {attendees, refund_cents}. Refuses with not_found, not_permitted, attendee_unknown.';
