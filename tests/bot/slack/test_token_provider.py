"""Who we are in a workspace: remembered in memory, forgotten in time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.process.metrics import Metrics
from bot.slack.calls import session, web_client
from bot.slack.installations import InstallationStore
from bot.slack.token_provider import FRESH, STALE, Authority
from db.store.session import Database, DatabaseUnavailable
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Command
from services.actors import Actor
from services.errors import NotFound, Temporary
from tests.kit.door_stage import HOME, HOME_TOKEN, click, event_body, signed_headers, stage, view
from tests.kit.door_workspaces import DEAD, NEWER, NOW, STORED, WHOLE, Hands, ids, installed


class Counting(InstallationStore):
    """Counts how often the database is asked, and may lose it."""

    asked = 0
    away = False

    async def installed(self, enterprise_id: str, team_id: str) -> Any:
        self.asked += 1
        if self.away:
            raise DatabaseUnavailable
        return await super().installed(enterprise_id, team_id)


@pytest.fixture
async def nobody() -> Any:
    """A Slack client without a token: only the store is asked."""
    calls = session(Metrics())
    yield web_client("http://127.0.0.1:1/api/", calls)
    await calls.close()


async def test_a_workspace_is_looked_up_once_and_then_known(
    database: Database, nobody: Any
) -> None:
    store, clock, (_, team_id) = Counting(database), Hands(), ids()
    authority = Authority(store, nobody, clock)
    await store.async_save(installed(None, team_id))
    for _ in range(100):
        assert (await authority.find("", team_id)).bot_token == STORED
    assert store.asked == 1


async def test_a_change_in_this_process_is_known_at_once(database: Database, nobody: Any) -> None:
    store, clock, (_, team_id) = InstallationStore(database), Hands(), ids()
    authority = Authority(store, nobody, clock)
    with pytest.raises(NotFound):
        await authority.find("", team_id)
    await store.async_save(installed(None, team_id))
    await authority.find("", team_id)
    await store.async_delete_all(enterprise_id=None, team_id=team_id)
    with pytest.raises(NotFound):
        await authority.find("", team_id)


async def test_a_change_in_another_process_is_known_soon(database: Database, nobody: Any) -> None:
    here, there, clock = InstallationStore(database), InstallationStore(database), Hands()
    team_id = ids()[1]
    authority = Authority(here, nobody, clock)
    await there.async_save(installed(None, team_id))
    await authority.find("", team_id)
    await there.async_save(installed(None, team_id, bot_token=NEWER))
    clock.now += FRESH + timedelta(seconds=1)
    assert (await authority.find("", team_id)).bot_token == NEWER
    await there.async_delete_all(enterprise_id=None, team_id=team_id)
    clock.now += FRESH + timedelta(seconds=1)
    with pytest.raises(NotFound):
        await authority.find("", team_id)


async def test_what_is_known_outlives_a_database_that_restarts(
    database: Database, nobody: Any
) -> None:
    store, clock, (_, team_id) = Counting(database), Hands(), ids()
    authority = Authority(store, nobody, clock)
    await store.async_save(installed(None, team_id))
    await authority.find("", team_id)
    store.away = True
    clock.now += FRESH * 2
    assert (await authority.find("", team_id)).bot_token == STORED
    clock.now += STALE
    with pytest.raises(DatabaseUnavailable):
        await authority.find("", team_id)


async def test_the_token_of_the_settings_is_tested_once_by_the_first_request(
    database: Database,
) -> None:
    async with stage(database) as s:
        assert s.fake.calls == []
        await asyncio.gather(*(s.command() for _ in range(5)))
        assert len(s.fake.named("auth.test")) == 1
        client = await s.slack.client(Actor(HOME, "U1"))
        assert client.token == HOME_TOKEN


async def test_a_token_that_slack_refuses_is_not_asked_about_again_and_again(
    database: Database,
) -> None:
    async with stage(database, bot_token=DEAD) as s:
        answers = [await s.command() for _ in range(3)]
        assert all("not installed" in answer.text for answer in answers)
        assert len(s.fake.named("auth.test")) == 1


async def test_while_slack_is_away_stored_workspaces_are_served_all_the_same(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.fake.faults["auth.test"] = "internal_error"
        team_id = ids()[1]
        await s.slack.store.async_save(installed(None, team_id))
        assert (await s.slack.authority.find("", team_id)).bot_token == STORED
        with pytest.raises(Temporary, match="Slack"):
            await s.slack.authority.find("", HOME)


async def test_a_second_workspace_is_served_with_its_own_token(database: Database) -> None:
    async with stage(database) as s:
        enterprise_id, team_id = ids()
        await s.slack.store.async_save(installed(None, team_id))
        assert (await s.slack.client(Actor(team_id, "U1"))).token == STORED
        await s.slack.store.async_save(installed(enterprise_id, None, bot_token=WHOLE))
        whole = Actor(enterprise_id, "U1", enterprise_id)
        assert (await s.slack.client(whole)).token == WHOLE


async def test_an_uninstall_forgets_the_installation_and_its_token(database: Database) -> None:
    async with stage(database) as s:
        for event in (
            {"type": "app_uninstalled"},
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UB1"]}},
        ):
            team_id = ids()[1]
            long_ago = (NOW - timedelta(days=9)).timestamp()
            await s.slack.store.async_save(installed(None, team_id, installed_at=long_ago))
            assert (await s.event(event, team_id=team_id)).status == 200
            await s.settled()
            assert await s.slack.store.async_find_bot(enterprise_id=None, team_id=team_id) is None


async def test_a_late_uninstall_does_not_undo_a_new_install(database: Database) -> None:
    async with stage(database) as s:
        team_id = ids()[1]
        await s.slack.store.async_save(installed(None, team_id))
        an_hour_ago = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
        raw, content_type = event_body(
            {"type": "app_uninstalled"}, team_id=team_id, event_time=an_hour_ago
        )
        await s.signed(raw, content_type)
        await s.settled()
        assert await s.slack.store.async_find_bot(enterprise_id=None, team_id=team_id)


async def test_a_persons_revoked_token_leaves_the_installation(database: Database) -> None:
    async with stage(database) as s:
        team_id = ids()[1]
        await s.slack.store.async_save(installed(None, team_id, installed_at=0.0))
        event = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
        await s.event(event, team_id=team_id)
        await s.settled()
        assert await s.slack.store.async_find_bot(enterprise_id=None, team_id=team_id)


@pytest.mark.parametrize(
    "outer", [{"team_id": "TNOPE"}, {"team_id": None, "enterprise_id": "ENOPE"}]
)
async def test_an_event_from_where_we_are_not_installed_is_not_asked_for_again(
    database: Database, outer: dict[str, Any]
) -> None:
    async with stage(database) as s:
        raw, content_type = event_body({"type": "app_home_opened", "user": "U1"}, **outer)
        again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"}
        for more in ({}, again):
            headers = signed_headers(raw, content_type) | more
            assert (await s.post(raw, headers)).status == 200


async def test_a_click_from_where_we_are_not_installed_leaves_no_traceback(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.fake.faults |= {"views.push": "not_authed", "chat.postMessage": "not_authed"}
        with capture_logs() as lines:
            assert (await s.interact(click(team={"id": "TNOPE"}, view=view()))).status == 200
            await s.settled()
        [untold] = [line for line in lines if line["event"] == "slack.untold"]
        assert untold["reason"] == "not_authed"
        assert not [line for line in lines if "exc_info" in line]


async def test_a_workspace_never_passes_for_another_as_its_organisation(
    database: Database,
) -> None:
    async with stage(database) as s:
        seen: list[str] = []

        async def go(turn: Turn, command: Command) -> None:
            seen.append(turn.actor.workspace_id)
            await turn.ack()

        s.listeners.command("/go", go)
        _, other = ids()
        await s.slack.store.async_save(installed(None, other))
        await s.command(team_id=other, enterprise_id=HOME, is_enterprise_install="true")
        assert seen == [other]
