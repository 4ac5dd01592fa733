"""Which days a search means: those of the place, whatever the clocks elsewhere show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.database import Database
from tests.sql import events

BRUSSELS, AUCKLAND, HONOLULU = map(ZoneInfo, ("Europe/Brussels", "Pacific/Auckland", "Pacific/Honolulu"))
THURSDAY, SATURDAY, SUNDAY, MONDAY = (date(2031, 5, day) for day in (15, 17, 18, 19))
FORTNIGHT = [THURSDAY + timedelta(days=days) for days in range(14)]


@pytest.fixture
def team(database: Database) -> str:
    slug: str = database.value(
        "select slug from public.organizers where id = %s", [events.organizer(database, "Days")]
    )
    return slug


def now_is(db: Database, moment: datetime) -> None:
    db.move_clock(moment - db.value("select private.now()"))


def held(db: Database, team: str, moment: datetime, title: str = "") -> None:
    db_now = db.value("select private.now()")
    organizer = db.value("select id from public.organizers where slug = %s", [team])
    events.event(
        db, organizer_id=organizer, title=title or f"{moment:%Y-%m-%d}", starts_in=moment - db_now,
        timezone=str(moment.tzinfo),
    )  # fmt: skip


def found(db: Database, team: str, **filters: Any) -> list[str]:
    listed = db.visitor().call("list_events", organizer=team, **filters)["events"]
    return [event["title"] for event in listed]


def noon(day: date, zone: ZoneInfo = BRUSSELS, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("today", "days", "meant"),
    [
        (THURSDAY, "today", [THURSDAY]),
        (THURSDAY, "tomorrow", [date(2031, 5, 16)]),
        (THURSDAY, "weekend", [SATURDAY, SUNDAY]),
        (SATURDAY, "weekend", [SATURDAY, SUNDAY]),
        (SUNDAY, "weekend", [SUNDAY]),
        (MONDAY, "weekend", [date(2031, 5, 24), date(2031, 5, 25)]),
        (THURSDAY, "week", FORTNIGHT[:7]),
        (THURSDAY, "dates", FORTNIGHT),
        (THURSDAY, None, FORTNIGHT),
    ],
)
def test_days_have_names(
    database: Database, team: str, today: date, days: str | None, meant: list[date]
) -> None:
    now_is(database, noon(today, hour=8))
    for day in (day for day in FORTNIGHT if day >= today):
        held(database, team, noon(day))
    assert found(database, team, days=days) == [str(day) for day in meant]


@pytest.mark.parametrize(
    ("dates", "meant"),
    [
        ({"first_day": SATURDAY, "last_day": SATURDAY}, [SATURDAY]),
        ({"first_day": SATURDAY, "last_day": MONDAY}, [SATURDAY, SUNDAY, MONDAY]),
        ({"last_day": THURSDAY}, [THURSDAY]),
        ({"first_day": FORTNIGHT[-1]}, [FORTNIGHT[-1]]),
        ({"first_day": date(2031, 1, 1), "last_day": date(9999, 12, 31)}, FORTNIGHT),
    ],
)
def test_dates_count_from_first_to_last(
    database: Database, team: str, dates: dict[str, date], meant: list[date]
) -> None:
    now_is(database, noon(THURSDAY, hour=8))
    for day in FORTNIGHT:
        held(database, team, noon(day))
    asked = {name: str(day) for name, day in dates.items()}
    assert found(database, team, **asked) == found(database, team, days="dates", **asked)
    assert found(database, team, **asked) == [str(day) for day in meant]


def test_a_day_is_that_of_the_place_to_its_last_minute(database: Database, team: str) -> None:
    now_is(database, noon(THURSDAY, hour=8))
    for zone in (AUCKLAND, BRUSSELS, HONOLULU):
        for day, hour, minute in ((16, 23, 59), (17, 0, 0), (17, 23, 59), (18, 0, 0)):
            moment = datetime(2031, 5, day, hour, minute, tzinfo=zone)
            held(database, team, moment, f"{zone.key} {day} {hour}")
    saturday = [f"{zone.key} 17 {hour}" for zone in (AUCKLAND, BRUSSELS, HONOLULU) for hour in (0, 23)]
    assert sorted(found(database, team, first_day="2031-05-17", last_day="2031-05-17")) == sorted(saturday)


def test_today_is_asked_of_each_place(database: Database, team: str) -> None:
    now_is(database, noon(THURSDAY, hour=23))  # Friday in Auckland, Thursday still in Honolulu
    held(database, team, noon(date(2031, 5, 16), AUCKLAND), "Auckland today")
    held(database, team, noon(date(2031, 5, 16), BRUSSELS), "Brussels tomorrow")
    held(database, team, noon(THURSDAY, HONOLULU, hour=20), "Honolulu today")
    held(database, team, noon(date(2031, 5, 16), HONOLULU), "Honolulu tomorrow")
    assert found(database, team, days="today") == ["Auckland today", "Honolulu today"]
    assert found(database, team, days="tomorrow") == ["Brussels tomorrow", "Honolulu tomorrow"]


@pytest.mark.parametrize(
    ("filters", "faults"),
    [
        ({"days": "someday"}, {"days": "days_unknown"}),
        ({"first_day": "tomorrow"}, {"first_day": "day_invalid"}),
        ({"first_day": "2031-02-30"}, {"first_day": "day_invalid"}),
        ({"last_day": ""}, {"last_day": "day_invalid"}),
        ({"first_day": "2031-05-18", "last_day": "2031-05-17"}, {"last_day": "days_reversed"}),
        ({"first_day": "x", "near": "91,4"}, {"first_day": "day_invalid", "near": "near_invalid"}),
    ],
)
def test_what_is_no_day_is_refused_with_all_else_that_is_wrong(
    database: Database, filters: dict[str, str], faults: dict[str, str]
) -> None:
    with database.refuses("invalid_input", 422) as refusal:
        database.visitor().call("list_events", **filters)
    assert {fault["field"]: fault["code"] for fault in refusal.detail["errors"]} == faults
