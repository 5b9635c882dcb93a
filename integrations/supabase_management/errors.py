"""The Management API's failures as ours: by status; a refusal keeps the vendor's sentence."""

from datetime import timedelta

import httpx
import orjson

from integrations.databases import NeedsPerson
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import USUAL_WAIT, retry_after
from integrations.json_fields import one_line, record, text

VENDOR = "supabase"
LONGEST_SENTENCE = 400
NOT_FOUND = "404"
RESET = "x-ratelimit-reset"
# Of a window, so never more.
WINDOW = timedelta(minutes=3)


def check(response: httpx.Response) -> None:
    """Raise one of ours unless the answer is a success.

    NeedsPerson for every refusal but a missing project: an account, a cap or a bill is in the way.
    """
    status = response.status_code
    if response.is_success:
        return
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise RateLimited(VENDOR, _wait(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        raise Unreachable(VENDOR, str(status))
    if status == httpx.codes.UNAUTHORIZED:
        raise AuthExpired(VENDOR, str(status))
    if status == httpx.codes.NOT_FOUND:
        raise RefusedByVendor(VENDOR, NOT_FOUND)
    raise NeedsPerson(VENDOR, str(status), _sentence(response))


def _wait(response: httpx.Response) -> timedelta:
    """X-RateLimit-Reset is seconds that are left, no time of day (contract B.1)."""
    told = retry_after(response.headers)
    left = response.headers.get(RESET, "")
    if told is None and left.isdecimal():
        told = timedelta(seconds=int(left))
    return min(told or USUAL_WAIT, WINDOW)


def _sentence(response: httpx.Response) -> str:
    """Of the body `{"message": …}`, which the specification does not promise."""
    try:
        body = record(orjson.loads(response.content))
    except orjson.JSONDecodeError:
        body = {}
    told = body.get("message")
    words = " ".join(map(str, told)) if isinstance(told, list) else text(body, "message", "error")
    return one_line(words)[:LONGEST_SENTENCE] or f"HTTP {response.status_code}"
