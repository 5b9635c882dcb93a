"""A workspace that removed us: nothing of it stays, others keep everything, late news change
nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.slack.installations import InstallationStore
from db.arrivals.watches import HookRow
from db.connections.connections import Connection
from db.erasure import KEPT_OF_WORKSPACES, tables_of_workspaces
from db.store import jobs
from db.store.session import Database, seal
from integrations.fathom.client import Fathom
from integrations.google.oauth import GoogleSignIn
from services.arrivals import FathomHookGrants
from services.connections.gmail import TOKENS, Tokens
from services.connections.google_grants import GoogleGrants
from services.errors import AWAY, DomainError, Temporary
from services.workspaces import FORGET, SWEEP, Departures
from tests.kit.door_workspaces import NOW, Hands, ids, installed
from tests.kit.workspace_rows import fill, traces

MINE = text(
    "SELECT name FROM dbos.workflow_status WHERE workflow_uuid LIKE :workspace ORDER BY name"
)


class Google:
    """Remembers what was revoked; may be away."""

    def __init__(self) -> None:
        self.revoked: list[str] = []
        self.error: DomainError | None = None

    async def revoke(self, token: str) -> None:
        if self.error is not None:
            raise self.error
        self.revoked.append(token)


class Leaver:
    """A workspace with everything in it, and the ways out."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self.google = database, Hands(), Google()
        self.store = InstallationStore(database)
        grants = GoogleGrants(cast(GoogleSignIn, self.google))
        self.departures = Departures(database, {"google": grants}, self.clock)
        self.team, self.word = ids()[1], uuid4().hex

    async def settle(self) -> None:
        """Install, with a row in every table."""
        installed_at = NOW.timestamp()
        await self.store.async_save(installed(None, self.team, installed_at=installed_at))
        await fill(self.database, self.team, f"U{self.word[:6]}", self.word)

    async def mailbox(self, team: str, account: str) -> None:
        """Somebody connects Gmail."""
        async with self.database.transaction() as session:
            row = Connection(
                workspace_id=team,
                member_id=uuid4().hex,
                vendor="google",
                account=account,
                secret=b"",
                connected_at=NOW,
            )
            tokens = Tokens("access", f"refresh of {account}")
            seal(session, row, "secret", TOKENS.dump_json(tokens).decode())
            session.add(row)

    async def started(self) -> list[str]:
        """Names of the jobs that know the workspace."""
        async with self.database.transaction() as session:
            found = await session.execute(MINE, {"workspace": f"%{self.team}%"})
            return [name for name in found.scalars() if name != "workspaces.greet"]

    async def grants(self) -> list[str]:
        """Ids of grants that have not ended."""
        async with self.database.transaction() as session:
            found = await session.execute(text("SELECT id FROM ending_grants"))
            return list(found.scalars())


@pytest.fixture
async def leaver(database: Database) -> AsyncIterator[Leaver]:
    leaver = Leaver(database)
    yield leaver
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM ending_grants"))


async def test_nothing_of_a_workspace_is_left_in_any_table(leaver: Leaver) -> None:
    await leaver.settle()
    before = await traces(leaver.database, leaver.team)
    before |= await traces(leaver.database, leaver.word)
    expected = {table.name for table in tables_of_workspaces()} - (
        KEPT_OF_WORKSPACES - {"operations"}
    )
    assert expected <= set(before)
    assert await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    assert await leaver.departures.erase(leaver.team) >= len(expected)
    assert await traces(leaver.database, leaver.word) == {}
    # Until the last look, the only thing known is that it left.
    assert await traces(leaver.database, leaver.team) == {"departures": 1}
    await leaver.departures.sweep(leaver.team)
    assert await traces(leaver.database, leaver.team) == {}


async def test_another_workspace_keeps_every_row(database: Database, leaver: Leaver) -> None:
    other = Leaver(database)
    await other.settle()
    await leaver.settle()
    before = await traces(database, other.word)
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    await leaver.departures.erase(leaver.team)
    assert await traces(database, other.word) == before


async def test_it_is_written_down_before_slack_has_its_answer_and_done_once(
    leaver: Leaver,
) -> None:
    await leaver.settle()
    at = NOW + timedelta(hours=1)
    assert await leaver.store.leave("", leaver.team, at)
    await leaver.store.leave("", leaver.team, at)
    assert await leaver.started() == [FORGET]
    await leaver.departures.erase(leaver.team)
    await leaver.departures.erase(leaver.team)
    assert await leaver.started() == [FORGET, SWEEP]


async def test_a_late_uninstall_leaves_a_reinstalled_workspace_as_it_is(leaver: Leaver) -> None:
    await leaver.settle()
    before = await traces(leaver.database, leaver.word)
    assert not await leaver.store.leave("", leaver.team, NOW - timedelta(seconds=1))
    assert await leaver.started() == []
    assert await traces(leaver.database, leaver.word) == before


async def test_who_installs_again_before_the_job_ran_never_left(leaver: Leaver) -> None:
    await leaver.settle()
    before = await traces(leaver.database, leaver.word)
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    later = (NOW + timedelta(hours=2)).timestamp()
    await leaver.store.async_save(installed(None, leaver.team, installed_at=later))
    assert await leaver.departures.erase(leaver.team) == 0
    assert await traces(leaver.database, leaver.word) == before
    # The first uninstall is delivered once more, late.
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    assert await leaver.departures.erase(leaver.team) == 0
    assert await leaver.store.installed("", leaver.team)


async def test_a_revoked_token_before_the_uninstall_hides_nothing(leaver: Leaver) -> None:
    await leaver.settle()
    at = NOW + timedelta(hours=1)
    await leaver.store.forget("", leaver.team, before=at)
    assert await traces(leaver.database, leaver.word)
    assert await leaver.store.leave("", leaver.team, at)
    await leaver.departures.erase(leaver.team)
    assert await traces(leaver.database, leaver.word) == {}


async def test_what_was_in_hand_is_swept_away(leaver: Leaver) -> None:
    await leaver.settle()
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    await leaver.departures.erase(leaver.team)
    await fill(leaver.database, leaver.team, "U1", leaver.word)
    await leaver.departures.sweep(leaver.team)
    assert await traces(leaver.database, leaver.word) == {}


async def test_jobs_that_have_not_ended_are_cancelled(leaver: Leaver) -> None:
    await leaver.settle()
    work, business = f"w-{leaver.word}", f"b-{leaver.word}"
    async with leaver.database.transaction() as session:
        await jobs.start(session, "followups.write", work, "op", "1", partition=leaver.team)
        await jobs.start(session, "issuing.bulk", business, "op", "1", partition=leaver.team)
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    await leaver.departures.erase(leaver.team)
    query = text("SELECT status FROM dbos.workflow_status WHERE workflow_uuid = :id")
    async with leaver.database.transaction() as session:
        ended = (await session.execute(query, {"id": work})).scalar_one()
        going_on = (await session.execute(query, {"id": business})).scalar_one()
    assert (ended, going_on) == ("CANCELLED", "ENQUEUED")


async def test_googles_grants_are_revoked_and_then_forgotten(leaver: Leaver) -> None:
    await leaver.settle()
    account = f"{leaver.word}@example.com"
    await leaver.mailbox(leaver.team, account)
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    await leaver.departures.erase(leaver.team)
    [grant] = await leaver.grants()
    assert await traces(leaver.database, account) == {}
    leaver.google.error = Temporary(AWAY, vendor="Google")
    with pytest.raises(Temporary):
        await leaver.departures.end(grant)
    assert await leaver.grants() == [grant]
    leaver.google.error = None
    for _ in range(2):
        await leaver.departures.end(grant)
    assert leaver.google.revoked == [f"refresh of {account}"]
    assert await leaver.grants() == []


async def test_webhooks_at_fathom_are_deleted_with_the_key_that_made_them(
    leaver: Leaver,
) -> None:
    await leaver.settle()
    deleted = list[tuple[str, str]]()

    class FathomOfTests:
        async def delete_webhook(self, key: str, hook_id: str) -> None:
            deleted.append((key, hook_id))

    async with leaver.database.transaction() as session:
        hook = HookRow(
            connection_id=leaver.word,
            workspace_id=leaver.team,
            member_id="U1",
            state="active",
            hook_id="wh_1",
            key=b"",
            created_at=NOW,
        )
        seal(session, hook, "key", "the key")
        session.add(hook)
        grants = FathomHookGrants(cast(Fathom, FathomOfTests()))
        found = await grants.collect(session, leaver.team)
    for secret in found:
        await grants.end(secret)
    # The row that fills every table is a webhook, too.
    assert ("the key", "wh_1") in deleted
    assert len(deleted) == len(found) == 2


async def test_a_vendor_that_is_away_for_days_is_given_up(leaver: Leaver) -> None:
    await leaver.settle()
    await leaver.mailbox(leaver.team, f"{leaver.word}@example.com")
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    await leaver.departures.erase(leaver.team)
    [grant] = await leaver.grants()
    await leaver.departures.give_up(grant, "abc123", Temporary(AWAY, vendor="Google"))
    assert await leaver.grants() == []


async def test_a_mailbox_that_another_workspace_uses_too_is_not_revoked(leaver: Leaver) -> None:
    await leaver.settle()
    account = f"{leaver.word}@example.com"
    for team in (leaver.team, ids()[1]):
        await leaver.mailbox(team, account)
    await leaver.store.leave("", leaver.team, NOW + timedelta(hours=1))
    await leaver.departures.erase(leaver.team)
    assert await leaver.grants() == []
    assert await traces(leaver.database, account) == {"connections": 1}


async def test_an_organisation_leaves_as_a_whole(leaver: Leaver) -> None:
    organisation, team = ids()
    await leaver.store.async_save(installed(organisation, None, installed_at=NOW.timestamp()))
    await leaver.store.note_team(organisation, team)
    await fill(leaver.database, organisation, "U1", leaver.word)
    assert await leaver.store.leave(organisation, "", NOW + timedelta(hours=1))
    await leaver.departures.erase(organisation)
    await leaver.departures.sweep(organisation)
    for word in (leaver.word, organisation, team):
        assert await traces(leaver.database, word) == {}
