"""Money, numbers and dates in both languages."""

from datetime import date

import pytest

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
