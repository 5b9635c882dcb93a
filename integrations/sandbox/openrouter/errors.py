"""What OpenRouter's refusals look like (contract A.3)."""

from typing import Any

from aiohttp import web

Json = dict[str, Any]
TYPES = {
    400: "invalid_request",
    401: "authentication",
    402: "payment_required",
    403: "permission_denied",
    404: "not_found",
    413: "payload_too_large",
    422: "unprocessable",
    429: "rate_limit_exceeded",
    502: "provider_unavailable",
    503: "provider_overloaded",
}
# A 402 says which limit it was; the code of a planned fault chooses another.
LIMITS = {402: "openrouter_credits"}
SOURCES = frozenset({"openrouter_credits", "openrouter_key_limit", "openrouter_in_flight_budget"})
MASKED = "Internal Server Error"


def error_body(status: int, code: str | None, message: str) -> Json:
    """The body of a refusal; a 500 says nothing of itself."""
    metadata: Json = {"error_type": TYPES.get(status, "server")}
    source = code if code in SOURCES else LIMITS.get(status)
    if source:
        metadata |= {"limit_source": source, "reason": message, "remedy_hint": "Add credits."}
    told = MASKED if status == web.HTTPInternalServerError.status_code else message
    return {"error": {"code": status, "message": told, "metadata": metadata}}


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, message: str, *, retry_after: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self._retry_after = retry_after

    def response(self) -> web.Response:
        """The answer that tells of it."""
        wait = {"Retry-After": str(self._retry_after)} if self._retry_after else None
        body = error_body(self.status, None, str(self))
        return web.json_response(body, status=self.status, headers=wait)
