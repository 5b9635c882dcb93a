"""Webhook messages on their way: posted, tried again for days; dead endpoints are switched off."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import SystemRandom
from typing import Protocol

import structlog

from db import webhooks as table
from db.store import jobs
from db.store.session import Database, Session, unseal
from integrations.errors import IntegrationError
from integrations.webhooks.client import DEADLINE
from integrations.webhooks.client import WebhookClient as Receivers
from services.actors import TIMER
from services.audit import Change, Subject, note
from services.errors import DomainError
from services.operations import Backoff
from services.ports import Clock, Letter, Outbox
from services.webhooks.letters_webhooks import FAILING, GONE, LETTER
from services.webhooks.webhook_signing import headers
from services.webhooks.webhooks import PARTITION, again

TELL = "webhooks.tell"
# As the Standard Webhooks specification proposes: three days in all.
BACKOFF = Backoff(
    schedule=(
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
    ),
    jitter=0.2,
)
PATIENCE = timedelta(days=5)
KEEP = timedelta(days=30)
GONE_STATUS = 410
# While an endpoint fails, one delivery at a time tries it; the others look again after this, or
# after a share of the time it has been failing.
LOOK_AGAIN = timedelta(seconds=30)
SHARE = 4
SPREAD = 1.2
TRYING = DEADLINE + timedelta(seconds=10)

log = structlog.get_logger(__name__)


class OpsRoom(Protocol):
    """Where those who run the business read what they must know."""

    async def endpoint_off(self, url: str, reason: str) -> None:
        """An endpoint was switched off, for one of `letters_webhooks.REASONS`.

        Raises Temporary when nobody can be told now.
        """


class PostResult(StrEnum):
    """What a try to deliver came to; POSTPONED and ENDPOINT_OFF: nothing was posted."""

    TAKEN = "taken"
    FAILED = "failed"
    GONE = "gone"
    POSTPONED = "postponed"
    ENDPOINT_OFF = "endpoint_off"


@dataclass(frozen=True, slots=True)
class PostOutcome:
    """The result of one try; `status` None: nobody answered. `detail` is what went wrong."""

    result: PostResult
    status: int | None = None
    detail: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class FailureContacts:
    """Who hears of dead endpoints: the ops room, and an e-mail address ("" for none)."""

    room: OpsRoom
    outbox: Outbox
    operators: str


@dataclass(frozen=True, slots=True)
class _Parcel:
    url: str
    secret: str
    body: bytes


class WebhookDeliveries:
    """Brings messages to their endpoints."""

    def __init__(
        self, database: Database, receivers: Receivers, told: FailureContacts, clock: Clock
    ) -> None:
        self._database = database
        self._receivers = receivers
        self._told = told
        self._clock = clock

    async def post(self, message_id: str, endpoint_id: str, run: str) -> PostOutcome | None:
        """A step: post the message; what came of it, for `settle`. None: there was nothing to do.

        After a crash it is posted once more, with the same id: receivers know it by that.
        """
        async with self._database.transaction() as session:
            parcel = await self._parcel(session, message_id, endpoint_id, int(run))
        if not isinstance(parcel, _Parcel):
            return parcel
        signed = headers(parcel.secret, message_id, self._clock(), parcel.body)
        try:
            reply = await self._receivers.post(parcel.url, signed, parcel.body)
        except IntegrationError as error:
            return PostOutcome(PostResult.FAILED, detail=error.detail)
        if reply.taken:
            return PostOutcome(PostResult.TAKEN, reply.status)
        result = PostResult.GONE if reply.status == GONE_STATUS else PostResult.FAILED
        return PostOutcome(result, reply.status, reply.excerpt, reply.retry_after)

    async def settle(
        self, message_id: str, endpoint_id: str, run: str, outcome: PostOutcome
    ) -> None:
        """A step: write down what came of it, and plan the next try; a repeat changes nothing."""
        async with self._database.transaction() as session:
            endpoint, row = await _of_run(session, message_id, endpoint_id, run)
            if endpoint is None or row is None:
                return
            if outcome.result is PostResult.ENDPOINT_OFF:
                _close(row, table.DROPPED)
            elif outcome.result is PostResult.POSTPONED:
                await again(session, row, self._clock(), self._look_again(endpoint))
            else:
                await self._settle(session, endpoint, row, outcome)
            log.info("webhooks.settled", status=row.state, attempts=row.attempts)

    async def failed(
        self, message_id: str, endpoint_id: str, run: str, reference: str, error: DomainError
    ) -> None:
        """The job broke, which is in the log under `reference`: a failed try, and the last one."""
        async with self._database.transaction() as session:
            endpoint, row = await _of_run(session, message_id, endpoint_id, run)
            if endpoint is None or row is None:
                return
            row.attempts += 1
            row.last_status, row.last_error = None, f"{error.sentence('en')} ({reference})"
            _close(row, table.FAILED)
            await self._count_failure(session, endpoint)

    async def tell(self, endpoint_id: str) -> None:
        """A step: say in the ops room that an endpoint was switched off; raises Temporary."""
        async with self._database.transaction() as session:
            endpoint = await table.find_endpoint(session, endpoint_id)
        if endpoint is not None and endpoint.disabled_at is not None:
            await self._told.room.endpoint_off(endpoint.url, endpoint.disabled_reason)

    async def forget(self) -> None:
        """Delete messages that were kept long enough."""
        async with self._database.transaction() as session:
            await table.forget(session, self._clock() - KEEP)

    async def _parcel(
        self, session: Session, message_id: str, endpoint_id: str, run: int
    ) -> _Parcel | PostOutcome | None:
        endpoint = await table.find_endpoint(session, endpoint_id)
        if endpoint is not None and endpoint.failing_since is not None:
            endpoint = await table.find_endpoint(session, endpoint_id, lock=True)
        row = await table.find_delivery(session, message_id, endpoint_id)
        message = await table.find_message(session, message_id)
        if endpoint is None or row is None or message is None or not _is_open(row, run):
            return None
        if endpoint.disabled_at is not None:
            return PostOutcome(PostResult.ENDPOINT_OFF)
        if endpoint.failing_since is not None:
            if endpoint.trying_until is not None and endpoint.trying_until > self._clock():
                return PostOutcome(PostResult.POSTPONED)
            endpoint.trying_until = self._clock() + TRYING
            session.add(endpoint)
        url = endpoint.url + unseal(session, endpoint, "path")
        return _Parcel(url, unseal(session, endpoint, "secret"), message.payload.encode())

    async def _settle(
        self,
        session: Session,
        endpoint: table.EndpointRow,
        row: table.DeliveryRow,
        outcome: PostOutcome,
    ) -> None:
        now = self._clock()
        row.attempts += 1
        row.last_status, row.last_error = outcome.status, outcome.detail
        if outcome.result is PostResult.TAKEN:
            endpoint.trying_until = endpoint.failing_since = None
            row.delivered_at = now
            _close(row, table.DELIVERED)
            return
        gone = outcome.result is PostResult.GONE
        pause = BACKOFF.pause(row.attempts, wished=outcome.retry_after)
        if gone or pause is None:
            _close(row, table.FAILED)
        else:
            await again(session, row, now, pause)
        if gone:
            await self._switch_off(session, endpoint, GONE)
        await self._count_failure(session, endpoint)

    async def _count_failure(self, session: Session, endpoint: table.EndpointRow) -> None:
        now = self._clock()
        endpoint.trying_until = None
        endpoint.failing_since = endpoint.failing_since or now
        if now - endpoint.failing_since >= PATIENCE:
            await self._switch_off(session, endpoint, FAILING)

    async def _switch_off(self, session: Session, endpoint: table.EndpointRow, reason: str) -> None:
        if endpoint.disabled_at is not None:
            return
        now = self._clock()
        endpoint.disabled_at, endpoint.disabled_reason = now, reason
        change = Change({"disabled": False}, {"disabled": True, "reason": reason})
        note(session, TIMER, "webhooks.disable", Subject("webhook", endpoint.id), change)
        once = f"{LETTER}:{endpoint.id}:{now.isoformat()}"
        if self._told.operators:
            letter = Letter(LETTER, self._told.operators, endpoint.id, once)
            await self._told.outbox.queue(session, letter)
        await jobs.start(session, TELL, once, endpoint.id, partition=PARTITION)

    def _look_again(self, endpoint: table.EndpointRow) -> timedelta:
        now = self._clock()
        failing = now - (endpoint.failing_since or now)
        return max(LOOK_AGAIN, failing / SHARE) * SystemRandom().uniform(1, SPREAD)


async def _of_run(
    session: Session, message_id: str, endpoint_id: str, run: str
) -> tuple[table.EndpointRow | None, table.DeliveryRow | None]:
    """The fence: both, locked, while `run` is the delivery's newest and it waits; else None."""
    # In the order in which deleting an endpoint locks.
    endpoint = await table.find_endpoint(session, endpoint_id, lock=True)
    row = await table.find_delivery(session, message_id, endpoint_id, lock=True)
    return endpoint, row if row and _is_open(row, int(run)) else None


def _is_open(row: table.DeliveryRow, run: int) -> bool:
    return row.state == table.PENDING and row.run == run


def _close(row: table.DeliveryRow, state: str) -> None:
    row.state, row.due_at = state, None
