"""Credits set aside while something goes on: reserved, then settled, released, or expired."""

from datetime import timedelta
from uuid import uuid4

from db import credits as table
from db.store.session import Database, Session
from services.credits.entries import CreditEntry, CreditHold
from services.credits.posting import Amounts, Line, check_amount, post
from services.errors import Conflict, Invalid, NotFound
from services.phrases import Phrase
from services.ports import Clock

HOLD_FOR = timedelta(minutes=15)
EXPIRED_AT_ONCE = 500

UNKNOWN_HOLD = Phrase(
    "These credits were never set aside.", "Questi crediti non sono mai stati messi da parte."
)
BAD_SETTLEMENT = Phrase(
    "What is spent is a whole number from 0 to the {held} credits that were set aside.",
    "La spesa è un numero intero da 0 ai {held} crediti messi da parte.",
)


class CreditHolds:
    """A hold ends once: settled, released or expired, whatever comes first.

    Every verb may be repeated, also after a reply that was lost: the first one counts.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def reserve(
        self, user_id: str, amount: int, key: str, *, wait: timedelta = HOLD_FOR
    ) -> CreditHold:
        """Set credits aside; without an end they are given back after `wait`.

        Raises Invalid, NotEnoughCredits, and Conflict when the key was used for something else.
        """
        check_amount(amount)
        now = self._clock()
        amounts = Amounts(available=-amount, held=amount)
        line = Line(
            *(user_id, table.HOLD, amounts, key),
            hold_id=f"hold_{uuid4().hex}",
            expires_at=now + wait,
        )
        async with self._database.transaction() as session:
            entry = await post(session, line, now)
            if entry.hold_id == line.hold_id:
                return CreditHold(line.hold_id, amount, now + wait)
            row = await _row(session, user_id, entry.hold_id)
        return CreditHold(row.id, row.amount, row.expires_at)

    async def settle(self, user_id: str, hold_id: str, spent: int) -> CreditEntry:
        """Spend so many of the credits that were set aside, and give the others back.

        Raises Invalid, NotFound, and Conflict when the hold has ended otherwise.
        """
        async with self._database.transaction() as session:
            row = await _row(session, user_id, hold_id)
            if type(spent) is not int or not 0 <= spent <= row.amount:
                raise Invalid(BAD_SETTLEMENT, field="spent", held=row.amount)
            return await self._end(session, row, table.SETTLE, spent)

    async def release(self, user_id: str, hold_id: str) -> CreditEntry:
        """Give all of it back; raises NotFound, and Conflict when it has ended otherwise."""
        async with self._database.transaction() as session:
            row = await _row(session, user_id, hold_id)
            return await self._end(session, row, table.RELEASE, 0)

    async def expire(self) -> int:
        """Give back what nobody ended in time; how many holds. One transaction each."""
        async with self._database.transaction() as session:
            rows = await table.overdue(session, self._clock(), limit=EXPIRED_AT_ONCE)
        return sum([await self._expire(row) for row in rows])

    async def _expire(self, row: table.CreditHoldRow) -> bool:
        async with self._database.transaction() as session:
            try:
                await self._end(session, row, table.EXPIRE, 0)
            except Conflict:
                # Settled or released at this very moment.
                return False
        return True

    async def _end(
        self, session: Session, row: table.CreditHoldRow, kind: str, spent: int
    ) -> CreditEntry:
        amounts = Amounts(available=row.amount - spent, held=-row.amount, spent=spent)
        # One key for all ends: whichever comes first is the only one.
        line = Line(row.user_id, kind, amounts, f"{row.id}/end", hold_id=row.id)
        return await post(session, line, self._clock())


async def _row(session: Session, user_id: str, hold_id: str) -> table.CreditHoldRow:
    row = await table.hold(session, user_id, hold_id)
    if row is None:
        raise NotFound(UNKNOWN_HOLD)
    return row
