"""Licenses: the secrets behind their keys and receipts, and the admin API's key."""

import base64
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.kept import SECRET_BYTES
from bot.settings.rules import LEAST_SECRET, NOTHING, SettingRule, at_least, repeated

CURE = "make one with: openssl rand -base64 32"


def read_seeds(text: str) -> tuple[bytes, ...]:
    """Ed25519 seeds from base64, newest first, by commas; raises ValueError without the text."""
    return tuple(_seed(part) for part in filter(None, map(str.strip, text.split(","))))


def _seed(part: str) -> bytes:
    try:
        seed = base64.b64decode(part, validate=True)
    except ValueError:
        seed = b""
    if len(seed) != SECRET_BYTES:
        # `from None`: the decoder's own message could quote the key.
        raise ValueError(f"cannot be read as base64 of {SECRET_BYTES} bytes") from None
    return seed


def _signing_seeds(value: str) -> str:
    try:
        return repeated(*read_seeds(value))
    except ValueError as error:
        return str(error)


class LicensingSettings(BaseModel):
    """None of them is a vendor's: they are ours alone."""

    admin_api_key: Annotated[
        SecretStr, SettingRule(at_least(LEAST_SECRET), "make one with: openssl rand -hex 32")
    ] = Field(
        NOTHING,
        description="X-Admin-Key beside those of `python -m bot admin-key`: openssl rand -hex 32",
    )
    license_pepper: Annotated[SecretStr, SettingRule(at_least(LEAST_SECRET), CURE)] = Field(
        NOTHING,
        description="Behind the digests of license keys, never changed: openssl rand -base64 32",
    )
    license_signing_key: Annotated[SecretStr, SettingRule(_signing_seeds, CURE)] = Field(
        NOTHING,
        description="Signs license receipts, newest first, by commas: openssl rand -base64 32",
    )
