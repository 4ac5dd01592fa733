"""Sums of money as people type them into forms."""

from __future__ import annotations

from decimal import Decimal

from babel import numbers
from flask_babel import get_locale


def cents(typed: str, currency: str) -> int | str:
    """Minor units of an amount such as "12.50" or "12,5"; what is no amount is answered as it was typed."""
    digits = numbers.get_currency_precision(currency)
    try:
        amount = Decimal(typed.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", "."))
        minor = amount.scaleb(digits)
        whole = minor == minor.to_integral_value() and 0 <= minor < 10**9
    except (ArithmeticError, ValueError):
        return typed
    return int(minor) if whole else typed


def typed_amount(minor: int | None, currency: str) -> str:
    """Minor units as a form shows them, the way its reader writes: 1250 → "12.50" or "12,50", 1200 → "12"."""
    if minor is None:
        return ""
    digits = numbers.get_currency_precision(currency)
    amount = Decimal(minor).scaleb(-digits)
    pattern = "0" if amount == amount.to_integral_value() else f"0.{'0' * digits}"
    return numbers.format_decimal(amount, pattern, locale=get_locale() or "en")


def typed_number(number: float) -> str:
    """A number as a form shows it: 5.5 → "5.5" or "5,5", 21.0 → "21"."""
    return numbers.format_decimal(number, "0.####", locale=get_locale() or "en")
