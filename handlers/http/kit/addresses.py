"""Which addresses programs use, and what may never stand in one: a key."""

import re
from urllib.parse import unquote

from aiohttp import web

from handlers.http.kit.problems import Problem

FOR_PROGRAMS = ("/api/", "/v1/", "/core/v1/", "/.well-known/")
# The names under which people put keys into addresses.
KEY_NAMES = frozenset(
    {"license_key", "licence_key", "api_key", "apikey", "admin_key", "key", "token"}
    | {"x-license-key", "x-admin-key", "authorization", "access_token"}
)
LOOKS_LIKE_A_KEY = re.compile(r"\b(?:cha-[0-9a-z]{4}|adm_[\w-]{20}|sk-[\w-]{8})", re.IGNORECASE)
KEY_IN_ADDRESS = (
    "A key never belongs into an address, where every log on the way keeps it: "
    "send it in a header, and replace this one."
)


def is_for_programs(path: str) -> bool:
    """Whether failures at this path are told as JSON."""
    return path in ("/", "/api", "/v1") or path.startswith(FOR_PROGRAMS)


def refuse_keys(request: web.Request) -> None:
    """Raises Problem for an address that carries a key, or what PostgreSQL cannot keep."""
    raw = request.raw_path
    # Validation is asked for often, and its address is plain.
    if "?" not in raw and "%" not in raw and "-" not in raw and "_" not in raw:
        return
    plain = unquote(raw)
    if LOOKS_LIKE_A_KEY.search(plain) or any(name.lower() in KEY_NAMES for name in request.query):
        raise Problem(400, "key_in_url", KEY_IN_ADDRESS)
    if "\0" in plain:
        raise Problem(400, "bad_request", "An address cannot hold a NUL character. Leave it out.")
