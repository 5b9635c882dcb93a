"""Rollouts as an admin asks for them: form, check, yes, second admin, quarantine."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio
from sqlalchemy import text

from handlers.http.dashboard.kit.guard import SESSION
from integrations.tenant_databases.outcomes import Fingerprint, SchemaDifference, SchemaDrifted
from tests.handlers.http.dashboard.conftest import Screenless, Seen, somebody
from tests.handlers.http.dashboard.test_rollout_pages import (
    LIST,
    bridge,
    events,
    hidden,
    stage,
)
from tests.kit.rollout_stage import BACK, RolloutStage

__all__ = ("bridge", "stage")

NEW = f"{LIST}/new"
ADD = "ALTER TABLE t ADD COLUMN c int"
DROP = "ALTER TABLE t DROP COLUMN d"
TYPED = {
    "version": "0042_add_note",
    "sql": ADD,
    "rollback_sql": BACK,
    "strategy": "all",
    "tenants": "",
    "canary": "",
    "canary_watch": "1h",
    "wave_watch": "10m",
    "threshold": "2",
}


@pytest_asyncio.fixture
async def second(bridge: Screenless) -> AsyncIterator[Screenless]:
    """Another admin's browser."""
    operator = somebody()
    await bridge.api.services.admins.local.create(operator.id, "a long enough password")
    other = Screenless(bridge.api, operator)
    await other.enter()
    yield other


async def proposed(bridge: Screenless, stage: RolloutStage, **typed: str) -> str:
    """The id of a rollout that was asked for by the form and checked."""
    seen = await bridge.submit(NEW, LIST, **{**TYPED, **typed})
    assert seen.status == 303, seen.text
    made = seen.to.removeprefix(f"{LIST}/")
    await stage.drive(made)
    return made


async def test_what_is_asked_for_is_checked_started_by_its_version_and_done(
    bridge: Screenless, stage: RolloutStage
) -> None:
    asked = await bridge.submit(NEW, LIST, **TYPED)
    made, page = asked.to.removeprefix(f"{LIST}/"), asked.to
    assert (await bridge.get(page)).says("The SQL is being tried on copies")
    await stage.drive(made)
    seen = await bridge.get(page)
    for words in ("Nothing is changed yet", "What the check found", "works, and the way back"):
        assert seen.says(words) or seen.says(words[:1].upper() + words[1:])
    assert seen.says(ADD)
    refused = await bridge.submit(f"{page}/start", f"{page}/start", confirm="yes")
    assert (refused.status, 'href="#field-confirm"' in refused.text) == (422, True)
    assert (await stage.rollouts.get(made)).wanted is False
    started = await bridge.submit(f"{page}/start", f"{page}/start", confirm="0042_add_note")
    assert (started.status, started.to) == (303, page)
    await stage.drive(made)
    done = await stage.rollouts.get(made)
    assert (done.state, done.counts, done.operator) == ("done", {"done": 10}, bridge.operator)
    assert (done.options.threshold, done.options.canary_watch.total_seconds()) == (2, 3_600)
    assert await events(stage, made, "wanted") == [bridge.operator.name]
    lines = await bridge.api.services.audit.log.lines(subject_id=made, limit=9)
    assert {one.action for one in lines} == {"rollouts.propose", "rollouts.wanted"}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("version", "no spaces"),
        ("sql", "ALTER TABEL t"),
        ("rollback_sql", "COMMIT"),
        ("tenants", "nobody"),
        ("canary", "nobody"),
        ("canary_watch", "soon"),
        ("wave_watch", "99d"),
        ("threshold", "0"),
    ],
)
async def test_bad_input_is_told_beside_its_field_and_nothing_is_begun(
    bridge: Screenless, stage: RolloutStage, field: str, typed: str
) -> None:
    seen = await bridge.submit(NEW, LIST, **{**TYPED, field: typed})
    assert seen.status == 422
    assert f'href="#field-{field}"' in seen.text
    assert f'id="field-{field}-error"' in seen.text
    assert seen.says(BACK) or field == "rollback_sql"
    assert typed in seen.text
    assert await stage.rollouts.list() == ()


async def test_a_version_with_other_sql_is_told_beside_the_version(
    bridge: Screenless, stage: RolloutStage
) -> None:
    await stage.rolled(version="0042_add_note", up_sql="ALTER TABLE t ADD COLUMN e int")
    seen = await bridge.submit(NEW, LIST, **TYPED)
    assert (seen.status, 'id="field-version-error"' in seen.text) == (422, True)
    assert seen.says("Give the changed SQL a new version")


async def test_the_form_sent_twice_is_one_rollout(bridge: Screenless, stage: RolloutStage) -> None:
    fields = hidden((await bridge.get(NEW)).text)
    sent = [await bridge.post(LIST, {**fields, **TYPED}) for _ in range(2)]
    assert sent[0].to == sent[1].to
    assert len(await stage.rollouts.list()) == 1


async def test_what_destroys_waits_for_a_second_admin_who_agrees_to_what_was_shown(
    bridge: Screenless, second: Screenless, stage: RolloutStage
) -> None:
    made = await proposed(bridge, stage, sql=DROP, rollback_sql="")
    page, path = f"{LIST}/{made}", f"{LIST}/{made}/approve"
    assert (await bridge.get(page)).says("Needs a second admin")
    await bridge.submit(f"{page}/start", f"{page}/start", confirm="0042_add_note")
    await stage.drive(made)
    assert (await bridge.get(page)).says("It begins as soon as a second admin agrees")
    assert (await bridge.get(path)).says("You proposed this rollout yourself")
    found = await stage.rollouts.get(made)
    own = hidden((await bridge.get(page)).text)
    agreed = {"hash": found.hash, "confirm": found.version}
    refused = await bridge.post(path, {**own, **agreed})
    assert (refused.status, refused.says("A second admin must agree")) == (403, True)
    shown = await second.get(path)
    assert shown.says("drops column")
    assert shown.says(DROP)
    stale = await second.submit(path, path, hash="another", confirm=found.version)
    assert (stale.status, stale.says("not the one you were shown")) == (409, True)
    assert (await second.submit(path, path, confirm=found.version)).to == page
    await stage.drive(made)
    done = await stage.rollouts.get(made)
    assert (done.state, done.approved_by) == ("done", second.operator.name)
    assert await events(stage, made, "approved") == [second.operator.name]


async def test_changing_asks_anew_with_what_was_typed_and_puts_the_old_one_away(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await proposed(bridge, stage)
    path = f"{LIST}/{made}/change"
    form = await bridge.get(path)
    for words in (ADD, BACK, 'value="0042_add_note"', 'value="1h"', 'value="2"'):
        assert words in form.text
    refused = await bridge.submit(path, path, **{**TYPED, "sql": "nonsense"})
    assert (refused.status, 'id="field-sql-error"' in refused.text) == (422, True)
    assert (await stage.rollouts.get(made)).state == "proposed"
    changed = await bridge.submit(path, path, **{**TYPED, "version": "0043_add_note"})
    assert changed.status == 303
    assert (await stage.rollouts.get(made)).state == "withdrawn"
    other = await stage.rollouts.get(changed.to.removeprefix(f"{LIST}/"))
    assert (other.version, other.state) == ("0043_add_note", "checking")


async def test_a_proposal_is_put_away_and_offers_no_start_any_more(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await proposed(bridge, stage)
    page = f"{LIST}/{made}"
    assert (await bridge.submit(page, f"{page}/withdraw")).to == page
    seen = await bridge.get(page)
    assert seen.says("Put away")
    assert f"{page}/start" not in seen.text
    late = await bridge.submit(f"{page}/start", f"{page}/start", confirm="0042_add_note")
    assert (late.status, late.says("cannot be done to the rollout")) == (409, True)


async def test_a_dry_run_changes_nothing_and_can_be_asked_for_in_earnest(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await proposed(bridge, stage, dry_run="yes")
    seen = await bridge.get(f"{LIST}/{made}")
    assert seen.says("Dry run: nothing was changed")
    assert f'href="{LIST}/{made}/change"' in seen.text
    assert stage.tenancy.applied == []


async def test_start_and_agreement_want_a_fresh_sign_in(
    bridge: Screenless, stage: RolloutStage
) -> None:
    made = await proposed(bridge, stage)
    async with stage.database.transaction() as session:
        for moved in ("admin_sessions SET began_at", "local_admins SET changed_at"):
            column = moved.rpartition(" ")[2]
            await session.execute(text(f"UPDATE {moved} = {column} - interval '11 minutes'"))
    for verb in ("start", "approve"):
        path = f"{LIST}/{made}/{verb}"
        seen = await bridge.get(path)
        assert (seen.status, seen.to) == (303, f"/admin/sign-in?next={quote(path, '')}&again=1")


async def test_a_tenant_leaves_quarantine_as_it_was_shown_or_mended(
    bridge: Screenless, stage: RolloutStage
) -> None:
    drift = SchemaDifference(("table <odd>",), ("column t.d",))
    odd = SchemaDrifted("before", Fingerprint(18, "abc"), drift)
    stage.tenancy.outcomes[stage.tenant(3)] = [odd]
    made = await stage.rolled()
    page, path = f"{LIST}/{made}", f"{LIST}/{made}/tenants/{stage.tenant(3)}"
    assert f'href="{path}"' in (await bridge.get(page)).text
    seen = await bridge.get(path)
    assert seen.says("+ table <odd>  (should not be there)")
    assert seen.says("- column t.d  (is missing)")
    stale = await bridge.submit(path, f"{path}/baseline", found="18:other")
    assert (stale.status, stale.says("Look at the card again")) == (409, True)
    assert (await bridge.submit(path, f"{path}/baseline")).to == page
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).counts == {"done": 10}
    assert (await bridge.get(path)).status == 404
    assert await events(stage, made, "baseline") == [bridge.operator.name]


async def test_the_list_follows_by_events(bridge: Screenless, stage: RolloutStage) -> None:
    made = await stage.rolled(strategy="gradual")
    headers = {"Cookie": f"{SESSION}={bridge.cookies[SESSION]}", "Accept": "text/event-stream"}
    async with bridge.api.client.get(f"{LIST}/live", headers=headers) as answer:
        assert answer.content_type == "text/event-stream"

        async def until(words: str) -> None:
            while words not in (await answer.content.readline()).decode():
                pass

        await until("Running, wave 1 of 3")
        await stage.controls.pause(bridge.operator, made)
        await until("Paused, wave 1 of 3")


async def test_a_stranger_starts_nothing(bridge: Screenless, stage: RolloutStage) -> None:
    made = await proposed(bridge, stage)
    fields: dict[str, str] = hidden((await bridge.get(f"{LIST}/{made}/start")).text)
    sent = {**fields, **TYPED, "confirm": "0042_add_note"}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    paths = (LIST, f"{LIST}/{made}/start", f"{LIST}/{made}/approve", f"{LIST}/{made}/change")
    told: list[Seen] = [await bridge.post(path, sent, elsewhere) for path in paths]
    assert {one.status for one in told} == {403}
    assert (await stage.rollouts.get(made)).wanted is False
    assert len(await stage.rollouts.list()) == 1
