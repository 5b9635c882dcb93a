"""Failures that only HTTP knows, and the response that any failure of the API becomes."""

import secrets
from collections.abc import Mapping

from aiohttp import web

from views.api.kit.errors import error_json

NOTHING: Mapping[str, str] = {}
REQUEST_ID = "X-Request-Id"
# Answers are somebody's data, and no browser shall guess at what they are.
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Problem(Exception):
    """Raised by a handler to end the request with this status, code and sentence."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] = NOTHING,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.headers = headers

    def response(self, reference: str = "") -> web.Response:
        """The JSON answer; `reference` is the id by which the log knows it."""
        return web.Response(
            status=self.status,
            body=error_json(self.status, self.code, self.message, self.param),
            content_type="application/json",
            headers={
                **HEADERS,
                REQUEST_ID: reference or secrets.token_hex(8),
                **self.headers,
            },
        )
