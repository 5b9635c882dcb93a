"""Refusals of Supabase Auth in both of its shapes, and of the gateway before it (contract B.4)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from aiohttp import web

VERSION = "X-Supabase-Api-Version"
CODE = "x-sb-error-code"
# Since this day an error is `{code, message}`; before it, `{code, error_code, msg}`.
NEW_SHAPE = date(2024, 1, 1)
SERVER_FAULT = 500


class AuthError(Exception):
    """A refusal; `code` is Auth's own word, `reasons` those of a weak password."""

    def __init__(self, status: int, code: str, message: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.reasons = status, code, message, tuple(reasons)


class GatewayError(Exception):
    """What the gateway refuses before Auth or PostgREST hear of it."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.status, self.body = status, {"message": message, "hint": hint}


def refusal(error: AuthError, request: web.Request | None = None) -> web.Response:
    """The answer, in the shape of the version that the request names."""
    headers = {CODE: error.code}
    version = _version(request.headers.get(VERSION, "")) if request is not None else None
    if version is not None and version >= NEW_SHAPE:
        headers[VERSION] = NEW_SHAPE.isoformat()
        body: dict[str, Any] = {"code": error.code, "message": error.message}
        if error.reasons:
            # Of weak passwords the new shape has no such header.
            headers.pop(CODE)
    else:
        body = legacy_body(error.status, error.code, error.message)
    if error.reasons:
        body["weak_password"] = {"reasons": list(error.reasons)}
    return web.json_response(body, status=error.status, headers=headers)


def legacy_body(status: int, code: str, message: str) -> dict[str, Any]:
    """The body without a version header; failures of the server carry an id."""
    body: dict[str, Any] = {"code": status, "error_code": code, "msg": message}
    return body if status < SERVER_FAULT else {**body, "error_id": "sandbox"}


def gateway_refusal(error: GatewayError) -> web.Response:
    """The answer."""
    return web.json_response(error.body, status=error.status)


def _version(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
