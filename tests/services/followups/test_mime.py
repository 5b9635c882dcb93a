"""A draft as an e-mail: the same words twice, and no way to smuggle a header or markup in."""

from email.policy import SMTP

import pytest

from services.errors import Invalid
from services.followups.drafts import Draft, Options
from services.followups.mime import Letters, Passage, Stamp, blocks

OPTIONS = Options(to=("ann@acme.example", "bob@acme.example"), cc=("cleo@acme.example",))


def letter(draft: Draft, signature: str = ""):  # type: ignore[no-untyped-def] # e-mail's own types
    """The draft as its message."""
    return Letters().message(draft, OPTIONS, Stamp("me@home.example", signature, "m" * 32))


def test_both_forms_say_the_same_and_are_signed() -> None:
    draft = Draft("Recap", "Hi Ann,\n\n- one\n- two <b>\n\nBest,\nMe")
    message = letter(draft, "Me\nHead of Sales")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    # The name below the closing is the signature's: it stands once.
    assert plain.get_content() == "Hi Ann,\n\n- one\n- two <b>\n\nBest,\n\nMe\nHead of Sales\n"
    assert "<li>two &lt;b&gt;</li>" in html.get_content()
    assert "Me<br>Head of Sales" in html.get_content()
    # By this mark Gmail knows that it need not add its own.
    marked = '<div class="gmail_signature" data-smartmail="gmail_signature">'
    assert html.get_content().count(marked) == 1
    assert html.get_content().count("Me") == 1


def test_recipients_stand_where_they_were_put() -> None:
    message = letter(Draft("Recap", "x"))
    assert message["To"] == "ann@acme.example, bob@acme.example"
    assert message["Cc"] == "cleo@acme.example"
    assert message["X-Seguito-Followup"] == "m" * 32


def test_nobody_to_write_to_leaves_the_field_out() -> None:
    message = Letters().message(Draft("s", "b"), Options(), Stamp("me@home.example", "", "x"))
    assert message["To"] is None


@pytest.mark.parametrize("subject", ["Emoji 🚀 – “quotes”", "שלום Ann", "x" * 250])
def test_any_subject_survives_the_wire(subject: str) -> None:
    assert str(letter(Draft(subject, "b"))["Subject"]) == subject
    assert letter(Draft(subject, "b")).as_bytes()


def test_no_line_of_a_body_is_longer_than_the_rule_allows() -> None:
    body = "Perché così è più facile, ann@acme.example = " * 120
    raw = letter(Draft("Recap", body), "Me").as_bytes(policy=SMTP)
    assert max(map(len, raw.split(b"\r\n"))) <= 76


def test_a_domain_beyond_ascii_goes_out_as_punycode() -> None:
    options = Options(to=("ann@müller.example",), cc=("bob@città.example",))
    message = Letters().message(Draft("s", "b"), options, Stamp("me@büro.example", "", "x"))
    raw = message.as_bytes(policy=SMTP)
    assert b"From: me@xn--bro-hoa.example" in raw
    assert b"To: ann@xn--mller-kva.example" in raw
    assert b"Cc: bob@xn--citt-3na.example" in raw


def test_an_address_that_cannot_be_sent_to_makes_no_message() -> None:
    with pytest.raises(Invalid, match="jörg@acme"):
        Letters().message(
            Draft("s", "b"),
            Options(to=("jörg@acme.example",)),
            Stamp("me@home.example", "", "x"),
        )


def test_paragraphs_and_lists_are_told_apart() -> None:
    assert blocks("Next steps:\n- one\n- two\n\nBye") == (
        Passage(lines=("Next steps:",)),
        Passage(items=("one", "two")),
        Passage(lines=("Bye",)),
    )
