"""Every listener of the routing table, with an owner's ids sent by everybody else."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from db.store.session import Database
from db.store.vault import Vault
from tests.kit.isolation_rows import COLLEAGUE, OTHERS_THAN_OWNER, OWNER, SECRET_WORD, Someone
from tests.kit.isolation_stage import IsolationStage, Sample, isolation_stage, samples
from tests.views import samples as some

DRAWN = samples()
# What takes no id and is drawn nowhere: typed, or chosen in Slack's own menus.
TYPED = ("command", "shortcut", "event")
# Words that would find the owner's things, were they looked for in the wrong place.
WORDS = ("", "help", SECRET_WORD.lower(), some.FOLLOWUP_ID, "doctor", "connections", "settings")
# What any member of the workspace may change for all of it.
SHARED = ("crm_mappings",)
# The conversation that FakeSlack answers with.
DIRECT = "D1"
# Whose owner sees or changes something by them: a word of theirs, or a row.
FELT = frozenset(
    {
        "crm.again",
        "crm.company_row",
        "followups.act_anew",
        "followups.ask_regenerate",
        "followups.back",
        "followups.cancel",
        "followups.change_recap",
        "followups.create_draft",
        "followups.draft_anew",
        "followups.editor",
        "followups.leave_draft",
        "followups.menu",
        "followups.open",
        "followups.open_latest",
        "followups.open_recap",
        "followups.overwrite_deal",
        "followups.progress",
        "followups.replace_draft",
        "followups.restore",
        "followups.retry_action",
        "followups.review",
        "followups.show_evidence",
        "followups.show_review",
        "followups.show_versions",
        "followups.update_draft",
        "licenses.confirm",
        "licenses.withdraw",
        "settings.delete_template",
        "settings.show_templates",
    }
)
# Forms and menus that Slack fills or closes without any scene that shows them.
UNDRAWN = frozenset[tuple[str, str]]()


@pytest_asyncio.fixture(scope="module")
async def stage(
    migrated_database: Callable[[], Awaitable[str]], vault: Vault
) -> AsyncIterator[IsolationStage]:
    """A database of its own: the scenes' ids are the same in every test."""
    database = Database(await migrated_database(), vault, pool_size=10)
    async with isolation_stage(database) as made:
        yield made
    await database.dispose()


def drawn(stage: IsolationStage) -> list[tuple[str, str]]:
    """Every listener whose id is drawn somewhere, in one order."""
    kinds = ("action", "view", "closed", "options")
    return sorted((kind, id_) for kind in kinds for id_ in stage.listeners.ids(kind))


async def everything(stage: IsolationStage, who: Someone) -> None:
    """All that this person could send."""
    for key in drawn(stage):
        for sample in DRAWN.get(key, ()):
            await stage.send(who, sample)
    for name in sorted(stage.listeners.ids("command")):
        for words in WORDS:
            await stage.command(who, name, words)
    for id_ in sorted(stage.listeners.ids("shortcut")):
        await stage.send(who, Sample("shortcut", id_))
    await stage.event(who, {"type": "app_home_opened", "tab": "home"})


async def test_every_listener_is_covered_so_a_new_one_is_too(stage: IsolationStage) -> None:
    missing = {key for key in drawn(stage) if key not in DRAWN} - UNDRAWN
    assert not missing, f"draw it in a scene of tests/views, with its id: {missing}"


@pytest.mark.parametrize(
    "who", OTHERS_THAN_OWNER, ids=["a colleague", "elsewhere", "the same id", "an organisation"]
)
async def test_nothing_of_the_owners_is_told_to_anybody_or_changed(
    stage: IsolationStage, who: Someone
) -> None:
    await stage.plant()
    before = await stage.owned()
    stage.fake.forget()
    await everything(stage, who)
    told = [said for said in stage.fake.said if SECRET_WORD in said]
    assert told == []
    assert stage.fake.tokens <= {f"xoxb-{who.workspace}"}
    after = await stage.owned()
    for name in SHARED if who is COLLEAGUE else ():
        after[name] = before[name]
    assert after == before


async def test_a_job_with_foreign_ids_changes_and_tells_nothing(stage: IsolationStage) -> None:
    await stage.plant()
    before = await stage.owned()
    stage.fake.forget()
    mails = stage.services.followups.mails
    for who in OTHERS_THAN_OWNER:
        await mails.resume(who.workspace, who.member, some.FOLLOWUP_ID)
    # The owner's own card is drawn for the owner again, and that is all.
    told = [json.loads(said) for said in stage.fake.said if SECRET_WORD in said]
    assert {one["channel"] for one in told} <= {OWNER.member, DIRECT}
    assert stage.fake.tokens <= {f"xoxb-{OWNER.workspace}"}
    after = await stage.owned()
    for name in ("followup_versions", "followup_receipts"):
        assert after[name] == before[name]


async def test_the_owner_is_served_by_the_very_same_requests(stage: IsolationStage) -> None:
    """Or else the tests above would prove nothing."""
    felt = set[str]()
    for key in drawn(stage):
        if key[1] not in FELT:
            continue
        await stage.plant()
        before = await stage.owned()
        stage.fake.forget()
        for sample in DRAWN.get(key, ()):
            await stage.send(OWNER, sample)
        told = any(SECRET_WORD in said for said in stage.fake.said)
        if told or await stage.owned() != before:
            felt.add(key[1])
    assert felt == FELT
