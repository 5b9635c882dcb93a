"""A password as PostgreSQL keeps it (RFC 5802, 7677), so that it need not be told in clear."""

import hashlib
import hmac
import secrets
from base64 import b64encode

ROUNDS = 4096
SALT = 16


def scram_verifier(password: str) -> str:
    """SCRAM-SHA-256's verifier; for passwords in ASCII, which need no SASLprep."""
    salt = secrets.token_bytes(SALT)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ROUNDS)
    stored = hashlib.sha256(_keyed(salted, b"Client Key")).digest()
    server = _keyed(salted, b"Server Key")
    parts = (b64encode(one).decode() for one in (salt, stored, server))
    salt64, stored64, server64 = parts
    return f"SCRAM-SHA-256${ROUNDS}:{salt64}${stored64}:{server64}"


def _keyed(key: bytes, words: bytes) -> bytes:
    return hmac.new(key, words, hashlib.sha256).digest()
