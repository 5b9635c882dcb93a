"""Settings: how pages look in this browser, and the sessions that go on."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from handlers.http.dashboard.kit import tastes
from handlers.http.dashboard.kit.guard import read_cookie
from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from views.dashboard import settings as views
from views.dashboard.kit.frame import FlashNotice
from views.words.dashboard import settings as say

Checkup = Callable[[], Awaitable[tuple[views.SettingCheck, ...]]]
# The program's own doctor, see bot/doctor.
CHECKUP: web.AppKey[Checkup] = web.AppKey("checkup")


async def show(visit: Visit) -> web.Response:
    """All of it."""
    sessions = await visit.services.admins.sessions.listed()
    keys = "" if tastes.keys_off(visit.request) else "yes"
    language = read_cookie(visit.request, tastes.LANGUAGE)
    looks = (language, tastes.theme(visit.request), keys)
    return visit.show(views.settings(sessions, visit.session.id, looks, visit.reader))


async def keep_looks(visit: Visit) -> web.Response:
    """Remember choices in this browser; what is none of them follows the browser."""
    language, theme = visit.typed.text(views.LANGUAGE), visit.typed.text(views.THEME)
    said = language if language in dict(views.LANGUAGES) else visit.reader.language
    response = visit.go_on(views.PATH, FlashNotice(say.SAVED(said)))
    known = language if language in dict(views.LANGUAGES) else ""
    tastes.keep(visit.request, response, tastes.LANGUAGE, known)
    tastes.keep(visit.request, response, tastes.THEME, tastes.THEMES.get(theme, ""))
    keys = "" if visit.typed.checked(views.KEYS) else tastes.OFF
    tastes.keep(visit.request, response, tastes.KEYS, keys)
    return response


async def check(visit: Visit) -> web.Response:
    """What the doctor says: every credential is tried, nothing is changed."""
    found = await visit.request.app[CHECKUP]() if CHECKUP in visit.request.app else ()
    return visit.show(views.checks(found, visit.reader))


async def end_session(visit: Visit) -> web.Response:
    """Sign somebody out, wherever that is."""
    sessions = visit.services.admins.sessions
    session_id = visit.part("id")
    named = next((one for one in await sessions.listed() if one.id == session_id), visit.session)
    await sessions.end(visit.operator, session_id)
    return visit.done(views.PATH, say.ENDED, name=named.operator.name)


PAGES = (
    Page("GET", views.PATH, show),
    Page("GET", views.CHECKS, check),
    Page("POST", f"{views.PATH}/looks", keep_looks),
    Page("POST", f"{views.PATH}/sessions/{{id}}/end", end_session),
)
