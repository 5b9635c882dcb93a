"""Numbers, days and times in both languages, phrase by phrase; what failed in use is added here."""

from datetime import date, time
from fractions import Fraction

import pytest

from services.evidence.reading import read

# A Tuesday.
HELD = date(2026, 11, 24)

QUANTITIES = [
    ("en", "forty-eight thousand pounds plus VAT", "48000 gbp"),
    ("en", "six and a half thousand", "6500"),
    ("en", "a hundred and twenty grand", "120000"),
    ("en", "one point two million dollars", "1200000 usd"),
    ("en", "twenty-five K", "25000"),
    ("en", "eighteen hundred euros a day", "1800 eur"),
    ("en", "£1,150.50", "2301/2 gbp"),
    ("en", "CHF 1'200", "1200 chf"),
    ("en", "48k", "48000"),
    ("en", "a couple of hours", "120 minute"),
    ("en", "a three-year warranty", "36 month"),
    ("en", "about three percent", "3 %"),
    ("it", "quarantottomila euro", "48000 eur"),
    ("it", "un milione e due", "1200000"),
    ("it", "un milione e mezzo di euro", "1500000 eur"),
    ("it", "1.200,50 €", "2401/2 eur"),
    ("it", "48mila euro", "48000 eur"),
    ("it", "centottanta", "180"),
    ("it", "ventitré", "23"),
    ("it", "un paio d'ore", "120 minute"),
    ("it", "un'ora e mezza", "90 minute"),
    ("it", "una quarantina di minuti", "40 minute"),
    ("it", "due virgola uno per cento", "21/10 %"),
    ("it", "0,03 euro", "3/100 eur"),
]
NO_QUANTITIES = [
    ("en", "Call me on +44 20 7946 0123."),
    ("en", "We are back on Office 365 and ISO 9001."),
    ("en", "Version 3.5 is on page 7."),
    ("en", "First, thank you; second, a recap."),
    ("it", "Mi scriva a elio.banfi24@example.it."),
    ("it", "Sei stato gentile, un saluto."),
]
DAYS = [
    ("en", "the day after tomorrow", ["2026-11-26"]),
    ("en", "Tuesday 1 December", ["2026-12-01"]),
    ("en", "next Friday", ["2026-11-27", "2026-12-04"]),
    ("en", "next Tuesday", ["2026-12-01"]),
    ("en", "Friday week", ["2026-12-04"]),
    ("en", "a week on Friday", ["2026-12-04"]),
    ("en", "January thirty-first", ["2027-01-31"]),
    ("en", "in two weeks", ["2026-12-08"]),
    ("en", "Monday the fourteenth", ["2026-12-14"]),
    ("en", "we pay on 3/12", ["2026-12-03"]),
    ("en", "2026-12-01", ["2026-12-01"]),
    ("it", "dopodomani", ["2026-11-26"]),
    ("it", "venerdì prossimo", ["2026-11-27", "2026-12-04"]),
    ("it", "il primo marzo", ["2027-03-01"]),
    ("it", "1° marzo", ["2027-03-01"]),
    ("it", "giovedì 3", ["2026-12-03"]),
    ("it", "entro l'undici", ["2026-12-11"]),
    ("it", "tra due settimane", ["2026-12-08"]),
    ("it", "domani a otto", ["2026-12-02"]),
]
NO_DAYS = [
    ("en", "You may march on, and Will may help."),
    ("en", "The second point was a fine one."),
    ("it", "Buon fine settimana e a presto."),
    ("it", "Sei contento del sole?"),
]
TIMES = [
    ("en", "at half past two", [time(2, 30), time(14, 30)]),
    ("en", "at 9 am", [time(9)]),
    ("en", "at 14:30", [time(14, 30)]),
    ("en", "quarter to three", [time(2, 45), time(14, 45)]),
    ("en", "before noon", [time(12)]),
    ("it", "alle quindici e trenta", [time(15, 30)]),
    ("it", "alle nove e mezza", [time(9, 30), time(21, 30)]),
    ("it", "alle dieci meno un quarto", [time(9, 45), time(21, 45)]),
    ("it", "alle 15.30", [time(15, 30)]),
]


@pytest.mark.parametrize(("language", "text", "expected"), QUANTITIES)
def test_an_amount_is_read(language: str, text: str, expected: str) -> None:
    [found, *_] = read(text, HELD, language).quantities
    value, _, unit = expected.partition(" ")
    assert (found.value, found.unit) == (Fraction(value), unit)


@pytest.mark.parametrize(("language", "text"), NO_QUANTITIES)
def test_what_only_looks_like_an_amount_is_none(language: str, text: str) -> None:
    assert read(text, HELD, language).quantities == ()


@pytest.mark.parametrize(("language", "text", "expected"), DAYS)
def test_a_day_is_read_from_the_day_of_the_meeting(
    language: str, text: str, expected: list[str]
) -> None:
    [found] = read(text, HELD, language).days
    assert sorted(map(str, found.readings)) == expected


@pytest.mark.parametrize(("language", "text"), NO_DAYS)
def test_what_only_looks_like_a_day_is_none(language: str, text: str) -> None:
    assert [one for one in read(text, HELD, language).days if not one.is_weak] == []


@pytest.mark.parametrize(("language", "text", "expected"), TIMES)
def test_a_time_of_day_is_read(language: str, text: str, expected: list[time]) -> None:
    [found] = read(text, HELD, language).times
    assert sorted(found.minutes) == [at.hour * 60 + at.minute for at in expected]


def test_a_weekday_that_is_not_the_days_is_told() -> None:
    [found] = read("Thursday 15 January", HELD, "en").days
    assert found.weekday == 3


@pytest.mark.parametrize(
    "noise", ["mila ", "1.000", "due ", "Monday ", "12:30 ", "A. ", "x@y", "{{", "[ab", "e mezza "]
)
def test_pasted_noise_is_read_in_bounds(noise: str) -> None:
    found = read(noise * (30_000 // len(noise)), HELD, "it")
    assert len(found.quantities) + len(found.days) + len(found.times) <= 120
