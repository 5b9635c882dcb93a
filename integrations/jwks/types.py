"""What a verified token says, and how one fails."""

from dataclasses import dataclass
from datetime import datetime

from integrations.errors import IntegrationError


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens are accepted: `iss` and `aud` as they must stand in them, and their keys.

    `secret` verifies HS256, for issuers that still sign with a shared one; "" accepts none.
    """

    name: str
    issuer: str
    audience: str
    keys_path: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says whose signature, issuer, audience and times are right."""

    subject: str
    email: str
    role: str
    expires_at: datetime


class TokenRefused(IntegrationError):
    """The token is none of the issuer's, or not any more.

    `code` is `malformed`, `algorithm`, `unknown_key`, `signature`, `expired`, `not_yet` or
    `claims`: for our log and tests; whoever sent it learns of `expired` only.
    """

    def __init__(self, vendor: str, code: str) -> None:
        super().__init__(vendor, code)
        self.args = (vendor, code)
        self.code = code
