"""Deliveries of Fathom's webhooks: verified, kept once, read by a job."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from db.arrivals import deliveries as table
from db.arrivals import watches
from db.store import jobs
from db.store.session import Database, seal, unseal
from integrations.fathom.webhook import BadDelivery, read_delivery, verify
from services.actors import Actor
from services.arrivals.arriving import WEBHOOK, Arriving
from services.errors import DomainError, Temporary
from services.phrases import Phrase
from services.ports import Clock

READ = "arrivals.read"
# Longer than any vendor repeats a delivery.
KEPT = timedelta(days=14)

NO_SUCH_HOOK = Phrase(
    "Nobody here waits for this webhook any more. Delete it.",
    "Qui nessuno aspetta più questo webhook. Eliminalo.",
)
NOT_FATHOM = Phrase(
    "The signature is not Fathom’s for this webhook.",
    "La firma non è quella di Fathom per questo webhook.",
)
TOO_OLD = Phrase(
    "This delivery was signed more than five minutes away from now. Check the clock.",
    "Questa consegna è stata firmata a più di cinque minuti da ora. Controlla l’orologio.",
)
NOT_YET = Phrase(
    "This webhook is being set up. Deliver again in a minute.",
    "Questo webhook è in preparazione. Riprova tra un minuto.",
)

log = structlog.get_logger(__name__)


class HookGone(DomainError):
    """The webhook is nobody's any more: its member disconnected, or has another one."""


class DeliveryRefused(DomainError):
    """A delivery that Fathom did not sign for this webhook, or not now: nothing was kept."""


class ArrivalInbox:
    """Keeps what Fathom delivers, and sees to it that each is read."""

    def __init__(self, database: Database, arriving: Arriving, clock: Clock) -> None:
        self._database = database
        self.arriving = arriving
        self._clock = clock

    async def receive(
        self, connection_id: str, hook_id: str, raw: bytes, headers: Mapping[str, str]
    ) -> bool:
        """Keep a delivery and start its job in one transaction; False: it is here already.

        Raises HookGone, DeliveryRefused, and Temporary while the webhook's secret is on its way.
        """
        actor, secret = await self._hook(connection_id, hook_id)
        try:
            delivery = verify(raw, headers, secret)
        except BadDelivery as error:
            log.warning("arrivals.refused", reason=error.reason, workspace_id=actor.workspace_id)
            raise DeliveryRefused(TOO_OLD if error.reason == "old" else NOT_FATHOM) from error
        row = table.FathomDeliveryRow(
            id=f"{connection_id}:{delivery}",
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            received_at=self._clock(),
        )
        async with self._database.transaction() as session:
            seal(session, row, "body", raw.decode())
            new = await table.store(session, actor.workspace_id, row)
            if new:
                ids = (f"{READ}:{row.id}", row.id)
                # Two at once of each workspace: a burst leaves room for people's clicks.
                bulk, partition = jobs.BULK.name, actor.workspace_id
                await jobs.start(session, READ, *ids, queue=bulk, partition=partition)
        return new

    async def read(self, delivery_id: str) -> None:
        """A step: take in the recording of a delivery; what was read already is left alone."""
        async with self._database.transaction() as session:
            row = await table.find(session, delivery_id)
            raw = unseal(session, row, "body") if row and row.body is not None else None
        if row is None or raw is None:
            return
        arrived = read_delivery(raw.encode())
        if arrived is None:
            log.warning("arrivals.unreadable", workspace_id=row.workspace_id)
        else:
            await self.arriving.take(Actor(row.workspace_id, row.member_id), arrived, WEBHOOK)
        async with self._database.transaction() as session:
            await table.empty(session, delivery_id, self._clock())

    async def forget_old(self) -> None:
        """A step: drop deliveries that no vendor repeats any more."""
        async with self._database.transaction() as session:
            await table.purge(session, self._clock() - KEPT)

    async def _hook(self, connection_id: str, hook_id: str) -> tuple[Actor, str]:
        """Whose webhook it is, and its secret."""
        async with self._database.transaction() as session:
            connection = await watches.connection(session, connection_id)
            hook = await watches.hook(session, hook_id) if connection else None
            if hook is None or hook.connection_id != connection_id:
                raise HookGone(NO_SUCH_HOOK)
            if hook.state == watches.MAKING:
                raise Temporary(NOT_YET)
            if hook.state != watches.ACTIVE:
                raise HookGone(NO_SUCH_HOOK)
            return Actor(hook.workspace_id, hook.member_id), unseal(session, hook, "secret")
