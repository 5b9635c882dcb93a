"""Where a follow-up is shown: loads it, has it drawn, and remembers where that was."""

import asyncio
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakValueDictionary

from db.followups import followups as table
from db.store.session import Database
from services.actors import Actor
from services.errors import AWAY, Temporary
from services.followups.progress import DUE, TOLD, FollowUp, load
from services.operations import Operation, Place
from services.people import Member, Members

# A state that changes during each drawing is drawn by whoever changed it last.
DRAWINGS = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the person sees it now: whether the modal is still open, and the card, if posted.

    `away`: Slack was out of reach, so that what is seen may be old.
    """

    view_open: bool
    channel: str = ""
    ts: str = ""
    away: bool = False


class Messenger(Protocol):
    """Draws a follow-up where its owner is: in the open modal, else on a card in their DM."""

    async def show(self, followup: FollowUp, member: Member) -> Shown:
        """Draw the present state; never raises for what Slack answers."""

    async def withdraw(self, actor: Actor, channel: str, ts: str) -> None:
        """Take back a card that turned out to be the second."""


class FollowUpDisplay:
    """Shows the present state of a follow-up; safe to call at any time and again."""

    def __init__(self, database: Database, members: Members, messenger: Messenger) -> None:
        self._database = database
        self._members = members
        self._messenger = messenger
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def show(self, followup_id: str) -> bool:
        """Draw it; whether Slack was in reach. A follow-up that is gone is left alone.

        One drawing at a time in this process, and again when another process changed it
        meanwhile: an older state never stays over a newer one, and one card is left.
        """
        reached = True
        async with self._locks.setdefault(followup_id, asyncio.Lock()):
            async with self._database.transaction() as session:
                row = await table.find_job(session, followup_id)
                followup = await load(session, row) if row else None
            for _ in range(DRAWINGS):
                if followup is None:
                    break
                drawn = followup
                followup, reached = await self._draw(drawn)
                if followup is None or _same(followup, drawn):
                    break
        return reached

    async def present(self, followup_id: str) -> None:
        """Show what a job came to; raises Temporary while Slack is away: the step is repeated."""
        if not await self.show(followup_id):
            raise Temporary(AWAY, vendor="Slack")

    async def draw(self, operation: Operation) -> Place | None:
        """As the display of the operation that writes it. Raises Temporary while Slack is away."""
        await self.present(operation.subject_id)
        return None

    async def _draw(self, followup: FollowUp) -> tuple[FollowUp | None, bool]:
        """Draw this state; what is true afterwards, and whether Slack was in reach."""
        if followup.waits:
            return followup, True
        member = await self._members.who(followup.actor)
        shown = await self._messenger.show(followup, member)
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup.id, lock=True)
            second = row is not None and _is_second(row, followup, shown)
            if row is not None and not second:
                _remember(row, followup, shown)
                session.add(row)
            fresh = await load(session, row) if row else None
        if second:
            await self._messenger.withdraw(followup.actor, shown.channel, shown.ts)
        return fresh, not shown.away


def _is_second(row: table.FollowUpRow, followup: FollowUp, shown: Shown) -> bool:
    """Whether another process posted a card while we posted ours."""
    posted = shown.ts not in ("", followup.card_ts)
    return posted and row.card_ts not in (followup.card_ts, shown.ts)


def _remember(row: table.FollowUpRow, followup: FollowUp, shown: Shown) -> None:
    if row.view_id == followup.view_id and not shown.view_open:
        row.view_id = ""
    if shown.ts and row.card_ts == followup.card_ts:
        row.card_channel, row.card_ts = shown.channel, shown.ts
        row.arrival = TOLD if row.arrival == DUE else row.arrival


def _same(one: FollowUp, other: FollowUp) -> bool:
    """Whether both are drawn alike, wherever that is."""
    there = replace(one, view_id=other.view_id, arrival=other.arrival)
    return replace(there, card_channel=other.card_channel, card_ts=other.card_ts) == other
