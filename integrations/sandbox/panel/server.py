"""The panel's page, and what it shows beside Slack: each vendor's part, the journal, the faults."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from integrations.sandbox.kit.faults import COMMON_KINDS, FaultKind, fault_from
from integrations.sandbox.kit.plugin import Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.panel.events import stream_changes

STATIC = Path(__file__).parent / "static"
API = "/panel/api"
FRESH = {"Cache-Control": "no-store"}


class Panel:
    """The handlers."""

    def __init__(self, stage: Stage, vendors: Sequence[Vendor]) -> None:
        self._stage, self._vendors = stage, vendors
        self._journal, self._faults = stage.journal, stage.faults

    async def page(self, _: web.Request) -> web.FileResponse:
        """GET /."""
        return web.FileResponse(STATIC / "index.html", headers=FRESH)

    async def vendors(self, _: web.Request) -> web.Response:
        """GET vendors: who is imitated, with what tab, script, styles and kinds of faults."""
        told = {
            "vendors": [_vendor_json(vendor) for vendor in self._vendors],
            "kinds": _kinds_json(COMMON_KINDS),
        }
        return web.json_response(told, headers=FRESH)

    async def outside(self, _: web.Request) -> web.Response:
        """GET outside: every vendor's contents at once (the cast is small), and the keys."""
        shown = {v.name: v.contents() for v in self._vendors if v.panel is not None}
        keys = [asdict(key) for vendor in self._vendors for key in vendor.account_keys()]
        return web.json_response({**shown, "keys": keys}, headers=FRESH)

    async def journal(self, request: web.Request) -> web.Response:
        """GET journal, perhaps only what came after a number."""
        after = request.query.get("after", "0")
        number = int(after) if after.isdecimal() else 0
        return web.json_response({"entries": self._journal.entries(number)}, headers=FRESH)

    async def faults(self, _: web.Request) -> web.Response:
        """GET faults: what is still planned, and the kinds there are."""
        known = {"faults": self._faults.as_json(), "kinds": list(self._faults.kinds)}
        return web.json_response(known, headers=FRESH)

    async def plan(self, request: web.Request) -> web.Response:
        """POST faults: plans one."""
        try:
            fault = self._faults.add(fault_from(await _object(request)))
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"id": fault.id}, status=201)

    async def drop(self, request: web.Request) -> web.Response:
        """DELETE faults: all of them, or the one with `?id=`."""
        text = request.query.get("id", "")
        dropped = self._faults.remove(int(text) if text.isdecimal() else None)
        return web.json_response({"removed": dropped})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET events: the stream of what changed."""
        return await stream_changes(request, self._stage.changes)


def routes(stage: Stage, vendors: Sequence[Vendor]) -> list[web.AbstractRouteDef]:
    """The page, its files and every vendor's, and the panel's paths beside those of its Slack."""
    panel = Panel(stage, vendors)
    parts = [(vendor.name, vendor.panel) for vendor in vendors if vendor.panel is not None]
    return [
        web.get("/", panel.page),
        web.static("/panel/static", STATIC),
        *(web.static(_folder(name), part.script.parent) for name, part in parts),
        web.get(f"{API}/vendors", panel.vendors),
        web.get(f"{API}/outside", panel.outside),
        web.get(f"{API}/journal", panel.journal),
        web.get(f"{API}/faults", panel.faults),
        web.post(f"{API}/faults", panel.plan),
        web.delete(f"{API}/faults", panel.drop),
        web.get(f"{API}/events", panel.events),
    ]


def _folder(name: str) -> str:
    return f"/panel/vendors/{name}"


def _vendor_json(vendor: Vendor) -> dict[str, Any]:
    part, folder = vendor.panel, _folder(vendor.name)
    return {
        "name": vendor.name,
        "color": vendor.color,
        "kinds": _kinds_json(vendor.fault_kinds),
        "tab": part.tab if part else "",
        "script": f"{folder}/{part.script.name}" if part else "",
        "styles": [f"{folder}/{name}" for name in part.styles] if part else [],
    }


def _kinds_json(kinds: Sequence[FaultKind]) -> list[dict[str, Any]]:
    return [asdict(kind) for kind in kinds]


async def _object(request: web.Request) -> Mapping[str, Any]:
    body = await request.json()
    if not isinstance(body, dict):
        raise TypeError("the body must be a JSON object")
    return body
