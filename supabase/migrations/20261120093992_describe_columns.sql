-- What each column means to whoever edits rows in the dashboard, where its name does not say it all.

comment on column public.api_keys.organizer_id is 'Whose key it is.';
comment on column public.api_keys.name is 'Which program it is for, as people call it.';
comment on column public.api_keys.revoked_at is 'When it ended; a revoked key never works again.';

comment on column public.attendees.order_id is 'The order it is part of.';
comment on column public.attendees.order_line_id is 'The line it is counted in.';
comment on column public.attendees.event_id is 'The event, kept here for lists.';
comment on column public.attendees.ticket_type_id is 'What was bought; never changes.';
comment on column public.attendees.position is 'Its place in the order, from 1.';
comment on column public.attendees.name is 'Who sits there; empty while nobody has said. May be edited.';
comment on column public.attendees.email is 'Where news for this person go, if somewhere else than to the buyer. May be edited.';
comment on column public.attendees.phone is 'May be edited.';

comment on column public.audit_entries.at is 'When it happened.';
comment on column public.audit_entries.action is 'What happened: order.confirmed, team.joined …';
comment on column public.audit_entries.subject is 'What kind of thing it happened to.';
comment on column public.audit_entries.subject_id is 'To which one.';
comment on column public.audit_entries.organizer_id is 'Whose trail it belongs to; empty for people''s own matters.';
comment on column public.audit_entries.actor_id is 'Who did it: the account, or the API key.';
comment on column public.audit_entries.detail is 'Facts of the change, without names or addresses.';

comment on column public.cancellations.order_id is 'The order it takes seats from.';
comment on column public.cancellations.cause is 'Who gave the seats up: the buyer, the organizer, or the event that was called off.';
comment on column public.cancellations.reason is 'As people are told.';
comment on column public.cancellations.refund_cents is 'What goes back for them.';
comment on column public.cancellations.status is 'refunding: seats are kept until Stripe accepts the refund; failed: they stay with the buyer.';
comment on column public.cancellations.last_error is 'What Stripe said when it refused.';

comment on column public.checkouts.order_id is 'The order it would pay.';
comment on column public.checkouts.session_id is 'Stripe''s name for it.';
comment on column public.checkouts.url is 'Where the buyer pays.';
comment on column public.checkouts.expires_at is 'When Stripe closes it by itself.';
comment on column public.checkouts.lease_token is 'Who is talking to Stripe about it, until lease_until.';
comment on column public.checkouts.lease_until is 'Then it may be claimed again.';

comment on column public.deliveries.kind is 'Which mail it is: order_confirmed, team_invitation …';
comment on column public.deliveries.channel is 'How it goes out.';
comment on column public.deliveries.organizer_id is 'In whose name.';
comment on column public.deliveries.recipient is 'The address. May be edited while it is queued.';
comment on column public.deliveries.recipient_name is 'How the mail greets.';
comment on column public.deliveries.locale is 'Its language.';
comment on column public.deliveries.status is 'To send a dead one again, set queued; any other is sent again by repeat_mail.';
comment on column public.deliveries.attempts is 'How often it was tried.';
comment on column public.deliveries.next_attempt_at is 'Not before then.';
comment on column public.deliveries.lease_until is 'Then it may be claimed again.';
comment on column public.deliveries.last_error is 'What the provider said last.';
comment on column public.deliveries.sent_at is 'When the provider took it.';

comment on column public.disputes.order_id is 'The order it is about.';
comment on column public.disputes.payment_id is 'The payment that is contested.';
comment on column public.disputes.amount_cents is 'How much of it.';
comment on column public.disputes.currency is 'Of the amount.';
comment on column public.disputes.reason is 'In Stripe''s word.';
comment on column public.disputes.status is 'In Stripe''s word; answered in Stripe''s dashboard, never here.';
comment on column public.disputes.opened_at is 'When the bank opened it.';

comment on column public.event_policies.key is 'Its name in code: meetup, masterclass, conference.';
comment on column public.event_policies.duration is 'How long such events last, where that is fixed.';
comment on column public.event_policies.currency is 'The currency, where it is fixed.';
comment on column public.event_policies.latest_start is 'The last start of a day, local time.';
comment on column public.event_policies.max_lead_time is 'How far ahead they may start at most.';
comment on column public.event_policies.attendance_checked_before is 'How long before the start too few people call it off.';

comment on column public.events.organizer_id is 'Who holds it.';
comment on column public.events.policy_id is 'The rules it obeys.';
comment on column public.events.venue_id is 'Where; empty online. May be edited while the venue has room; buyers are told.';
comment on column public.events.slug is 'Its address; links to the former one end when it changes.';
comment on column public.events.title is 'May be edited.';
comment on column public.events.summary is 'A sentence for lists. May be edited.';
comment on column public.events.description is 'Markdown. May be edited.';
comment on column public.events.starts_at is 'May be edited; buyers are told.';
comment on column public.events.ends_at is 'May be edited; buyers are told.';
comment on column public.events.currency is 'Of all its prices.';
comment on column public.events.cover_path is 'Where its picture lies in Storage; empty: drawn from the organizer''s hue.';
comment on column public.events.status is 'To call an event off use cancel_event, which refunds and tells everyone.';
comment on column public.events.cancelled_at is 'When it was called off.';

comment on column public.invitations.organizer_id is 'The team that asks.';
comment on column public.invitations.role is 'In which they would join.';

comment on column public.job_runs.name is 'The job.';
comment on column public.job_runs.ran_at is 'When it last ran.';
comment on column public.job_runs.milliseconds is 'How long that took.';
comment on column public.job_runs.handled_total is 'How many things it ever handled.';
comment on column public.job_runs.failed_at is 'When it last failed.';
comment on column public.job_runs.failure is 'What it said then.';

comment on column public.languages.code is 'ISO 639-1.';
comment on column public.languages.names is 'What it is called, by language; self is its own name for itself.';

comment on column public.order_lines.order_id is 'The order it is part of.';
comment on column public.order_lines.position is 'Its place in the order, from 1.';
comment on column public.order_lines.ticket_type_id is 'What was bought; never changes.';
comment on column public.order_lines.name is 'As it was called then.';
comment on column public.order_lines.quantity is 'How many seats; given up ones are not taken off.';
comment on column public.order_lines.list_price_cents is 'Of one, before any discount.';
comment on column public.order_lines.discount_cents is 'Off the line.';
comment on column public.order_lines.tax_cents is 'VAT within total_cents.';
comment on column public.order_lines.total_cents is 'What the line costs, VAT included.';
comment on column public.order_lines.vat_rate is 'In percent, as it was then.';
comment on column public.order_lines.group_min_quantity is 'From how many on the group price counted then.';

comment on column public.order_notes.order_id is 'What it is about.';
comment on column public.order_notes.body is 'For the team alone.';

comment on column public.orders.reference is 'What people quote; never changes.';
comment on column public.orders.event_id is 'What was bought; never changes.';
comment on column public.orders.organizer_id is 'Who sold it.';
comment on column public.orders.buyer_name is 'May be edited; change_buyer also tells of it.';
comment on column public.orders.buyer_email is 'Where mails go. Use change_buyer, which gives a guest a new link and ends the old one.';
comment on column public.orders.buyer_phone is 'May be edited.';
comment on column public.orders.locale is 'The language of its mails.';
comment on column public.orders.status is 'To give seats back use refund_order or cancel_order; a status set by hand never moves money.';
comment on column public.orders.payment_status is 'Follows from the payments.';
comment on column public.orders.currency is 'Of all its sums.';
comment on column public.orders.discount_cents is 'Off the whole.';
comment on column public.orders.total_cents is 'What was asked, VAT included; never changes.';
comment on column public.orders.refunded_cents is 'Follows from the refunds.';
comment on column public.orders.promotion_code_id is 'The code that was used.';
comment on column public.orders.failed_payments is 'How many payments failed; the third ends it.';
comment on column public.orders.confirmed_at is 'When it was paid, or free.';
comment on column public.orders.cancelled_at is 'When its last seat was given up.';

comment on column public.organizer_members.organizer_id is 'The team.';
comment on column public.organizer_members.user_id is 'The person.';
comment on column public.organizer_members.role is 'What they may do: see role_permissions. The last owner stays.';

comment on column public.organizers.slug is 'Its address; links to the former one end when it changes.';
comment on column public.organizers.name is 'May be edited.';
comment on column public.organizers.about is 'Markdown, for its public page.';
comment on column public.organizers.website is 'Its own site.';

comment on column public.payments.order_id is 'The order it pays, or pays back.';
comment on column public.payments.kind is 'Money in, or back.';
comment on column public.payments.amount_cents is 'Negative for a refund.';
comment on column public.payments.currency is 'Of the amount.';
comment on column public.payments.session_id is 'Stripe''s checkout.';
comment on column public.payments.payment_intent_id is 'By which Stripe''s dashboard finds it.';
comment on column public.payments.charge_id is 'Stripe''s charge.';
comment on column public.payments.stripe_refund_id is 'Of a refund: Stripe''s name for it.';
comment on column public.payments.cancellation_id is 'Of a refund: the seats that go with it.';
comment on column public.payments.attempts is 'How often Stripe was asked.';
comment on column public.payments.next_attempt_at is 'Stripe is not asked before then.';
comment on column public.payments.lease_until is 'Then it may be claimed again.';
comment on column public.payments.last_error is 'What Stripe said last.';

comment on column public.pools.event_id is 'The event that is counted.';
comment on column public.pools.ticket_type_id is 'The ticket type that is counted; empty for the event as a whole.';
comment on column public.pools.capacity is 'Follows the event''s or the ticket type''s: change it there.';

comment on column public.profile_languages.user_id is 'The person.';
comment on column public.profile_languages.language_code is 'ISO 639-1.';
comment on column public.profile_languages.use is 'Whether they speak it or practise it.';

comment on column public.profiles.user_id is 'The account.';
comment on column public.profiles.display_name is 'As others see it. May be edited.';
comment on column public.profiles.birth_date is 'Shown to nobody else.';
comment on column public.profiles.location is 'As they typed it.';
comment on column public.profiles.consent_at is 'When they agreed.';

comment on column public.promotion_codes.organizer_id is 'Whose code it is.';
comment on column public.promotion_codes.code is 'What buyers type, in capitals.';
comment on column public.promotion_codes.percent is 'Off each line; or else amount_cents.';
comment on column public.promotion_codes.amount_cents is 'Off the order; or else percent.';
comment on column public.promotion_codes.currency is 'Of amount_cents.';
comment on column public.promotion_codes.starts_at is 'The first instant at which it counts.';
comment on column public.promotion_codes.max_uses is 'How often at most; empty: any number.';
comment on column public.promotion_codes.max_uses_per_person is 'How often for the same buyer; empty: any number.';

comment on column public.role_permissions.role is 'The role.';
comment on column public.role_permissions.permission is 'What it may do, as functions ask for it.';

comment on column public.stripe_events.type is 'What Stripe calls it.';
comment on column public.stripe_events.object_id is 'What it is about, by Stripe''s name.';
comment on column public.stripe_events.outcome is 'What it changed here; unknown_order and unknown_payment need a person.';

comment on column public.ticket_types.event_id is 'The event it is for.';
comment on column public.ticket_types.name is 'May be edited; orders keep the name they were placed under.';
comment on column public.ticket_types.description is 'May be edited.';
comment on column public.ticket_types.position is 'Its place in lists.';
comment on column public.ticket_types.price_cents is 'VAT included. May be edited; what was ordered keeps its price.';
comment on column public.ticket_types.early_bird_price_cents is 'Until early_bird_until, inclusive.';
comment on column public.ticket_types.group_percent is 'Off from group_min_quantity on.';
comment on column public.ticket_types.vat_rate is 'In percent, within the price.';
comment on column public.ticket_types.min_per_order is 'How many at least.';
comment on column public.ticket_types.max_per_order is 'How many at most.';
comment on column public.ticket_types.requires_approval is 'Whether the team says yes before buyers pay.';
comment on column public.ticket_types.sale_starts_at is 'The first instant at which it is sold; empty: at once.';

comment on column public.venue_keys.venue_id is 'The venue whose events it shows.';
comment on column public.venue_keys.created_by is 'Who made it.';
comment on column public.venue_keys.last_used_at is 'To the minute.';

comment on column public.venues.slug is 'Its address.';
comment on column public.venues.name is 'May be edited.';
comment on column public.venues.address is 'Street and number.';
comment on column public.venues.postal_code is 'Empty where there is none.';
comment on column public.venues.city is 'As visitors search for it.';
comment on column public.venues.country is 'ISO 3166-1, two letters.';
comment on column public.venues.latitude is 'In degrees; with longitude or not at all.';
comment on column public.venues.longitude is 'In degrees; with latitude or not at all.';
comment on column public.venues.timezone is 'The IANA zone of its clocks.';
comment on column public.venues.capacity is 'People it holds at any instant; never below what is reserved or sold there.';

comment on column public.waitlist_entries.event_id is 'What they wait for.';
comment on column public.waitlist_entries.ticket_type_id is 'What they wait for.';
comment on column public.waitlist_entries.user_id is 'Who waits.';
comment on column public.waitlist_entries.quantity is 'For how many seats.';
comment on column public.waitlist_entries.locale is 'The language of their mail.';
comment on column public.waitlist_entries.status is 'Moves by itself; to take somebody out of the line set left.';
