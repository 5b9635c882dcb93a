"""Sealing of secrets: AES-256-GCM, one data key per secret, bound to the row it belongs to."""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class VaultError(Exception):
    """A secret cannot be sealed or opened; the text names keys and places, never contents."""


class UnknownKey(VaultError):
    """The secret was sealed under a key that this process was not given."""


class NotGenuine(VaultError):
    """The secret was altered, or belongs to another row, column or table."""


@dataclass(frozen=True, slots=True)
class SecretLocation:
    """Where a secret lives; a secret moved elsewhere no longer opens."""

    table: str
    column: str
    row_id: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of row {self.row_id}"

    def bound(self) -> bytes:
        """Unambiguous bytes of the place, authenticated together with the secret."""
        return json.dumps([self.table, self.column, self.row_id]).encode()


class Sealed(bytes):
    """A sealed secret; `place` is known when it was sealed here, None when read from a table."""

    place: SecretLocation | None = None

    def __repr__(self) -> str:
        return f"<sealed for {self.place or 'its row'}>"


def identity(values: Iterable[object]) -> str:
    """One unambiguous text for a row's primary key; raises VaultError while a part is missing."""
    parts = list(values)
    if not parts or any(part is None for part in parts):
        raise VaultError("a secret needs the primary key of its row before it can be sealed")
    return ":".join(str(part).replace("%", "%25").replace(":", "%3A") for part in parts)


def parse_keys(text: str) -> dict[str, bytes]:
    """Read `id:base64,older:base64`; the first key seals, all open. Raises VaultError."""
    keys: dict[str, bytes] = {}
    for number, entry in enumerate(filter(None, map(str.strip, text.split(","))), start=1):
        key_id, _, encoded = entry.partition(":")
        if not KEY_ID.fullmatch(key_id):
            raise VaultError(f"encryption key {number} needs an id of letters, digits, - or _")
        if key_id in keys:
            raise VaultError(f"encryption key id “{key_id}” is given twice")
        keys[key_id] = _decoded(key_id, encoded)
    if not keys:
        raise VaultError("no encryption key is given: write it as id:base64 of 32 random bytes")
    return keys


class Vault:
    """Seals texts under the first key and opens those of every key it was given."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise VaultError("the vault needs at least one key")
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise VaultError(f"every vault key has {KEY_BYTES} bytes")
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))

    @property
    def current_header(self) -> bytes:
        """The first bytes of every secret that needs no re-wrapping."""
        return _header(self._current)

    def seal(self, plain: str, *, table: str, column: str, row_id: str) -> Sealed:
        """Encrypt `plain` for one column of one row."""
        place = SecretLocation(table, column, row_id)
        data_key = secrets.token_bytes(KEY_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        body = AESGCM(data_key).encrypt(nonce, plain.encode(), VERSION + place.bound())
        sealed = Sealed(self._wrap(data_key, place) + nonce + body)
        sealed.place = place
        return sealed

    def open(self, blob: bytes, *, table: str, column: str, row_id: str) -> str:
        """The text back; raises UnknownKey, or NotGenuine when altered or from another place."""
        place = SecretLocation(table, column, row_id)
        data_key, rest = self._unwrap(blob, place)
        nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        try:
            return AESGCM(data_key).decrypt(nonce, body, VERSION + place.bound()).decode()
        except (InvalidTag, ValueError) as error:
            raise _not_genuine(place) from error

    def rewrap(self, blob: bytes, *, table: str, column: str, row_id: str) -> Sealed | None:
        """The same secret under the current key, or None when it already is."""
        if blob.startswith(self.current_header):
            return None
        place = SecretLocation(table, column, row_id)
        # Opened fully, so that a rotation also proves that every secret is still readable.
        self.open(blob, table=table, column=column, row_id=row_id)
        data_key, rest = self._unwrap(blob, place)
        sealed = Sealed(self._wrap(data_key, place) + rest)
        sealed.place = place
        return sealed

    def _wrap(self, data_key: bytes, place: SecretLocation) -> bytes:
        header = _header(self._current)
        nonce = secrets.token_bytes(NONCE_BYTES)
        key = self._keys[self._current]
        return header + nonce + key.encrypt(nonce, data_key, header + place.bound())

    def _unwrap(self, blob: bytes, place: SecretLocation) -> tuple[bytes, bytes]:
        key_id = _key_id(blob, place)
        if key_id not in self._keys:
            raise UnknownKey(f"{place} was sealed under key “{key_id}”, which is not configured")
        header = _header(key_id)
        wrapped = blob[len(header) : len(header) + WRAPPED_BYTES]
        nonce, body = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            data_key = self._keys[key_id].decrypt(nonce, body, header + place.bound())
        except (InvalidTag, ValueError) as error:
            raise _not_genuine(place) from error
        return data_key, blob[len(header) + WRAPPED_BYTES :]


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        # `from None`: the decoder's own message could quote the key.
        raise VaultError(f"encryption key “{key_id}” is not base64 of 32 bytes") from None
    return key


def _header(key_id: str) -> bytes:
    return VERSION + bytes([len(key_id)]) + key_id.encode()


def _key_id(blob: bytes, place: SecretLocation) -> str:
    length = blob[1] if len(blob) > 1 else 0
    key_id = blob[2 : 2 + length].decode("ascii", "replace")
    if blob[:1] != VERSION or not KEY_ID.fullmatch(key_id):
        raise NotGenuine(f"{place} does not hold a secret sealed by this vault")
    return key_id


def _not_genuine(place: SecretLocation) -> NotGenuine:
    return NotGenuine(f"{place} was altered, or was sealed for another place")
