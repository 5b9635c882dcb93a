"""A stage for the vendors' tests: the whole sandbox on a free port of this machine."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from aiohttp.test_utils import TestServer

from integrations.sandbox.server import SANDBOX, Sandbox, SandboxOptions, build

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SEGUITO_SHARED", ROOT.parent / "shared"))
# A Wednesday afternoon: everything the cast calls today has happened.
NOON = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
FIRST_ID = 734_000_000


@dataclass(frozen=True, slots=True)
class Outside:
    """The running sandbox: its parts, its address, the settings it tells, a client."""

    sandbox: Sandbox
    url: str
    env: dict[str, Any]
    http: httpx.AsyncClient

    async def fault(self, **fault: Any) -> None:
        """Plans a failure over the panel's API."""
        reply = await self.http.post("/panel/api/faults", json=fault)
        assert reply.status_code == 201, reply.text


@asynccontextmanager
async def outside(**options: Any) -> AsyncIterator[Outside]:
    """Starts the sandbox with these options and stops it."""
    chosen = {"now": NOON, "manifest": ROOT / "manifest.yml", **options}
    app = build(SandboxOptions(**chosen))
    async with TestServer(app) as server, serving(server) as started:
        yield started


@asynccontextmanager
async def serving(server: TestServer) -> AsyncIterator[Outside]:
    """A sandbox that is served already."""
    url = str(server.make_url("")).rstrip("/")
    async with httpx.AsyncClient(base_url=url, timeout=10) as http:
        env = (await http.get("/environment")).json()
        yield Outside(server.app[SANDBOX], url, env, http)
