"""What OpenAI's refusals look like (platform contract D.2)."""

from integrations.sandbox.kit.plugin import Json

# What stands under `type` and `code`.
TYPES = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


def error_body(status: int, code: str | None, message: str) -> Json:
    """The body of a refusal."""
    kind, usual = TYPES.get(status, ("server_error", None))
    # An account without money is told by a 429 whose type and code are the same word.
    kind = "insufficient_quota" if code == "insufficient_quota" else kind
    error = {"message": message, "param": None, "type": kind, "code": code or usual}
    return {"error": error}
