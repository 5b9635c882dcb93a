"""The one place where an exception becomes an HTTP response: JSON for programs, else a page."""

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.http.kit.addresses import is_for_programs, refuse_keys
from handlers.http.kit.context import language, reference
from handlers.http.kit.endpoints import refuse_encoding
from handlers.http.kit.pages import html
from handlers.http.kit.problems import Problem
from services.errors import (
    Conflict,
    Disconnected,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    Temporary,
)
from services.gateway import ChatRefused
from services.tenants import TooManySignUps
from services.validation import TooManyTries
from views.pages import page
from views.words import common
from views.words.problems import AWAY

STATUS: dict[type, int] = {
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    Disconnected: 409,
    Temporary: 503,
    TooManyTries: 429,
    TooManySignUps: 429,
}
CODES = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    422: "invalid",
    429: "too_many_tries",
    503: "unavailable",
}
SENTENCES = {
    404: "There is nothing at this address. See /api/docs for what there is.",
    405: "This address does not know the method; see the Allow header.",
    413: "The body is too large. Send less at once.",
}
FIRST_FAILURE = 400
RETRY_SECONDS = 5

log = structlog.get_logger(__name__)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A known failure is told in its own sentence; an unknown one gets a reference."""
    for_programs = is_for_programs(request.path)
    try:
        refuse_encoding(request)
        if for_programs:
            refuse_keys(request)
        return await handler(request)
    except web.HTTPException as error:
        if not for_programs or error.status < FIRST_FAILURE:
            raise
        return _of_http(error).response()
    except Problem as problem:
        return problem.response()
    except DomainError as error:
        return _told(request, error, for_programs)
    except Exception as error:  # noqa: BLE001 - the HTTP door's one net, see STYLE.md
        return _failed(request, error, for_programs)


def _of_http(error: web.HTTPException) -> Problem:
    """What the web server itself refuses: no such address, no such method, too large."""
    code = CODES.get(error.status, "refused")
    sentence = SENTENCES.get(error.status, f"{error.reason}.")
    allow = error.headers.get("Allow")
    return Problem(error.status, code, sentence, headers={"Allow": allow} if allow else {})


def _told(request: web.Request, error: DomainError, for_programs: bool) -> web.Response:
    kinds = type(error).__mro__
    spoken, status = language(request), next((STATUS[one] for one in kinds if one in STATUS), 400)
    if isinstance(error, ChatRefused):
        sentence = error.sentence(spoken)
        return Problem(error.status, error.code, sentence, headers=error.headers).response()
    if not for_programs:
        return html(page.problem(error.sentence(spoken), spoken), status)
    param = error.field or None if isinstance(error, Invalid) else None
    headers = {}
    if isinstance(error, Temporary):
        wait = error.retry_after
        headers["Retry-After"] = str(max(1, round(wait.total_seconds())) if wait else RETRY_SECONDS)
    code = CODES.get(status, "refused")
    return Problem(status, code, error.sentence(spoken), param=param, headers=headers).response()


def _failed(request: web.Request, error: Exception, for_programs: bool) -> web.Response:
    if getattr(error, "temporary", False):
        return _away(request, for_programs)
    if isinstance(error, ConnectionError) and request.transport is None:
        # Whoever asked hung up while we answered; nobody reads this.
        return web.Response(status=400)
    return _unexpected(request, for_programs)


def _away(request: web.Request, for_programs: bool) -> web.Response:
    """The database restarts or is out of reach: no fault of this request's."""
    spoken, code = language(request), reference()
    log.warning("http.away", reference=code, path=request.path)
    sentence = AWAY(spoken, reference=code)
    if not for_programs:
        return html(page.problem(sentence, spoken), 503)
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return Problem(503, "unavailable", sentence, headers=headers).response(code)


def _unexpected(request: web.Request, for_programs: bool) -> web.Response:
    spoken, code = language(request), reference()
    log.exception("http.failed", reference=code, path=request.path)
    if not for_programs:
        return html(page.unexpected(code, spoken), 500)
    sentence = common.UNEXPECTED(spoken, reference=code)
    return Problem(500, "unexpected", sentence).response(code)
