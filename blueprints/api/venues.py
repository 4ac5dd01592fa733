"""Places where events happen."""

from __future__ import annotations

from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import StringConstraints

from blueprints.api.paging import Paging
from blueprints.links import Links, link, next_link
from services import venues
from services.models import Output
from services.models.venues import Venue

bp = APIBlueprint("venues", __name__, url_prefix="/venues", tag="Catalogue")


class VenueSearch(Paging):
    city: Annotated[str, StringConstraints(max_length=80)] | None = None


class VenueOut(Venue):
    links: Links


class VenuesOut(Output):
    data: list[VenueOut]
    links: Links


@bp.get("")
@bp.input(VenueSearch, location="query")
@bp.output(VenuesOut)
@bp.doc(summary="List venues")
def index(query_data: VenueSearch) -> Any:
    page = venues.list_venues(query_data.city, query_data.limit, query_data.cursor)
    return VenuesOut(data=list(map(_shown, page.venues)), links=next_link("api.venues.index", page.next))


@bp.get("/<slug>")
@bp.output(VenueOut)
@bp.doc(summary="Read a venue, by id or slug")
def show(slug: str) -> Any:
    return _shown(venues.read_venue(slug))


def _shown(venue: Venue) -> VenueOut:
    return VenueOut(**venue.model_dump(), links={"self": link("api.venues.show", slug=venue.slug)})
