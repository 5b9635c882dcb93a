"""Webhooks: who subscribed, and signed deliveries to them, repeated until they are taken."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from integrations.sandbox.fathom import wire
from integrations.sandbox.kit.faults import Fault, FaultKind
from integrations.sandbox.kit.journal import Exchange
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.kit.world import Meeting, Person

PATIENCE = ClientTimeout(total=20.0, connect=5.0)
# Seconds until a failed delivery is tried again. The vendor's own schedule is not documented.
RETRIES = (0.5, 2, 10, 60)
GONE = 410
KEPT = 300
VENDOR, OPERATION = "fathom", "webhooks.deliver"
TWICE, LATE, LOST = "webhook_twice", "webhook_late", "webhook_lost"
WRONG, OLD = "webhook_wrong_signature", "webhook_old"
OLD_BY = 600  # seconds
KINDS = (
    FaultKind(TWICE, "Webhook comes twice"),
    FaultKind(LATE, "Webhook comes late", ("seconds",)),
    FaultKind(LOST, "Webhook is lost"),
    FaultKind(WRONG, "Webhook is signed by somebody else"),
    FaultKind(OLD, "Webhook was signed ten minutes ago"),
)
MINE, MINE_SHARED = "my_recordings", "my_shared_with_team_recordings"
TEAMS, OTHERS = "shared_team_recordings", "shared_external_recordings"


@dataclass(slots=True, eq=False)
class Delivery:
    """One recording on its way to one webhook: `status` is the last answer, 0 for none."""

    id: str
    hook: str
    owner: str
    recording_id: int
    title: str
    state: str = "waiting"
    tries: int = 0
    status: int = 0
    note: str = ""


def signed(secret: str, delivery_id: str, body: bytes, at: int) -> dict[str, str]:
    """The three headers of a delivery (contract A8)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = f"{delivery_id}.{at}.".encode() + body
    mac = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{mac}",
        "Content-Type": "application/json",
    }


class Hooks:
    """The webhooks of everybody, by id, and what was delivered to them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.all: dict[str, dict[str, Any]] = {}
        self.deliveries: list[Delivery] = []
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def of(self, person_id: str) -> list[dict[str, Any]]:
        """This person's webhooks."""
        return [hook for hook in self.all.values() if hook["owner"] == person_id]

    def tell(self, meeting: Meeting) -> list[Delivery]:
        """The recording is ready: every webhook of those who may see it is told."""
        hooks = [hook for hook in self.all.values() if self._hears(hook, meeting)]
        return [sent for hook in hooks if (sent := self._send(hook, meeting)) is not None]

    async def close(self) -> None:
        """Stop sending."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _hears(self, hook: Mapping[str, Any], meeting: Meeting) -> bool:
        person = self._stage.world.person(hook["owner"])
        if person is None or person.id not in meeting.viewers:
            return False
        return _trigger(person, meeting) in hook["triggered_for"]

    def _send(self, hook: Mapping[str, Any], meeting: Meeting) -> Delivery | None:
        delivery = Delivery(
            f"msg_{secrets.token_hex(12)}",
            hook["id"],
            hook["owner"],
            meeting.recording_id,
            meeting.title,
        )
        self.deliveries.append(delivery)
        del self.deliveries[:-KEPT]
        fault = self._stage.faults.take(VENDOR, OPERATION)
        if fault is not None and fault.kind == LOST:
            delivery.state = "lost"
            self._stage.changed()
            return delivery
        for _ in range(2 if fault is not None and fault.kind == TWICE else 1):
            task = asyncio.create_task(self._deliver(dict(hook), meeting, delivery, fault))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return delivery

    async def _deliver(
        self, hook: Mapping[str, Any], meeting: Meeting, delivery: Delivery, fault: Fault | None
    ) -> None:
        kind = fault.kind if fault is not None else ""
        if fault is not None and kind == LATE:
            await asyncio.sleep(fault.seconds)
        flags = {name for name in hook if name.startswith("include_") and hook[name]}
        body = json.dumps(wire.meeting_json(meeting, flags)).encode()
        for wait in (*RETRIES, None):
            await self._try(hook, body, delivery, kind)
            if delivery.state == "delivered" or delivery.status == GONE or wait is None:
                break
            delivery.state = "retrying"
            self._stage.changed()
            await asyncio.sleep(wait)
        if delivery.state != "delivered":
            delivery.state = "failed"
        self._stage.changed()

    async def _try(
        self, hook: Mapping[str, Any], body: bytes, delivery: Delivery, kind: str
    ) -> None:
        secret = f"whsec_{wire.base64_secret()}" if kind == WRONG else hook["secret"]
        at = int(time.time()) - (OLD_BY if kind == OLD else 0)
        headers = signed(secret, delivery.id, body, at)
        delivery.tries += 1
        begun, answered = time.perf_counter(), ""
        try:
            async with self._http().post(
                hook["url"], data=body, headers=headers, allow_redirects=False
            ) as answer:
                delivery.status = answer.status
                answered = (await answer.text(errors="replace"))[:2000]
        except (ClientError, TimeoutError, OSError) as error:
            delivery.status, delivery.note = 0, type(error).__name__
        if 200 <= delivery.status < 300:
            delivery.state = "delivered"
        self._write_down(delivery, begun, answered)

    def _write_down(self, delivery: Delivery, begun: float, answered: str) -> None:
        self._stage.journal.record(
            Exchange(
                direction="out",
                vendor=VENDOR,
                method="POST",
                path=f"webhook to {delivery.owner}",
                status=delivery.status,
                ms=(time.perf_counter() - begun) * 1000,
                request={"body": {"recording_id": delivery.recording_id, "id": delivery.id}},
                response={"body": answered},
            )
        )

    def _http(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(timeout=PATIENCE)
        return self._session


def _trigger(person: Person, meeting: Meeting) -> str:
    """By which trigger a person hears of a recording they may see."""
    shared = meeting.shared_with != "no_teams"
    if meeting.owner.id == person.id:
        return MINE_SHARED if shared and person.team else MINE
    return TEAMS if meeting.owner.workspace_id == person.workspace_id else OTHERS
