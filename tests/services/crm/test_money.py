"""Amounts as CRMs write them and as people type them."""

import pytest

from services.crm.money import parsed, shown, typed, written
from services.crm.port import Amount


@pytest.mark.parametrize(
    ("words", "minor"),
    [
        ("48000", 4_800_000),
        ("48.000", 4_800_000),
        ("48,000", 4_800_000),
        ("48.000,50", 4_800_050),
        ("48,000.50", 4_800_050),
        ("1.234.567", 123_456_700),
        ("€ 12,5", 1_250),
        ("0.99", 99),
        ("-3", -300),
    ],
)
def test_what_a_person_typed_is_the_number_they_meant(words: str, minor: int) -> None:
    assert typed(words, "EUR") == Amount(minor, "EUR")


@pytest.mark.parametrize("words", ["", "a lot", "-", "9" * 40])
def test_what_is_no_amount_is_none(words: str) -> None:
    assert typed(words) is None


def test_each_currency_has_its_own_decimals() -> None:
    assert parsed("1200.5", "EUR") == Amount(120_050, "EUR")
    assert parsed("1200", "JPY") == Amount(1_200, "JPY")
    assert parsed("1.25", "KWD") == Amount(1_250, "KWD")
    assert [written(Amount(120_050, "EUR")), written(Amount(1_200, "JPY"))] == ["1200.5", "1200"]
    assert shown(Amount(4_800_000, "EUR")) == "48,000.00 EUR"
    assert shown(Amount(4_800_000, "EUR"), "it") == "48.000,00 EUR"
