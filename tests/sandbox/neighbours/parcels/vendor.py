"""A vendor that sends parcels: one of everything a vendor may declare."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.faults import FaultKind
from integrations.sandbox.kit.plugin import Json, Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage

PANEL = Path(__file__).parent / "panel"


class Parcels(Vendor):
    """It keeps what it is sent."""

    name = "parcels"
    fault_kinds = (FaultKind("lost_parcel", "Parcel is lost", ("seconds",)),)
    open_headers = frozenset({"x-parcel"})
    secret_fields = frozenset({"pin"})
    request_id = "x-parcel"
    panel = PanelPart(PANEL / "parcels.js", tab="Parcels", styles=("parcels.css",))

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.is_open = False
        self.sent: list[Json] = []

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post("/parcels/v1/parcels", self.send, name="parcels:send")]

    def environment(self, origin: str) -> Mapping[str, str]:
        return {"PARCELS_URL": f"{origin}/parcels"}

    def seed(self) -> Mapping[str, object]:
        return {"parcels": [self._stage.world.home.id]}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        return {"parcel_error": {"status": status, "code": code}}

    def contents(self) -> object:
        return self.sent

    def account_keys(self) -> Sequence[Key]:
        return [Key("Parcels", "key", "parcel-key")]

    async def open(self) -> None:
        self.is_open = True

    async def close(self) -> None:
        self.is_open = False

    async def send(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        self._stage.changed()
        return web.json_response({"pin": "1234", "is_open": self.is_open})


def vendors(stage: Stage) -> Sequence[Vendor]:
    """One."""
    return [Parcels(stage)]
