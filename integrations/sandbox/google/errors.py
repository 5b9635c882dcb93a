"""What the refusals of Gmail and Calendar look like, by googleapis' canonical codes."""

from integrations.sandbox.kit.plugin import Json

# The code, and the reason of the calendar and Gmail error pages.
STATUS = {
    400: ("INVALID_ARGUMENT", "badRequest"),
    401: ("UNAUTHENTICATED", "authError"),
    403: ("PERMISSION_DENIED", "insufficientPermissions"),
    404: ("NOT_FOUND", "notFound"),
    409: ("ALREADY_EXISTS", "duplicate"),
    429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
    500: ("INTERNAL", "backendError"),
    503: ("UNAVAILABLE", "backendError"),
}


def google_error(status: int, reason: str | None, message: str) -> Json:
    """The error body of Gmail and Calendar (developers.google.com/calendar/api/guides/errors)."""
    canonical, usual = STATUS.get(status, ("UNKNOWN", "backendError"))
    item = {"message": message, "domain": "global", "reason": reason or usual}
    return {"error": {"code": status, "message": message, "errors": [item], "status": canonical}}
