"""How the product says no: stable words, and the one table that turns a word into a sentence."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Refusal(Exception):
    """A rule said no. `word` is stable, `detail` holds facts such as `left`, `hint` helps whoever calls."""

    def __init__(
        self, word: str, status: int, detail: dict[str, Any] | None = None, hint: str | None = None
    ) -> None:
        super().__init__(word)
        self.word = word
        self.status = status
        self.detail = detail or {}
        self.hint = hint

    @property
    def sentence(self) -> str:
        return sentence(self.word, self.detail)


class Unavailable(Exception):
    """A provider is down, slow or answers nonsense; `reached` says that it did answer this one call."""

    def __init__(self, provider: str, reason: str, *, reached: bool = False) -> None:
        super().__init__(f"{provider}: {reason}")
        self.provider = provider
        self.reason = reason
        self.reached = reached


# Words raised by Postgres. A test holds this table and the migrations together.
SENTENCES: dict[str, LazyString] = {
    # Anyone
    "invalid_input": _("Something in what was sent is not right."),
    "required": _("Please fill this in."),
    "not_found": _("There is nothing here."),
    "cursor_invalid": _("This page of the list is gone. Please start again from its beginning."),
    "sign_in_required": _("Please sign in first."),
    "signed_out": _("You are signed out. Please sign in again."),
    "api_key_unknown": _("This API key is unknown, or it was revoked."),
    # Accounts
    "display_name_missing": _("Please tell us your name."),
    "display_name_too_long": _("Please use 80 characters at most."),
    "birth_date_invalid": _("Please give a date of birth, such as 1990-05-17."),
    "birth_date_fixed": _("A date of birth cannot be changed. Please write to us if it is wrong."),
    "under_age": _("You can join from your 18th birthday on."),
    "native_language_missing": _("Please choose at least one language you speak."),
    "target_language_missing": _("Please choose at least one language you want to practise."),
    "location_too_long": _("Please use 120 characters at most."),
    "locale_unknown": _("This language is not one of ours yet."),
    "consent_missing": _("Please agree before you go on."),
    "email_invalid": _("This does not look like an e-mail address."),
    "password_too_short": _("Please use at least 9 characters."),
    "sign_up_refused": _("Something in this sign-up is not right."),
    "profile_refused": _("Something in this profile is not right. Nothing was changed."),
    "avatar_path_invalid": _("This picture is not yours."),
    "events_ahead": _("You hold events that are still to come. Please call them off first."),
    "last_owner": _(
        "A team needs an owner, and there is no other. Please make somebody else an owner first."
    ),
    # Ordering
    "lines_missing": _("Please choose at least one ticket."),
    "lines_invalid": _("Something about the chosen tickets is not right. Please choose again."),
    "ticket_type_repeated": _("The same ticket was named twice. Please add the quantities up."),
    "unknown_ticket_type": _("This ticket belongs to another event, or is gone."),
    "quantity_out_of_range": _("Please choose between %(min)s and %(max)s of these tickets."),
    "price_changed": _("The price has changed meanwhile. You see the new one here; please look again."),
    "total_too_large": _("This is more than can be paid at once. Please split the order."),
    "attendees_invalid": _("Something about the people in the seats is not right. Please look again."),
    "buyer_name_missing": _("Please tell us your name."),
    "buyer_email_invalid": _("This does not look like an e-mail address. The tickets go there."),
    "buyer_phone_missing": _("The organizer asks for a phone number."),
    "buyer_phone_invalid": _("This does not look like a phone number."),
    "sale_closed": _("These tickets are not on sale now."),
    "sold_out": _("Someone was faster. Seats left now: %(left)s."),
    "order_pending": _("You already have an order that is not finished. Pay for it, or withdraw it first."),
    "too_many_orders": _("That was a lot of orders in a short time. Please wait a few minutes."),
    "idempotency_key_reused": _("This key was used for something else. Please take a new one."),
    "code_taken": _("You have a code of this name already."),
    "code_invalid": _("Please use 2 to 40 letters, digits and dashes."),
    "reduction_missing": _("Please give a percentage, or an amount."),
    "reduction_double": _("Please give a percentage or an amount, not both."),
    "percent_invalid": _("Please give a whole percentage from 1 to 100."),
    "uses_invalid": _("Please give a whole number, 1 or more."),
    "too_many_codes": _("That was a lot of wrong codes in a short time. Please wait a minute."),
    "code_unknown": _("We do not know this code for this event."),
    "code_not_valid_now": _("This code is not valid at the moment."),
    "code_used_up": _("This code has been used as often as it may be."),
    "code_used_by_you": _("You have used this code already."),
    # Giving seats up
    "already_cancelled": _("This order is cancelled already."),
    "cannot_cancel": _("This order cannot be given back any more."),
    "cancellation_under_way": _("This is being cancelled already; the refund is on its way."),
    "cancellation_deadline_passed": _("It is too late to cancel: the event is about to begin."),
    "attendee_unknown": _("These seats are not part of the order any more. Please choose again."),
    "names_fixed": _("Names can be changed while the order stands, until the event begins."),
    "reason_missing": _("Please say why: the people concerned are told."),
    # Waiting in line
    "seats_available": _("There are seats left: you need not wait."),
    "already_in_line": _("You are in line for this already. Leave first to change the number."),
    "not_in_line": _("You are not in this line any more."),
    # Paying
    "already_paid": _("This order is paid already."),
    "payment_processing": _("A payment is under way. We write to you as soon as it is through."),
    "payment_in_review": _(
        "We received another sum than this order costs. The organizer is looking at it; "
        "please do not pay again."
    ),
    "payment_retry_limit": _("Three payments have failed, so this order is closed. Please place a new one."),
    "awaiting_approval": _("The organizer has not answered yet. You can pay as soon as they say yes."),
    "hold_expired": _("The hold has lapsed and the seats are on sale again. Please place a new order."),
    # Holding a meetup
    "title_invalid": _("Please give a title of 1 to 140 characters."),
    "description_too_long": _("Please use 20,000 characters at most."),
    "language_unknown": _("Please choose one of the languages."),
    "venue_unknown": _("Please choose one of the venues."),
    "start_outside_hours": _("Please choose a start between %(earliest)s and %(latest)s, local time."),
    "start_too_soon": _("Please choose a start that is at least %(hours)s hours away."),
    "start_too_late": _("Please choose a start within the next %(days)s days."),
    # Teams
    "organizer_refused": _("Something about this team is not right. Nothing was changed."),
    "name_missing": _("Please give the team a name."),
    "name_too_long": _("Please use 120 characters at most."),
    "slug_invalid": _("Please use small letters, digits and single dashes; 60 at most. “new” is ours."),
    "slug_taken": _("This address is taken. Please choose another."),
    "about_too_long": _("Please use 4,000 characters at most."),
    "website_invalid": _("Please give a whole address, such as https://tandem.example."),
    "hue_invalid": _("Please choose a colour from 0 to 359 degrees."),
    "too_many_organizers": _("That was a lot of teams for a day. Please make the next one tomorrow."),
    "picture_path_invalid": _("This picture is not your team’s."),
    "key_refused": _("Something about this key is not right. None was made."),
    "key_name_invalid": _("Please give the key a name of 1 to 80 characters."),
    "permissions_missing": _("Please choose what the key may do."),
    "permissions_not_yours": _("A key may do at most what you may do yourself."),
    "already_member": _("This person is in the team already."),
    "already_invited": _("This address is invited already. Send that invitation again, or withdraw it."),
    "too_many_invitations": _("That was a lot of invitations for a day. Please send the others tomorrow."),
    "invitation_for_another": _("This invitation is for another address. Please sign in with that one."),
    "invitation_expired": _("This invitation is too old. Please ask the team to send it again."),
    "invitation_over": _("This invitation was accepted or withdrawn."),
    # Organizing
    "not_permitted": _("Your role does not allow this."),
    "not_awaiting_approval": _("This order does not wait for an answer any more."),
    "amount_or_seats": _("Please give back an amount, or seats with their price; not both at once."),
    "money_moved": _("Money of this order has moved meanwhile. Please look again before you decide."),
    "address_has_order": _("An order under way for this event goes to this address already."),
    "address_of_account": _("This order belongs to an account; its mails go to the account’s own address."),
    "method_invalid": _("Please choose cash or bank transfer."),
    "cannot_be_paid": _("This order takes no money any more."),
    "seats_gone": _("The hold has lapsed, and others have these seats now. Nothing was recorded."),
    "nothing_owed": _("There is nothing left to give back by hand."),
    "mail_outdated": _("This mail is on its way, or what it says is no longer true."),
    "too_many_mails": _("That was a lot of mails about one order. Please wait a while."),
    "note_invalid": _("Please write a note of 1 to 2,000 characters."),
    "price_is_fixed": _("The price of a seat is fixed for this kind of event."),
    "price_below_minimum": _(
        "Make it free, or ask for a little more: so small a sum cannot be paid by card."
    ),
    "capacity_below_sold": _("Seats held or sold already: %(taken)s. It cannot be fewer."),
    "venue_full": _("The venue has no more places at that time."),
    "event_has_orders": _("Seats of this event are held or sold. Their buyers must be refunded first."),
    "edited_meanwhile": _("Somebody else has changed this meanwhile. What you typed is kept."),
    "event_is_closed": _("This event is over or cancelled, so it stays as it was."),
    "event_was_ordered": _("People have ordered seats here, so this is kept. You can cancel it."),
    "summary_too_long": _("Please use 280 characters at most."),
    "joining_too_long": _("Please use 1,000 characters at most."),
    "timezone_unknown": _("Please choose a timezone from the list, such as Europe/Brussels."),
    "kind_unknown": _("Please choose one of the kinds of events."),
    "time_invalid": _("Please give a date and a time, such as 2027-03-12 19:00."),
    "time_skipped": _(
        "The clocks go forward that day: %(typed)s does not exist there. "
        "Please take another, such as %(instead)s."
    ),
    "time_ambiguous": _("The clocks go back in that night, so this time comes twice. Please take another."),
    "start_in_past": _("This start has passed already."),
    "start_repeated": _("This start is in the list already."),
    "series_invalid": _("Please choose at least one date, and at most 50 events: dates times places."),
    "end_before_start": _("The end must come after the start."),
    "capacity_invalid": _("Please give a number of seats from 1 to 1,000,000."),
    "capacity_missing": _("Online no venue sets a limit: please say how many seats there are."),
    "capacity_above_venue": _("The venue has %(most)s places: it cannot be more."),
    "capacity_above_event": _("The event itself has %(most)s places: it cannot be more."),
    "currency_unknown": _("Please choose one of the currencies."),
    "currency_fixed": _("Seats were ordered in this currency already, so it stays."),
    "ticket_type_missing": _("An event needs at least one ticket type before it goes on show."),
    "ticket_type_was_ordered": _("People have ordered this or wait for it, so it stays: end its sale."),
    "ticket_types_invalid": _("An event has 20 ticket types at most."),
    "name_invalid": _("Please give a name of 1 to 80 characters."),
    "ticket_description_too_long": _("Please use 500 characters at most."),
    "price_invalid": _("Please give a price, such as 12.50; 0 is free."),
    "early_bird_not_lower": _("An early-bird price is lower than the price."),
    "group_invalid": _("From 2 to 100 seats, and 1 to 100 percent: please give both, or neither."),
    "vat_invalid": _("Please give a percentage, such as 21 or 5.5."),
    "limits_invalid": _("From 1 to 100 seats, and the most is not below the least."),
    "group_above_limit": _("Nobody may order so many at once: raise the most per order, or ask for fewer."),
    "limits_above_capacity": _("There are %(most)s seats in all: it cannot be more."),
    "sale_ends_first": _("“Sale ends” must come after “Sale begins”."),
    "time_passed": _("This time has passed already."),
    "sale_after_start": _("The sale must begin before the event does."),
    "deadline_after_start": _("Sales are over when the event begins. Please choose a time before that."),
    # Searching
    "near_invalid": _("Please give a place in degrees, such as 50.85,4.35."),
    "radius_invalid": _("Please give a distance from 0.1 to 500 kilometres."),
    "days_unknown": _("Please choose among the days that are offered."),
    "day_invalid": _("Please give a day, such as 2026-05-17."),
    "days_reversed": _("Please choose a last day that is not before the first one."),
    # Looking after venues
    "venue_name_invalid": _("Please give a name of 1 to 120 characters."),
    "address_invalid": _("Please give street and number, 200 characters at most."),
    "postal_code_too_long": _("Please use 16 characters at most."),
    "city_invalid": _("Please give a town, 80 characters at most."),
    "country_invalid": _("Please choose a country."),
    "latitude_invalid": _(
        "Please give both in degrees, or neither: this one from −90 to 90, such as 50.8467."
    ),
    "longitude_invalid": _(
        "Please give both in degrees, or neither: this one from −180 to 180, such as 4.3525."
    ),
    "hours_invalid": _("Please give two times, such as 09:00 and 18:00, or none where it is closed."),
    "capacity_below_reserved": _("Events here have %(reserved)s places at one time: it cannot be fewer."),
    # Guards of rows, met in the dashboard rather than here
    "illegal_transition": _("As things stand now, this cannot be done any more."),
    "counters_follow_orders": _("Seats are counted from orders and cannot be set."),
    "money_follows_payments": _("Sums follow from payments and cannot be set."),
    "not_paid": _("This order is not paid yet."),
    "refund_first": _("The money must be given back before the seats are."),
    "refund_exceeds_payment": _("This is more than was paid."),
    "order_is_fixed": _("What was ordered never changes. Cancel it and place another order."),
    "trail_is_append_only": _("The audit trail cannot be changed."),
    "lease_lost": _("Another worker took this over."),
}

# Words that are said before, after or instead of asking Postgres.
OWN_SENTENCES: dict[str, LazyString] = {
    "bad_request": _("This request could not be understood."),
    "malformed_json": _("The body is not valid JSON."),
    "form_expired": _("This form is out of date. Please send it again."),
    "forbidden": _("You may not do this."),
    "method_not_allowed": _("This address does not take that kind of request."),
    "too_large": _("That is too large to be accepted."),
    "unsupported_media_type": _("This kind of content is not accepted here."),
    "rate_limited": _("That was a lot of requests in a short time. Please wait a moment and try again."),
    "internal_error": _("Something failed on our side. Nothing was half done; please try again."),
    "unavailable": _(
        "A service we depend on does not answer right now. Nothing was lost; please try again in a moment."
    ),
    "quantity_invalid": _("Please write the number of seats in figures."),
    "challenge_failed": _("That was a lot of orders in a short time. Please show that you are a person."),
    "amount_invalid": _("Please give an amount, such as 12.50."),
    "attendee_missing": _("Please choose at least one seat."),
    "fewer_left": _("There are not so many. Seats left now: %(left)s."),
    "none_left": _("Someone was faster: no seats are left."),
    "unknown_field": _("This field is not known here."),
    "invalid": _("This does not look right."),
    "too_long": _("This is too long."),
    "invalid_credentials": _("This address and this password do not go together."),
    "email_not_confirmed": _("Please confirm your address first: the link is in the mail we sent you."),
    "account_deactivated": _("This account is deactivated."),
    "session_over": _("Your session is over. Please sign in again."),
    "link_expired": _("This link was used already, or it is too old. Please ask for a new one."),
    "password_wrong": _("This is not your password."),
    "password_too_long": _("Please use 72 characters at most."),
    "password_too_weak": _("This password is too easy to guess. Please take another."),
    "same_password": _("This is your password already. Please take another."),
    "picture_missing": _("Please choose a file first."),
    "picture_invalid": _("This is not a picture we can read. PNG, JPEG, WebP and GIF work."),
    "picture_too_large": _("This picture is too large. 5 MiB is the most."),
    "stripe_refused": _("The payment provider did not accept this. Please try again."),
    "webhook_unproven": _("This message does not prove where it comes from."),
}


def sentence(word: str, detail: dict[str, Any] | None = None) -> str:
    """Say a word in the reader's language; an unknown word says that something is not right."""
    if word in {"sold_out", "fewer_left"} and not (detail or {}).get("left"):
        word = "none_left"
    text = str(SENTENCES.get(word) or OWN_SENTENCES.get(word) or SENTENCES["invalid_input"])
    try:
        return text % (detail or {})
    except (KeyError, TypeError, ValueError):
        return text
