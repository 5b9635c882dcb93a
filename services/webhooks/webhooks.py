"""Outgoing webhooks: what is announced, and the endpoints that other systems gave us for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import orjson
from pydantic import JsonValue

from db import webhooks as table
from db.store import jobs
from db.store.session import Database, Session, seal
from integrations.webhooks.addresses import is_possible
from integrations.webhooks.types import AddressPolicy
from services.actors import Operator
from services.audit import Change, Facts, Subject, note
from services.errors import Conflict, Invalid, NotFound
from services.idempotency import idempotent
from services.pages import NO_PLACE
from services.phrases import Phrase
from services.ports import Clock
from services.webhooks.webhook_signing import new_secret

DELIVER = "webhooks.deliver"
# Of 32 places for jobs somebody waits for, all endpoints together take 8 at most.
PARTITION = "webhooks"
TEST = "webhook.test"
LICENSE_EVENTS = (
    *("issued", "renewed", "suspended", "reinstated", "cancelled"),
    *("expired", "rotated", "transferred"),
)
TENANT_EVENTS = ("ready", "changed", "suspended", "resumed", "deleting", "deleted")
TYPES = (
    *(f"license.{event}" for event in LICENSE_EVENTS),
    *("site.activated", "site.released", "subscription.changed"),
    *(f"tenant.{event}" for event in TENANT_EVENTS),
)
MAX_ENDPOINTS = 50

NO_ENDPOINT = Phrase(
    "There is no such webhook endpoint. GET /api/webhooks lists them.",
    "Questo endpoint webhook non esiste. GET /api/webhooks li elenca.",
)
NO_DELIVERY = Phrase(
    "This message was never meant for this endpoint. Look up its id in the endpoint’s deliveries.",
    "Questo messaggio non era destinato a questo endpoint. Cerca il suo id tra le sue consegne.",
)
BAD_URL = Phrase(
    "Give a whole https address that can be reached from the internet.",
    "Indica un indirizzo https completo, raggiungibile da Internet.",
)
NO_TYPE = Phrase(
    "There is no event “{name}”. Choose from: {names}.",
    "Non c’è un evento “{name}”. Scegli tra: {names}.",
)
TOO_MANY = Phrase(
    "There are {n} endpoints already, which is the most. Delete one first.",
    "Ci sono già {n} endpoint, il massimo. Prima eliminane uno.",
)
IS_OFF = Phrase(
    "This endpoint is switched off. Enable it first.",
    "Questo endpoint è disattivato. Prima riattivalo.",
)


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Where messages go: `url` without its path, which may hold a secret and is kept sealed.

    No `events` means all. It is off since `disabled_at`, if that is set.
    """

    id: str
    url: str
    events: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Created:
    """A new endpoint and its secret, which is never shown again."""

    endpoint: WebhookEndpoint
    secret: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way; `last_status` None: nobody answered yet."""

    message_id: str
    type: str
    state: str
    attempts: int
    last_status: int | None
    last_error: str
    created_at: datetime
    next_try_at: datetime | None
    delivered_at: datetime | None


class Webhooks:
    """Announces what happened, and keeps the endpoints."""

    def __init__(self, database: Database, reach: AddressPolicy, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self._reach = reach

    async def announce(self, session: Session, kind: str, data: Mapping[str, JsonValue]) -> None:
        """Send `{type, timestamp, data}` to whoever wants it, once the transaction commits.

        `kind` is one of TYPES; license keys and other secrets stay out of `data`.
        """
        if kind not in TYPES:
            raise KeyError(kind)
        wanted = [one for one in await table.addressees(session) if _wants(one, kind)]
        if wanted:
            await self._send(session, kind, data, wanted)

    async def listed(self) -> tuple[WebhookEndpoint, ...]:
        """Every endpoint, the oldest first."""
        async with self.database.transaction() as session:
            return tuple(map(_endpoint, await table.endpoints(session)))

    @idempotent("webhooks.create", Created, lambda created: created.endpoint.id)
    async def create(self, operator: Operator, url: str, events: tuple[str, ...] = ()) -> Created:
        """Add an endpoint; raises Invalid (field `url` or `events`) and Conflict."""
        if not is_possible(url, self._reach):
            raise Invalid(BAD_URL, field="url")
        for name in events:
            if name not in TYPES:
                raise Invalid(NO_TYPE, field="events", name=name[:60], names=", ".join(TYPES))
        secret = new_secret()
        async with self.database.transaction() as session:
            if len(await table.endpoints(session)) >= MAX_ENDPOINTS:
                raise Conflict(TOO_MANY, n=MAX_ENDPOINTS)
            chosen = orjson.dumps(sorted(set(events))).decode()
            origin, path = _parts(url)
            row = table.EndpointRow(
                url=origin, path=b"", secret=b"", events=chosen, created_at=self.clock()
            )
            seal(session, row, "path", path)
            seal(session, row, "secret", secret)
            session.add(row)
            _note(session, operator, "webhooks.create", row, Change(after=_facts(row)))
        return Created(_endpoint(row), secret)

    async def enable(self, operator: Operator, endpoint_id: str) -> WebhookEndpoint:
        """Switch it on again; what it missed stays as it is. Raises NotFound."""
        async with self.database.transaction() as session:
            row = await _find(session, endpoint_id, lock=True)
            if row.disabled_at is not None:
                before = _facts(row)
                row.disabled_at, row.disabled_reason, row.failing_since = None, "", None
                session.add(row)
                change = Change(before, _facts(row))
                _note(session, operator, "webhooks.enable", row, change)
        return _endpoint(row)

    async def delete(self, operator: Operator, endpoint_id: str) -> None:
        """Forget it, and what was on its way there; raises NotFound."""
        async with self.database.transaction() as session:
            row = await _find(session, endpoint_id, lock=True)
            _note(session, operator, "webhooks.delete", row, Change(before=_facts(row)))
            await session.delete(row)

    @idempotent("webhooks.test", str, str, of="endpoint_id")
    async def test(self, operator: Operator, endpoint_id: str) -> str:
        """Send it a message of type `webhook.test`; the message's id. NotFound, Conflict."""
        async with self.database.transaction() as session:
            row = await _find(session, endpoint_id)
            if row.disabled_at is not None:
                raise Conflict(IS_OFF)
            _note(session, operator, "webhooks.test", row, Change())
            return await self._send(session, TEST, {"endpoint_id": row.id}, [row])

    @idempotent("webhooks.redeliver", Delivery, lambda sent: sent.message_id, of="endpoint_id")
    async def redeliver(self, operator: Operator, endpoint_id: str, message_id: str) -> Delivery:
        """Send one message again, however that ended before; raises NotFound, Conflict."""
        async with self.database.transaction() as session:
            row = await _find(session, endpoint_id)
            if row.disabled_at is not None:
                raise Conflict(IS_OFF)
            delivery = await table.find_delivery(session, message_id, endpoint_id, lock=True)
            message = await table.find_message(session, message_id)
            if delivery is None or message is None:
                raise NotFound(NO_DELIVERY)
            delivery.state, delivery.attempts, delivery.last_error = table.PENDING, 0, ""
            await again(session, delivery, self.clock(), timedelta(0))
            change = Change(after={"message": message_id})
            _note(session, operator, "webhooks.redeliver", row, change)
        return _delivery(delivery, message)

    async def deliveries(
        self, endpoint_id: str, *, before: str = "", limit: int = 50
    ) -> tuple[Delivery, ...]:
        """The newest first; `before` is the last one's message id of the page before."""
        async with self.database.transaction() as session:
            await _find(session, endpoint_id)
            if before and await table.find_delivery(session, before, endpoint_id) is None:
                raise Invalid(NO_PLACE, field="cursor")
            rows = await table.deliveries(session, endpoint_id, before=before, limit=limit)
        return tuple(_delivery(delivery, message) for delivery, message in rows)

    async def _send(
        self,
        session: Session,
        kind: str,
        data: Mapping[str, JsonValue],
        wanted: list[table.EndpointRow],
    ) -> str:
        now = self.clock()
        document = {"type": kind, "timestamp": now.isoformat(), "data": data}
        payload = orjson.dumps(document, default=dict).decode()
        message = table.MessageRow(type=kind, payload=payload, created_at=now)
        session.add(message)
        await session.flush()
        for endpoint in wanted:
            delivery = table.DeliveryRow(message_id=message.id, endpoint_id=endpoint.id, due_at=now)
            session.add(delivery)
            await start(session, delivery)
        return message.id


async def start(
    session: Session, delivery: table.DeliveryRow, wait: timedelta = timedelta(0)
) -> None:
    """Start the delivery's job of its present run, once the transaction commits."""
    ids = (delivery.message_id, delivery.endpoint_id, str(delivery.run))
    job_id = ":".join(("webhook", *ids))
    await jobs.start(session, DELIVER, job_id, *ids, partition=PARTITION, delay=wait or None)


async def again(
    session: Session, delivery: table.DeliveryRow, now: datetime, wait: timedelta
) -> None:
    """Plan another try; the job before it, if there still is one, does nothing any more."""
    delivery.run += 1
    delivery.due_at = now + wait
    session.add(delivery)
    await start(session, delivery, wait)


async def _find(session: Session, endpoint_id: str, *, lock: bool = False) -> table.EndpointRow:
    row = await table.find_endpoint(session, endpoint_id, lock=lock)
    if row is None:
        raise NotFound(NO_ENDPOINT)
    return row


def _parts(url: str) -> tuple[str, str]:
    """Scheme and host, and the rest."""
    parts = urlsplit(url)
    at = len(f"{parts.scheme}://{parts.netloc}")
    return url[:at], url[at:]


def _wants(row: table.EndpointRow, kind: str) -> bool:
    events: list[str] = orjson.loads(row.events)
    return not events or kind in events


def _note(
    session: Session, operator: Operator, action: str, row: table.EndpointRow, change: Change
) -> None:
    note(session, operator, action, Subject("webhook", row.id), change)


def _facts(row: table.EndpointRow) -> Facts:
    events: list[str] = orjson.loads(row.events)
    return {"url": row.url, "events": events, "disabled": row.disabled_at is not None}


def _endpoint(row: table.EndpointRow) -> WebhookEndpoint:
    return WebhookEndpoint(
        id=row.id,
        url=row.url,
        events=tuple(orjson.loads(row.events)),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        failing_since=row.failing_since,
    )


def _delivery(row: table.DeliveryRow, message: table.MessageRow) -> Delivery:
    return Delivery(
        message_id=row.message_id,
        type=message.type,
        state=row.state,
        attempts=row.attempts,
        last_status=row.last_status,
        last_error=row.last_error,
        created_at=message.created_at,
        next_try_at=row.due_at if row.state == table.PENDING else None,
        delivered_at=row.delivered_at,
    )
