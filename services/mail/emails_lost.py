"""E-mails that were given up, told to those who run the business: together, and once."""

from typing import Protocol

from db import mail as table
from db.store.session import Database

# More than that at once says no more.
MOST = 10_000


class Room(Protocol):
    """Where those who run the business read what they must know."""

    async def emails_lost(self, failed: int, uncertain: int) -> None:
        """So many e-mails were given up, and of so many nobody knows whether they arrived.

        Raises Temporary when nobody can be told now.
        """


class LostEmails:
    """Looks for what nobody has been told of."""

    def __init__(self, database: Database, room: Room) -> None:
        self._database = database
        self._room = room

    async def tell(self) -> None:
        """A step: say how many there are since the last time; raises Temporary.

        Noted only once it is said: a process that dies in between says it again.
        """
        async with self._database.transaction() as session:
            lost = await table.untold(session, limit=MOST)
        if not lost:
            return
        failed = sum(state == table.FAILED for _, state in lost)
        await self._room.emails_lost(failed, len(lost) - failed)
        async with self._database.transaction() as session:
            await table.mark_told(session, [email_id for email_id, _ in lost])
