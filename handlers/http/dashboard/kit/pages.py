"""Pages and their verbs: who may see one is decided here, before its handler is asked."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from aiohttp import web

from handlers.http.dashboard.kit.desk import public_site
from handlers.http.dashboard.kit.forms import MAX_BYTES, read_form
from handlers.http.dashboard.kit.guard import (
    SAFE_METHODS,
    SESSION,
    fits,
    from_our_own_page,
    read_cookie,
    safe_next,
)
from handlers.http.dashboard.kit.headers import HEADERS
from handlers.http.dashboard.kit.visit import TOKEN, Visit, stranger_frame
from handlers.http.kit.context import services
from handlers.http.kit.problems import Problem
from services.errors import DomainError
from views.dashboard import sign_in as views
from views.dashboard.kit.fields import NOTHING_TYPED
from views.words.dashboard import frame as say

SIGN_IN_AT = "/admin/sign-in"
STREAM = "text/event-stream"

Handle = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Page:
    """One method of one path; `fresh`: only soon after signing in. `limit`: bytes of its form."""

    method: str
    path: str
    handler: Handle
    fresh: bool = False
    limit: int = MAX_BYTES


def routes_of(pages: Iterable[Page]) -> list[web.RouteDef]:
    """The routes of a module's pages."""
    return [web.route(one.method, one.path, partial(serve, one)) for one in pages]


async def serve(page: Page, request: web.Request) -> web.StreamResponse:
    """The page, for an admin and for forms of ours; else what leads there."""
    if not from_our_own_page(request):
        return refuse_stranger(request)
    key = read_cookie(request, SESSION)
    session = await services(request).admins.sessions.find(key)
    if session is None:
        return await _without_session(page, request)
    try:
        reads = request.method in SAFE_METHODS
        typed = NOTHING_TYPED if reads else await read_form(request, page.limit)
    except Problem as problem:
        return html(views.refused(stranger_frame(request, key), problem.message), problem.status)
    if not reads and not fits(typed.text(TOKEN), key):
        return html(views.kept(stranger_frame(request, key), request.path, typed), 403)
    if page.fresh and not session.fresh(public_site(request).clock()):
        return to_sign_in(request, again=True)
    visit = Visit(request, session, key, typed)
    try:
        return await page.handler(visit)
    except DomainError as error:
        return visit.problem(error)


def refuse_stranger(request: web.Request) -> web.Response:
    """Another site's form: nothing is done, nothing of it is read."""
    frame = stranger_frame(request)
    return html(views.refused(frame, frame.reader(say.FROM_ELSEWHERE)), 403)


def to_sign_in(request: web.Request, *, again: bool) -> web.Response:
    """Sign in, then go on here; a verb goes on at the page that has its form."""
    reads = request.method in SAFE_METHODS
    wanted = safe_next(request.path_qs if reads else request.path)
    query = {"next": wanted, **({"again": "1"} if again else {})}
    headers = {**HEADERS, "Location": f"{SIGN_IN_AT}?{urlencode(query)}"}
    return web.Response(status=303, headers=headers)


def html(text: str, status: int = 200) -> web.Response:
    """A page without navigation."""
    return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)


async def _without_session(page: Page, request: web.Request) -> web.Response:
    """A stream ends, since browsers would follow a redirect for ever; a form's text is kept."""
    if STREAM in request.headers.get("Accept", ""):
        # 204 tells a browser that came back to stop.
        status = 204 if "Last-Event-ID" in request.headers else 401
        return web.Response(status=status, headers=HEADERS)
    if request.method in SAFE_METHODS:
        return to_sign_in(request, again=False)
    try:
        typed = await read_form(request, page.limit)
    except Problem as problem:
        return html(views.refused(stranger_frame(request), problem.message), problem.status)
    return html(views.kept(stranger_frame(request), request.path, typed, SIGN_IN_AT), 403)
