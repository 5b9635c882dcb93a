"""Google's failures as ours: one table for its APIs, one for its sign-in."""

import requests
from googleapiclient.errors import HttpError
from oauthlib.oauth2 import OAuth2Error

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)
from integrations.http import USUAL_WAIT, retry_after
from integrations.json_fields import document, record, records, text

VENDOR = "google"
# developers.google.com/calendar/api/guides/errors: over the limit is a 403 as often as a 429.
TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"})
# RFC 6749 §5.2 and google-auth's list of what a token endpoint says while it has trouble.
PASSING = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})
NOT_FOUND = "notFound"
DEAD_GRANTS = frozenset({"invalid_grant"})


def failure(error: HttpError) -> IntegrationError:
    """Which of our four an API's refusal is."""
    status = int(error.resp.status)
    reason = _reason(error.content)
    detail = f"{status} {reason}".strip()
    if status == 401:
        return AuthExpired(VENDOR, detail)
    if status == 429 or (status == 403 and reason in TOO_FAST):
        return RateLimited(VENDOR, retry_after(error.resp) or USUAL_WAIT, detail)
    if status == 408 or status >= 500:
        return Unreachable(VENDOR, detail)
    if status == 404:
        return RefusedByVendor(VENDOR, NOT_FOUND, detail)
    return RefusedByVendor(VENDOR, reason or str(status), detail)


def sign_in_failure(error: OAuth2Error) -> IntegrationError:
    """Which of our four the token endpoint's `error` is; its description is dropped."""
    code = str(error.error or "malformed")
    if code in DEAD_GRANTS:
        return AuthExpired(VENDOR, code)
    if code in PASSING:
        return Unreachable(VENDOR, code)
    return RefusedByVendor(VENDOR, code)


def no_answer(error: requests.RequestException) -> Unreachable:
    """A connection that failed; its text can hold whole URLs, only its kind is kept."""
    return Unreachable(VENDOR, type(error).__name__)


def _reason(content: bytes) -> str:
    try:
        error = record(document(VENDOR, content).get("error"))
    except IntegrationError:
        return ""
    first = next(iter(records(error.get("errors"))), {})
    return text(first, "reason") or text(error, "status")
