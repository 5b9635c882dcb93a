"""HubSpot's failures as ours: the status decides, category and codes say why (contract §7)."""

from datetime import timedelta

import httpx

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)
from integrations.http import LONGEST_WAIT, retry_after
from integrations.json_fields import Record, document, record, records, text

VENDOR = "hubspot"
# No Retry-After comes with a 429 (contract §3).
ROLLING_WAIT = timedelta(seconds=10)
SEARCH_WAIT = timedelta(seconds=1)
LOCKED_WAIT = timedelta(seconds=2)
BEING_MOVED = 477


class RefusedByHubSpot(RefusedByVendor):
    """`code` is the error's own, else the category; `subject` is the property or scope it names."""

    def __init__(self, code: str, subject: str = "", detail: str = "") -> None:
        super().__init__(VENDOR, code, detail)
        self.args = (code, subject, detail)
        self.subject = subject


def check(response: httpx.Response) -> None:
    """Raise one of ours unless the answer is a success; 207 is one."""
    status = response.status_code
    if response.is_success:
        return
    body = _body(response.content)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise RateLimited(VENDOR, _wait(body), text(body, "policyName"))
    if status == BEING_MOVED:
        raise RateLimited(VENDOR, retry_after(response.headers) or LONGEST_WAIT, "being moved")
    if status == httpx.codes.LOCKED:
        raise RateLimited(VENDOR, LOCKED_WAIT, "locked")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        raise Unreachable(VENDOR, str(status))
    if status == httpx.codes.UNAUTHORIZED:
        raise AuthExpired(VENDOR, text(body, "category") or "401")
    raise _refusal(status, body)


def _refusal(status: int, body: Record) -> RefusedByHubSpot:
    errors = records(body.get("errors"))
    code = next((word for one in errors if (word := text(one, "code"))), "")
    context = {**record(body.get("context"))}
    for one in errors:
        context |= record(one.get("context"))
    subject = _first(context.get("propertyName")) or _first(context.get("requiredGranularScopes"))
    code = code or text(body, "category") or str(status)
    if status == httpx.codes.NOT_FOUND:
        code = "OBJECT_NOT_FOUND"
    detail = f"{code} {subject} with status {status}, correlation {text(body, 'correlationId')}"
    return RefusedByHubSpot(code, subject, detail)


def _wait(body: Record) -> timedelta:
    policy = text(body, "policyName")
    if policy == "DAILY":
        return LONGEST_WAIT
    secondly = policy == "SECONDLY" or " secondly" in text(body, "message")
    return SEARCH_WAIT if secondly else ROLLING_WAIT


def _body(content: bytes) -> Record:
    try:
        return document(VENDOR, content)
    except IntegrationError:
        return {}


def _first(value: object) -> str:
    if isinstance(value, list) and value:
        return str(value[0])
    return value if isinstance(value, str) else ""
