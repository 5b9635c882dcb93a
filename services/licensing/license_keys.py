"""License keys: how they are made, told from typing mistakes, and turned into digests.

A key is `CHA-` and four groups of eight upper-case hex digits: 15 random bytes and one that
checks them. Older keys, of four-character groups without a check, are accepted as well.
"""

import hmac
import re
import secrets
from functools import lru_cache

RANDOM_BYTES = 15
GROUP = 8
MAX_TYPED = 100
HINT = 4
KEY = re.compile(r"CHA(?:-[0-9A-F]{8}){4}")
OLDER_KEY = re.compile(r"CHA(?:-[0-9A-Z]{4}){3,8}")
# CRC-8 as in ATM cells (x⁸+x²+x+1): finds every wrong digit and every two swapped neighbours.
POLYNOMIAL = 0x107
BYTE_END = 0x100


def new_key() -> str:
    """A key nobody has, from 120 random bits."""
    return key_of(secrets.token_bytes(RANDOM_BYTES))


def key_of(body: bytes) -> str:
    """The key with these 15 bytes, which nobody must be able to guess."""
    digits = (body + bytes([_check(body)])).hex().upper()
    groups = (digits[start : start + GROUP] for start in range(0, len(digits), GROUP))
    return f"CHA-{'-'.join(groups)}"


def canonical(text: str) -> str:
    """The key as it was issued, however it was typed; "" when it cannot be one."""
    if len(text) > MAX_TYPED or not text.isascii():
        return ""
    key = "".join(text.split()).upper()
    if KEY.fullmatch(key):
        raw = bytes.fromhex(key[len("CHA-") :].replace("-", ""))
        return key if raw[-1] == _check(raw[:-1]) else ""
    return key if OLDER_KEY.fullmatch(key) else ""


def digest(pepper: bytes, key: str) -> bytes:
    """What is stored to find a key by: 32 bytes that say nothing without the pepper."""
    mac = _peppered(pepper).copy()
    mac.update(key.encode())
    return mac.digest()


def hint(key: str) -> str:
    """What people tell keys apart by: the last four characters."""
    return key[-HINT:]


@lru_cache(maxsize=1)
def _peppered(pepper: bytes) -> hmac.HMAC:
    """Copying it takes a third of the time of looking up the algorithm for every key."""
    return hmac.new(pepper, digestmod="sha256")


def _check(body: bytes) -> int:
    rest = 0
    for byte in body:
        rest ^= byte
        for _ in range(8):
            rest <<= 1
            if rest & BYTE_END:
                rest ^= POLYNOMIAL
    return rest
