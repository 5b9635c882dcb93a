"""The page of an invitation: looked at as often as one likes, accepted once."""

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import parse_qs

from aiohttp import web

from handlers.http.kit.callers import address_of
from handlers.http.kit.context import language, services
from handlers.http.kit.endpoints import read_bytes
from handlers.http.kit.pages import form, html
from services.errors import Conflict, Invalid, NotFound
from services.tenants import InvitationExpired
from views.pages import invitations as page

PATH = "/invitation"
MAX_BYTES = 8 * 1024
# No honest token is longer.
LONGEST_TOKEN = 200
MOST_FIELDS = 10

Page = Callable[[web.Request], Awaitable[web.Response]]


def _told(show: Page) -> Page:
    """What is wrong with an invitation is a page of its own, in one sentence."""

    @wraps(show)
    async def told(request: web.Request) -> web.Response:
        try:
            return await show(request)
        except InvitationExpired as error:
            spoken = language(request)
            return form(page.expired(error.sentence(spoken), _token(request), spoken))
        except (NotFound, Conflict) as error:
            status = 404 if isinstance(error, NotFound) else 410
            if status == web.HTTPNotFound.status_code:
                services(request).validation.unknown_keys.hit(address_of(request))
            spoken = language(request)
            return html(page.refused(error.sentence(spoken), spoken), status)

    return told


def routes() -> list[web.RouteDef]:
    """See, accept, ask for a new one."""
    return [
        web.get(PATH, see),
        web.post(PATH, accept),
        web.post(f"{PATH}/again", renew),
    ]


@_told
async def see(request: web.Request) -> web.Response:
    """Who is invited to what; mail scanners that open the link change nothing."""
    invitation = await services(request).tenants.invitations.see(_token(request))
    return form(page.invitation(invitation, invitation.language))


@_told
async def accept(request: web.Request) -> web.Response:
    """Accept it under one's name."""
    token, invitations = _token(request), services(request).tenants.invitations
    invitation = await invitations.see(token)
    try:
        admin = await invitations.accept(token, await _name(request))
    except Invalid as error:
        problem = error.sentence(invitation.language)
        return form(page.invitation(invitation, invitation.language, problem))
    return html(page.accepted(admin, invitation.language))


@_told
async def renew(request: web.Request) -> web.Response:
    """A new invitation, by e-mail to the address of the old one."""
    await services(request).tenants.invitations.renew(_token(request))
    return html(page.renewed(language(request)))


def _token(request: web.Request) -> str:
    return request.query.get("token", "")[:LONGEST_TOKEN]


async def _name(request: web.Request) -> str:
    body = await read_bytes(request, limit=MAX_BYTES)
    fields = parse_qs(body.decode(errors="replace"), max_num_fields=MOST_FIELDS)
    return fields.get("name", [""])[0]
