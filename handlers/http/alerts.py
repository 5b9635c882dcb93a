"""The runbooks that alerts link to, as they are in docs/runbooks."""

from functools import cache
from pathlib import Path

from aiohttp import web

from handlers.http.kit.problems import HEADERS
from services.alerts import Cause

RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"


def routes() -> list[web.RouteDef]:
    """One page per cause."""
    return [web.get("/runbooks/{cause}", runbook)]


async def runbook(request: web.Request) -> web.Response:
    """What to do about a cause; nothing in it is of this installation."""
    cause = request.match_info["cause"]
    if cause not in set(Cause):
        raise web.HTTPNotFound
    return web.Response(text=_text(cause), content_type="text/plain", headers=HEADERS)


@cache
def _text(cause: str) -> str:
    return (RUNBOOKS / f"{cause}.md").read_text(encoding="utf-8")
