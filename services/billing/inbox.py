"""Stripe's events as they arrive: verified, kept once, handled by a job, swept up when stuck."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from db.billing import events as table
from db.store import jobs
from db.store.session import Database, Session
from integrations.stripe.webhook import (
    BadEvent,
    BadSignature,
    StripeEvent,
    read_event,
    verify,
)
from services.actors import Operator
from services.audit import Change, Subject, note
from services.billing.consequences import STUCK, Consequence
from services.billing.telling import PARTITION, Telling
from services.errors import DomainError, NotFound
from services.pages import NO_PLACE, bounded
from services.phrases import Phrase
from services.ports import Clock

HANDLE = "billing.event"
# An event that nobody has handled for so long has lost its job, or Stripe was away.
STUCK_AFTER = timedelta(seconds=30)
# One that is unhandled for so long is told of, once an hour.
ALARM_AFTER = timedelta(minutes=1)
# A try that failed is made again after a pause that grows with the event's age.
SHARE = 8
LONGEST = timedelta(minutes=30)
AT_ONCE = 200

NOT_CONFIGURED = Phrase(
    "Stripe’s webhook is not set up here: set STRIPE_WEBHOOK_SECRET.",
    "Il webhook di Stripe non è configurato: imposta STRIPE_WEBHOOK_SECRET.",
)
NOT_STRIPE = Phrase(
    "The signature is not one of Stripe’s for this endpoint. Check STRIPE_WEBHOOK_SECRET.",
    "La firma non è di Stripe per questo endpoint. Controlla STRIPE_WEBHOOK_SECRET.",
)
TOO_OLD = Phrase(
    "This delivery was signed at another time. Check this machine’s clock.",
    "Questa consegna è stata firmata in un altro momento. Controlla l’orologio di questa macchina.",
)
NO_EVENT = Phrase(
    "There is no such event of Stripe’s. GET /api/billing/events lists them.",
    "Questo evento di Stripe non esiste. GET /api/billing/events li elenca.",
)
NOT_AN_EVENT = Phrase(
    "The body is not an event of Stripe’s.", "Il corpo non è un evento di Stripe."
)

log = structlog.get_logger(__name__)


class WebhookRefused(DomainError):
    """A delivery that is not Stripe's, or not for us: nothing was kept."""


@dataclass(frozen=True, slots=True)
class InboxTerms:
    """What deliveries are checked against: every active signing secret, and the key's mode."""

    secrets: tuple[str, ...]
    livemode: bool
    has_key: bool


@dataclass(frozen=True, slots=True)
class InboxStatus:
    """Whether the webhook can work, and how it goes; `counts` is by state of events."""

    configured: bool
    secrets: int
    livemode: bool
    last_received_at: datetime | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event as operators see it; `note` says why it waits, is parked or was only kept."""

    id: str
    type: str
    state: str
    note: str
    attempts: int
    subscription_id: str
    stripe_customer_id: str
    created_at: datetime
    received_at: datetime
    handled_at: datetime | None


class KeptEvents:
    """What Stripe delivered so far: listed, and handled again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def listed(
        self, *, state: str = "", before: str = "", limit: int = 50
    ) -> tuple[KeptEvent, ...]:
        """The newest first; `before` is the last one's id of the page before."""
        async with self._database.transaction() as session:
            last = await table.find(session, before) if before else None
            if before and last is None:
                raise NotFound(NO_PLACE)
            rows = await table.page(session, state=state, before=last, limit=bounded(limit))
        return tuple(map(_kept, rows))

    async def replay(self, operator: Operator, event_id: str) -> KeptEvent:
        """Handle an event again, whatever became of it; the same facts give the same. NotFound."""
        async with self._database.transaction() as session:
            row = await table.find(session, event_id, lock=True)
            if row is None:
                raise NotFound(NO_EVENT)
            before = row.state
            await restart(session, row)
            change = Change({"state": before}, {"state": row.state})
            note(session, operator, "billing.replay", Subject("stripe_event", row.id), change)
        return _kept(row)


class StripeInbox(KeptEvents):
    """Keeps what Stripe delivers, and sees to it that each is handled."""

    def __init__(
        self, database: Database, terms: InboxTerms, telling: Telling, clock: Clock
    ) -> None:
        super().__init__(database, clock)
        self._terms = terms
        self._telling = telling

    async def receive(self, raw: bytes, signature: str) -> bool:
        """Keep an event and start its job in one transaction; False: it is here already.

        Raises WebhookRefused for what Stripe did not sign for us, or not now.
        """
        now = self._clock()
        if not self._terms.secrets:
            raise WebhookRefused(NOT_CONFIGURED)
        try:
            verify(raw, signature, self._terms.secrets, now)
            told = read_event(raw)
        except BadSignature as error:
            log.warning("billing.refused", reason=error.reason)
            old = error.reason in ("old", "future")
            raise WebhookRefused(TOO_OLD if old else NOT_STRIPE) from error
        except BadEvent as error:
            raise WebhookRefused(NOT_AN_EVENT) from error
        async with self._database.transaction() as session:
            new = await table.store(session, _row(told, raw, now))
            if new:
                await start_handling(session, told.id, 1)
        return new

    async def status(self) -> InboxStatus:
        """Whether secrets and key are set, and what became of events so far."""
        async with self._database.transaction() as session:
            last, counts = await table.last_received(session), await table.counts(session)
        terms = self._terms
        ready = bool(terms.secrets) and terms.has_key
        return InboxStatus(ready, len(terms.secrets), terms.livemode, last, counts)

    async def sweep(self) -> int:
        """A step: start anew what nobody handles, and tell of it when that lasts; how many."""
        now = self._clock()
        async with self._database.transaction() as session:
            found = await table.stuck(session, now, STUCK_AFTER, AT_ONCE)
            for row in found:
                await restart(session, row)
                pause = min(LONGEST, (now - row.received_at) / SHARE)
                row.claimed_until = now + pause if pause > STUCK_AFTER else None
            old = [row for row in found if now - row.received_at > ALARM_AFTER]
            if old:
                await self._alarm(session, old, now)
        if found:
            log.warning("billing.stuck", count=len(found))
        return len(found)

    async def _alarm(
        self, session: Session, stuck: Sequence[table.StripeEventRow], now: datetime
    ) -> None:
        hour = now.strftime("%Y-%m-%dT%H")
        values = {"count": str(len(stuck)), "note": stuck[0].note, "event": stuck[0].id}
        effect = Consequence(f"{STUCK}:{hour}", STUCK, "", values=values)
        await self._telling.announce(session, effect)


async def start_handling(session: Session, event_id: str, run: int) -> None:
    """Start the job of the event's run once the transaction commits."""
    ids = (event_id, str(run))
    await jobs.start(session, HANDLE, ":".join((HANDLE, *ids)), *ids, partition=PARTITION)


async def restart(session: Session, row: table.StripeEventRow) -> None:
    """A new run of a locked event; a job of an older one does nothing any more."""
    row.run += 1
    row.state, row.claimed_until = table.WAITING, None
    session.add(row)
    await session.flush()
    await start_handling(session, row.id, row.run)


def _row(told: StripeEvent, raw: bytes, now: datetime) -> table.StripeEventRow:
    return table.StripeEventRow(
        id=told.id,
        type=told.type,
        created_at=told.created_at,
        livemode=told.livemode,
        account=told.account,
        api_version=told.api_version,
        object_id=told.object_id,
        subscription_id=told.subscription_id,
        stripe_customer_id=told.stripe_customer_id,
        payload=raw.decode(),
        received_at=now,
    )


def _kept(row: table.StripeEventRow) -> KeptEvent:
    return KeptEvent(
        id=row.id,
        type=row.type,
        state=row.state,
        note=row.note,
        attempts=row.attempts,
        subscription_id=row.subscription_id,
        stripe_customer_id=row.stripe_customer_id,
        created_at=row.created_at,
        received_at=row.received_at,
        handled_at=row.handled_at,
    )
