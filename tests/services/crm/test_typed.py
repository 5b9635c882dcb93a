"""What is typed after the command is understood where it is plain, and kept where it is not."""

from datetime import date, time

import pytest

from services.crm.typed import TypedTask, read_typed

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (
            ["ada@acme.com", "Call", "tomorrow", "10:00", "about the offer"],
            TypedTask("ada@acme.com", "call", date(2026, 11, 28), time(10), "about the offer"),
        ),
        (
            ["Call", "Ada", "about", "prices", "monday", "at", "3pm"],
            TypedTask("", "call", date(2026, 11, 30), time(15), "Call Ada about prices"),
        ),
        (
            ["chiamata", "domani", "alle", "10.30"],
            TypedTask("", "call", date(2026, 11, 28), time(10, 30), ""),
        ),
        (["venerdì", "Offerta"], TypedTask("", None, date(2026, 12, 4), None, "Offerta")),
        (["3.12.", "12am"], TypedTask("", None, date(2026, 12, 3), time(0), "")),
        (["2026-12-24"], TypedTask("", None, date(2026, 12, 24), None, "")),
        (["1.2."], TypedTask("", None, date(2027, 2, 1), None, "")),
        # Neither days nor times: they stay in the subject.
        (["31.2.", "25:00", "12", "3/4"], TypedTask(subject="31.2. 25:00 12 3/4")),
        ([], TypedTask()),
    ],
)
def test_words_become_a_task(words: list[str], read: TypedTask) -> None:
    assert read_typed(words, FRIDAY) == read
