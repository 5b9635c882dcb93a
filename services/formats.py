"""Numbers, money and dates as people of a language write them (CLDR, through babel)."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_timedelta
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)

# English as the product writes it: days before months.
LOCALES = {"it": "it_IT"}
ENGLISH = "en_GB"
MICRO = 1_000_000
# Below that a share's first decimal says something.
TENTH = 0.1
# CLDR parts a code from its amount (currencySpacing); babel does not.
CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")


def money(minor: int, currency: str, language: str) -> str:
    """An amount of minor units: `€29.00` or `29,00 €`; yen have no hundredths."""
    digits = get_currency_precision(currency)
    amount = Decimal(minor).scaleb(-digits)
    text = format_currency(amount, currency, locale=_locale(language))
    return CODE_BEFORE_DIGIT.sub("\u00a0", text)


def micro(amount: int, currency: str, language: str) -> str:
    """An amount of millionths: `US$39.81`, and below a hundredth `US$0.0034`."""
    digits = "0000" if 0 < abs(amount) < MICRO // 100 else "00"
    text = format_currency(
        Decimal(amount) / MICRO,
        currency,
        f"#,##0.{digits}\u00a0¤" if language == "it" else f"¤#,##0.{digits}",
        locale=_locale(language),
        currency_digits=False,
    )
    return CODE_BEFORE_DIGIT.sub("\u00a0", text)


def compact(number: int, language: str) -> str:
    """A large number, short: `24.7M`, `24,7 Mln`."""
    # British English writes a small m, which reads as a thousandth.
    locale = LOCALES.get(language, "en_US")
    return format_compact_decimal(number, fraction_digits=1, locale=locale)


def decimal(number: float, language: str) -> str:
    """A number with one decimal."""
    return format_decimal(number, "#,##0.0", locale=_locale(language))


def duration(time: timedelta, language: str) -> str:
    """About how long: `4 mins`, `2 hr`, `3 days`."""
    return format_timedelta(time, format="short", threshold=1.2, locale=_locale(language))


def percent(share: float, language: str) -> str:
    """A share of 0 to 1: `38%`, `1.2%`."""
    pattern = "#,##0%" if share == 0 or share >= TENTH else "#,##0.#%"
    return format_percent(share, pattern, locale=_locale(language))


def day(on: date, language: str) -> str:
    """A date with its month in words: `3 March 2027`."""
    return format_date(on, "d MMMM y", locale=_locale(language))


def short_day(on: date, language: str) -> str:
    """A date to choose among others, without its year: `Mon 30 Nov`, `lun 30 nov`."""
    return format_date(on, "EEE d MMM", locale=_locale(language))


def day_in_month(on: date, language: str) -> str:
    """A date among its neighbours: `30 Nov`, `30 nov`."""
    return format_date(on, "d MMM", locale=_locale(language))


def month(first: date, language: str) -> str:
    """A month: `October 2026`, `ottobre 2026`."""
    return format_date(first, "LLLL y", locale=_locale(language))


def weekday(number: int, language: str) -> str:
    """The short name of a day of the week, 1 is Monday: `Mon`, `lun`."""
    return format_date(date(2024, 1, number), "EEE", locale=_locale(language))


def day_and_time(at: datetime, language: str) -> str:
    """The same with the time on the wall of the datetime's own zone: `Mon 30 Nov, 10:00`."""
    return f"{short_day(at.date(), language)}, {at:%H:%M}"


def span(start: datetime, end: datetime, language: str) -> str:
    """From one moment to another: `Mon 30 Nov, 10:00–10:30`."""
    close = f"{end:%H:%M}" if end - start < timedelta(days=1) else day_and_time(end, language)
    return f"{day_and_time(start, language)}–{close}"


def _locale(language: str) -> str:
    return LOCALES.get(language, ENGLISH)
