"""Text in Slack: nothing in a name or title can become markup, nothing long is lost."""

import pytest

from views.kit.text import escape, fit, link, name, pieces

PARAGRAPHS = "\n\n".join(f"Paragraph {n}: " + "word " * 60 for n in range(30)).strip()


@pytest.mark.parametrize(
    "nasty", ["<!channel>", "<@U123>", "a & b", "<https://x.example|click>", "*bold* _it_ `c` ~s~"]
)
def test_a_name_cannot_become_markup(nasty: str) -> None:
    shown = name(nasty)
    assert "<" not in shown
    assert not set("*_`~") & set(shown)


def test_a_name_of_another_direction_is_isolated() -> None:
    assert name("שרה כהן") == "\u2068שרה כהן\u2069"


def test_escape_is_slacks_own_three_characters() -> None:
    assert escape("<a> & b") == "&lt;a&gt; &amp; b"


def test_what_is_cut_shows_an_ellipsis() -> None:
    assert fit("x" * 300, 10) == "x" * 9 + "…"


def test_a_link_cannot_break_out_of_its_address() -> None:
    assert link("https://x.example/a|b>c", "<Open>") == (
        "<https://x.example/a%7Cb%3Ec|&lt;Open&gt;>"
    )


@pytest.mark.parametrize("text", [PARAGRAPHS, "a" * 9_000, "line\n" * 2_000, "", "short"])
def test_pieces_join_back_to_the_letter(text: str) -> None:
    cut = pieces(text, 2_500)
    assert "".join(piece + joint for piece, joint in cut) == text
    assert all(len(piece) <= 2_500 for piece, _ in cut)


def test_a_cut_falls_between_paragraphs_where_it_can() -> None:
    assert all(joint == "\n\n" for _, joint in pieces(PARAGRAPHS, 2_500)[:-1])
