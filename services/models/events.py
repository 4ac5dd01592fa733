"""Events as lists and pages show them, and what their seats cost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.venues import EventVenue, VenueCard

Sale = Literal["on_sale", "not_yet", "ended", "sold_out"]
EventSale = Sale | Literal["by_code", "cancelled"]
EventStatus = Literal["draft", "awaiting_payment", "published", "completed", "cancelled"]
Discount = Literal["early_bird", "group", "code", "comp"]
Days = Annotated[
    Literal["today", "tomorrow", "weekend", "week", "dates"],
    Field(description="When it begins, by the clocks of its place; week: today and six days more"),
]
Day = Annotated[str, StringConstraints(max_length=20)]
Cents = Annotated[int, Field(description="Minor units of the currency, VAT included")]


class EventSearch(Input):
    """Filters of the list of events; all of them optional."""

    q: Annotated[str, StringConstraints(max_length=200)] | None = None
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] | None = None
    city: Annotated[str, StringConstraints(max_length=80)] | None = None
    starts_from: datetime | None = Field(None, alias="from")
    starts_to: datetime | None = Field(None, alias="to")
    days: Days | None = None
    first_day: Day | None = Field(None, description="Of days=dates, a date such as 2026-05-17")
    last_day: Day | None = Field(None, description="Inclusive")
    organizer: Annotated[str, StringConstraints(max_length=60)] | None = None
    near: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        None, description="A place, as latitude,longitude in degrees", examples=["50.8467,4.3525"]
    )
    radius_km: Annotated[float, Field(allow_inf_nan=False)] | None = Field(
        None, description="How far from there, or from the city: 0.1 to 500, 25 unless asked"
    )
    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(None, alias="limit")
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class OrganizerCard(Output):
    slug: str
    name: str
    hue: int = Field(description="Angle on the OKLCH colour wheel")


class OrganizerProfile(OrganizerCard):
    about: str
    website: str | None


class PublicOrganizer(OrganizerProfile):
    """An organizer as its own page shows it."""

    picture_path: str | None
    picture_url: str | None = None


class EventSummary(Output):
    id: UUID
    slug: str
    title: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    timezone: str = Field(description="IANA name", examples=["Europe/Brussels"])
    language: str = Field(description="ISO 639-1")
    status: EventStatus
    online: bool
    city: str | None
    venue: VenueCard | None
    organizer: OrganizerCard
    cover_path: str | None
    currency: str = Field(description="ISO 4217")


class EventCard(EventSummary):
    """An event as lists show it, with what its seats cost and how many are left."""

    price_from_cents: Cents | None
    price_to_cents: Cents | None = Field(description="price_from_cents where all seats cost as much")
    capacity: int
    left: int = Field(description="Seats left at this instant; lapsed holds do not count")
    sale: EventSale = Field(description="by_code: all its ticket types are hidden")


class EarlyBird(Output):
    price_cents: Cents
    until: datetime = Field(description="The last instant of this price, inclusive")


class GroupDiscount(Output):
    min_quantity: int
    percent: int


class TicketType(Output):
    id: UUID
    name: str
    description: str
    price_cents: Cents
    list_price_cents: Cents
    early_bird: EarlyBird | None
    group: GroupDiscount | None
    vat_rate: float
    min_per_order: int
    max_per_order: int
    requires_approval: bool = Field(description="Whether the organizer says yes before it is paid")
    left: int
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    sale: Sale
    on_sale: bool
    hidden: bool = Field(description="Shown to whoever has its word")


class EventRules(Output):
    key: str
    hold_minutes: int
    cancel_until: datetime | None
    max_failed_payments: int


class OrderPointer(Output):
    reference: str
    status: str
    expires_at: datetime | None


class PlaceInLine(Output):
    id: UUID
    ticket_type_id: UUID
    status: Literal["waiting", "offered"]
    quantity: int
    position: int | None = Field(description="1 is next; empty once seats were offered")


class Preview(Output):
    """A draft as it will be on sale."""

    ticket_types: list[TicketType]
    can: list[str] = Field(description="What the caller can do with the draft now")


class Event(EventCard):
    description: str = Field(description="Markdown")
    venue: EventVenue | None
    organizer: OrganizerProfile
    policy: EventRules
    asks_phone: bool
    ticket_types: list[TicketType]
    code_refusal: str | None = Field(description="Why the code that was given does not count, if it does not")
    my_order: OrderPointer | None
    my_entries: list[PlaceInLine] = Field(description="Where the caller waits in line for it")
    preview: Preview | None = Field(None, description="Of a draft, which its team alone sees")
    published_at: datetime | None
    updated_at: datetime

    def as_on_sale(self) -> Event:
        """A draft as buyers will see it; any other event as it is."""
        if self.preview is None:
            return self
        on_sale = any(type.on_sale for type in self.preview.ticket_types)
        shown = {
            "ticket_types": self.preview.ticket_types,
            "sale": "on_sale" if on_sale else self.sale,
        }
        return self.model_copy(update=shown)


class Facet(Output):
    city: str


class LanguageFacet(Output):
    code: str


class ListedEvent(EventCard):
    distance_km: float | None = Field(description="From the place that was searched near")


class EventPage(Output):
    events: list[ListedEvent]
    next: str | None
    radius_km: float | None = Field(description="How far was searched, where it was near a place")
    cities: list[Facet]
    languages: list[LanguageFacet]


class OrganizerPage(Output):
    organizer: PublicOrganizer
    events: list[EventCard]
    next: str | None
    past: list[EventCard] = Field(description="Of late, twelve at most, latest first")


class TicketTypeAvailability(Output):
    id: UUID
    left: int
    on_sale: bool
    sale: Sale


class Availability(Output):
    event_id: UUID
    capacity: int
    left: int
    ticket_types: list[TicketTypeAvailability]


class QuoteLine(Output):
    ticket_type_id: UUID
    name: str
    quantity: int
    list_price_cents: Cents
    unit_price_cents: Cents
    discount_cents: Cents
    tax_cents: Cents
    total_cents: Cents
    vat_rate: float
    applied: list[Discount]


class Quote(Output):
    currency: str
    lines: list[QuoteLine]
    subtotal_cents: Cents
    discount_cents: Cents
    tax_cents: Cents
    total_cents: Cents
    applied: list[Discount]
