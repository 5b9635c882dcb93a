"""The RS256 key that signs id_tokens, and the set in which Slack publishes it."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

EXPONENT, BITS = 65537, 2048


class IdTokenKey:
    """One key; made when it is first asked for, since that takes a moment."""

    def __init__(self) -> None:
        self._key: RSAPrivateKey | None = None

    def jwks(self) -> Mapping[str, Any]:
        """The public key set (RFC 7517)."""
        return {"keys": [{**self._public(), "alg": "RS256", "use": "sig", "kid": self._kid()}]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWT."""
        head = {"typ": "JWT", "alg": "RS256", "kid": self._kid()}
        signed = f"{_part(head)}.{_part(claims)}"
        return f"{signed}.{_encoded(self._private().sign(signed.encode(), PKCS1v15(), SHA256()))}"

    def _private(self) -> RSAPrivateKey:
        if self._key is None:
            self._key = generate_private_key(EXPONENT, BITS)
        return self._key

    def _public(self) -> Mapping[str, str]:
        numbers = self._private().public_key().public_numbers()
        return {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}

    def _kid(self) -> str:
        text = json.dumps(self._public(), separators=(",", ":"), sort_keys=True)
        return _encoded(hashlib.sha256(text.encode()).digest())


def _number(value: int) -> str:
    return _encoded(value.to_bytes((value.bit_length() + 7) // 8))


def _part(claims: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(claims, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
