"""Writing mails: from a delivery's kind, data and locale to subject, HTML and text.

The same delivery always gives the same words, so that a second attempt may carry the idempotency key of the
first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from babel import dates
from flask import current_app
from flask_babel import force_locale, get_locale, ngettext
from flask_babel import gettext as _

from services.models.deliveries import Delivery
from services.news import NEWS
from services.outside.mail import OutgoingMail
from services.team_news import TEAM_NEWS

LONGEST_TITLE = 70  # characters of an event's title in a subject
SHORT = {**NEWS, **TEAM_NEWS}
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


class UnknownKind(Exception):
    """There is no mail of this kind (yet): a newer database, or a slip."""


def write(delivery: Delivery, site_url: str) -> OutgoingMail:
    """The mail for a delivery: one of SUBJECTS with a template of its own, or one of SHORT.

    Needs an app context, no request. Raises UnknownKind.
    """
    if delivery.kind not in SUBJECTS and delivery.kind not in SHORT:
        raise UnknownKind(delivery.kind)
    with force_locale(delivery.locale if delivery.locale in current_app.config["LANGUAGES"] else "en"):
        facts = _facts(delivery, site_url.rstrip("/"))
        if delivery.kind in SHORT:
            news = SHORT[delivery.kind](facts)
            facts |= {"news": news, "because": news.because or facts["because"]}
            template, subject = "news", news.subject
        else:
            template, subject = delivery.kind, SUBJECTS[delivery.kind](facts)
        subject = " ".join(subject.split())
        return OutgoingMail(
            to=delivery.recipient,
            to_name=delivery.recipient_name,
            subject=subject,
            html=_inliner.inline(_render(f"mail/{template}.html", {**facts, "subject": subject})),
            text=_tidy(_render(f"mail/{template}.txt", facts)),
            headers={"Auto-Submitted": "auto-generated", "X-Entity-Ref-ID": delivery.id},
            tags={"kind": delivery.kind, "delivery": delivery.id},
        )


SUBJECTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "order_confirmed": lambda facts: _("Confirmed: %(title)s", title=facts["short_title"]),
    "order_expired_refund": lambda facts: _(
        "Your payment is on its way back: %(title)s", title=facts["short_title"]
    ),
}


def _facts(delivery: Delivery, site_url: str) -> dict[str, Any]:
    """What the templates may say; a mail about no order has no `order`, and may have no `event`."""
    order = delivery.data.get("order")
    event = order["event"] if order else delivery.data.get("event")
    return {
        "data": delivery.data,
        "order": order,
        "event": event,
        "organizer": event["organizer"] if event else delivery.data.get("organizer"),
        "greeting": _greeting(delivery.recipient_name),
        "because": "",
        "link": site_url + delivery.data["site_path"],
        "site_url": site_url,
        "language": str(get_locale()),
        **(_facts_of_event(event, site_url) if event else {}),
        **(_facts_of_order(order, delivery.data) if order else {}),
        **(_facts_of_before(delivery.data["before"], event) if event and "before" in delivery.data else {}),
        "_": _,
        "ngettext": ngettext,
    }


def _facts_of_event(event: Mapping[str, Any], site_url: str) -> dict[str, Any]:
    return {
        "short_title": _shortened(event["title"]),
        "when": _as_pages_do("period", event["starts_at"], event["ends_at"], event["timezone"]),
        "place": _place(event),
        "zone": _zone(event["starts_at"], event["timezone"]),
        "event_link": f"{site_url}/events/{event['slug']}",
    }


def _facts_of_before(before: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """Where and when an event was until it was changed; by another clock, it is said by whose."""
    place = _place(before) if before.get("venue") else [_("Online")]
    zone = before["timezone"]
    when = _as_pages_do("period", before["starts_at"], before["ends_at"], zone)
    if zone != event["timezone"]:
        when = str(_("%(moment)s, %(city)s time", moment=when, city=_city(zone)))
    return {
        "when_before": when,
        "where_before": ", ".join(place),
    }


def _facts_of_order(order: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    zone = order["event"]["timezone"]
    until = order.get("cancellable_until") if "cancel" in order["can"] else None
    return {
        "seats": sum(line["quantity"] for line in order["lines"]),
        "people": [_person(each, order) for each in order["attendees"] if not each.get("cancelled_at")],
        "held_until": _moment(order["expires_at"], zone) if order.get("expires_at") else None,
        "cancel_before": _moment(until, zone) if until else None,
        "amount": _amount(order, data),
        "because": _(
            "Organized by %(organizer)s. You get this mail because of your order %(reference)s.",
            organizer=order["event"]["organizer"]["name"],
            reference=order["reference"],
        ),
        "reductions": {
            "early_bird": _("Early-bird price"),
            "group": _("Group price"),
            "code": _("With your code"),
            "comp": _("With the team’s compliments"),
        },
    }


def _person(attendee: Mapping[str, Any], order: Mapping[str, Any]) -> str:
    """Who sits there; and on which ticket, in an order of several."""
    name = str(attendee["name"] or _("No name yet"))
    tickets = {line.get("ticket_type_id"): line["name"] for line in order["lines"]}
    return name if len(tickets) == 1 else f"{name} ({tickets[attendee['ticket_type_id']]})"


def _render(template: str, facts: Mapping[str, Any]) -> str:
    # Not flask.render_template: its context processors ask for a request, and a job has none.
    return current_app.jinja_env.get_template(template).render(facts)


def _tidy(text: str) -> str:
    """Blocks leave runs of empty lines behind; one is enough."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _greeting(name: str | None) -> str:
    plain = " ".join((name or "").split())
    return str(_("Hello %(name)s,", name=plain) if plain else _("Hello,"))


def _shortened(title: str) -> str:
    plain = " ".join(title.split())
    return plain if len(plain) <= LONGEST_TITLE else plain[: LONGEST_TITLE - 1].rstrip() + "…"


def _place(event: Mapping[str, Any]) -> list[str]:
    """Where it is, a line each: the venue's name, street, town; or that it is online, or not known yet."""
    venue = event.get("venue")
    if venue:
        country = get_locale().territories.get(venue.get("country"), venue.get("country"))
        town = " ".join(part for part in (venue.get("postal_code"), venue.get("city")) if part)
        lines = [venue["name"], venue.get("address"), ", ".join(part for part in (town, country) if part)]
        return [line for line in lines if line]
    if event.get("online"):
        return [_("Online"), _("How to join is on the page of your order.")]
    return [event.get("city") or _("The place will be announced.")]


def _zone(starts_at: str, timezone: str) -> str:
    """Whose clock the times are told by: "Brussels time (Central European Standard Time)"."""
    start = datetime.fromisoformat(starts_at).astimezone(ZoneInfo(timezone))
    name = dates.get_timezone_name(start, locale=get_locale())
    return str(_("%(city)s time (%(zone)s)", city=_city(timezone), zone=name))


def _moment(instant: str, timezone: str) -> str:
    return str(
        _("%(moment)s, %(city)s time", moment=_as_pages_do("moment", instant, timezone), city=_city(timezone))
    )


def _city(timezone: str) -> str:
    return dates.get_timezone_location(timezone, locale=get_locale(), return_city=True)


def _as_pages_do(formatter: str, *values: Any) -> str:
    """Money and time are written by the formatters that pages use, found where templates find them."""
    known = current_app.jinja_env.filters | current_app.jinja_env.globals
    return str(known[formatter](*values))


def _amount(order: Mapping[str, Any], data: Mapping[str, Any]) -> str | None:
    """The money that goes back, if any does."""
    cents = data.get("amount_cents", order.get("refunded_cents") or order.get("paid_cents"))
    if not cents:
        return None
    amount: str = current_app.jinja_env.filters["money"](cents, data.get("currency") or order["currency"])
    return amount
