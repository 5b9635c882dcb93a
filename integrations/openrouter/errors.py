"""OpenRouter's failures as ours: `metadata.limit_source` first, then the status."""

from datetime import timedelta

import httpx

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import retry_after
from integrations.json_fields import Record, document, record, text

VENDOR = "openrouter"
# When a 429 does not say how long: its limits are not published.
USUAL_WAIT = timedelta(seconds=5)
# What a 402 may mean (OpenRouter's page “Limits”; the specification does not know of it).
IN_FLIGHT = "openrouter_in_flight_budget"
KEY_LIMIT = "openrouter_key_limit"
NO_CREDITS = "openrouter_credits"
NOT_FOUND = "not_found"
PASSING = frozenset({httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_EARLY})


def answer(response: httpx.Response) -> Record:
    """The JSON object of a success; raises one of our four for everything else."""
    if response.is_success:
        return document(VENDOR, response.content)
    status, metadata = response.status_code, _metadata(response.content)
    source = text(metadata, "limit_source")
    detail = " ".join(filter(None, (str(status), source, text(metadata, "error_type"))))
    if status == httpx.codes.TOO_MANY_REQUESTS or source == IN_FLIGHT:
        raise RateLimited(VENDOR, retry_after(response.headers) or USUAL_WAIT, detail)
    if source:
        raise RefusedByVendor(VENDOR, source, detail)
    if status == httpx.codes.UNAUTHORIZED:
        raise AuthExpired(VENDOR, detail)
    if status == httpx.codes.PAYMENT_REQUIRED:
        raise RefusedByVendor(VENDOR, NO_CREDITS, detail)
    if status == httpx.codes.NOT_FOUND:
        raise RefusedByVendor(VENDOR, NOT_FOUND, detail)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status in PASSING:
        raise Unreachable(VENDOR, detail)
    raise RefusedByVendor(VENDOR, text(metadata, "error_type") or str(status), detail)


def _metadata(content: bytes) -> Record:
    try:
        error = record(document(VENDOR, content).get("error"))
    except (Unreachable, RefusedByVendor):
        return {}
    return record(error.get("metadata"))
