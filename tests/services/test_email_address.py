"""E-mail addresses: one rule for what people type and for what goes over the wire."""

import pytest

from services.email_address import (
    MAX_EMAIL,
    NO_DOMAIN,
    NOT_AN_ADDRESS,
    UNSENDABLE,
    is_address,
    mailbox_identity,
    wire_address,
)
from services.errors import Invalid
from services.phrases import Phrase


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("Ann.B+c@Acme.Example", "Ann.B+c@acme.example"),
        ("ann@müller.example", "ann@xn--mller-kva.example"),
        ("rhea@i❤.ws", "rhea@xn--i-7iq.ws"),
        ("ann@xn--mller-kva.example", "ann@xn--mller-kva.example"),
    ],
)
def test_an_address_goes_over_the_wire_in_ascii(typed: str, wire: str) -> None:
    assert is_address(typed)
    assert wire_address(typed) == wire


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("jörg@acme.example", UNSENDABLE),
        ("ann@-ü.example", NO_DOMAIN),
        ("ann@acme_shop.example", NO_DOMAIN),
        ("a" * 65 + "@acme.example", NOT_AN_ADDRESS),
        ("a@" + "ü" * 60 + "." + "b" * 63 + ".example", NO_DOMAIN),
        *((typed, NOT_AN_ADDRESS) for typed in ("", "ann", "ann@", "@acme.example", "a@b")),
        *((typed, NOT_AN_ADDRESS) for typed in ("a..b@acme.example", "a@b@acme.example")),
        ("ann@acme.example\r\nBcc: all@acme.example", NOT_AN_ADDRESS),
        ("Ann <ann@acme.example>", NOT_AN_ADDRESS),
        ("ä" * MAX_EMAIL + "@acme.example", NOT_AN_ADDRESS),
    ],
)
def test_what_cannot_be_sent_to_says_why(typed: str, why: Phrase) -> None:
    with pytest.raises(Invalid) as told:
        wire_address(typed, field="to")
    assert (told.value.phrase, told.value.field) == (why, "to")


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ann.B+news@Acme.Example", "ann.b@acme.example"),
        ("a.b+1@gmail.com", "ab@gmail.com"),
        (" AB@GoogleMail.com ", "ab@gmail.com"),
        ("a.b@notgmail.com", "a.b@notgmail.com"),
        ("ann+a+b@müller.example", "ann@xn--mller-kva.example"),
        # Nothing would be left of it: this is its name.
        ("+1@acme.example", "+1@acme.example"),
    ],
)
def test_spellings_of_one_mailbox_are_one_text(address: str, mailbox: str) -> None:
    assert mailbox_identity(address) == mailbox


def test_what_is_no_address_is_no_mailbox() -> None:
    with pytest.raises(Invalid):
        mailbox_identity("ann")
