"""Signing in, with Slack or a password, and out."""

from urllib.parse import urlencode

from aiohttp import web

from handlers.http.dashboard.kit.desk import public_site
from handlers.http.dashboard.kit.forms import read_form
from handlers.http.dashboard.kit.guard import (
    SESSION,
    SIGN_IN,
    device_of,
    from_our_own_page,
    read_cookie,
    safe_next,
    set_cookie,
)
from handlers.http.dashboard.kit.headers import HEADERS
from handlers.http.dashboard.kit.pages import SIGN_IN_AT, Page, html, refuse_stranger
from handlers.http.dashboard.kit.visit import Visit, stranger_frame
from handlers.http.kit.context import services
from handlers.http.kit.problems import Problem
from services.admins import SignedInAdmin
from services.errors import DomainError, NotAllowed
from views.dashboard import sign_in as views
from views.dashboard.kit.fields import NOTHING_TYPED, FormInput

SLACK_AT = f"{SIGN_IN_AT}/slack"
TEN_MINUTES = 600
SMALL = 8 * 1024


async def ask(request: web.Request) -> web.Response:
    """Both ways in; who is signed in already goes on."""
    again, next_path = "again" in request.query, safe_next(request.query.get("next", ""))
    if not again and await services(request).admins.sessions.find(read_cookie(request, SESSION)):
        return _go(next_path)
    return _page(request, next_path)


async def by_password(request: web.Request) -> web.Response:
    """A local admin's name and password."""
    if not from_our_own_page(request):
        return refuse_stranger(request)
    try:
        typed = await read_form(request, SMALL)
    except Problem as problem:
        return html(views.refused(stranger_frame(request), problem.message), problem.status)
    name, password = typed.text(views.NAME), typed.text(views.PASSWORD)
    next_path = safe_next(typed.text(views.NEXT))
    try:
        signed = await services(request).admins.local.sign_in(name, password, device_of(request))
    except NotAllowed as error:
        return _page(request, next_path, typed, error)
    return await _welcome(request, signed, next_path)


async def to_slack(request: web.Request) -> web.Response:
    """On to Slack, from this browser only. A link, since a form may lead to our own pages only."""
    next_path = safe_next(request.query.get("next", ""))
    try:
        attempt = await services(request).admins.slack.begin(next_path, device_of(request))
    except DomainError as error:
        return _page(request, next_path, error=error)
    response = _go(attempt.url)
    set_cookie(request, response, SIGN_IN, attempt.secret, TEN_MINUTES)
    return response


async def from_slack(request: web.Request) -> web.Response:
    """Back from Slack, with a code or without."""
    secret, asked = read_cookie(request, SIGN_IN), request.query
    try:
        signed = await services(request).admins.slack.finish(
            secret, asked.get("state", ""), asked.get("code", ""), device_of(request)
        )
        response = await _welcome(request, signed, safe_next(signed.next_path))
    except DomainError as error:
        response = _page(request, safe_next(""), error=error)
    set_cookie(request, response, SIGN_IN, "", 0)
    return response


async def sign_out(visit: Visit) -> web.Response:
    """End this session, and have the browser forget what it saw."""
    await visit.services.admins.sessions.sign_out(visit.key)
    response = _go(f"{SIGN_IN_AT}?out=1")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    set_cookie(visit.request, response, SESSION, "", 0)
    return response


PAGES = (Page("POST", "/admin/sign-out", sign_out),)


def routes() -> list[web.RouteDef]:
    """What is open to strangers."""
    return [
        web.get(SIGN_IN_AT, ask),
        web.post(SIGN_IN_AT, by_password),
        web.get(SLACK_AT, to_slack),
        web.get(f"{SLACK_AT}/callback", from_slack),
    ]


async def _welcome(request: web.Request, signed: SignedInAdmin, next_path: str) -> web.Response:
    """The new session in place of an older one of this browser's."""
    if old := read_cookie(request, SESSION):
        await services(request).admins.sessions.sign_out(old)
    response = _go(next_path)
    left = signed.session.ends_at - public_site(request).clock()
    set_cookie(request, response, SESSION, signed.token, round(left.total_seconds()))
    return response


def _page(
    request: web.Request,
    next_path: str,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> web.Response:
    slack = f"{SLACK_AT}?{urlencode({'next': next_path})}"
    wish = views.SignInWish(
        next_path,
        slack_href=slack if services(request).admins.slack.ready else "",
        again="again" in request.query,
        signed_out="out" in request.query,
    )
    return html(views.sign_in(stranger_frame(request), wish, typed, error), 403 if error else 200)


def _go(url: str) -> web.Response:
    return web.Response(status=303, headers={**HEADERS, "Location": url})
