"""The way through Google's consent and back, in the member's browser."""

import hashlib
import hmac
from functools import partial
from pathlib import Path

from aiohttp import web

from handlers.http.kit.context import SPOKEN, language, services
from handlers.http.kit.pages import FORM_HEADERS, form, html
from services.connections import BAD_LINK
from services.errors import NotAllowed
from views.pages import page

COOKIE = "seguito-oauth"
TEN_MINUTES = 600


def routes() -> list[web.RouteDef]:
    """Start, callback, and what their pages look like: these files alone, whatever is asked for."""
    return [
        web.get("/oauth/gmail/start", ask),
        web.post("/oauth/gmail/start", start),
        web.get("/oauth/gmail/callback", callback),
        *(
            web.get(f"/static/{file.name}", partial(_serve, file))
            for file in (Path(page.__file__).parent / "static").iterdir()
        ),
    ]


async def ask(request: web.Request) -> web.Response:
    """The personal link from Slack: first says whose it is.

    Somebody who was sent another person's link would else connect their own mailbox to that
    person's Slack, and Google's page would not tell.
    """
    owner = await services(request).connections.signins.owner(await _state(request))
    member = await services(request).people.who(owner)
    return form(page.gmail_confirm(member.name, member.email, language(request)))


async def start(request: web.Request) -> web.Response:
    """Continue: on to Google, from this browser only."""
    state = await _state(request)
    url = await services(request).connections.gmail.begin(state)
    response = web.Response(status=303, headers={**FORM_HEADERS, "Location": url})
    response.set_cookie(
        COOKIE,
        _mark(state),
        max_age=TEN_MINUTES,
        httponly=True,
        samesite="Lax",
        secure=url.startswith("https://"),
        path="/oauth/gmail",
    )
    return response


async def callback(request: web.Request) -> web.Response:
    """Back from Google, with a code or without; says how it went."""
    state = await _state(request)
    given = request.cookies.get(COOKIE, "").encode(errors="surrogateescape")
    # As bytes: compare_digest refuses text that is not ASCII, and a cookie may be anything.
    if not hmac.compare_digest(given, _mark(state).encode()):
        raise NotAllowed(BAD_LINK)
    account = await services(request).connections.gmail.finish(state, request.query.get("code", ""))
    spoken = language(request)
    response = html(page.gmail_connected(account.address, spoken, account.warnings(spoken)))
    response.del_cookie(COOKIE, path="/oauth/gmail")
    return response


async def _state(request: web.Request) -> str:
    """The link's state; from here on the page speaks the language of whose link it is."""
    state = request.query.get("state", "")
    holder = await services(request).connections.signins.holder(state)
    if holder is not None:
        request[SPOKEN] = (await services(request).people.who(holder)).language
    return state


async def _serve(file: Path, _: web.Request) -> web.FileResponse:
    return web.FileResponse(file)


def _mark(state: str) -> str:
    return hashlib.sha256(f"browser:{state}".encode()).hexdigest()
