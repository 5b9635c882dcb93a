"""Alerts raised and ended: one row per cause and subject, by whichever process and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from db import alerts as table
from db.store.session import Database
from services.alerts.causes import Cause, rule_of
from services.ports import Clock

FIRING, WELL = table.FIRING, table.WELL
HOUR = timedelta(hours=1)
LONGEST_SUBJECT, LONGEST_DETAIL = 120, 1_500
# Alerts that are well are forgotten after so long.
KEEP = timedelta(days=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Alert:
    """One trouble as people see it; `subject` is what it is about, "" for the whole house.

    `count`: how often it was raised since it was told; `times`: how often it came anew meanwhile.
    """

    cause: str
    subject: str
    detail: str
    state: str
    count: int
    times: int
    began_at: datetime
    last_at: datetime
    ended_at: datetime | None

    @property
    def is_firing(self) -> bool:
        """Whether it lasts."""
        return self.state == FIRING

    @property
    def is_event(self) -> bool:
        """Whether it only happens, so that nobody can say when it was over."""
        return rule_of(self.cause).quiet is not None

    @property
    def lasted(self) -> timedelta:
        """How long the last time took, until its end or what was seen last."""
        return (self.ended_at or self.last_at) - self.began_at


class Alerts:
    """Where every domain puts what somebody should look at; telling is another's work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._hear: Callable[[], None] = lambda: None

    def listen(self, hear: Callable[[], None]) -> None:
        """Call this when something begins or ends here, so that it is told at once."""
        self._hear = hear

    async def fire(self, cause: Cause, subject: str = "", detail: str = "") -> None:
        """It is so (again). A condition that is known already only gets the new detail.

        `detail` as Slack reads it: whoever raises it has escaped what others wrote.
        """
        now, of = self._clock(), subject[:LONGEST_SUBJECT]
        async with self._database.transaction() as session:
            row = await table.locked(session, cause.value, of, now)
            begins = row.state != FIRING
            row.last_at, row.detail = now, detail[:LONGEST_DETAIL]
            if begins:
                row.state, row.began_at, row.ended_at = FIRING, now, None
                if row.posted_at is None or now - row.posted_at >= HOUR:
                    row.count = row.times = 0
                row.times += 1
            if begins or rule_of(cause).quiet is not None:
                row.count += 1
        if begins:
            log.warning("alerts.fired", kind=cause.value, subject=of, detail=detail)
            self._hear()

    async def end(self, cause: Cause, subject: str = "") -> None:
        """It is well; nothing when it was not raised."""
        now, of = self._clock(), subject[:LONGEST_SUBJECT]
        async with self._database.transaction() as session:
            found = await table.find(session, cause.value, of)
            if found is None or found.state != FIRING:
                return
            row = await table.locked(session, cause.value, of, now)
            if row.state != FIRING:
                return
            row.state, row.ended_at = WELL, now
        log.info("alerts.ended", kind=cause.value, subject=of)

    async def lively(self) -> tuple[Alert, ...]:
        """Those that last, and those whose end is still to be told."""
        async with self._database.transaction() as session:
            return tuple(read(row) for row in await table.lively(session))

    async def settle(self) -> None:
        """End what was quiet for as long as its cause says; forget what ended long ago."""
        now = self._clock()
        for one in await self.lively():
            quiet = rule_of(one.cause).quiet
            if one.is_firing and quiet is not None and now - one.last_at >= quiet:
                await self.end(Cause(one.cause), one.subject)
        async with self._database.transaction() as session:
            await table.forget(session, now - KEEP)


def read(row: table.AlertRow) -> Alert:
    """The read model of a row."""
    return Alert(
        cause=row.cause,
        subject=row.subject,
        detail=row.detail,
        state=row.state,
        count=row.count,
        times=row.times,
        began_at=row.began_at,
        last_at=row.last_at,
        ended_at=row.ended_at,
    )
