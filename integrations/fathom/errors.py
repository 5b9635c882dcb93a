"""Fathom's failures as ours. Its error bodies are not documented: only the status counts."""

import httpx

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import USUAL_WAIT, retry_after

VENDOR = "fathom"
REFUSALS = {400: "bad_request", 403: "forbidden", 404: "not_found", 422: "bad_request"}


def check(response: httpx.Response) -> None:
    """Raise one of our four unless the answer is a success."""
    status = response.status_code
    if response.is_success:
        return
    if status == httpx.codes.UNAUTHORIZED:
        raise AuthExpired(VENDOR, "401")
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise RateLimited(VENDOR, retry_after(response.headers) or USUAL_WAIT)
    if status == httpx.codes.REQUEST_TIMEOUT or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Unreachable(VENDOR, str(status))
    raise RefusedByVendor(VENDOR, REFUSALS.get(status, str(status)))
