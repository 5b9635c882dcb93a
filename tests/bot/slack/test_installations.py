"""Installations: sealed in the database, kept for Bolt, with the states of those under way."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from bot.slack.app import SCOPES
from bot.slack.installations import STATE_LIFE, InstallationStore, InstallStateStore
from db.store.session import Database
from db.store.vault import Vault
from tests.kit.door_stage import HOME_TOKEN, stage
from tests.kit.door_workspaces import NEWER, OWN, REFRESH, STORED, WHOLE, Hands, ids, installed

MANIFEST = Path(__file__).parents[3] / "manifest.yml"


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


def test_the_scopes_asked_for_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text())
    assert list(SCOPES) == manifest["oauth_config"]["scopes"]["bot"]
