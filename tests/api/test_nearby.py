"""Events near a place, through the API."""

from __future__ import annotations

import uuid

import pytest

from tests.application import ApiClient
from tests.database import Database
from tests.selling import list_event
from tests.sql.events import venue


def test_each_event_tells_how_far_it_is(
    visitor: ApiClient, database: Database, team: uuid.UUID, slug: str
) -> None:
    place = venue(database, latitude=50.8467, longitude=4.3525)
    list_event(database, title="Near", venue_id=place, organizer_id=team)
    list_event(database, title="Online", organizer_id=team)
    answer = visitor.get(f"/events?organizer={slug}&near=50.85,4.35&radius_km=10&limit=1")
    assert [(event["title"], event["distance_km"]) for event in answer.json["data"]] == [("Near", 0.4)]
    assert "near=50.85" in answer.json["_links"]["self"]["href"]
    everywhere = visitor.get(f"/events?organizer={slug}").json["data"]
    assert {event["distance_km"] for event in everywhere} == {None}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("near=91,4", "near"),
        ("near=here", "near"),
        ("near=50,4&radius_km=0", "radius_km"),
        ("near=50,4&radius_km=9999", "radius_km"),
        ("near=50,4&radius_km=NaN", "radius_km"),
        ("near=50,4&radius_km=inf", "radius_km"),
        ("near=50,4&radius_km=wide", "radius_km"),
    ],
)
def test_what_is_no_place_or_distance_is_refused(visitor: ApiClient, query: str, field: str) -> None:
    refused = visitor.get(f"/events?{query}")
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_input")
    (error,) = refused.json["errors"]
    assert error["field"] == field
    assert error["message"]
