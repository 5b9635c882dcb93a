"""Where a follow-up is shown: loads it, has it drawn, and remembers where that was."""

import asyncio
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from db import followups as table
from db.session import Database
from services.members import Member, Members
from services.progress import FollowUp, load


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the person sees it now: whether the modal is still open, and the card, if posted."""

    view_open: bool
    channel: str = ""
    ts: str = ""


class Messenger(Protocol):
    """Draws a follow-up where its owner is: in the open modal, else on a card in their DM."""

    async def show(self, followup: FollowUp, member: Member) -> Shown:
        """Draw the present state; never raises for what Slack answers."""


class Stage:
    """Shows the present state of a follow-up; safe to call at any time and again."""

    def __init__(self, database: Database, members: Members, messenger: Messenger) -> None:
        self._database = database
        self._members = members
        self._messenger = messenger
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def show(self, followup_id: str) -> None:
        """Draw it; a follow-up that is gone is left alone.

        One drawing at a time for each, with what is true by then: an older state never ends up
        over a newer one, and two that come together post one card.
        """
        async with self._locks.setdefault(followup_id, asyncio.Lock()):
            await self._draw(followup_id)

    async def _draw(self, followup_id: str) -> None:
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id)
            followup = await load(session, row) if row else None
        if followup is None:
            return
        member = await self._members.who(followup.actor)
        shown = await self._messenger.show(followup, member)
        await self._remember(followup, shown)

    async def _remember(self, followup: FollowUp, shown: Shown) -> None:
        view_id = followup.view_id if shown.view_open else ""
        card = (shown.channel or followup.card_channel, shown.ts or followup.card_ts)
        if (view_id, *card) == (followup.view_id, followup.card_channel, followup.card_ts):
            return
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup.id, lock=True)
            if row is None:
                return
            if row.view_id == followup.view_id:
                row.view_id = view_id
            row.card_channel, row.card_ts = card
            session.add(row)
