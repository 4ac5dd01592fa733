create function public.list_disputes(organizer text) returns jsonb
language plpgsql stable security definer -- a team sees its disputes by right
set search_path = ''
as $$
declare
    v_organizer public.organizers := private.teams_organizer(list_disputes.organizer, 'orders:refund');
begin
    return jsonb_build_object('workspace', private.workspace(v_organizer), 'disputes', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', disputes.id, 'order_reference', orders.reference, 'buyer', orders.buyer_name, 'event', private.event_name(events),
            'amount_cents', disputes.amount_cents, 'currency', disputes.currency, 'reason', disputes.reason, 'status', disputes.status,
            'opened_at', disputes.opened_at
        ) order by disputes.opened_at desc, disputes.id), '[]')
        from public.disputes
        inner join public.orders on orders.id = disputes.order_id
        inner join public.events on events.id = orders.event_id
        where orders.organizer_id = v_organizer.id
    ));
end;
$$;
comment on function public.list_disputes(text) is
'The contested payments of an organizer, newest first, in Stripe''s own words: {workspace, disputes}. Refuses with not_found, not_permitted.';
