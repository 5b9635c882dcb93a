"""Tokens that lapse: one refresh over all processes, kept before use, and nobody notices."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.slack.installations import InstallationStore
from bot.slack.rotation import LEASE
from db.store.session import Database
from db.store.vault import Vault
from handlers.slack.kit.context import Turn
from services.actors import Actor
from services.errors import Temporary
from tests.kit.door_stage import Stage, stage
from tests.kit.door_workspaces import ids, installed
from tests.kit.rotating_slack import CLIENT, RotatingSlack

ACCESS, REFRESH = "xoxe.xoxb-0", "xoxe-1-0"
MINUTE, HOUR = 60, 3_600


async def lapsing(s: Stage, seconds: int, *, works: bool = True) -> tuple[str, RotatingSlack]:
    """A workspace whose token lapses in so many seconds, before now if negative."""
    team = ids()[1]
    vendor = RotatingSlack(ACCESS if works else "xoxe.xoxb-lapsed", REFRESH)
    s.fake.answers |= {"oauth.v2.access": vendor.oauth, "chat.postMessage": vendor.speak}
    until = {"bot_refresh_token": REFRESH, "bot_token_expires_at": int(time.time()) + seconds}
    await s.slack.store.async_save(installed(None, team, bot_token=ACCESS, **until))
    return team, vendor


async def say(s: Stage, team: str) -> Any:
    """As a job, a timer or a webhook speaks: by the same door."""
    client = await s.slack.client(Actor(team, "U1"))
    return await client.chat_postMessage(channel="U1", text="hello")


async def test_twenty_calls_in_two_processes_refresh_once(database: Database, vault: Vault) -> None:
    # Two databases' pools and two apps are what two processes are: only PostgreSQL is shared.
    other = Database(database.url, vault, pool_size=5)
    async with stage(database, **CLIENT) as here, stage(other, **CLIENT) as there:
        team, vendor = await lapsing(here, MINUTE)
        there.fake.answers = here.fake.answers
        answers = await asyncio.gather(*(say(s, team) for s in (here, there) for _ in range(10)))
        await here.slack.authority.drain()
        await there.slack.authority.drain()
        assert all(answer["ok"] for answer in answers)
        assert len(vendor.refreshes) == 1
        assert (await say(there, team))["ok"]
        assert len(vendor.refreshes) == 1
    await other.dispose()


async def test_an_app_that_only_posts_outlives_its_token(database: Database) -> None:
    async with stage(database, **CLIENT) as s:
        team, vendor = await lapsing(s, -HOUR, works=False)
        assert (await say(s, team))["ok"]
        kept = await s.slack.store.installed("", team)
        assert kept is not None
        assert (kept.bot_token, kept.refresh_token) == (vendor.access, vendor.refresh)
        assert kept.expires_at is not None
        assert kept.expires_at > datetime.now(UTC) + timedelta(hours=11)


async def test_a_listener_gets_a_living_token_too(database: Database) -> None:
    async with stage(database, **CLIENT) as s:
        team, vendor = await lapsing(s, -HOUR, works=False)

        async def go(turn: Turn, _: Any) -> None:
            await turn.ack()
            await turn.slack.chat_postMessage(channel="U1", text="hello")

        s.listeners.command("/go", go)
        await s.command(team_id=team)
        await s.settled()
        assert [one["text"] for one in s.fake.named("chat.postMessage")] == ["hello"]
        assert len(vendor.refreshes) == 1


@pytest.mark.parametrize("word", ["token_expired", "token_revoked"])
async def test_a_token_that_slack_finds_lapsed_is_renewed_and_the_call_made_again_once(
    database: Database, word: str
) -> None:
    async with stage(database, **CLIENT) as s:
        # By our clock it has hours left; Slack knows better.
        team, vendor = await lapsing(s, 5 * HOUR, works=False)
        vendor.word = word
        assert (await say(s, team))["ok"]
        assert len(vendor.refreshes) == 1
        assert len(s.fake.named("chat.postMessage")) == 2


async def test_a_token_renewed_elsewhere_is_read_again_without_another_refresh(
    database: Database,
) -> None:
    async with stage(database, **CLIENT) as here, stage(database, **CLIENT) as there:
        team, vendor = await lapsing(here, 5 * HOUR)
        there.fake.answers = here.fake.answers
        client = await there.slack.client(Actor(team, "U1"))
        vendor.access = "xoxe.xoxb-other"
        assert (await say(here, team))["ok"]
        assert (await client.chat_postMessage(channel="U1", text="late"))["ok"]
        assert len(vendor.refreshes) == 1


async def test_slack_away_costs_nothing_while_the_old_token_lives(database: Database) -> None:
    async with stage(database, **CLIENT) as s:
        team, vendor = await lapsing(s, MINUTE)
        s.fake.faults["oauth.v2.access"] = "service_unavailable"
        assert (await say(s, team))["ok"]
        del s.fake.faults["oauth.v2.access"]
        s.slack.authority.forget()
        assert (await say(s, team))["ok"]
        assert len(vendor.refreshes) == 1


async def test_slack_away_with_nothing_left_is_told_as_temporary(database: Database) -> None:
    async with stage(database, **CLIENT) as s:
        team, _ = await lapsing(s, -HOUR, works=False)
        s.fake.faults["oauth.v2.access"] = "service_unavailable"
        with pytest.raises(Temporary, match="Slack"):
            await say(s, team)


async def test_a_refresh_token_that_is_dead_is_asked_with_once(database: Database) -> None:
    async with stage(database, **CLIENT) as s:
        team, vendor = await lapsing(s, MINUTE)
        vendor.refresh = "another"
        for _ in range(3):
            s.slack.authority.forget()
            assert (await say(s, team))["ok"]
        assert len(s.fake.named("oauth.v2.access")) == 1


async def test_who_was_killed_in_between_leaves_a_lease_that_lapses(database: Database) -> None:
    async with stage(database, **CLIENT) as s:
        team, vendor = await lapsing(s, MINUTE)
        dead, found = InstallationStore(database), await s.slack.store.installed("", team)
        assert found is not None
        long_ago = datetime.now(UTC) - LEASE - timedelta(seconds=1)
        # It had the lease, asked, and was killed before it could keep the pair.
        assert await dead.lease(found, long_ago, LEASE)
        assert not await dead.lease(found, long_ago, LEASE)
        assert (await say(s, team))["ok"]
        assert len(vendor.refreshes) == 1


async def test_an_install_during_a_refresh_wins(database: Database) -> None:
    async with stage(database, **CLIENT) as s:
        team, _ = await lapsing(s, MINUTE)
        store, found = s.slack.store, await s.slack.store.installed("", team)
        assert found is not None
        await store.async_save(installed(None, team, bot_token="xoxb-new"))
        later = datetime.now(UTC) + timedelta(hours=12)
        kept = await store.renewed(
            found, token="xoxe.xoxb-late", refresh_token="xoxe-1-late", expires_at=later
        )
        assert kept.bot_token == "xoxb-new"


async def test_without_the_apps_secret_nothing_is_renewed(database: Database) -> None:
    async with stage(database) as s:
        team, vendor = await lapsing(s, MINUTE)
        assert (await say(s, team))["ok"]
        assert vendor.refreshes == []
