"""License keys are told from typing mistakes before anybody looks them up."""

import re

import pytest

from services.licensing.license_keys import canonical, digest, hint, new_key


def test_a_new_key_has_four_groups_of_eight_digits_and_reads_as_itself() -> None:
    for _ in range(200):
        key = new_key()
        assert re.fullmatch(r"CHA(-[0-9A-F]{8}){4}", key)
        assert canonical(key) == key
        assert canonical(f" {key.lower()}\n") == key


def test_no_two_keys_are_alike() -> None:
    assert len({new_key() for _ in range(2_000)}) == 2_000


def test_one_wrong_digit_or_two_swapped_ones_make_it_no_key() -> None:
    key = new_key()
    for place in range(4, len(key)):
        if key[place] == "-":
            continue
        wrong = "0" if key[place] != "0" else "1"
        assert canonical(key[:place] + wrong + key[place + 1 :]) == ""
        other = key[:place] + key[place : place + 2][::-1] + key[place + 2 :]
        assert canonical(other) in ("", key)


def test_an_older_key_of_four_character_groups_is_accepted() -> None:
    assert canonical("cha-ab12-cd34-ef56-gh78") == "CHA-AB12-CD34-EF56-GH78"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "CHA",
            "CHA-",
            "hello",
            "CHA-1234",
            "CHA-AB12-CD34\r\nX-Evil: 1",
            "CHA-ÄÄÄÄ-CD34-EF56",
        ),
        *("CHA-" + "A" * 10_000_000, "CHA-00000000-00000000-00000000-0000000"),
    ],
)
def test_what_cannot_be_a_key_is_empty(text: str) -> None:
    assert canonical(text) == ""


def test_a_digest_depends_on_pepper_and_key() -> None:
    key = new_key()
    assert digest(b"a", key) == digest(b"a", key)
    assert len({digest(b"a", key), digest(b"b", key), digest(b"a", new_key())}) == 3
    assert len(digest(b"a", key)) == 32
    assert key.endswith(hint(key))
    assert len(hint(key)) == 4
