"""Money, numbers and dates in both languages."""

from datetime import date, timedelta

import pytest

from services import formats
from services.formats import day, decimal, money


@pytest.mark.parametrize(
    ("minor", "english", "italian"),
    [
        (0, "€0.00", "0,00\u00a0€"),
        (5, "€0.05", "0,05\u00a0€"),
        (123_456_789, "€1,234,567.89", "1.234.567,89\u00a0€"),
    ],
)
def test_money_is_written_as_each_language_does(minor: int, english: str, italian: str) -> None:
    assert (money(minor, "EUR", "en"), money(minor, "EUR", "it")) == (english, italian)


def test_a_currency_without_a_sign_keeps_its_code() -> None:
    assert (money(2_900, "CHF", "en"), money(2_900, "CHF", "it")) == (
        "CHF\u00a029.00",
        "29,00\u00a0CHF",
    )


def test_yen_have_no_hundredths() -> None:
    assert money(2_900, "JPY", "en") == "JP¥2,900"


def test_a_date_has_its_month_in_words() -> None:
    on = date(2027, 3, 1)
    assert (day(on, "en"), day(on, "it")) == ("1 March 2027", "1 marzo 2027")


def test_a_number_has_one_decimal() -> None:
    assert (decimal(1_234.56, "en"), decimal(0.05, "it")) == ("1,234.6", "0,0")


def test_small_amounts_and_shares_keep_what_they_say() -> None:
    assert formats.micro(39_810_000, "USD", "en") == "US$39.81"
    assert formats.micro(3_400, "USD", "en") == "US$0.0034"
    assert formats.micro(39_810_000, "EUR", "it") == "39,81\u00a0€"
    assert (formats.percent(0.414, "it"), formats.percent(0.0123, "en")) == ("41%", "1.2%")
    assert (formats.compact(24_712_202, "en"), formats.compact(950, "en")) == ("24.7M", "950")
    assert formats.duration(timedelta(minutes=4), "en") == "4 mins"
    assert formats.month(date(2026, 10, 1), "it") == "ottobre 2026"
    assert (formats.weekday(1, "it"), formats.day_in_month(date(2026, 11, 30), "en")) == (
        "lun",
        "30 Nov",
    )
