"""What OpenRouter refuses of a body before anything happens (contract A.2)."""

import re
from collections.abc import Mapping
from typing import Any

from integrations.sandbox.openrouter.errors import Refused

CREATE = frozenset(
    {"name", "limit", "limit_reset", "include_byok_in_limit", "expires_at"}
    | {"creator_user_id", "workspace_id", "external"}
)
UPDATE = frozenset({"name", "disabled", "limit", "limit_reset"}) | {
    "include_byok_in_limit",
    "workspace_id",
}
RESETS = ("daily", "weekly", "monthly", None)
# Minute precision and other zones are rejected.
UTC_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)")


def check_new(body: Mapping[str, Any]) -> None:
    """Raises Refused for the first thing that is wrong with a key to be made."""
    _known(body, CREATE)
    if "name" not in body:
        raise Refused(400, "name: Required")
    _check(body)


def check_change(body: Mapping[str, Any]) -> None:
    """Raises Refused for the first thing that is wrong with a change."""
    _known(body, UPDATE)
    if "disabled" in body and not isinstance(body["disabled"], bool):
        raise Refused(400, "disabled: Expected boolean")
    _check(body)


def _known(body: Mapping[str, Any], names: frozenset[str]) -> None:
    unknown = sorted(set(body) - names)
    if unknown:
        raise Refused(400, f"Unrecognized key: {unknown[0]}")


def _check(body: Mapping[str, Any]) -> None:
    name, limit = body.get("name", "x"), body.get("limit")
    if not isinstance(name, str) or not name:
        raise Refused(400, "name: String must contain at least 1 character(s)")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int | float)):
        raise Refused(400, "limit: Expected number")
    if limit is not None and limit < 0:
        raise Refused(400, "limit: Number must be greater than or equal to 0")
    if body.get("limit_reset") not in RESETS:
        raise Refused(400, "limit_reset: Invalid enum value")
    if not isinstance(body.get("include_byok_in_limit", False), bool):
        raise Refused(400, "include_byok_in_limit: Expected boolean")
    expires = body.get("expires_at")
    if expires is not None and not UTC_TIME.fullmatch(str(expires)):
        raise Refused(400, "expires_at: Invalid datetime, UTC with seconds expected")
