"""Two processes that draw one follow-up: one card is left, and it shows what is true."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from db.followups import followups as table
from db.store.session import Database
from services.actors import Actor
from services.errors import Temporary
from services.followups.display import FollowUpDisplay, Shown
from services.followups.progress import READY, WRITING, FollowUp
from services.people.members import Member, Members
from services.ports import SlackPerson

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Slack:
    """The messages with the app: card → status drawn on it. A process may be held at its call."""

    def __init__(self) -> None:
        self.cards: dict[str, str] = {}
        self.away = 0
        self.held: asyncio.Event | None = None
        self.arrived = asyncio.Event()

    async def person(self, actor: Actor) -> SlackPerson:
        """Somebody."""
        return SlackPerson("Ada", "ada@home.example", "en-US", "UTC")

    async def show(self, followup: FollowUp, member: Member) -> Shown:
        """Post or redraw the card, late if told so."""
        held, self.held = self.held, None
        if held is not None:
            self.arrived.set()
            await held.wait()
        if self.away:
            self.away -= 1
            return Shown(bool(followup.view_id), followup.card_channel, followup.card_ts, away=True)
        ts = followup.card_ts or f"{len(self.cards) + 1}.0"
        self.cards[ts] = followup.status
        return Shown(bool(followup.view_id), "D1", ts)

    async def withdraw(self, actor: Actor, channel: str, ts: str) -> None:
        """Delete the card."""
        del self.cards[ts]


def process(database: Database, slack: Slack) -> FollowUpDisplay:
    """What one process draws with."""
    return FollowUpDisplay(database, Members(database, slack, lambda: NOW), slack)


async def written(database: Database) -> str:
    """A follow-up under way that is shown nowhere yet."""
    row = table.FollowUpRow(
        workspace_id="T1",
        member_id=uuid4().hex,
        request_id=uuid4().hex,
        recording_id=1,
        title="Call",
        started_at=NOW,
        options="{}",
        created_at=NOW,
        updated_at=NOW,
    )
    async with database.transaction() as session:
        session.add(row)
    return row.id


async def become(database: Database, followup_id: str, status: str) -> None:
    """As the job does at its end."""
    async with database.transaction() as session:
        row = await table.find_job(session, followup_id, lock=True)
        assert row is not None
        row.status = status
        session.add(row)


async def test_two_processes_leave_one_card(database: Database) -> None:
    slack, followup_id = Slack(), await written(database)
    web, worker = process(database, slack), process(database, slack)
    slack.held = go_on = asyncio.Event()
    late = asyncio.create_task(web.show(followup_id))
    await slack.arrived.wait()
    await worker.show(followup_id)
    go_on.set()
    await late
    assert list(slack.cards.values()) == [WRITING]
    await become(database, followup_id, READY)
    await web.show(followup_id)
    assert list(slack.cards.values()) == [READY]


async def test_a_drawing_that_comes_late_does_not_stay_over_a_newer_one(
    database: Database,
) -> None:
    slack, followup_id = Slack(), await written(database)
    web, worker = process(database, slack), process(database, slack)
    await web.show(followup_id)
    slack.held = go_on = asyncio.Event()
    late = asyncio.create_task(web.show(followup_id))
    await slack.arrived.wait()
    await become(database, followup_id, READY)
    await worker.show(followup_id)
    go_on.set()
    await late
    assert list(slack.cards.values()) == [READY]


async def test_a_job_shows_its_end_again_when_slack_was_away(database: Database) -> None:
    slack, followup_id = Slack(), await written(database)
    stage = process(database, slack)
    slack.away = 1
    with pytest.raises(Temporary):
        await stage.present(followup_id)
    await stage.present(followup_id)
    assert list(slack.cards.values()) == [WRITING]


async def test_a_person_who_looks_on_is_never_told_that_slack_is_away(database: Database) -> None:
    slack, followup_id = Slack(), await written(database)
    slack.away = 1
    assert not await process(database, slack).show(followup_id)
