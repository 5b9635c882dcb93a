"""Room, a web app of another company: a page that calls the product from its own origin."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.plugin import PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage

HERE = Path(__file__).parent
PAGE, PANEL = HERE / "page", HERE / "panel"
FRESH = {"Cache-Control": "no-store"}


class Room(Vendor):
    """Its page is all there is: a sign-up form, sign-in, and what the user has."""

    name = "room"
    place = 61
    color = "#7c5cbf"
    panel = PanelPart(PANEL / "room.js", tab="Room", styles=("room.css",))

    def __init__(self, app_url: str) -> None:
        self._app_url = app_url

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The page, its files, and where the product is."""
        return [
            web.get("/room", self.page),
            web.get("/room/config", self.config),
            web.static("/room/page", PAGE),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Pages of this origin may call the product, under both names of this machine."""
        return {"CORS_ORIGINS": f"{origin},{origin.replace('127.0.0.1', 'localhost')}"}

    async def page(self, _: web.Request) -> web.FileResponse:
        """GET /room."""
        return web.FileResponse(PAGE / "room.html", headers=FRESH)

    async def config(self, _: web.Request) -> web.Response:
        """GET /room/config: what its developer would have written into it."""
        return web.json_response({"api": f"{self._app_url}/core/v1"}, headers=FRESH)


def vendors(stage: Stage) -> Sequence[Vendor]:
    """One app."""
    return [Room(stage.options.app_url)]
