"""What is written when the model is away: a letter one could send, without any Markdown."""

import pytest

from services.followups.plain_letter import first_name, plain_letter, plain_points

SUMMARY = """## Meeting Purpose

Kestrel renewal (internal)

## Key Takeaways

  - **Budget:** the board approved [£48,000](https://fathom.video/x?a=1&b=2)
    - *until* `June` \\_only\\_

---

### Topics ###

1. 2 * 3 = 6, and snake_case stays
> quoted
- [ ] Send the quote
-
"""
POINTS = """Key Takeaways:
- Budget: the board approved £48,000
- until June _only_

Topics:
- 2 * 3 = 6, and snake_case stays
quoted
- Send the quote"""


def test_markdown_becomes_points() -> None:
    assert plain_points(SUMMARY, leave_out="Kestrel renewal (internal)") == POINTS


def test_the_letter_greets_says_and_closes() -> None:
    draft = plain_letter(SUMMARY, title="Kestrel", names=("Dario Rossi",), language="en")
    assert draft.body.startswith("Hello Dario,\n\nThank you for your time.")
    assert draft.body.endswith("\n\nBest regards,")
    assert "Key Takeaways:\n- Budget: the board" in draft.body
    assert "Kestrel" not in draft.subject
    assert draft.summary in draft.body


@pytest.mark.parametrize(
    ("names", "hello"),
    [
        ((), "Buongiorno,"),
        (("Ada Bianchi",), "Buongiorno Ada,"),
        (("Ada Bianchi", "Bo Neri", "Cleo Po"), "Buongiorno Ada, Bo e Cleo,"),
        (("Ada", "Bo", "Cleo", "Dan"), "Buongiorno,"),
        (("Ada", ""), "Buongiorno,"),
        (("Speaker 2",), "Buongiorno,"),
    ],
)
def test_only_people_with_names_are_greeted(names: tuple[str, ...], hello: str) -> None:
    draft = plain_letter("- x", title="", names=names, language="it")
    assert draft.body.startswith(f"{hello}\n\ngrazie")


@pytest.mark.parametrize(
    "name", ["Speaker 2", "Unknown", "unknown speaker", "Guest", "Partecipante 1", "a@b.example"]
)
def test_a_placeholder_is_no_name(name: str) -> None:
    assert first_name(name) == ""
