"""What is read of requests and answers that pass: as Auth, written in Go, would read them."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import orjson

from services.users import SignedUp

LONGEST_REDIRECT = 2_000
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
# What a browser would run or read from the person's own machine.
BARRED = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "filesystem"})
OF_THE_WEB = ("http", "https")


def fields(body: bytes) -> Mapping[str, str]:
    """The texts of a JSON object by their names in lower case; {} for anything else.

    Go's reader takes names in any case, and of equal ones the last: a limit by address must count
    the address that Auth will take.
    """
    try:
        pairs = json.loads(body, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(pairs, _Pairs):
        return {}
    return {name.casefold(): value for name, value in pairs.items if isinstance(value, str)}


def is_redirect(address: str) -> bool:
    """Whether a link may lead there in the end: a web address, or an app's own scheme."""
    if not address.isprintable() or " " in address or len(address) > LONGEST_REDIRECT:
        return False
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    scheme = parts.scheme.lower()
    if scheme in OF_THE_WEB:
        return named and "@" not in parts.netloc
    return bool(SCHEME.fullmatch(scheme)) and scheme not in BARRED


def signed_up(body: bytes) -> SignedUp | None:
    """Who signed up or in, of a 200; None for Auth's fake user, or one without an address.

    Raises ValueError when it is no such answer. The rule is that of Supabase's own clients: a
    session has its user inside, a bare user without identities is nobody (contract B.4).
    """
    answer = orjson.loads(body)
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    user = answer.get("user") if "access_token" in answer else answer
    if not isinstance(user, dict):
        raise ValueError("no user")
    if "access_token" not in answer and user.get("identities") == []:
        return None
    email = user.get("email")
    if not isinstance(email, str) or not email:
        return None
    return SignedUp(str(UUID(user["id"])), email, _moment(user.get("email_confirmed_at")))


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    parsed = datetime.fromisoformat(value)
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


class _Pairs:
    """An object's fields in their order, equal names included."""

    __slots__ = ("items",)

    def __init__(self, items: list[tuple[str, object]]) -> None:
        self.items = items


def _pairs(items: list[tuple[str, object]]) -> _Pairs:
    return _Pairs(items)
