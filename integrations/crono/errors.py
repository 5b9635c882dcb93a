"""Crono's failures as ours: the envelope's code first, since a 200 can carry a failure too."""

import httpx

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)
from integrations.http import USUAL_WAIT, retry_after
from integrations.json_fields import Record, document, records, text

VENDOR = "crono"
# Codes from the vendor's n8n node. A CRM's own expired token is not here: our keys cannot cure it.
DEAD_KEYS = frozenset({"ApiKeysMissing", "ApiKeysInvalid", "Unauthorized"})
PASSING = frozenset({"InternalError"})
REFUSALS = {400: "BadRequest", 403: "Forbidden", 404: "EntityNotFound"}


def envelope(response: httpx.Response) -> Record:
    """The envelope of a successful answer; raises one of our four for every other.

    Which statuses Crono uses for failures is not documented: codes decide where there are any.
    """
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise RateLimited(VENDOR, retry_after(response.headers) or USUAL_WAIT)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        raise Unreachable(VENDOR, str(status))
    if not response.is_success:
        raise _failure(_code(response.content) or _by_status(status), status)
    answer = document(VENDOR, response.content)
    if answer.get("isSuccess", "data" in answer) is not True:
        raise _failure(_code(response.content) or "GenericError", status)
    return answer


def _failure(code: str, status: int) -> IntegrationError:
    detail = f"{code} with status {status}"
    if code in DEAD_KEYS:
        return AuthExpired(VENDOR, detail)
    if code in PASSING:
        return Unreachable(VENDOR, detail)
    return RefusedByVendor(VENDOR, code, detail)


def _by_status(status: int) -> str:
    if status == httpx.codes.UNAUTHORIZED:
        return "Unauthorized"
    return REFUSALS.get(status, str(status))


def _code(content: bytes) -> str:
    try:
        errors = records(document(VENDOR, content).get("errors"))
    except IntegrationError:
        return ""
    return next((code for error in errors if (code := text(error, "code"))), "")
