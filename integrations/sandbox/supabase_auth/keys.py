"""Keys of a Supabase project: the two that clients send, and the pair that signs access tokens."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from integrations.sandbox.supabase_auth.errors import AuthError, GatewayError

PUBLISHABLE = "sb_publishable_sandbox0123456789abcdefghij_KLMNOPQR"
SECRET = "sb_secret_sandbox0123456789abcdefghijklm_NOPQRSTU"  # noqa: S105 — of a project that only exists here
ANON, USER, SERVICE = "anon", "authenticated", "service_role"
ROLES = {PUBLISHABLE: ANON, SECRET: SERVICE}
NO_KEY = ("No API key found in request", "No `apikey` request header or url param was found.")
BAD_KEY = ("Invalid API key", "Double check your Supabase `anon` or `service_role` API key.")
IN_A_BROWSER = ("Forbidden use of secret API key in browser", "Secret API keys are for servers.")
BROWSER = re.compile(r"Mozilla|Chrome|Safari|AppleWebKit", re.IGNORECASE)
BEARER = re.compile(r"^(?:B|b)earer (\S+$)")
NO_BEARER = "This endpoint requires a valid Bearer token"
HALF = 32  # bytes of one number of an ES256 signature (RFC 7518, 3.4)


def role_of_key(request: web.Request) -> str:
    """Whose key the request carries: anon or service_role. GatewayError without a right one."""
    key = request.headers.get("apikey") or request.query.get("apikey", "")
    if not key:
        raise GatewayError(401, *NO_KEY)
    role = next((role for one, role in ROLES.items() if hmac.compare_digest(one, key)), "")
    if not role:
        raise GatewayError(401, *BAD_KEY)
    if role == SERVICE and BROWSER.search(request.headers.get("User-Agent", "")):
        raise GatewayError(401, *IN_A_BROWSER)
    return role


def bearer(request: web.Request) -> str:
    """The bearer that is no copy of the project's key. AuthError 401 without one."""
    found = BEARER.match(request.headers.get("Authorization", ""))
    if not found or found[1] == request.headers.get("apikey"):
        raise AuthError(401, "no_authorization", NO_BEARER)
    return found[1]


class Signer:
    """Signs and checks access tokens with one ES256 key, which JWKS publishes."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_numbers()
        self._point = {"x": _number(point.x), "y": _number(point.y)}
        thumbprint = json.dumps({"crv": "P-256", "kty": "EC", **self._point}, separators=(",", ":"))
        self.kid = encoded(hashlib.sha256(thumbprint.encode()).digest())

    def jwks(self) -> Mapping[str, Any]:
        """The public key set (RFC 7517)."""
        key = {"alg": "ES256", "crv": "P-256", "ext": True, "key_ops": ["verify"]}
        return {"keys": [{**key, "kid": self.kid, "kty": "EC", "use": "sig", **self._point}]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWT."""
        head = {"alg": "ES256", "kid": self.kid, "typ": "JWT"}
        signed = f"{_part(head)}.{_part(claims)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{encoded(r.to_bytes(HALF) + s.to_bytes(HALF))}"

    def claims(self, token: str) -> Mapping[str, Any]:
        """What the token says, if we signed it and its time has not passed. AuthError bad_jwt."""
        try:
            head, body, signature = token.split(".")
            raw = decoded(signature)
            pair = encode_dss_signature(int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))
            public, signed = self._key.public_key(), f"{head}.{body}".encode()
            public.verify(pair, signed, ec.ECDSA(SHA256()))
            claims: Mapping[str, Any] = json.loads(decoded(body))
        except (ValueError, InvalidSignature) as error:
            raise _bad("signature is invalid") from error
        if claims["exp"] <= time.time():
            raise _bad("token has invalid claims: token is expired")
        return claims


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes again. ValueError for what is no base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _bad(why: str) -> AuthError:
    said = f"invalid JWT: unable to parse or verify signature, {why}"
    return AuthError(403, "bad_jwt", said)


def _number(value: int) -> str:
    return encoded(value.to_bytes(HALF))


def _part(claims: Mapping[str, Any]) -> str:
    return encoded(json.dumps(claims, separators=(",", ":")).encode())
