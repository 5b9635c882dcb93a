"""What each vendor's refusals look like on the wire: status, body and headers."""

from typing import Any

from aiohttp import web

# platform.md D.1
ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
# What OpenAI and DeepSeek put under `type` and `code` (platform.md D.2, D.3).
OPENAI_TYPES = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}
DEEPSEEK_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "unknown_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    503: "service_unavailable_error",
}
# googleapis' canonical codes, and the reasons of the calendar and Gmail error pages.
GOOGLE_STATUS = {
    400: ("INVALID_ARGUMENT", "badRequest"),
    401: ("UNAUTHENTICATED", "authError"),
    403: ("PERMISSION_DENIED", "insufficientPermissions"),
    404: ("NOT_FOUND", "notFound"),
    409: ("ALREADY_EXISTS", "duplicate"),
    429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
    500: ("INTERNAL", "backendError"),
    503: ("UNAVAILABLE", "backendError"),
}
# Under which header the model vendors name a request.
REQUEST_IDS = {
    "anthropic": "request-id",
    "openai": "x-request-id",
    "deepseek": "x-ds-trace-id",
}


def error_response(
    vendor: str, status: int, code: str | None = None, retry_after: float | None = None
) -> web.Response:
    """A failure in the vendor's own shape; `retry_after` in seconds."""
    response = web.json_response(error_body(vendor, status, code), status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = f"{retry_after:g}"
    if vendor in REQUEST_IDS:
        response.headers[REQUEST_IDS[vendor]] = "req_sandbox_fault"
    return response


def error_body(vendor: str, status: int, code: str | None, message: str = "") -> dict[str, Any]:
    """The body of a refusal; Fathom's is not documented and deliberately plain."""
    message = message or f"The sandbox was told to answer {status}."
    if vendor == "anthropic":
        kind = code or ANTHROPIC_TYPES.get(status, "api_error")
        return {
            "type": "error",
            "error": {"type": kind, "message": message},
            "request_id": "req_sandbox_fault",
        }
    if vendor in ("openai", "deepseek"):
        return {"error": {"message": message, "param": None, **_chat_error(vendor, status, code)}}
    if vendor == "crono":
        errors = [{"code": code or "GenericError", "message": message}]
        return {"data": None, "isSuccess": False, "errors": errors}
    if vendor in ("gmail", "calendar"):
        return google_error(status, code, message)
    if vendor == "google":
        return {"error": code or "server_error", "error_description": message}
    if vendor == "slack":
        return {"ok": False, "error": code or ("ratelimited" if status == 429 else "fatal_error")}
    return {"error": message}


def _chat_error(vendor: str, status: int, code: str | None) -> dict[str, str | None]:
    if vendor == "deepseek":
        kind = DEEPSEEK_TYPES.get(status, "api_error")
        return {"type": kind, "code": code or "invalid_request_error"}
    kind, usual = OPENAI_TYPES.get(status, ("server_error", None))
    # An account without money is told by a 429 whose type and code are the same word.
    return {
        "type": "insufficient_quota" if code == "insufficient_quota" else kind,
        "code": code or usual,
    }


def google_error(status: int, reason: str | None, message: str) -> dict[str, Any]:
    """The error body of Gmail and Calendar (developers.google.com/calendar/api/guides/errors)."""
    canonical, usual = GOOGLE_STATUS.get(status, ("UNKNOWN", "backendError"))
    item = {"message": message, "domain": "global", "reason": reason or usual}
    return {"error": {"code": status, "message": message, "errors": [item], "status": canonical}}
