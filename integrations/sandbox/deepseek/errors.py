"""What DeepSeek's refusals look like (platform contract D.3)."""

from integrations.sandbox.kit.plugin import Json

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "unknown_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    503: "service_unavailable_error",
}


def error_body(status: int, code: str | None, message: str) -> Json:
    """The body of a refusal."""
    kind = TYPES.get(status, "api_error")
    error = {
        "message": message,
        "param": None,
        "type": kind,
        "code": code or "invalid_request_error",
    }
    return {"error": error}
