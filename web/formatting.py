"""How pages and mails write money, time, languages and prose: each by exactly one function."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from flask import Flask, current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from services.outside import storage
from services.pictures import COVERS, cover_file
from web.covers import cover
from web.prose import markdown

# English pages are written the British way: "Friday 20 November 2026", 18:42.
FORMATS = {"en": Locale.parse("en_GB")}
# Languages that most people here look for, among two hundred.
OFTEN_CHOSEN = {"ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr", "uk", "zh"}


def register(app: Flask) -> None:
    """Give every template of `app` the filters and globals below."""
    app.jinja_env.filters.update(
        money=money,
        percent=percent,
        grouped=grouped,
        moment=moment,
        day=day,
        clock_time=clock_time,
        countdown=countdown,
        deadline=deadline,
        language_name=language_name,
        markdown=markdown,
        by_day=by_day,
        is_past=is_past,
        iso=iso,
        often_first=often_first,
    )
    app.jinja_env.globals.update(
        asset=asset,
        cover=cover,
        cover_picture=cover_picture,
        day_word=day_word,
        get_locale=get_locale,
        in_words=in_words,
        month_name=month_name,
        period=period,
        picture=picture,
        seat_count=seat_count,
        self_name=self_name,
        zone_city=zone_city,
    )


def money(cents: int, currency: str, brief: bool = False) -> str:
    """An amount in minor units as the reader writes it: "€7.00", "7,00 €"; `brief` drops ".00"."""
    locale = reader()
    amount = major_units(cents, currency)
    pattern = locale.currency_formats["standard"].pattern
    if brief and amount == amount.to_integral_value():
        pattern = pattern.replace(".00", "")
        return numbers.format_currency(amount, currency, pattern, locale=locale, currency_digits=False)
    return numbers.format_currency(amount, currency, locale=locale)


def major_units(cents: int, currency: str) -> Decimal:
    """An amount in minor units as machines write it: 700 EUR → 7.00, 700 JPY → 700."""
    return Decimal(cents).scaleb(-numbers.get_currency_precision(currency))


def percent(value: float | str) -> str:
    """A percentage given in points: 21 → "21%", 5.5 → "5.5%"."""
    return numbers.format_percent(
        Decimal(str(value)) / 100, "#,##0.##%" if reader().language == "en" else None, locale=reader()
    )


def grouped(number: int) -> str:
    """A whole number as the reader groups its digits: "30,000", "30 000"."""
    return numbers.format_decimal(number, locale=reader())


def iso(instant: str | datetime) -> str:
    """An instant for machines: "2026-11-20T18:00:00+00:00"."""
    return instant if isinstance(instant, str) else instant.isoformat()


def clocks(instant: str | datetime, timezone: str) -> str:
    """Date and time at `timezone` as spreadsheets read them, in any language: "2026-11-20 18:42"."""
    return _local(instant, timezone).strftime("%Y-%m-%d %H:%M")


def moment(instant: str | datetime, timezone: str) -> str:
    """An instant in short: "Fri 20 Nov, 18:42"; in another year than the present one with it."""
    local = _local(instant, timezone)
    words = day(local.date(), brief=True, timezone=timezone)
    return str(_("%(day)s, %(time)s", day=words, time=clock_time(local, timezone)))


def clock_time(instant: str | datetime, timezone: str) -> str:
    """The time of day at `timezone`: "18:42"."""
    return dates.format_time(_local(instant, timezone), "HH:mm", locale=reader())


def is_past(instant: datetime) -> bool:
    """Whether an instant is over: for words alone, since Postgres has the last word on every deadline."""
    return instant <= datetime.now(UTC)


def deadline(instant: str | datetime, timezone: str, seconds_left: int) -> str:
    """Until when: "18:42" while that cannot be mistaken, else with its day, as in "Fri 20 Nov, 18:42"."""
    return clock_time(instant, timezone) if seconds_left < 6 * 3600 else moment(instant, timezone)


def countdown(seconds: int) -> str:
    """Time left to the second: "14:59", "1:59:59"."""
    minutes, seconds = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def day(value: date | str, brief: bool = False, timezone: str = "UTC") -> str:
    """A day in words: "Friday 20 November 2026". An instant is its day in UTC.

    `brief`: "Fri 20 Nov", with its year unless that is the present one at `timezone`.
    """
    that_day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    pattern = "EEEE d MMMM y"
    if brief:
        pattern = "EEE d MMM" if that_day.year == _today(timezone).year else "EEE d MMM y"
    if that_day.day == 1 and reader().language == "fr":  # the only ordinal in French dates
        pattern = pattern.replace("d", "d'er'")
    words = dates.format_date(that_day, pattern, locale=reader())
    return words if brief else _named(words)


def period(starts_at: str | datetime, ends_at: str | datetime, timezone: str) -> str:
    """From when to when, naming a day once: "Friday 20 November 2026, 19:00–20:30"."""
    start, end = _local(starts_at, timezone), _local(ends_at, timezone)
    first = _("%(day)s, %(time)s", day=day(start.date()), time=clock_time(start, timezone))
    if start.date() == end.date():
        return f"{first}–{clock_time(end, timezone)}"
    return f"{first} – {_('%(day)s, %(time)s', day=day(end.date()), time=clock_time(end, timezone))}"


def by_day(events: Iterable[Any]) -> list[tuple[date, list[Any]]]:
    """Events in order, gathered under the day each begins on where it takes place."""

    def local_day(event: Any) -> date:
        return _local(_field(event, "starts_at"), _field(event, "timezone")).date()

    return [(when, list(group)) for when, group in groupby(sorted(events, key=local_day), key=local_day)]


def in_words(number: int) -> str:
    """A small number as a sentence begins with it: "Two"; from eleven on in figures."""
    words = (
        _("No"),
        _("One"),
        _("Two"),
        _("Three"),
        _("Four"),
        _("Five"),
        _("Six"),
        _("Seven"),
        _("Eight"),
        _("Nine"),
        _("Ten"),
    )
    return str(words[number] if 0 <= number < len(words) else number)


def seat_count(quantities: Mapping[str, int] | None) -> int:
    """How many seats are chosen in all, of whichever type."""
    return sum((quantities or {}).values())


def day_word(value: date, timezone: str) -> str:
    """The day as one says it there: "Today, Monday", "Tomorrow, Tuesday", or the weekday alone."""
    weekday = dates.format_date(value, "EEEE", locale=reader())
    near = {0: _("Today"), 1: _("Tomorrow")}.get((value - _today(timezone)).days)
    return f"{near}, {weekday}" if near else _named(weekday)


def month_name(value: date, timezone: str) -> str:
    """The month of a day: "November"; with its year unless that is the present one at `timezone`."""
    pattern = "MMMM" if value.year == _today(timezone).year else "MMMM y"
    return dates.format_date(value, pattern, locale=reader())


def zone_city(timezone: str) -> str:
    """The city that names a zone, in the reader's language: "Europe/Brussels" → "Brussels"."""
    return str(dates.get_timezone_location(timezone, locale=reader(), return_city=True))


def language_name(code: str, alone: bool = True) -> str:
    """A language's name in the reader's own: "Français"; inside a sentence (not `alone`): "français"."""
    name = reader().languages.get(code) or code
    return _named(name) if alone else name


def named(languages: Iterable[Any]) -> list[tuple[str, str]]:
    """Languages as (code, name), in the alphabet's order in the reader's language."""
    pairs = [(_field(language, "code"), language_name(_field(language, "code"))) for language in languages]
    return sorted(pairs, key=lambda pair: unicodedata.normalize("NFD", pair[1]).casefold())


def often_first(languages: Iterable[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Languages as `named` has them in two groups with their labels: those most look for, the others."""
    pairs = named(languages)
    return [
        (str(_("Often chosen")), [pair for pair in pairs if pair[0] in OFTEN_CHOSEN]),
        (str(_("All others")), [pair for pair in pairs if pair[0] not in OFTEN_CHOSEN]),
    ]


def self_name(code: str) -> str:
    """A language's name in itself: "fr" → "Français"."""
    return _named(Locale.parse(code).get_language_name(code) or code)


def picture(path: str, bucket: str) -> str:
    """The public address of an uploaded picture."""
    return storage.address(bucket, path)


def cover_picture(path: str, width: int) -> str:
    """The public address of an event's picture in one of its widths: 480, 960 or 1600 pixels."""
    return picture(cover_file(path, width), COVERS)


def asset(path: str) -> str:
    """The address of a static file, with its content's hash: it may be cached for ever."""
    file = Path(current_app.static_folder or "static") / path
    return url_for(
        "static", filename=path, v=_content_hash(file, file.stat().st_mtime_ns if file.exists() else 0)
    )


@lru_cache(maxsize=128)
def _content_hash(file: Path, changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if changed else "missing"


def reader() -> Locale:
    """How whoever reads the page or mail writes numbers, days and names."""
    locale = get_locale() or Locale("en")
    return FORMATS.get(str(locale), locale)


def _today(timezone: str) -> date:
    return _local(datetime.now(UTC), timezone).date()


def _local(instant: str | datetime, timezone: str) -> datetime:
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return moment.astimezone(ZoneInfo(timezone))


def _field(record: Any, name: str) -> Any:
    return record[name] if isinstance(record, dict) else getattr(record, name)


def _named(name: str) -> str:
    return name[:1].upper() + name[1:]
