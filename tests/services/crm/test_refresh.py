"""The index follows its CRM: pages, changes, deletions, limits, deaths, and another CRM."""

from datetime import timedelta

import pytest

from db.crm import records, refreshes
from db.store.session import Database
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from services.actors import Actor
from services.connections.crm_keys import EVERYBODY
from services.crm.index import CrmQuery
from services.crm.port import Account, Contact, Deal
from services.crm.refresh import EVERY, FULL_EVERY, OVER
from tests.kit.crm_desk import GOOD, CrmDesk


@pytest.fixture
def desk(database: Database) -> CrmDesk:
    desk = CrmDesk(database)
    stamp = desk.now - timedelta(days=9)
    for number in range(5):
        host = f"firm{number}.example"
        desk.crm.put(Account(f"a{number}", f"Firm {number}", (host,), changed_at=stamp))
        desk.crm.put(Contact(f"c{number}", f"Person {number}", (), "", "a0", changed_at=stamp))
    desk.crm.put(Deal("d0", "Rollout", "a0", changed_at=stamp))
    return desk


async def kept(desk: CrmDesk) -> dict[str, int]:
    async with desk.database.transaction() as session:
        return await records.counts(session, desk.ada.workspace_id)


async def state(desk: CrmDesk) -> refreshes.CrmIndexRow:
    async with desk.database.transaction() as session:
        row = await refreshes.find(session, desk.ada.workspace_id)
    assert row is not None
    return row


async def found(desk: CrmDesk, words: str) -> list[str]:
    return [hit.id for hit in await desk.index.search(desk.ada, CrmQuery(words))]


async def test_a_first_pass_brings_everything_and_counts_it(desk: CrmDesk) -> None:
    assert await desk.read() == OVER
    assert await kept(desk) == {"account": 5, "contact": 5, "deal": 1}
    progress = await desk.keys.progress(desk.ada.workspace_id)
    assert progress is not None
    assert (progress.done, progress.total, progress.filled) == (11, 11, True)
    assert (await found(desk, "firm 3"))[0] == "a3"


async def test_progress_is_seen_while_it_is_read(desk: CrmDesk) -> None:
    await desk.read(steps=1)
    progress = await desk.keys.progress(desk.ada.workspace_id)
    assert progress is not None
    assert progress.total == 11
    assert 0 < progress.done < 11
    assert not progress.filled


async def test_afterwards_only_what_changed_is_asked_for(desk: CrmDesk) -> None:
    await desk.read()
    before = desk.crm.calls
    assert await desk.read() == OVER
    assert desk.crm.calls == before
    desk.now += EVERY
    desk.crm.put(Account("a1", "Zephyr", ("zephyr.example",), changed_at=desk.now))
    await desk.read()
    assert desk.crm.calls == before + 3
    assert await found(desk, "zephyr") == ["a1"]


async def test_a_deletion_shows_as_a_smaller_number_and_starts_a_full_pass(desk: CrmDesk) -> None:
    await desk.read()
    del desk.crm.rows["contact"]["c2"]
    desk.now += timedelta(hours=2)
    await desk.read()
    assert (await kept(desk))["contact"] == 5
    await desk.read()
    assert (await kept(desk))["contact"] == 4
    assert "c2" not in await found(desk, "person")


async def test_a_deletion_that_an_addition_hides_shows_within_a_day(desk: CrmDesk) -> None:
    await desk.read()
    del desk.crm.rows["account"]["a2"]
    desk.crm.put(Account("a9", "New", changed_at=desk.now))
    desk.now += FULL_EVERY
    await desk.read()
    assert await desk.index.account(desk.ada, "a2") is None
    assert await desk.index.accounts(desk.ada, "firm2.example") == ()


async def test_a_killed_job_is_gone_on_with_where_it_was(desk: CrmDesk) -> None:
    await desk.read(steps=1)
    pages = desk.crm.calls
    assert pages == 5
    assert await desk.read() == OVER
    assert desk.crm.calls == pages, "the dead job's lease still holds"
    desk.now += timedelta(minutes=3)
    await desk.read()
    assert desk.crm.calls == 7, "no page is read twice"
    assert await kept(desk) == {"account": 5, "contact": 5, "deal": 1}


async def test_a_late_worker_of_a_lost_lease_changes_nothing(desk: CrmDesk) -> None:
    await desk.read(steps=1)
    old = await state(desk)
    desk.now += timedelta(minutes=3)
    await desk.read()
    late = await desk.refresh.advance(desk.ada.workspace_id, str(old.epoch), old.leased_to)
    assert late == OVER


async def test_a_limit_is_waited_for_as_long_as_the_crm_asks(desk: CrmDesk) -> None:
    desk.crm.failing = [RateLimited("crono", timedelta(seconds=30))]
    assert await desk.read() == OVER
    assert desk.waited == [30]
    assert await kept(desk) == {"account": 5, "contact": 5, "deal": 1}


@pytest.mark.parametrize(
    ("failure", "minutes"),
    [
        (RateLimited("crono", timedelta(hours=1)), 60),
        (Unreachable("crono", "503"), 1),
        (RefusedByVendor("crono", "SubscriptionInactive"), 15),
    ],
)
async def test_a_crm_that_fails_is_left_alone_and_asked_again_later(
    desk: CrmDesk, failure: Exception, minutes: int
) -> None:
    desk.crm.failing = [failure]  # type: ignore[list-item] # one of the three
    assert await desk.read() == OVER
    assert (await state(desk)).problem
    desk.now += timedelta(minutes=minutes, seconds=-1)
    calls = desk.crm.calls
    await desk.read()
    assert desk.crm.calls == calls
    desk.now += timedelta(seconds=2)
    await desk.read()
    assert (await state(desk)).problem == ""
    assert (await kept(desk))["account"] == 5


async def test_refused_keys_are_marked_kept_and_healed(desk: CrmDesk) -> None:
    everybody = Actor(desk.ada.workspace_id, EVERYBODY)
    async with desk.database.transaction() as session:
        await desk.keys.keep(session, everybody, "crono", GOOD, by="U1")
    desk.crm.failing = [AuthExpired("crono", "401")]
    await desk.read()
    stored = await desk.keys.of(desk.ada)
    assert stored is not None
    assert (stored.keys, stored.works) == (GOOD, False)
    desk.now += timedelta(minutes=16)
    await desk.read()
    healed = await desk.keys.of(desk.ada)
    assert healed is not None
    assert healed.works


async def test_another_crm_begins_with_an_empty_index(desk: CrmDesk) -> None:
    await desk.read()
    async with desk.database.transaction() as session:
        await desk.refresh.connected(session, desk.ada.workspace_id, "hubspot")
    assert await kept(desk) == {}
    assert await found(desk, "firm") == []
    assert ((await state(desk)).vendor, (await state(desk)).epoch) == ("hubspot", 2)


async def test_a_page_read_for_the_old_crm_is_not_kept(desk: CrmDesk) -> None:
    async def switch() -> None:
        async with desk.database.transaction() as session:
            await desk.refresh.connected(session, desk.ada.workspace_id, "hubspot")

    original = desk.crm.changes

    async def slow(kind, cursor):  # type: ignore[no-untyped-def] # the port's own types
        page = await original(kind, cursor)
        await switch()
        return page

    desk.crm.changes = slow  # type: ignore[method-assign] # the same, but the CRM is switched
    await desk.read(steps=1)
    assert await kept(desk) == {}


async def test_begin_due_reads_every_connected_workspace_and_drops_the_others(
    desk: CrmDesk,
) -> None:
    await desk.read()
    everybody = Actor(f"{desk.ada.workspace_id}b", EVERYBODY)
    async with desk.database.transaction() as session:
        await desk.keys.keep(session, everybody, "crono", GOOD, by="U1")
        await desk.refresh.connected(session, everybody.workspace_id, "crono")
    assert everybody.workspace_id in await desk.keys.workspaces()
    async with desk.database.transaction() as session:
        await desk.keys.forget(session, everybody)
    await desk.refresh.begin_due()
    async with desk.database.transaction() as session:
        assert await refreshes.find(session, everybody.workspace_id) is None
    assert (await kept(desk))["account"] == 5
