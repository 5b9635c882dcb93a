"""Whoever adds a vendor adds a folder: all that it declares appears, and no old file changes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

import integrations.sandbox
from integrations.sandbox.kit.registry import discover
from integrations.sandbox.server import SandboxOptions, build
from tests.sandbox import neighbours
from tests.sandbox.outside_stage import NOON, ROOT, Outside, serving

FOLDER = Path(integrations.sandbox.__path__[0])


@pytest_asyncio.fixture
async def world() -> AsyncIterator[Outside]:
    """All vendors and the new one."""
    options = SandboxOptions(now=NOON, manifest=ROOT / "manifest.yml")
    factories = (*discover(integrations.sandbox), *discover(neighbours))
    async with TestServer(build(options, factories)) as server, serving(server) as started:
        yield started


async def test_its_routes_settings_and_seed_are_there(world: Outside) -> None:
    assert world.env["PARCELS_URL"] == f"{world.url}/parcels"
    assert world.env["_seed"]["parcels"] == ["T0HOME"]
    assert "FATHOM_API_URL" in world.env
    reply = await world.http.post("/parcels/v1/parcels", json={"to": "Olga"})
    assert reply.json() == {"pin": "1234", "is_open": True}


async def test_it_is_journaled_with_its_own_masks(world: Outside) -> None:
    await world.http.post("/parcels/v1/parcels", json={"pin": "1"}, headers={"X-Parcel": "7"})
    (entry,) = world.sandbox.journal.entries(vendor="parcels")
    assert entry["request"]["operation"] == "send"
    assert entry["request"]["headers"]["X-Parcel"] == "7"
    assert entry["request"]["body"] == {"pin": "•••"}
    assert entry["response"]["body"]["pin"] == "•••"


async def test_it_fails_in_its_own_words(world: Outside) -> None:
    await world.fault(vendor="parcels", kind="status", status=503, code="van")
    reply = await world.http.post("/parcels/v1/parcels", json={})
    assert (reply.status_code, reply.headers["x-parcel"]) == (503, "req_sandbox_fault")
    assert reply.json() == {"parcel_error": {"status": 503, "code": "van"}}


async def test_its_kind_of_fault_can_be_planned(world: Outside) -> None:
    await world.fault(vendor="parcels", kind="lost_parcel")
    told = (await world.http.get("/panel/api/vendors")).json()["vendors"]
    (shown,) = [one for one in told if one["name"] == "parcels"]
    kind = {"name": "lost_parcel", "label": "Parcel is lost", "numbers": ["seconds"]}
    assert shown["kinds"] == [kind]


async def test_its_tab_its_contents_and_its_keys_are_in_the_panel(world: Outside) -> None:
    await world.http.post("/parcels/v1/parcels", json={"to": "Olga"})
    told = (await world.http.get("/panel/api/vendors")).json()["vendors"]
    assert [one["tab"] for one in told if one["tab"]][-1] == "Parcels"
    shown = next(one for one in told if one["name"] == "parcels")
    for address in (shown["script"], *shown["styles"]):
        assert address.startswith("/panel/vendors/parcels/parcels.")
        assert (await world.http.get(address)).status_code == 200
    seen = (await world.http.get("/panel/api/outside")).json()
    assert seen["parcels"] == [{"to": "Olga"}]
    assert {"card": "Parcels", "name": "key", "key": "parcel-key", "person": None} in seen["keys"]


@pytest.mark.parametrize("folder", [p.parent for p in sorted(FOLDER.glob("*/vendor.py"))])
def test_nothing_but_its_own_folder_names_a_vendor(folder: Path) -> None:
    """Kit, panel and the ground of the sandbox do not know that this vendor exists."""
    shared = [
        *FOLDER.glob("*.py"),
        *(FOLDER / "kit").glob("*.py"),
        *(FOLDER / "panel").glob("*.py"),
    ]
    imported = f"integrations.sandbox.{folder.name}"
    assert [path.name for path in shared if imported in path.read_text("utf-8")] == []
