"""Installations: sealed in the database, remembered in memory, forgotten in time."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from door_stage import HOME, HOME_TOKEN, event_body, stage
from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlalchemy import text

from bot.authority import FRESH, STALE, Authority
from bot.installations import STATE_LIFE, InstallationStore, InstallStateStore
from bot.metrics import Metrics
from bot.slack_calls import session, web_client
from db.session import Database, DatabaseAway
from db.vault import Vault
from services.actors import Actor
from services.errors import NotFound, Temporary

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass
class Hands:
    """A clock that is set by hand."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now


def ids() -> tuple[str, str]:
    return f"E{uuid4().hex[:8]}", f"T{uuid4().hex[:8]}"


STORED, WHOLE, OWN, NEWER = "xoxb-stored", "xoxb-whole", "xoxb-own", "xoxb-newer"
DEAD, REFRESH = "xoxb-dead", "xoxe-1-refresh"


def installed(enterprise_id: str | None, team_id: str | None, **more: Any) -> Installation:
    given = {"bot_token": STORED, "bot_id": "B1", "bot_user_id": "UB1", "user_id": "U1"}
    whole = {"is_enterprise_install": team_id is None, "bot_scopes": "commands,chat:write"}
    return Installation(
        enterprise_id=enterprise_id, team_id=team_id, **(given | whole | {"app_id": "A1"} | more)
    )


async def test_what_was_saved_is_found_with_its_token(database: Database) -> None:
    store, (enterprise_id, team_id) = InstallationStore(database), ids()
    await store.async_save(
        installed(enterprise_id, team_id, bot_refresh_token=REFRESH, bot_token_expires_in=43_200)
    )
    bot = await store.async_find_bot(enterprise_id=enterprise_id, team_id=team_id)
    assert bot is not None
    assert (bot.bot_token, bot.bot_refresh_token) == (STORED, REFRESH)
    assert bot.bot_token_expires_at is not None
    assert bot.bot_scopes == ["commands", "chat:write"]
    found = await store.async_find_installation(enterprise_id=enterprise_id, team_id=team_id)
    assert found is not None
    assert (found.user_id, found.bot_id, found.is_enterprise_install) == ("U1", "B1", False)


async def test_tokens_are_sealed_in_the_table_for_their_row_alone(
    database: Database, vault: Vault
) -> None:
    store, (_, first), (_, second) = InstallationStore(database), ids(), ids()
    for team_id in (first, second):
        await store.async_save(installed(None, team_id))
    async with database.transaction() as session:
        rows = await session.execute(text("select team_id, bot_token from installations"))
        sealed = {team_id: bytes(token) for team_id, token in rows}
        assert all(b"xoxb" not in token for token in sealed.values())
        move = text("update installations set bot_token = :stolen where team_id = :team")
        await session.execute(move, {"stolen": sealed[first], "team": second})
    with pytest.raises(Exception, match="altered, or was sealed for another place"):
        await store.async_find_bot(enterprise_id=None, team_id=second)
    await store.async_delete_bot(enterprise_id=None, team_id=second)


async def test_an_organisation_serves_its_workspaces_but_their_own_come_first(
    database: Database,
) -> None:
    store, (enterprise_id, team_id) = InstallationStore(database), ids()
    await store.async_save(installed(enterprise_id, None, bot_token=WHOLE))
    for team in (team_id, None):
        whole = await store.async_find_bot(
            enterprise_id=enterprise_id, team_id=team, is_enterprise_install=team is None
        )
        assert whole is not None
        assert (whole.bot_token, whole.is_enterprise_install) == (WHOLE, True)
    await store.async_save(installed(enterprise_id, team_id, bot_token=OWN))
    own = await store.async_find_bot(enterprise_id=enterprise_id, team_id=team_id)
    assert own is not None
    assert own.bot_token == OWN
    elsewhere = await store.async_find_bot(enterprise_id=ids()[0], team_id=ids()[1])
    assert elsewhere is None


async def test_a_workspace_that_joined_an_organisation_later_is_still_found_and_replaced(
    database: Database,
) -> None:
    store, (enterprise_id, team_id) = InstallationStore(database), ids()
    await store.async_save(installed(None, team_id, bot_token=OWN))
    found = await store.async_find_bot(enterprise_id=enterprise_id, team_id=team_id)
    assert found is not None
    assert found.bot_token == OWN
    await store.async_save(installed(enterprise_id, team_id, bot_token=NEWER))
    found = await store.async_find_bot(enterprise_id=None, team_id=team_id)
    assert found is not None
    assert found.bot_token == NEWER


async def test_two_installs_at_once_leave_one_installation(database: Database) -> None:
    store, (enterprise_id, team_id) = InstallationStore(database), ids()
    saves = (store.async_save(installed(enterprise_id, team_id)) for _ in range(8))
    await asyncio.gather(*saves)
    async with database.transaction() as session:
        count = text("select count(*) from installations where team_id = :team")
        assert (await session.execute(count, {"team": team_id})).scalar() == 1


async def test_a_state_is_good_once_and_for_ten_minutes(database: Database) -> None:
    clock = Hands()
    states = InstallStateStore(database, clock)
    state, late = await states.async_issue(), await states.async_issue()
    assert await states.async_consume(state)
    assert not await states.async_consume(state)
    assert not await states.async_consume("invented")
    clock.now += STATE_LIFE + timedelta(seconds=1)
    assert not await states.async_consume(late)


class Counting(InstallationStore):
    """Counts how often the database is asked, and may lose it."""

    asked = 0
    away = False

    async def installed(self, enterprise_id: str, team_id: str) -> Any:
        self.asked += 1
        if self.away:
            raise DatabaseAway
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
    with pytest.raises(DatabaseAway):
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
            await s.slack.drain(timedelta(seconds=2))
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
        await s.slack.drain(timedelta(seconds=2))
        assert await s.slack.store.async_find_bot(enterprise_id=None, team_id=team_id)


async def test_a_persons_revoked_token_leaves_the_installation(database: Database) -> None:
    async with stage(database) as s:
        team_id = ids()[1]
        await s.slack.store.async_save(installed(None, team_id, installed_at=0.0))
        event = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
        await s.event(event, team_id=team_id)
        await s.slack.drain(timedelta(seconds=2))
        assert await s.slack.store.async_find_bot(enterprise_id=None, team_id=team_id)


async def test_oauth_settings_use_our_stores_and_no_files(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(database, client_id="1.2", client_secret=OWN) as s:
        flow = s.slack.app.oauth_flow
        assert flow is not None
        assert flow.settings.installation_store is s.slack.store
        assert isinstance(flow.settings.state_store, InstallStateStore)
        assert (await s.command("/nothing")).status == 200


async def test_bolt_does_not_complain_about_a_token_it_need_not_know(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", HOME_TOKEN)
    async with stage(database):
        assert caplog.text == ""
