"""What an event's page tells search engines, in the words of schema.org."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, url_for

from services.models.events import Event, TicketType
from web.formatting import cover_picture, major_units

SCHEMA = "https://schema.org/"
AVAILABILITY = {
    "on_sale": "InStock",
    "not_yet": "PreOrder",
    "sold_out": "SoldOut",
    "ended": "Discontinued",
}


def register(app: Flask) -> None:
    app.jinja_env.globals.update(linked_data=linked_data, page_address=page_address)


def page_address(endpoint: str, **values: Any) -> str:
    """The address of one of our pages, whole: as others may keep it."""
    return str(current_app.config["SETTINGS"].site_url) + url_for(endpoint, **values)


def linked_data(event: Event) -> dict[str, Any]:
    """An event on show as JSON-LD."""
    zone, address = ZoneInfo(event.timezone), page_address("events.show", slug=event.slug)
    facts = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": event.title,
        "description": event.summary,
        "url": address,
        "image": event.cover_path and cover_picture(event.cover_path, 1600),
        "startDate": event.starts_at.astimezone(zone).isoformat(),
        "endDate": event.ends_at.astimezone(zone).isoformat(),
        "inLanguage": event.language,
        "eventStatus": SCHEMA + ("EventCancelled" if event.status == "cancelled" else "EventScheduled"),
        "eventAttendanceMode": f"{SCHEMA}{'Online' if event.online else 'Offline'}EventAttendanceMode",
        "location": _location(event, address),
        "organizer": {
            "@type": "Organization",
            "name": event.organizer.name,
            "url": page_address("organizers.show", slug=event.organizer.slug),
        },
        "offers": [_offer(event, type, address) for type in event.ticket_types if not type.hidden],
    }
    return {name: fact for name, fact in facts.items() if fact}


def _location(event: Event, address: str) -> dict[str, Any]:
    venue = event.venue
    if venue is None:
        return {"@type": "VirtualLocation", "url": address}
    place = {
        "@type": "Place",
        "name": venue.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": venue.address,
            "postalCode": venue.postal_code,
            "addressLocality": venue.city,
            "addressCountry": venue.country,
        },
    }
    if venue.latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": venue.latitude,
            "longitude": venue.longitude,
        }
    return place


def _offer(event: Event, type: TicketType, address: str) -> dict[str, Any]:
    offer = {
        "@type": "Offer",
        "name": type.name,
        "price": str(major_units(type.price_cents, event.currency)),
        "priceCurrency": event.currency,
        "availability": SCHEMA + AVAILABILITY[type.sale],
        "url": address,
    }
    if type.sale_starts_at:
        offer["validFrom"] = type.sale_starts_at.isoformat()
    return offer
