"""A CRM of any size, made up in no time and read in pages."""

from datetime import UTC, datetime

from integrations.crono.client import Crono, PageWindow
from integrations.crono.types import CronoKeys
from integrations.http import client
from integrations.sandbox.crono.api import KEYS
from integrations.sandbox.crono.crowd import add_crowd
from integrations.sandbox.crono.store import CronoStore
from integrations.sandbox.crono.vendor import vendors
from integrations.sandbox.kit.world import empty_world
from tests.integrations.sandbox_vendors import sandbox_vendors

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_crowd_is_the_same_each_time_and_hangs_together() -> None:
    one, other = (CronoStore(empty_world(NOW)) for _ in range(2))
    before = len(one.accounts)
    for store in (one, other):
        add_crowd(store, 300, 1_000)
    assert len(one.accounts) == before + 300
    assert one.accounts == other.accounts
    people = list(one.prospects.values())[-1_000:]
    assert {person["accountId"] for person in people} <= one.accounts.keys()
    assert len({person["email"] for person in people}) == 1_000


async def test_every_page_of_a_crowd_is_read_once() -> None:
    async with (
        sandbox_vendors([vendors]) as running,
        client(f"{running.url}/crono", "crono") as http,
    ):
        from_vendor = running.sandbox.vendors[0]
        add_crowd(from_vendor.store, 100, 5_100)  # type: ignore[attr-defined] # Crono's
        crono, keys, seen, offset = Crono(http), CronoKeys(*KEYS), [], 0
        while True:
            page = await crono.changed(keys, "Prospects", PageWindow(None, offset))
            seen += [row["objectId"] for row in page.rows]
            offset += len(page.rows)
            if page.total is None or offset >= page.total:
                break
        assert len(seen) == len(set(seen)) == page.total
