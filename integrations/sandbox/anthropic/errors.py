"""What Anthropic's refusals look like (platform contract D.1)."""

from integrations.sandbox.kit.plugin import Json

TYPES = {
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


def error_body(status: int, code: str | None, message: str) -> Json:
    """The body of a refusal; its caller puts the true request id in."""
    kind = code or TYPES.get(status, "api_error")
    return {
        "type": "error",
        "error": {"type": kind, "message": message},
        "request_id": "req_sandbox_fault",
    }
