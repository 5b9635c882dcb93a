"""The one place where an exception becomes an HTTP response."""

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.http.context import language, reference
from handlers.http.pages import html
from services.errors import (
    Conflict,
    Disconnected,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    Temporary,
)
from views.pages import page

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    Disconnected: 409,
    Temporary: 503,
}

log = structlog.get_logger(__name__)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A known failure is told in its own sentence; an unknown one gets a reference."""
    spoken = language(request)
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except DomainError as error:
        status = STATUS.get(type(error), 400)
        return html(page.problem(error.sentence(spoken), spoken), status)
    except Exception:
        code = reference()
        log.exception("http.failed", reference=code, path=request.path)
        return html(page.unexpected(code, spoken), 500)
