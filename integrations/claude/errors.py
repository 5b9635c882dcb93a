"""The model's failures as ours: the SDK's exceptions by status, and how an answer ended."""

import anthropic

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)
from integrations.http import USUAL_WAIT, retry_after

VENDOR = "claude"
NO_ANSWER = 0
REFUSALS = {402: "billing", 404: "not_found", 413: "too_long"}
# A cap somebody has to raise: waiting does not help (details.error_code on a 429).
SPENT = frozenset(
    {
        "enforced_spend_limit_reached",
        "contract_spend_limit_reached",
        "linked_organization_spend_limit_reached",
        "organization_on_hold",
    }
)
# stop_reason of an answer that is not whole
CUT_SHORT = {
    "refusal": "refusal",
    "max_tokens": "truncated",
    "model_context_window_exceeded": "too_long",
}


def failure(error: anthropic.APIError) -> IntegrationError:
    """Which of our four the SDK's exception is."""
    if isinstance(error, anthropic.APIStatusError):
        return _by_status(error, f"{error.status_code} {error.type or ''} {error.request_id or ''}")
    cause = type(error.__cause__ or error).__name__
    return Unreachable(VENDOR, cause)


def status_of(error: anthropic.APIError) -> int:
    """The HTTP status behind the exception, 0 when there was no answer."""
    return error.status_code if isinstance(error, anthropic.APIStatusError) else NO_ANSWER


def _by_status(error: anthropic.APIStatusError, detail: str) -> IntegrationError:
    status = error.status_code
    if status in (401, 403):
        return AuthExpired(VENDOR, detail)
    if status == 429 and error.error_code in SPENT:
        return RefusedByVendor(VENDOR, "spend_limit", f"{detail} {error.error_code}")
    if status == 429:
        return RateLimited(VENDOR, retry_after(error.response.headers) or USUAL_WAIT, detail)
    if status in (408, 409) or status >= 500:
        return Unreachable(VENDOR, detail)
    if status == 400 and "too long" in (error.api_message or ""):
        # The only sign of it: the type is invalid_request_error like any other 400.
        return RefusedByVendor(VENDOR, "too_long", detail)
    return RefusedByVendor(VENDOR, REFUSALS.get(status, error.type or str(status)), detail)
