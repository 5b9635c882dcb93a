"""Failures of Auth's admin API and of PostgREST as ours: by status, with their own code."""

import httpx
import orjson

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import USUAL_WAIT, retry_after
from integrations.json_fields import record, text

VENDOR = "supabase"
LONGEST_DETAIL = 200
KEY_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
# PostgreSQL's "permission denied": a missing GRANT, which no other key would cure (contract B.5).
NOT_GRANTED = "42501"


def check(response: httpx.Response) -> None:
    """Raise one of ours unless the answer is a success."""
    status = response.status_code
    if response.is_success:
        return
    code, detail = _told(response)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise RateLimited(VENDOR, retry_after(response.headers) or USUAL_WAIT, code)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Unreachable(VENDOR, f"{status} {code}")
    if status in KEY_REFUSED and code != NOT_GRANTED:
        raise AuthExpired(VENDOR, f"{status} {code}")
    raise RefusedByVendor(VENDOR, code or str(status), detail)


def _told(response: httpx.Response) -> tuple[str, str]:
    """The code, of Auth or PostgREST, and the sentence beside it; a gateway's page tells none."""
    try:
        body = record(orjson.loads(response.content))
    except orjson.JSONDecodeError:
        return "", ""
    code = response.headers.get("x-sb-error-code") or text(body, "error_code", "code")
    return code, text(body, "msg", "message")[:LONGEST_DETAIL]
