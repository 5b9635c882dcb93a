"""Stripe's failures as ours (contract C.6)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import USUAL_WAIT, retry_after

VENDOR = "stripe"
MISSING = "resource_missing"
SERVER_FAULT = 500


@contextmanager
def told() -> Iterator[None]:
    """Whatever the library raises inside leaves as one of ours; a message of Stripe's is a detail.

    `code` of a RefusedByVendor is Stripe's code, or its kind where it names none:
    `resource_missing`, `card_declined`, `idempotency_error`, `invalid_request_error` …
    """
    try:
        yield
    except stripe.StripeError as error:
        raise _ours(error) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise Unreachable(VENDOR, "no JSON") from None


def _ours(error: stripe.StripeError) -> Exception:
    status, headers = error.http_status or 0, error.headers or {}
    detail = f"{status} {error.code or type(error).__name__} {error.request_id or ''}".strip()
    if isinstance(error, stripe.RateLimitError) or error.code == "lock_timeout":
        return RateLimited(VENDOR, retry_after(headers) or USUAL_WAIT, detail)
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return AuthExpired(VENDOR, detail)
    no_answer = isinstance(error, stripe.APIConnectionError) or not status
    if no_answer or status >= SERVER_FAULT or error.code == "idempotency_key_in_use":
        return Unreachable(VENDOR, detail)
    kind = error.error.type if error.error is not None else None
    return RefusedByVendor(VENDOR, str(error.code or kind or status), detail)
