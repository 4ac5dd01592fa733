"""How money, time, languages and prose are written, in English and French."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from web import formatting
from web.amounts import cents, typed_amount, typed_number
from web.covers import cover
from web.prose import markdown

NBSP = "\u00a0"
TODAY = datetime.now(UTC).date()
EVENING = "2026-11-20T18:00:00+00:00"


@pytest.fixture
def english() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, locale_selector=lambda: "en")
    with app.test_request_context():
        yield


@pytest.fixture
def french(english: None) -> Iterator[None]:
    with force_locale("fr"):
        yield


@pytest.mark.usefixtures("english")
class TestEnglish:
    def test_money_counts_minor_units_of_its_currency(self) -> None:
        assert formatting.money(700, "EUR") == "€7.00"
        assert formatting.money(1234567, "EUR") == "€12,345.67"
        assert formatting.money(700, "JPY") == "JP¥700"

    def test_large_numbers_are_grouped(self) -> None:
        assert formatting.grouped(30000) == "30,000"

    def test_brief_money_drops_only_zeros(self) -> None:
        assert formatting.money(700, "EUR", brief=True) == "€7"
        assert formatting.money(750, "EUR", brief=True) == "€7.50"

    def test_forms_show_numbers_as_their_reader_types_them(self) -> None:
        assert (typed_amount(1250, "EUR"), typed_amount(120_050, "EUR")) == ("12.50", "1200.50")
        assert typed_amount(700, "JPY") == "700"
        assert typed_number(5.5) == "5.5"

    def test_percentages_are_given_in_points(self) -> None:
        assert formatting.percent(10) == "10%"
        assert formatting.percent(5.5) == "5.5%"

    def test_a_period_names_its_day_once(self) -> None:
        words = formatting.period(EVENING, "2026-11-20T19:30:00+00:00", "Europe/Brussels")
        assert words == "Friday 20 November 2026, 19:00–20:30"

    def test_a_period_over_midnight_names_both_days(self) -> None:
        words = formatting.period("2026-11-20T21:00:00Z", "2026-11-20T23:30:00Z", "Europe/Brussels")
        assert words == "Friday 20 November 2026, 22:00 – Saturday 21 November 2026, 00:30"

    def test_a_moment_is_short_and_local(self) -> None:
        assert formatting.moment(f"{TODAY.year}-11-20T18:00:00Z", "Asia/Tokyo").endswith(" 21 Nov, 03:00")

    def test_a_moment_of_another_year_says_which(self) -> None:
        assert formatting.moment("2037-06-08T17:00:00Z", "Europe/Brussels") == "Mon 8 Jun 2037, 19:00"
        assert formatting.day(date(2037, 6, 8), brief=True) == "Mon 8 Jun 2037"
        assert formatting.month_name(date(2037, 6, 8), "UTC") == "June 2037"
        assert formatting.month_name(TODAY, "UTC") == f"{TODAY:%B}"

    def test_events_are_gathered_by_the_day_of_their_place(self) -> None:
        late = {"starts_at": "2026-11-20T23:30:00+00:00", "timezone": "Europe/Brussels"}
        early = {"starts_at": EVENING, "timezone": "Europe/Brussels"}
        days = formatting.by_day([early, late])
        assert [(day.isoformat(), len(events)) for day, events in days] == [
            ("2026-11-20", 1),
            ("2026-11-21", 1),
        ]

    def test_near_days_have_names_of_their_own(self) -> None:
        tomorrow = TODAY + timedelta(days=1)
        assert formatting.day_word(TODAY, "UTC") == f"Today, {TODAY:%A}"
        assert formatting.day_word(tomorrow, "UTC") == f"Tomorrow, {tomorrow:%A}"
        assert formatting.day_word(date(2037, 11, 20), "UTC") == "Friday"

    def test_small_numbers_are_words(self) -> None:
        assert [formatting.in_words(number) for number in (1, 2, 10, 11)] == ["One", "Two", "Ten", "11"]

    def test_languages_are_sorted_by_their_names(self) -> None:
        names = formatting.named([{"code": "nl"}, {"code": "et"}, {"code": "cs"}])
        assert names == [("cs", "Czech"), ("nl", "Dutch"), ("et", "Estonian")]
        assert formatting.self_name("fr") == "Français"

    def test_languages_that_most_look_for_come_first(self) -> None:
        languages = [{"code": code} for code in ("ab", "nl", "zu", "ar")]
        assert formatting.often_first(languages) == [
            ("Often chosen", [("ar", "Arabic"), ("nl", "Dutch")]),
            ("All others", [("ab", "Abkhazian"), ("zu", "Zulu")]),
        ]

    def test_a_zone_is_told_by_its_city(self) -> None:
        assert formatting.zone_city("Europe/Brussels") == "Brussels"


@pytest.mark.usefixtures("french")
class TestFrench:
    def test_money(self) -> None:
        assert formatting.money(700, "EUR") == f"7,00{NBSP}€"
        assert formatting.money(700, "EUR", brief=True) == f"7{NBSP}€"

    def test_time(self) -> None:
        words = formatting.period(EVENING, "2026-11-20T19:30:00+00:00", "Europe/Brussels")
        assert words == "Vendredi 20 novembre 2026, 19:00–20:30"
        assert formatting.zone_city("Europe/Brussels") == "Bruxelles"

    def test_the_first_of_a_month_is_an_ordinal(self) -> None:
        assert formatting.day(date(2026, 12, 1)) == "Mardi 1er décembre 2026"
        assert formatting.day(date(2037, 12, 1), brief=True) == "mar. 1er déc. 2037"
        assert formatting.day(date(2026, 12, 2)) == "Mercredi 2 décembre 2026"

    def test_forms_show_numbers_as_their_reader_types_them(self) -> None:
        assert (typed_amount(1250, "EUR"), typed_amount(1200, "EUR")) == ("12,50", "12")
        assert (typed_number(5.5), typed_number(21.0)) == ("5,5", "21")
        assert cents(typed_amount(1250, "EUR"), "EUR") == 1250

    def test_a_language_is_small_inside_a_sentence(self) -> None:
        assert formatting.language_name("fr") == "Français"
        assert formatting.language_name("fr", alone=False) == "français"


def test_markdown_keeps_words_and_drops_what_could_harm() -> None:
    html = markdown(
        "# Bring\n\n<script>alert(1)</script> **ink** [a](javascript:x) [b](https://b.example) ![p](https://p)"
    )
    assert "<h3>Bring</h3>" in html
    assert "<strong>ink</strong>" in html
    assert "<script" not in html
    assert "javascript:" not in html.replace("[a](javascript:x)", "")
    assert 'href="https://b.example" rel="nofollow ugc noopener"' in html
    assert "<img" not in html


def test_markdown_makes_links_of_whole_addresses_alone() -> None:
    html = markdown("Read https://ink.example/a?b=c&d=e, or write to ink@example.org. Come in.It is open.")
    assert '<a href="https://ink.example/a?b=c&amp;d=e" rel="nofollow ugc noopener">' in html
    assert '<a href="mailto:ink@example.org"' in html
    assert html.count("<a ") == 2


def test_a_cover_is_the_same_every_time_and_differs_between_events() -> None:
    drawings = {cover(f"event {number}", 200) for number in range(30)}
    assert len(drawings) == 30
    cover.cache_clear()
    assert cover("event 1", 200) in drawings
    assert all("style=" not in drawing and "<script" not in drawing for drawing in drawings)
