"""Tells what lasts: a message in the ops channel, drawn anew, and an e-mail while Slack is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from db import alerts as table
from db.store.session import Database, Session
from services.alerts.alerts import Alert, read
from services.alerts.causes import Cause
from services.alerts.letters_alerts import LETTER
from services.alerts.pacing import FIRING, HOUR, WELL, TellingStep, ToldAlert, next_telling
from services.errors import DomainError
from services.operations import Place
from services.ports import Clock, Letter, Outbox

# Whoever tells and dies is followed by another process after so long.
HOLD = timedelta(minutes=1)
# Slack may be away for a moment; then an e-mail leaves instead.
PATIENCE = timedelta(minutes=2)

log = structlog.get_logger(__name__)


class NoRoom(DomainError):
    """There is no ops channel, or we may not speak there: trying again does not help."""


class AlertRoom(Protocol):
    """The ops channel; each verb raises Temporary while Slack is away, NoRoom without a channel."""

    async def post(self, alert: Alert) -> Place:
        """A new message, and where it is."""

    async def draw(self, place: Place, alert: Alert) -> None:
        """The message as things stand now; one that is gone stays so."""

    async def recovered(self, alert: Alert) -> None:
        """That it is over."""


@dataclass(frozen=True, slots=True)
class AlertMail:
    """The way beside Slack; `to` is "" where nobody is written to."""

    outbox: Outbox
    to: str


class AlertTelling:
    """Any process may tell; a row is in one's hand at a time."""

    def __init__(self, database: Database, room: AlertRoom, mail: AlertMail, clock: Clock) -> None:
        self._database = database
        self._room = room
        self._mail = mail
        self._clock = clock

    async def turn(self) -> None:
        """Tell whatever is due now. What cannot be told is tried again at the next turn."""
        async with self._database.transaction() as session:
            due = [row for row in await table.lively(session) if self._next(row)]
        for row in due:
            await self._tell(row.cause, row.subject)

    def _next(self, row: table.AlertRow) -> TellingStep | None:
        step = next_telling(
            ToldAlert(
                state=row.state,
                told=row.told,
                shown=_shown(row),
                drawn=row.drawn,
                ended_at=row.ended_at,
                posted_at=row.posted_at,
                well_told_at=row.well_told_at,
                drawn_at=row.drawn_at,
            ),
            self._clock(),
        )
        return step if step is not TellingStep.NOTHING else None

    async def _tell(self, cause: str, subject: str) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            if not await table.hold(session, cause, subject, now, now + HOLD):
                return
            row = await table.locked(session, cause, subject, now)
            step, shown, alert = self._next(row), _shown(row), read(row)
            place = Place(row.workspace_id, row.channel_id, row.message_ts)
        try:
            if step is TellingStep.POST:
                place = await self._room.post(alert)
            elif step is not None:
                await self._room.draw(place, alert)
            if step is TellingStep.RECOVERY:
                await self._room.recovered(alert)
        except DomainError as error:
            await self._not_told(alert, error)
            return
        async with self._database.transaction() as session:
            row = await table.locked(session, cause, subject, now)
            row.held_until = None
            if step is not None:
                _keep(row, step, place, shown, self._clock())

    async def _not_told(self, alert: Alert, error: DomainError) -> None:
        """Slack does not take it: an e-mail, once an hour and cause; it goes on being tried."""
        now = self._clock()
        async with self._database.transaction() as session:
            row = await table.locked(session, alert.cause, alert.subject, now)
            row.held_until = None
            waits = now - row.began_at < PATIENCE and not isinstance(error, NoRoom)
            mailed = row.mailed_at is not None and now - row.mailed_at < HOUR
            due = row.state == FIRING and row.told != FIRING and not waits and not mailed
            if due and row.cause != Cause.EMAILS_LOST:
                row.mailed_at = now
                await self._write(session, row, now)
        log.info("alerts.not_told", kind=alert.cause, subject=alert.subject, reason=str(error))

    async def _write(self, session: Session, row: table.AlertRow, now: datetime) -> None:
        if not self._mail.to:
            return
        about = f"{row.cause}:{row.subject}"
        dedupe = f"{LETTER}:{about}:{now.isoformat(timespec='seconds')}"
        await self._mail.outbox.queue(session, Letter(LETTER, self._mail.to, about, dedupe))


def _shown(row: table.AlertRow) -> str:
    """What the message says, as far as it changes."""
    return f"{row.state} {row.count} {row.times}"


def _keep(row: table.AlertRow, step: TellingStep, place: Place, shown: str, now: datetime) -> None:
    row.drawn, row.drawn_at = shown, now
    if step is TellingStep.POST:
        row.told, row.posted_at = FIRING, now
        row.workspace_id, row.channel_id = place.workspace_id, place.channel_id
        row.message_ts = place.message_ts
    elif step is TellingStep.RECOVERY:
        row.told, row.well_told_at = WELL, now
