"""Tasks and notes from Slack in either CRM, over the imitated wire: once, also unheard."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from services.crm import (
    ACTIVITY_DONE,
    ActivityTarget,
    CrmAccess,
    CrmActivities,
    CrmActivity,
    NoteEntry,
    TaskEntry,
)
from services.operations import Operations
from services.people import Members
from tests.kit.crm_stage import CRMS, CrmStage, crm_stage
from tests.services.crm.test_activities import NOW, Keys, Ledger, Screen, Slack


class Both:
    """A member's activities before one of the two."""

    def __init__(self, database: Database, stage: CrmStage) -> None:
        self.stage, self.actor, self.at = stage, stage.desk.actor, NOW
        screen = Screen()
        self.operations = Operations(database, screen, self.clock)
        members = Members(database, Slack(), self.clock)
        keys = Keys(cast(Ledger, stage.crm))
        access = cast(CrmAccess, keys)
        self.activities = CrmActivities(
            database, access, self.operations, members, screen, self.clock
        )
        self.operations.register(self.activities.kind)

    def clock(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    async def about(self) -> ActivityTarget:
        [account, *_] = await self.stage.crm.accounts_for("caseificiovaldoro.example")
        context = await self.stage.crm.context(account.id, notes=1)
        person = context.contacts[0]
        return ActivityTarget(account.id, account.name, person.id, person.name)

    async def write(self, entry: TaskEntry | NoteEntry, *, times: int = 1) -> CrmActivity:
        activity_id = uuid4().hex
        await self.activities.submit(self.actor, activity_id, entry, "V1")
        for _ in range(times):
            found = await self.operations.of_subject("crm.activity", activity_id)
            assert found is not None
            await self.operations.advance(found.id, str(found.run), "write")
            self.at += timedelta(minutes=1)
        return await self.activities.see(self.actor, activity_id)


@pytest_asyncio.fixture(params=CRMS)
async def both(database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Both]:
    async with crm_stage(database, request.param) as stage:
        yield Both(database, stage)


@pytest.mark.parametrize("fault", ["", "lost_reply"])
async def test_a_task_is_there_once_with_all_that_was_typed(both: Both, fault: str) -> None:
    before = both.stage.count("tasks")
    if fault:
        both.stage.spoil("tasks.create", kind=fault)
    about = await both.about()
    entry = TaskEntry(about, "call", "About the offer", "2027-12-03", "22:00", "America/New_York")
    done = await both.write(entry, times=2)
    assert done.status == ACTIVITY_DONE
    assert done.result is not None
    assert done.result.crm == both.stage.crm.name
    assert both.stage.count("tasks") == before + 1


async def test_a_message_is_noted_once(both: Both) -> None:
    before = both.stage.count("notes")
    entry = NoteEntry(await both.about(), "They want it.", "Slack T1/C1/1764.1", NOW)
    first, second = await both.write(entry), await both.write(entry)
    assert (first.status, second.status) == (ACTIVITY_DONE, ACTIVITY_DONE)
    assert second.result is not None
    assert second.result.found
    assert both.stage.count("notes") == before + 1
