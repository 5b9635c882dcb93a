"""What comes twice at the same moment is done once."""

import asyncio
from uuid import uuid4

from db import meetings
from db.store.session import Database
from services.followups.drafts import Options
from services.followups.followups import NewFollowUp
from services.meetings.meetings import MAX_SEARCH
from tests.kit.desk import NOW, Desk


async def test_one_submission_in_two_processes_starts_one_followup(database: Database) -> None:
    desk = Desk(database)
    asked = NewFollowUp(uuid4().hex, await desk.met(), Options())
    started = await asyncio.gather(*(desk.followups.start(desk.actor, asked) for _ in range(5)))
    assert len({followup.id for followup in started}) == 1


async def test_two_jobs_may_bring_the_same_transcript_at_once(database: Database) -> None:
    desk = Desk(database)
    recording_id = await desk.met()
    said = await asyncio.gather(*(desk.meetings.spoken(desk.actor, recording_id) for _ in range(5)))
    assert {spoken[0].text for spoken in said} == {"We agreed."}


async def test_a_search_without_end_still_fits_the_paging_buttons(database: Database) -> None:
    desk = Desk(database)
    await desk.met()
    async with database.transaction() as session:
        await meetings.extend(
            session,
            desk.actor.workspace_id,
            desk.actor.member_id,
            since=NOW,
            until=NOW,
            complete=True,
        )
    page = await desk.meetings.recent(desk.actor, "x" * 3_000, offset=8)
    assert len(page.search) == MAX_SEARCH
