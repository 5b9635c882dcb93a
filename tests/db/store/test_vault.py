"""Secrets: sealed for one place, opened only there, and never quoted in an error."""

import base64
import secrets

import pytest

from db.store.vault import NotGenuine, UnknownKey, Vault, VaultError, identity, parse_keys

OLD, NEW = secrets.token_bytes(32), secrets.token_bytes(32)
PLACE = {"table": "connections", "column": "secret", "row_id": "7"}
WORDS = "xoxb-è-segreto"


def test_a_secret_comes_back_and_is_never_sealed_alike_twice() -> None:
    vault = Vault({"a": OLD})
    first, second = vault.seal(WORDS, **PLACE), vault.seal(WORDS, **PLACE)
    assert vault.open(first, **PLACE) == vault.open(second, **PLACE) == WORDS
    assert first != second
    assert WORDS.encode() not in first


@pytest.mark.parametrize("part", ["table", "column", "row_id"])
def test_a_secret_moved_elsewhere_does_not_open(part: str) -> None:
    vault = Vault({"a": OLD})
    sealed = vault.seal(WORDS, **PLACE)
    with pytest.raises(NotGenuine, match="another place"):
        vault.open(sealed, **PLACE | {part: "other"})


def test_every_altered_byte_is_noticed_and_nothing_is_quoted() -> None:
    vault = Vault({"a": OLD})
    sealed = vault.seal(WORDS, **PLACE)
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises((NotGenuine, UnknownKey)) as caught:
            vault.open(bytes(altered), **PLACE)
        assert WORDS not in str(caught.value)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 20, 62, 75, 80])
def test_a_truncated_secret_is_an_error_of_ours(length: int) -> None:
    vault = Vault({"a": OLD})
    with pytest.raises(NotGenuine):
        vault.open(bytes(vault.seal(WORDS, **PLACE))[:length], **PLACE)


def test_an_unknown_key_is_named() -> None:
    sealed = Vault({"old": OLD}).seal(WORDS, **PLACE)
    with pytest.raises(UnknownKey, match="“old”"):
        Vault({"new": NEW}).open(sealed, **PLACE)


def test_the_right_id_with_the_wrong_key_does_not_open() -> None:
    sealed = Vault({"a": OLD}).seal(WORDS, **PLACE)
    with pytest.raises(NotGenuine):
        Vault({"a": NEW}).open(sealed, **PLACE)


def test_rewrapping_moves_a_secret_to_the_first_key_once() -> None:
    sealed = Vault({"old": OLD}).seal(WORDS, **PLACE)
    both = Vault({"new": NEW, "old": OLD})
    rewrapped = both.rewrap(sealed, **PLACE)
    assert rewrapped is not None
    assert both.rewrap(rewrapped, **PLACE) is None
    assert Vault({"new": NEW}).open(rewrapped, **PLACE) == WORDS


def test_a_row_is_told_apart_by_all_parts_of_its_key() -> None:
    assert identity(["a", "b:c"]) != identity(["a:b", "c"])
    assert identity(["a%3A", "b"]) != identity(["a:", "b"])
    assert identity(["", "T1"]) == ":T1"
    with pytest.raises(VaultError, match="primary key"):
        identity(["T1", None])


def test_keys_are_read_in_order() -> None:
    text = f"new:{base64.b64encode(NEW).decode()}, old:{base64.b64encode(OLD).decode()}"
    assert list(parse_keys(text).items()) == [("new", NEW), ("old", OLD)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no encryption key"),
        ("AAAA", "is not base64 of 32 bytes"),
        ("a:c2hvcnQ=", "is not base64 of 32 bytes"),
        ("a b:AAAA", "needs an id"),
        pytest.param(
            f"a:{base64.b64encode(OLD).decode()},a:{base64.b64encode(NEW).decode()}",
            "twice",
            id="twice",
        ),
    ],
)
def test_a_malformed_key_is_refused_without_being_quoted(text: str, complaint: str) -> None:
    with pytest.raises(VaultError, match=complaint) as caught:
        parse_keys(text)
    assert "c2hvcnQ" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_nothing_about_a_secret_or_a_key_shows_in_a_repr() -> None:
    vault = Vault({"a": OLD})
    sealed = vault.seal(WORDS, **PLACE)
    assert repr(sealed) == "<sealed for connections.secret of row 7>"
    assert OLD.hex() not in repr(vault)
