"""Outgoing webhooks around receivers that answer as told, and hands that do what jobs do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import orjson

from bot.wiring.webhooks import build_webhooks
from db import webhooks as table
from db.store.session import Database, Session
from integrations.webhooks.client import WebhookClient
from integrations.webhooks.types import WebhookReply
from services.actors import Operator
from services.ports import Letter
from services.webhooks.webhook_deliveries import FailureContacts
from services.webhooks.webhooks import Created, Delivery
from tests.kit.wired import foundation

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPS = Operator("admin_key", "adm_1", "deploy")
WELL = WebhookReply(204, "", None)
BROKEN = WebhookReply(500, "oh no", None)


@dataclass
class Receiver:
    """Everybody's receiver: answers in turn, the last answer for ever."""

    answers: list[WebhookReply | Exception] = field(default_factory=lambda: [WELL])
    got: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookReply:
        self.got.append((url, headers, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class WebhookStage:
    """The services on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.receiver = Receiver()
        self.letters: list[Letter] = []
        self.said: list[tuple[str, str]] = []
        base = foundation(database, self.clock, public_url="https://seguito.example")
        contacts = FailureContacts(self, self, "ops@home.example")
        built = build_webhooks(base, cast(WebhookClient, self.receiver), contacts)
        self.webhooks, self.deliveries = built.endpoints, built.deliveries

    def clock(self) -> datetime:
        """The time that was set."""
        return self.now

    async def queue(self, session: Session, letter: Letter) -> bool:
        """Keep the letter."""
        self.letters.append(letter)
        return True

    async def endpoint_off(self, url: str, reason: str) -> None:
        """Keep what the ops room would read."""
        self.said.append((url, reason))

    async def endpoint(self, *events: str) -> Created:
        """A new endpoint at an address of its own."""
        url = f"https://{uuid4().hex}.example/hooks"
        return await self.webhooks.create(OPS, url, events)

    async def announce(self, kind: str = "license.issued", **data: str) -> None:
        """Something happened."""
        async with self.database.transaction() as session:
            await self.webhooks.announce(session, kind, data)

    async def of(self, created: Created) -> list[Delivery]:
        """The endpoint's deliveries, the oldest first where their times differ."""
        return list(reversed(await self.webhooks.deliveries(created.endpoint.id)))

    async def planned(self, created: Created) -> Delivery:
        """Announce something; its delivery, before the first try."""
        before = {one.message_id for one in await self.of(created)}
        await self.announce()
        (delivery,) = (one for one in await self.of(created) if one.message_id not in before)
        return delivery

    async def sent(self, created: Created) -> Delivery:
        """Announce something and do the first try; the delivery afterwards."""
        return await self.run(created, await self.planned(created))

    async def run(self, created: Created, delivery: Delivery) -> Delivery:
        """Do what the job of the delivery's present run does."""
        ids = (delivery.message_id, created.endpoint.id, await self.run_of(created, delivery))
        outcome = await self.deliveries.post(*ids)
        if outcome:
            await self.deliveries.settle(*ids, outcome)
        return await self.see(created, delivery)

    async def run_of(self, created: Created, delivery: Delivery) -> str:
        """The number of the newest job."""
        async with self.database.transaction() as session:
            row = await table.find_delivery(session, delivery.message_id, created.endpoint.id)
        assert row is not None
        return str(row.run)

    async def see(self, created: Created, delivery: Delivery) -> Delivery:
        """The delivery as it is now."""
        found = await self.of(created)
        return next(one for one in found if one.message_id == delivery.message_id)

    async def is_on(self, created: Created) -> bool:
        """Whether the endpoint still gets messages."""
        found = {one.id: one for one in await self.webhooks.listed()}
        return found[created.endpoint.id].disabled_at is None

    async def close(self) -> None:
        """Leave no endpoint behind."""
        for endpoint in await self.webhooks.listed():
            await self.webhooks.delete(OPS, endpoint.id)

    def body(self) -> dict[str, object]:
        """The newest message's body."""
        document: dict[str, object] = orjson.loads(self.receiver.got[-1][2])
        return document
