-- Who sees what and who may call what: the whole truth, safe to run again. `flask db check` compares the database with it.
-- Clients never write tables: money, seats and papers change through functions alone.

set local lock_timeout = '5s';

do $$
declare
    v_policy record;
begin
    for v_policy in
        select policyname, schemaname, tablename from pg_policies
        where schemaname = 'public' or (schemaname, tablename) in (('storage', 'objects'), ('storage', 'buckets'), ('realtime', 'messages'))
    loop
        execute format('drop policy %I on %I.%I', v_policy.policyname, v_policy.schemaname, v_policy.tablename);
    end loop;
end;
$$;

revoke all on all tables in schema public from public, anon, authenticated, service_role;
revoke all on all sequences in schema public from public, anon, authenticated, service_role;
revoke all on all functions in schema public from public, anon, authenticated, service_role;
revoke all on all tables in schema private from public, anon, authenticated, service_role;
revoke all on all functions in schema private from public, anon, authenticated, service_role;
revoke all on schema private from public, anon, authenticated, service_role;

grant usage on schema public to anon, authenticated, service_role;
grant usage on schema private to anon, authenticated;

-- Helpers that policies, views and reading functions name ------------------------------------------------------------------

grant execute on function private.caller_id() to anon, authenticated;
grant execute on function private.caller_order_id() to anon, authenticated;
grant execute on function private.permitted_organizers(text) to anon, authenticated;
grant execute on function private.now() to anon, authenticated;
grant execute on function private.uuid_or_null(text) to anon, authenticated;
grant execute on function private.searchable(text) to anon, authenticated;
grant execute on function private.page_size(integer) to anon, authenticated;
grant execute on function private.cursor_of(timestamptz, uuid) to anon, authenticated;
grant execute on function private.read_cursor(text) to anon, authenticated;
grant execute on function private.events_matching(text) to anon, authenticated;
grant execute on function private.facets_of_events() to anon, authenticated;
grant execute on function private.cards_in_order(uuid[], numeric[]) to anon, authenticated;
grant execute on function private.visible_event(text) to anon, authenticated;
grant execute on function private.past_events(uuid) to anon, authenticated;
grant execute on function private.degrees_of(text) to anon, authenticated;
grant execute on function private.refuse_input(jsonb) to anon, authenticated;
grant execute on function private.circle_faults(text, double precision) to anon, authenticated;
grant execute on function private.circle_around(text, text, double precision) to anon, authenticated;
grant execute on function private.date_or_null(text) to anon, authenticated;
grant execute on function private.day_faults(text, text, text) to anon, authenticated;
grant execute on function private.days_meant(private.wanted_days, date) to anon, authenticated;
grant execute on function private.span_of_days(private.wanted_days) to anon, authenticated;
grant execute on function private.falls_on(timestamptz, text, private.wanted_days) to anon, authenticated;
grant execute on function private.distance_km(double precision, double precision, double precision, double precision) to anon, authenticated;
grant execute on function private.boxes_around(double precision, double precision, double precision) to anon, authenticated;
grant execute on function private.venues_within(double precision, double precision, double precision) to anon, authenticated;
grant execute on function private.venues_in_circle(private.circle, text) to anon, authenticated;
grant execute on function private.seats_left(uuid) to anon, authenticated;
grant execute on function private.availability(public.events) to anon, authenticated;
grant execute on function private.price_now(public.ticket_types) to anon, authenticated;
grant execute on function private.percent_off(bigint, integer) to anon, authenticated;
grant execute on function private.ticket_sale(public.ticket_types, public.events, integer) to anon, authenticated;
grant execute on function private.own_places(uuid) to anon, authenticated;
grant execute on function private.ticket_offers(public.events, text) to anon, authenticated;
grant execute on function private.preview(public.events, text) to anon, authenticated;
grant execute on function private.event_page(public.events, private.tried_code) to anon, authenticated;
grant execute on function private.check_lines(jsonb) to anon, authenticated;
grant execute on function private.minimum_charge(uuid) to anon, authenticated;
grant execute on function private.try_code(public.events, text) to anon, authenticated;
grant execute on function private.answer_refused(jsonb) to anon, authenticated;
grant execute on function private.code_price(bigint, numeric, numeric, public.promotion_codes) to anon, authenticated;
grant execute on function private.price_lines(uuid, jsonb, public.promotion_codes, timestamptz, public.ticket_types) to anon, authenticated;
grant execute on function private.price_order(public.events, jsonb, public.promotion_codes, timestamptz) to anon, authenticated;
grant execute on function private.sum_lines(private.priced_line[], text) to anon, authenticated;
grant execute on function private.venue_document(public.venues) to anon, authenticated;
grant execute on function private.visible_order(text) to anon, authenticated;
grant execute on function private.lapse_reason(public.order_status) to anon, authenticated;
grant execute on function private.order_state(public.orders) to anon, authenticated;
grant execute on function private.order_actions(public.orders) to anon, authenticated;
grant execute on function private.cancel_until(public.orders) to anon, authenticated;
grant execute on function private.last_cancellation(public.orders) to anon, authenticated;
grant execute on function private.money_of_cancellation(public.cancellations) to anon, authenticated;
grant execute on function private.steps_of_order(public.orders) to anon, authenticated;
grant execute on function private.order_is_over(public.orders, public.events) to anon, authenticated;
grant execute on function private.own_orders(timestamptz, uuid, integer) to authenticated;
grant execute on function private.order_document(public.orders) to anon, authenticated;
grant execute on function private.event_of_order(uuid) to anon, authenticated;
grant execute on function private.money_in_review(uuid) to anon, authenticated;
grant execute on function private.how_to_join(uuid) to anon, authenticated;

-- Functions that clients may call ------------------------------------------------------------------------------------------

grant execute on function public.check_sign_up(jsonb) to anon, authenticated;
grant execute on function public.list_languages() to anon, authenticated;
grant execute on function public.list_events(
    text, text, text, timestamptz, timestamptz, text, integer, text, text, double precision, text, text, text
) to anon, authenticated;
grant execute on function public.read_event(text, text) to anon, authenticated;
grant execute on function public.read_public_organizer(text, integer, text) to anon, authenticated;
grant execute on function public.read_availability(uuid) to anon, authenticated;
grant execute on function public.quote(uuid, jsonb, text) to anon, authenticated;
grant execute on function public.prepare_order(text, jsonb, text) to anon, authenticated;
grant execute on function public.list_venues(text, integer, text) to anon, authenticated;
grant execute on function public.read_venue(text) to anon, authenticated;
grant execute on function public.list_team_venues(text) to anon, authenticated;
grant execute on function public.read_team_venue(text, text) to anon, authenticated;
grant execute on function public.create_venue(text, jsonb) to anon, authenticated;
grant execute on function public.update_venue(text, integer, jsonb) to anon, authenticated;
grant execute on function public.make_venue_key(text) to anon, authenticated;
grant execute on function public.end_venue_key(text) to anon, authenticated;
grant execute on function public.list_venue_events(text, integer, text) to anon, authenticated;
grant execute on function public.place_order(uuid, jsonb, jsonb, text, text, text, integer) to anon, authenticated;
grant execute on function public.read_order(text) to anon, authenticated;
grant execute on function public.read_order_state(text) to anon, authenticated;
grant execute on function public.begin_checkout(text) to anon, authenticated;
grant execute on function public.quote_cancellation(text, uuid[]) to anon, authenticated;
grant execute on function public.cancel_order(text, uuid[]) to anon, authenticated;
grant execute on function public.join_waitlist(uuid, uuid, integer, text) to authenticated;
grant execute on function public.leave_waitlist(uuid) to authenticated;
grant execute on function public.list_waitlist() to authenticated;
grant execute on function public.create_meetup(text, text, uuid, timestamptz, text, text) to authenticated;
grant execute on function public.retry_meetup(uuid, text) to authenticated;
grant execute on function public.list_event_waitlist(uuid, text) to anon, authenticated;
grant execute on function public.refund_order(text, text, integer, uuid[], integer) to anon, authenticated;
grant execute on function public.approve_order(text) to anon, authenticated;
grant execute on function public.decline_order(text, text) to anon, authenticated;
grant execute on function public.cancel_event(uuid, text) to anon, authenticated;
grant execute on function public.quote_event_cancellation(uuid, text) to anon, authenticated;
grant execute on function public.create_promotion_code(text, jsonb) to anon, authenticated;
grant execute on function public.end_promotion_code(text, text) to anon, authenticated;
grant execute on function public.list_promotion_codes(text) to anon, authenticated;
grant execute on function public.list_disputes(text) to anon, authenticated;
grant execute on function public.list_audit_entries(text, text, uuid, date, date, integer, text) to anon, authenticated;
grant execute on function public.list_team_events(text, text, text, integer, text) to anon, authenticated;
grant execute on function public.read_team_event(uuid) to anon, authenticated;
grant execute on function public.read_event_defaults(text) to anon, authenticated;
grant execute on function public.create_event(text, jsonb, boolean) to anon, authenticated;
grant execute on function public.update_event(uuid, integer, jsonb) to anon, authenticated;
grant execute on function public.publish_event(uuid) to anon, authenticated;
grant execute on function public.unpublish_event(uuid) to anon, authenticated;
grant execute on function public.delete_event(uuid) to anon, authenticated;
grant execute on function public.prepare_event_cover(uuid) to anon, authenticated;
grant execute on function public.set_event_cover(uuid, text) to anon, authenticated;
grant execute on function public.copy_event(uuid) to anon, authenticated;
grant execute on function public.create_series(text, uuid, text[], uuid[], boolean) to anon, authenticated;
grant execute on function public.create_ticket_type(uuid, jsonb) to anon, authenticated;
grant execute on function public.update_ticket_type(uuid, integer, jsonb) to anon, authenticated;
grant execute on function public.delete_ticket_type(uuid) to anon, authenticated;
grant execute on function public.arrange_ticket_types(uuid, uuid[]) to anon, authenticated;
grant execute on function public.read_team_ticket_type(uuid) to anon, authenticated;
grant execute on function public.quote_ticket_type(uuid, uuid, jsonb) to anon, authenticated;
grant execute on function public.list_workspaces() to anon, authenticated;
grant execute on function public.create_organizer(jsonb) to authenticated;
grant execute on function public.read_organizer(text) to anon, authenticated;
grant execute on function public.update_organizer(text, integer, jsonb) to anon, authenticated;
grant execute on function public.prepare_organizer_picture(text) to anon, authenticated;
grant execute on function public.set_organizer_picture(text, text) to anon, authenticated;
grant execute on function public.read_team_order(text, text) to anon, authenticated;
grant execute on function public.prepare_refund(text, text, uuid[]) to anon, authenticated;
grant execute on function public.change_buyer(text, text, text, text) to anon, authenticated;
grant execute on function public.name_attendees(text, jsonb) to anon, authenticated;
grant execute on function public.change_attendee(text, uuid, text, text, text) to anon, authenticated;
grant execute on function public.release_order(text, text) to anon, authenticated;
grant execute on function public.repeat_mail(text, uuid) to anon, authenticated;
grant execute on function public.add_order_note(text, text) to anon, authenticated;
grant execute on function public.list_members(text) to anon, authenticated;
grant execute on function public.invite_member(text, text, public.member_role) to anon, authenticated;
grant execute on function public.resend_invitation(text, uuid) to anon, authenticated;
grant execute on function public.withdraw_invitation(text, uuid) to anon, authenticated;
grant execute on function public.read_invitation(text) to anon, authenticated;
grant execute on function public.accept_invitation(text) to authenticated;
grant execute on function public.change_member_role(text, uuid, public.member_role) to anon, authenticated;
grant execute on function public.remove_member(text, uuid) to anon, authenticated;
grant execute on function public.leave_organizer(text) to authenticated;
grant execute on function public.create_api_key(text, text, text[]) to authenticated;
grant execute on function public.list_api_keys(text) to anon, authenticated;
grant execute on function public.revoke_api_key(text, uuid) to anon, authenticated;
grant execute on function public.record_key_use() to anon;
grant execute on function public.record_manual_payment(text, public.payment_method) to anon, authenticated;
grant execute on function public.record_manual_refunds(text) to anon, authenticated;
grant execute on function public.read_desk(uuid, text) to anon, authenticated;
grant execute on function public.quote_desk(uuid, jsonb, boolean) to anon, authenticated;
grant execute on function public.create_comp_order(uuid, jsonb, jsonb, text, text, text) to anon, authenticated;
grant execute on function public.create_paid_order(uuid, jsonb, jsonb, public.payment_method, text, text, text) to anon, authenticated;
grant execute on function public.list_attendees(uuid, text, text, integer, text) to anon, authenticated;
grant execute on function public.read_attendee_sheet(uuid, text) to anon, authenticated;
grant execute on function public.export_attendees(uuid, text, text) to anon, authenticated;
grant execute on function public.list_people(text, text, integer, text) to anon, authenticated;
grant execute on function public.read_dashboard(uuid, text) to anon, authenticated;
grant execute on function public.list_team_orders(
    text, text, uuid, public.order_status, public.payment_status, boolean, date, date, text, integer, text
) to anon, authenticated;
grant execute on function public.list_orders(integer, text) to authenticated;
grant execute on function public.read_me() to authenticated;
grant execute on function public.update_me(jsonb) to authenticated;
grant execute on function public.set_avatar(text) to authenticated;
grant execute on function public.export_me() to authenticated;
grant execute on function public.erase_me() to authenticated;

-- Functions for webhooks and jobs, by the secret key -----------------------------------------------------------------------

grant execute on function public.record_checkout(uuid, text, text) to service_role;
grant execute on function public.abandon_checkout(uuid) to service_role;
grant execute on function public.claim_checkouts_to_close(integer, integer) to service_role;
grant execute on function public.close_checkout(text, text) to service_role;
grant execute on function public.settle_payment(text, text, jsonb) to service_role;
grant execute on function public.fail_payment(text, text, jsonb) to service_role;
grant execute on function public.expire_holds(integer) to service_role;
grant execute on function public.claim_refunds(integer, integer, text) to service_role;
grant execute on function public.record_refund(uuid, uuid, text, text, text, integer) to service_role;
grant execute on function public.claim_deliveries(integer, integer) to service_role;
grant execute on function public.record_delivery(uuid, uuid, text, text, text, integer) to service_role;
grant execute on function public.record_delivery_event(text, text, timestamptz) to service_role;
grant execute on function public.settle_refund(text, text, jsonb) to service_role;
grant execute on function public.settle_dispute(text, text, jsonb) to service_role;
grant execute on function public.settle_cancelled_events(integer) to service_role;
grant execute on function public.tend_events(integer) to service_role;
grant execute on function public.record_job_run(text, integer, integer, text) to service_role;
grant execute on function public.job_status() to service_role;
grant execute on function public.check_pools() to service_role;

-- Tables: sight ------------------------------------------------------------------------------------------------------------

alter table public.languages enable row level security;
grant select on public.languages to anon, authenticated;
create policy "everyone reads languages" on public.languages
for select to anon, authenticated using (true);

alter table public.role_permissions enable row level security;
grant select on public.role_permissions to authenticated;
create policy "people read what roles may do" on public.role_permissions
for select to authenticated using (true);

alter table public.profiles enable row level security;
grant select on public.profiles to authenticated;
create policy "people read their own profile" on public.profiles
for select to authenticated using (user_id = (select private.caller_id()));

alter table public.profile_languages enable row level security;
grant select on public.profile_languages to authenticated;
create policy "people read their own languages" on public.profile_languages
for select to authenticated using (user_id = (select private.caller_id()));

alter table public.organizer_members enable row level security;
grant select on public.organizer_members to authenticated;
create policy "members see themselves and, by right, their team" on public.organizer_members
for select to authenticated using (
    user_id = (select private.caller_id()) or organizer_id in (select private.permitted_organizers('team:read'))
);

alter table public.invitations enable row level security;

alter table public.api_keys enable row level security;
grant select (id, organizer_id, name, prefix, permissions, created_by, last_used_at, revoked_at, created_at)
on public.api_keys to authenticated;
create policy "owners see their keys" on public.api_keys
for select to authenticated using (organizer_id in (select private.permitted_organizers('team:write')));

alter table public.venues enable row level security;
grant select on public.venues to anon, authenticated;
create policy "everyone sees venues" on public.venues
for select to anon, authenticated using (true);

alter table public.venue_keys enable row level security;

alter table public.event_policies enable row level security;
grant select on public.event_policies to anon, authenticated;
create policy "everyone reads the rules of events" on public.event_policies
for select to anon, authenticated using (true);

alter table public.events enable row level security;
grant select on public.events to anon, authenticated;
create policy "visitors see what is published" on public.events
for select to anon using (
    status in ('published', 'completed') or (status = 'cancelled' and published_at is not null)
);
create policy "people see what is published and, by right, their team's" on public.events
for select to authenticated using (
    status in ('published', 'completed') or (status = 'cancelled' and published_at is not null)
    or organizer_id in (select private.permitted_organizers('events:read'))
);

alter table public.organizers enable row level security;
grant select (id, slug, name, about, website, hue, picture_path, revision, created_at, updated_at) on public.organizers to anon, authenticated;
-- Ordered as the index is: else the planner, hoping for an early hit, may read all events of all teams.
create policy "visitors see who has published" on public.organizers
for select to anon using (
    (select true from public.events where events.organizer_id = organizers.id order by events.starts_at limit 1)
);
create policy "people see who has published and their own teams" on public.organizers
for select to authenticated using (
    (select true from public.events where events.organizer_id = organizers.id order by events.starts_at limit 1)
    or id in (select private.permitted_organizers('organizer:read'))
);

alter table public.ticket_types enable row level security;
grant select on public.ticket_types to anon, authenticated;
create policy "ticket types are seen with their event, hidden ones by who may edit it" on public.ticket_types
for select to anon, authenticated using (exists (
    select from public.events
    where events.id = ticket_types.event_id
        and (ticket_types.access_code is null or events.organizer_id in (select private.permitted_organizers('events:write')))
));

grant select on public.event_cards to anon, authenticated;

alter table public.pools enable row level security;

alter table public.orders enable row level security;
grant select on public.orders to anon, authenticated;
create policy "guests see the order their secret opens" on public.orders
for select to anon using (id = (select private.caller_order_id()));
create policy "people see their own orders and, by right, their team's" on public.orders
for select to authenticated using (
    buyer_id = (select private.caller_id())
    or id = (select private.caller_order_id())
    or organizer_id in (select private.permitted_organizers('orders:read'))
);

alter table public.order_lines enable row level security;
grant select on public.order_lines to anon, authenticated;
create policy "lines are seen with their order" on public.order_lines
for select to anon, authenticated using (exists (select from public.orders where orders.id = order_lines.order_id));

alter table public.attendees enable row level security;
grant select on public.attendees to anon, authenticated;
create policy "attendees are seen with their order" on public.attendees
for select to anon, authenticated using (exists (select from public.orders where orders.id = attendees.order_id));

alter table public.payments enable row level security;
grant select (id, order_id, kind, method, refunded_payment_id, amount_cents, currency, status, reason, charged_at, created_at)
on public.payments to anon, authenticated;
create policy "payments are seen with their order" on public.payments
for select to anon, authenticated using (exists (select from public.orders where orders.id = payments.order_id));

alter table public.cancellations enable row level security;
grant select on public.cancellations to anon, authenticated;
create policy "cancellations are seen with their order" on public.cancellations
for select to anon, authenticated using (exists (select from public.orders where orders.id = cancellations.order_id));

alter table public.disputes enable row level security;
grant select on public.disputes to authenticated;
create policy "teams see disputes by right" on public.disputes
for select to authenticated using (exists (
    select from public.orders
    where orders.id = disputes.order_id and orders.organizer_id in (select private.permitted_organizers('orders:refund'))
));

alter table public.waitlist_entries enable row level security;
grant select on public.waitlist_entries to authenticated;
create policy "people see their own places in line" on public.waitlist_entries
for select to authenticated using (user_id = (select private.caller_id()));

alter table public.promotion_codes enable row level security;
grant select on public.promotion_codes to authenticated;
create policy "teams see their codes by right" on public.promotion_codes
for select to authenticated using (organizer_id in (select private.permitted_organizers('events:write')));

alter table public.job_runs enable row level security;
alter table public.checkouts enable row level security;
alter table public.stripe_events enable row level security;
alter table public.deliveries enable row level security;
alter table public.order_notes enable row level security;

alter table public.audit_entries enable row level security;
grant select on public.audit_entries to authenticated;
create policy "teams read their trail by right" on public.audit_entries
for select to authenticated using (organizer_id in (select private.permitted_organizers('audit:read')));

-- Supabase's own tables ----------------------------------------------------------------------------------------------------

create policy "people follow their own topic" on realtime.messages
for select to authenticated using (
    extension = 'broadcast' and (select realtime.topic()) = 'user:' || (select private.caller_id())::text
);

-- Storage has none: its buckets are public to read, and only the app writes, what it has drawn anew.
