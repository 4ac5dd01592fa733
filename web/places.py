"""How pages name places on earth, the way between them, and the days of the week."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel import Locale, dates, numbers
from flask import Flask
from flask_babel import gettext as _

from web.formatting import reader


def register(app: Flask) -> None:
    """Give every template of `app` the filters and globals below."""
    app.jinja_env.filters.update(
        country_name=country_name, decimal=decimal, distance=distance, weekday_name=weekday_name
    )
    app.jinja_env.globals.update(countries=countries, position=position)


def country_name(code: str) -> str:
    """A country's name in the reader's language; its code where it has none."""
    return str(reader().territories.get(code, code))


def countries() -> list[tuple[str, str]]:
    """All countries as (code, name), in the alphabet's order in the reader's language."""
    return _countries_in(str(reader()))


def weekday_name(number: int) -> str:
    """Monday for 1, in the reader's language."""
    name = str(dates.get_day_names("wide", locale=reader())[number - 1])
    return name[:1].upper() + name[1:]


def decimal(number: float) -> str:
    """A number with one decimal as the reader writes it: "4.6"."""
    return str(numbers.format_decimal(number, "0.0", locale=reader()))


def distance(kilometres: float) -> str:
    """A way over ground as one says it: "400 m", "2.3 km", "48 km"."""
    if kilometres < 1:
        metres = max(50, round(kilometres * 20) * 50)
        return str(_("%(number)s\u00a0m", number=min(metres, 950)))
    digits = "0.0" if kilometres < 10 else "#,##0"
    return str(_("%(number)s\u00a0km", number=numbers.format_decimal(kilometres, digits, locale=reader())))


def position(latitude: float, longitude: float) -> str:
    """A place on earth: "50.8526° N, 4.3452° E"."""
    north, east = (_("N") if latitude >= 0 else _("S")), (_("E") if longitude >= 0 else _("W"))
    one, other = (
        numbers.format_decimal(abs(degrees), "0.0###", locale=reader()) for degrees in (latitude, longitude)
    )
    return f"{one}° {north}, {other}° {east}"


@lru_cache(maxsize=8)
def _countries_in(locale: str) -> list[tuple[str, str]]:
    named = [(code, name) for code, name in Locale.parse(locale).territories.items() if _is_country(code)]
    return sorted(named, key=lambda pair: unicodedata.normalize("NFD", pair[1]).casefold())


def _is_country(code: str) -> bool:
    """Two letters, but for the codes that CLDR keeps for groups, tests and the unknown."""
    return len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
