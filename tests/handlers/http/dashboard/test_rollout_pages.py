"""Rollouts as an admin follows and steers them: each button does its verb once, and says so."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import pytest
import pytest_asyncio
from sqlalchemy import text

from db.store.session import Database
from db.store.vault import Vault
from handlers.http.dashboard.kit.guard import SESSION
from integrations.tenant_databases.outcomes import StatementFailed, TenantDeferred
from tests.conftest import NewDatabase
from tests.handlers.http.conftest import serving
from tests.handlers.http.dashboard.conftest import Screenless, somebody
from tests.kit.rollout_stage import ADA, RolloutStage

LIST = "/admin/rollouts"
BROKEN = StatementFailed(1, "23502", "column “c” contains <null> values")


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[RolloutStage]:
    database = Database(await migrated_database(), vault)
    stage = RolloutStage(database, 10)
    yield stage
    await stage.close()
    await database.dispose()


@pytest_asyncio.fixture
async def bridge(stage: RolloutStage) -> AsyncIterator[Screenless]:
    """An admin's browser over the stage's rollouts."""
    async with serving(stage.database) as api:
        operator = somebody()
        await api.services.admins.local.create(operator.id, "a long enough password")
        bridge = Screenless(api, operator)
        await bridge.enter()
        yield bridge


async def events(stage: RolloutStage, rollout_id: str, code: str) -> list[str]:
    """By whom this was done to it."""
    found = await stage.rollouts.events(rollout_id, 100)
    return [one.who for one in found if one.code == code]


async def halted(stage: RolloutStage) -> str:
    """A rollout that stands still, since a tenant of its second wave failed."""
    made = await stage.rolled(strategy="gradual")
    await stage.controls.pause(ADA, made)
    waiting = [one for one in await stage.rollouts.targets(made) if one.state == "waiting"]
    stage.tenancy.outcomes[waiting[0].tenant_id] = [BROKEN]
    await stage.controls.watched_enough(ADA, made)
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).control == "halt"
    return made


async def test_the_list_says_how_each_stands_and_where_to_begin(
    bridge: Screenless, stage: RolloutStage
) -> None:
    assert (await bridge.get(LIST)).says("No rollouts yet")
    over, going = await stage.rolled(), await stage.rolled(strategy="gradual")
    seen = await bridge.get(LIST)
    for rollout_id in (over, going):
        assert f'href="{LIST}/{rollout_id}"' in seen.text
        assert seen.says((await stage.rollouts.get(rollout_id)).version)
    assert seen.says("Finished")
    assert seen.says("Running, wave 1 of 3")
    assert seen.says("done: 10")
    assert (await bridge.get(f"{LIST}?after=nothing")).status == 422
    assert (await bridge.get(f"{LIST}/nothing")).status == 404


async def test_one_shows_waves_counts_every_tenant_and_its_sentence(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await halted(stage)
    seen = await bridge.get(f"{LIST}/{made}")
    assert seen.says("Halted, wave 2 of 3")
    assert seen.says("failed: column “c” contains <null> values")
    assert "<null>" not in seen.text
    assert f'<progress max="10" value="{(await stage.rollouts.get(made)).counts["done"]}"' in (
        seen.text
    )
    for number in (1, 2, 3):
        assert seen.says(f"Wave {number}")
    for tenant in await stage.rollouts.targets(made):
        assert f'href="/admin/tenants/{tenant.tenant_id}"' in seen.text
    assert seen.says("Statement 1: column “c”")
    assert seen.says("ALTER TABLE t ADD c int")
    assert "*Re" not in seen.text


@pytest.mark.parametrize(
    ("verb", "code", "control", "hold"),
    [
        ("pause", "paused", "pause", False),
        ("hold", "held", "run", True),
        ("go_on", "watched_enough", "run", False),
        ("abort", "aborted", "abort", False),
    ],
)
async def test_each_button_does_its_verb_as_this_admin(
    bridge: Screenless, stage: RolloutStage, verb: str, code: str, control: str, hold: bool
) -> None:
    made = await stage.rolled(strategy="gradual")
    page, path = f"{LIST}/{made}", f"{LIST}/{made}/{verb}"
    done = await bridge.submit(path if verb == "abort" else page, path)
    assert (done.status, done.to) == (303, page)
    found = await stage.rollouts.get(made)
    assert (found.control, found.hold) == (control, hold)
    assert await events(stage, made, code) == [bridge.operator.name]
    [line] = await bridge.api.services.audit.log.lines(subject_id=made, limit=1)
    assert (line.action, line.operator.kind) == (f"rollouts.{code}", "admin")
    after = await bridge.get(page)
    assert f'action="{path}"' not in after.text or verb == "go_on"


async def test_what_is_pressed_twice_is_done_once(bridge: Screenless, stage: RolloutStage) -> None:
    made = await stage.rolled(strategy="gradual")
    page = f"{LIST}/{made}"
    fields = await bridge.get(page)
    for _ in range(2):
        assert (await bridge.post(f"{page}/pause", hidden(fields.text))).to == page
    resumed = await bridge.submit(page, f"{page}/resume")
    assert resumed.to == page
    assert await events(stage, made, "paused") == [bridge.operator.name]
    assert (await stage.rollouts.get(made)).control == "run"


async def test_those_that_failed_are_retried_or_left(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await halted(stage)
    page = f"{LIST}/{made}"
    await bridge.submit(page, f"{page}/retry")
    seen = await stage.later(made, timedelta(hours=2))
    assert seen.counts == {"done": 10}
    stage.tenancy.outcomes[stage.tenant(4)] = [TenantDeferred("unreachable")]
    other = await stage.rolled()
    assert (await bridge.get(f"{LIST}/{other}")).says("Out of reach; tried again by itself")
    await bridge.submit(f"{LIST}/{other}", f"{LIST}/{other}/finish")
    await stage.drive(other)
    assert (await stage.rollouts.get(other)).counts == {"done": 9, "left": 1}


async def test_a_halted_one_is_rolled_back_by_typing_its_version(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await halted(stage)
    page, path = f"{LIST}/{made}", f"{LIST}/{made}/roll_back"
    assert f'href="{path}"' in (await bridge.get(page)).text
    asked = await bridge.get(path)
    assert asked.says("This destroys data")
    refused = await bridge.submit(path, path, confirm="yes")
    assert (refused.status, 'href="#field-confirm"' in refused.text) == (422, True)
    assert (await stage.rollouts.get(made)).direction == "up"
    version = (await stage.rollouts.get(made)).version
    assert (await bridge.submit(path, path, confirm=version)).to == page
    assert (await bridge.get(page)).says("Rolling back")
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).state == "rolled_back"
    seen = await bridge.get(page)
    assert seen.says("Rolled back")
    assert seen.says("Untouched")
    assert f"{page}/resume" not in seen.text
    assert await events(stage, made, "rolls_back") == [bridge.operator.name]


async def test_a_rollback_wants_a_fresh_sign_in(bridge: Screenless, stage: RolloutStage) -> None:
    made = await stage.rolled()
    path = f"{LIST}/{made}/roll_back"
    fields = hidden((await bridge.get(path)).text)
    async with stage.database.transaction() as session:
        for moved in ("admin_sessions SET began_at", "local_admins SET changed_at"):
            column = moved.rpartition(" ")[2]
            await session.execute(text(f"UPDATE {moved} = {column} - interval '11 minutes'"))
    version = (await stage.rollouts.get(made)).version
    for seen in (
        await bridge.get(path),
        await bridge.post(path, {**fields, "confirm": version}),
    ):
        assert (seen.status, seen.to) == (303, f"/admin/sign-in?next={quote(path, '')}&again=1")
    assert (await stage.rollouts.get(made)).state == "done"


async def test_a_stale_button_changes_nothing_and_says_why(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await stage.rolled(strategy="gradual")
    page = f"{LIST}/{made}"
    fields = hidden((await bridge.get(page)).text)
    await stage.controls.abort(bridge.operator, made)
    await stage.drive(made)
    seen = await bridge.post(f"{page}/pause", fields)
    assert (seen.status, seen.says("cannot be done to the rollout")) == (409, True)
    assert (await stage.rollouts.get(made)).state == "aborted"


async def test_a_stranger_sees_and_changes_nothing(bridge: Screenless, stage: RolloutStage) -> None:
    made = await stage.rolled(strategy="gradual")
    page = f"{LIST}/{made}"
    fields = hidden((await bridge.get(page)).text)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert (await bridge.post(f"{page}/abort", fields, elsewhere)).status == 403
    assert (await bridge.post(f"{page}/abort", {**fields, "_token": "x"})).status == 403
    del bridge.cookies[SESSION]
    for path in (LIST, page, f"{page}/live", f"{page}/roll_back"):
        seen = await bridge.get(path)
        assert (seen.status, seen.to.split("?")[0]) == (303, "/admin/sign-in")
    assert (await bridge.post(f"{page}/abort", fields)).status == 403
    assert (await stage.rollouts.get(made)).control == "run"


async def test_the_page_follows_by_events(bridge: Screenless, stage: RolloutStage) -> None:
    made = await stage.rolled(strategy="gradual")
    headers = {"Cookie": f"{SESSION}={bridge.cookies[SESSION]}", "Accept": "text/event-stream"}
    async with bridge.api.client.get(f"{LIST}/{made}/live", headers=headers) as answer:
        assert answer.content_type == "text/event-stream"

        async def until(words: str) -> None:
            while words not in (await answer.content.readline()).decode():
                pass

        await until("Running, wave 1 of 3")
        await stage.controls.pause(bridge.operator, made)
        await until("Paused, wave 1 of 3")
        await stage.controls.abort(bridge.operator, made)
        await stage.drive(made)
        await until("event: over")


def hidden(page: str) -> dict[str, str]:
    """Token and request of any form on a page."""
    found = re.findall(r'name="(_token|_request)" value="([^"]+)"', page)
    return dict(reversed(found))
