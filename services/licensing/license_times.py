"""What the calendar does to licenses: telling that one is over, and that one will be soon."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from db.licensing import licenses as table
from db.store.session import Session
from services.actors import TIMER
from services.licensing.letters_licenses import EXPIRING, NOTICES
from services.licensing.license_changes import LicenseDesk
from services.licensing.license_terms import ChangeRecord, facts_of, tell
from services.ports import Letter

# A timer that was away for longer leaves those in peace that ended meanwhile.
LATE = timedelta(days=2)
BATCH = 200

Step = Callable[[Session], Awaitable[int]]


class LicenseTimes:
    """The timer's verbs: each may run at any time, twice, or in two processes at once."""

    def __init__(self, desk: LicenseDesk) -> None:
        self._desk = desk

    async def expire_due(self) -> int:
        """Mark and tell those whose end has come; returns how many. Enforcing needs no mark."""
        return await self._in_batches(self._expire)

    async def notify_due(self) -> int:
        """Write to holders 14, 3 and 0 days (UTC) before the end, once each; returns how many."""
        return sum([await self._in_batches(partial(self._notify, days)) for days in NOTICES])

    async def _in_batches(self, step: Step) -> int:
        total = 0
        while True:
            async with self._desk.database.transaction() as session:
                done = await step(session)
            total += done
            if done < BATCH:
                return total

    async def _expire(self, session: Session) -> int:
        rows = await table.ended(session, self._desk.clock(), BATCH)
        for row in rows:
            before = facts_of(row)
            row.status = table.EXPIRED
            told = ChangeRecord(TIMER, "expire", "license.expired", before)
            await tell(session, self._desk.announce, row, told)
        return len(rows)

    async def _notify(self, days: int, session: Session) -> int:
        now = self._desk.clock()
        rows = await table.ending(session, days, now, since=now - LATE, limit=BATCH)
        emails = await table.emails(session, rows)
        for row in rows:
            row.noticed_days = days
            end = row.expires_at.date().isoformat() if row.expires_at else ""
            dedupe = f"{EXPIRING}:{row.id}:{end}:{days}"
            letter = Letter(EXPIRING, emails[row.customer_id], row.id, dedupe)
            await self._desk.emails.queue(session, letter)
        return len(rows)
