"""The index of meetings misses none, in whatever order Fathom gives its pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from db import meetings as table
from db.followups.followups import FollowUpRow
from db.store.session import Database
from integrations.fathom.types import Invitee, Recording, RecordingPage
from services.actors import Actor
from services.errors import Temporary
from services.meetings.history import GUESTS, History
from services.people.members import Members
from services.ports import SlackPerson

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = 10


def recording(number: int, at: datetime | None = None) -> Recording:
    """The meeting of so many days ago, or of that time."""
    at = at or NOW - timedelta(days=number)
    person = Invitee("Ann", "ann@acme.example", is_external=True)
    return Recording(
        recording_id=number,
        title=f"Call {number}",
        url="",
        share_url="",
        created_at=at,
        started_at=at,
        ended_at=at,
        language="en",
        invitees=(person,),
        recorded_by=person,
    )


class Fathom:
    """Ten lines of Fathom: pages of ten, newest or oldest first as it pleases."""

    def __init__(self, days: list[int], *, backwards: bool) -> None:
        self.recordings = [recording(day) for day in sorted(days, reverse=backwards)]
        self.calls = 0

    async def meetings(
        self,
        key: str,
        *,
        created_after: datetime | None,
        created_before: datetime | None,
        cursor: str | None,
    ) -> RecordingPage:
        """One page of what lies between the two."""
        self.calls += 1
        found = [
            one
            for one in self.recordings
            if (created_after is None or one.created_at > created_after)
            and (created_before is None or one.created_at < created_before)
        ]
        start = int(cursor or 0)
        more = str(start + PAGE) if start + PAGE < len(found) else None
        return RecordingPage(tuple(found[start : start + PAGE]), more)


class Busy(Fathom):
    """A team that shares thirty-five recordings a day."""

    def __init__(self, days: list[int]) -> None:
        super().__init__([], backwards=True)
        hours = ((n + 0.5) * 24 / 35 for n in range(len(days) * 35))
        self.recordings = [recording(n, NOW - timedelta(hours=ago)) for n, ago in enumerate(hours)]


class Endless(Fathom):
    """A Fathom with always one page more."""

    async def meetings(self, key: str, **_: object) -> RecordingPage:  # type: ignore[override] - keywords it ignores
        """The same page again."""
        self.calls += 1
        return RecordingPage((recording(1),), "again")


class Odd(Fathom):
    """A Fathom where somebody's address is two, and a header."""

    async def meetings(self, key: str, **_: object) -> RecordingPage:  # type: ignore[override] - keywords it ignores
        """One meeting."""
        odd = Invitee("Eve", "a@b.example, c@d.example\nbcc: e@f.example", is_external=True)
        return RecordingPage((replace(recording(1), invitees=(odd,)),), None)


class Keys:
    """Everybody's key is known."""

    @asynccontextmanager
    async def using_fathom(self, actor: Actor) -> AsyncIterator[str]:
        """The key."""
        yield "key"

    async def addresses(self, actor: Actor) -> frozenset[str]:
        """Nobody has connected a mailbox."""
        return frozenset()


class Slack:
    """Everybody is Ada."""

    async def person(self, actor: Actor) -> SlackPerson:
        """Ada."""
        return SlackPerson("Ada", "ada@home.example", "en-US", "UTC")


def made(database: Database, fathom: Fathom) -> History:
    """The history of whoever asks."""
    members = Members(database, Slack(), lambda: NOW)
    return History(database, fathom, Keys(), members, lambda: NOW)  # type: ignore[arg-type] # fakes


@pytest.mark.parametrize("backwards", [True, False])
async def test_paging_back_finds_every_meeting_once(database: Database, *, backwards: bool) -> None:
    days = [*range(1, 60), 200, 400, 401, 900]
    fathom = Fathom(days, backwards=backwards)
    actor = Actor("T1", uuid4().hex)
    history = made(database, fathom)
    reach = await history.reach(actor, refresh=True)
    for _ in range(40):
        if reach.complete:
            break
        reach = await history.further(actor, reach)
    assert reach.complete
    assert await _known(database, actor) == days


async def test_a_second_look_asks_only_for_what_is_new(database: Database) -> None:
    fathom = Fathom([3], backwards=True)
    actor = Actor("T1", uuid4().hex)
    history = made(database, fathom)
    await history.reach(actor, refresh=True)
    fathom.recordings.insert(0, recording(0))
    await history.reach(actor, refresh=True)
    assert await _known(database, actor) == [0, 3]
    assert fathom.calls == 2


async def test_a_team_with_hundreds_of_recordings_misses_none(database: Database) -> None:
    fathom = Busy(list(range(14)))
    actor = Actor("T1", uuid4().hex)
    history = made(database, fathom)
    reach = await history.reach(actor, refresh=True)
    while reach.since > NOW - timedelta(days=14):
        reach = await history.further(actor, reach)
    assert len(await _known(database, actor)) == len(fathom.recordings)


async def test_pages_that_never_end_are_given_up_in_a_sentence(database: Database) -> None:
    fathom = Endless([1], backwards=True)
    history = made(database, fathom)
    with pytest.raises(Temporary):
        await history.reach(Actor("T1", uuid4().hex), refresh=True)
    assert fathom.calls < 1_000


async def test_an_address_that_is_none_is_not_kept(database: Database) -> None:
    actor = Actor("T1", uuid4().hex)
    fathom = Odd([1], backwards=True)
    history = made(database, fathom)
    await history.reach(actor, refresh=True)
    async with database.transaction() as session:
        [row] = await table.page(
            session,
            actor.workspace_id,
            actor.member_id,
            only=table.MeetingFilter(),
            offset=0,
            limit=2,
        )
    assert [guest.email for guest in GUESTS.validate_json(row.invitees)] == [""]


async def test_somebody_elses_meetings_are_not_in_my_index(database: Database) -> None:
    mine, other = Actor("T1", uuid4().hex), Actor("T2", uuid4().hex)
    fathom = Fathom([1, 2], backwards=True)
    history = made(database, fathom)
    await history.reach(mine, refresh=True)
    assert await _known(database, other) == []


class Shared(Fathom):
    """Ada recorded one, was invited to the second, and is shown a third by her team."""

    async def meetings(self, key: str, **_: object) -> RecordingPage:  # type: ignore[override] - keywords it ignores
        """All three."""
        ada = Invitee("Ada", "Ada@home.example", is_external=False)
        bob = Invitee("Bob", "bob@home.example", is_external=False)
        ann = Invitee("Ann", "ann@acme.example", is_external=True)
        return RecordingPage(
            (
                replace(recording(1), recorded_by=ada, invitees=(ann,)),
                replace(recording(2), recorded_by=bob, invitees=(ada, bob)),
                replace(recording(3), recorded_by=bob, invitees=(bob, ann)),
            ),
            None,
        )


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (table.ALL, [1, 2, 3]),
        (table.MINE, [1, 2]),
        (table.EXTERNAL, [1, 3]),
        (table.UNFOLLOWED, [1]),
    ],
)
async def test_a_filter_shows_what_its_name_says(
    database: Database, show: str, expected: list[int]
) -> None:
    actor = Actor("T1", uuid4().hex)
    await made(database, Shared([], backwards=True)).reach(actor, refresh=True)
    async with database.transaction() as session:
        for recording_id, status in ((1, "discarded"), (2, "ready")):
            session.add(followed(actor, recording_id, status))
    assert await _known(database, actor, show) == expected


def followed(actor: Actor, recording_id: int, status: str) -> FollowUpRow:
    """A follow-up of that meeting."""
    return FollowUpRow(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        request_id=uuid4().hex,
        recording_id=recording_id,
        title="Call",
        started_at=NOW,
        options="{}",
        status=status,
        created_at=NOW,
        updated_at=NOW,
    )


async def _known(database: Database, actor: Actor, show: str = table.ALL) -> list[int]:
    owner = (actor.workspace_id, actor.member_id)
    async with database.transaction() as session:
        rows = await table.page(
            session, *owner, only=table.MeetingFilter(show=show), offset=0, limit=500
        )
    return sorted(row.recording_id for row in rows)
