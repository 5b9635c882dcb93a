"""Events, and their signed deliveries to webhook endpoints: retried, and as disorderly as asked."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from integrations.sandbox.kit.journal import Exchange, Journal
from integrations.sandbox.stripe.errors import Json
from integrations.sandbox.stripe.store import VERSION, Account

PATIENCE = ClientTimeout(total=20.0, connect=5.0)
# Seconds until a failed delivery is tried again. Stripe takes hours and days; nobody waits so long.
RETRIES = (1, 5, 15, 60, 300)
HELD = 0.3  # seconds in which events gather before they are shuffled
KEPT = 300


@dataclass(slots=True)
class DeliverySettings:
    """How badly events travel.

    duplicate  each one comes twice
    disorder   what happens within a moment comes in any order
    delay      seconds before the first try
    lose       so many events are never sent; they are found by listing events only
    paused     nothing is sent until this is off again
    """

    duplicate: bool = False
    disorder: bool = False
    delay: float = 0.0
    lose: int = 0
    paused: bool = False

    def change(self, name: str, value: object) -> None:
        """Set one. ValueError for an unknown one or another type."""
        if name not in self.__dataclass_fields__:
            raise ValueError(f"there is no switch {name!r}")
        kind = type(getattr(self, name))
        if kind is bool or isinstance(value, bool):
            if not (kind is bool and isinstance(value, bool)):
                raise ValueError(f"{name} must be {kind.__name__}")
        elif not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} must be a number from 0")
        setattr(self, name, kind(value))


@dataclass(slots=True, eq=False)
class Delivery:
    """One event on its way to one endpoint: `status` is the last answer, 0 for none."""

    event: str
    type: str
    endpoint: str
    tries: int = 0
    status: int = 0
    state: str = "waiting"
    note: str = ""


def signature(secret: str, body: bytes, at: int) -> str:
    """The header `Stripe-Signature` (contract C.5)."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


class Events:
    """Writes events down and sends them."""

    def __init__(self, account: Account, journal: Journal | None = None) -> None:
        self._account, self._journal = account, journal
        self.settings = DeliverySettings()
        self.deliveries: list[Delivery] = []
        self._held: list[Delivery] = []
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._untried = 0
        self._calm = asyncio.Event()
        self._calm.set()

    def tell(
        self, kind: str, thing: Json, before: Json | None = None, asked: Json | None = None
    ) -> Json:
        """An event about this object; `before`: how it was, for what changed."""
        data: Json = {"object": deepcopy(thing)}
        if before is not None:
            data["previous_attributes"] = {
                name: value
                for name, value in before.items()
                if not name.startswith("_") and thing.get(name) != value
            }
        endpoints = list(self._account.table("webhook_endpoint").values())
        heard = [one for one in endpoints if _hears(one, kind)]
        event = self._account.add(
            "event",
            "evt",
            {
                "api_version": VERSION,
                "type": kind,
                "data": data,
                "pending_webhooks": len(heard),
                "request": asked or {"id": None, "idempotency_key": None},
                "_failed": False,
            },
        )
        for endpoint in heard:
            self._send(event, endpoint)
        return event

    def body(self, event: Json) -> bytes:
        """The bytes that are signed and sent."""
        return json.dumps(self._account.written(event), indent=2).encode()

    def signed(self, event: Json, secret: str) -> tuple[bytes, Mapping[str, str]]:
        """Body and headers of a delivery now."""
        body = self.body(event)
        at = self._account.clock.seen(self._account.clock.now())
        headers = {
            "Stripe-Signature": signature(secret, body, at),
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        return body, headers

    def again(self, event_id: str) -> bool:
        """Send an event once more, as *Resend* does; False when there is none."""
        event = self._account.table("event").get(event_id)
        if event is None:
            return False
        for endpoint in self._account.table("webhook_endpoint").values():
            if _hears(endpoint, event["type"]):
                self._begin(Delivery(event["id"], event["type"], endpoint["id"]))
        return True

    def resume(self) -> None:
        """Send what waited while deliveries were paused."""
        held = [one for one in self.deliveries if one.state == "paused"]
        for delivery in held:
            self._begin(delivery)

    async def close(self) -> None:
        """Stop sending."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def settled(self) -> None:
        """Wait until no first try is under way any more."""
        await self._calm.wait()

    def _send(self, event: Json, endpoint: Json) -> None:
        if self.settings.lose > 0:
            self.settings.lose -= 1
            lost = Delivery(event["id"], event["type"], endpoint["id"], state="lost")
            event["_failed"] = True
            self._remember(lost)
            return
        for _ in range(2 if self.settings.duplicate else 1):
            self._begin(Delivery(event["id"], event["type"], endpoint["id"]))

    def _begin(self, delivery: Delivery) -> None:
        self._remember(delivery)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # Set up before the sandbox serves: nobody to tell.
            delivery.state = "unsent"
            return
        if self.settings.paused:
            delivery.state = "paused"
            return
        delivery.state = "waiting"
        self._untried += 1
        self._calm.clear()
        self._held.append(delivery)
        if not self.settings.disorder:
            self._release()
        elif len(self._held) == 1:
            loop.call_later(HELD, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        if self.settings.disorder:
            random.shuffle(held)
        for delivery in held:
            task = asyncio.create_task(self._deliver(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        await asyncio.sleep(self.settings.delay)
        for wait in (*RETRIES, None):
            await self._try(delivery)
            self._tried(delivery)
            if delivery.state == "delivered" or wait is None:
                break
            delivery.state = "retrying"
            self._account.changed()
            await asyncio.sleep(wait)
        if delivery.state != "delivered":
            delivery.state = "failed"
        self._account.changed()

    async def _try(self, delivery: Delivery) -> None:
        event = self._account.get("event", delivery.event)
        endpoint = self._account.get("webhook_endpoint", delivery.endpoint)
        body, headers = self.signed(event, endpoint["_secret"])
        delivery.tries += 1
        begun = time.perf_counter()
        answered = ""
        try:
            async with self._http().post(
                endpoint["url"], data=body, headers=headers, allow_redirects=False
            ) as answer:
                delivery.status = answer.status
                answered = (await answer.text(errors="replace"))[:2000]
        except (ClientError, TimeoutError, OSError) as error:
            delivery.status, delivery.note = 0, type(error).__name__
        if 200 <= delivery.status < 300:
            delivery.state = "delivered"
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            event["_failed"] = False
        else:
            event["_failed"] = True
        self._write_down(delivery, event, begun, answered)

    def _tried(self, delivery: Delivery) -> None:
        if delivery.tries == 1:
            self._untried -= 1
        if self._untried <= 0:
            self._calm.set()

    def _write_down(self, delivery: Delivery, event: Json, begun: float, answered: str) -> None:
        if self._journal is None:
            return
        self._journal.record(
            Exchange(
                direction="out",
                vendor="stripe",
                method="POST",
                path=f"webhook {delivery.type}",
                status=delivery.status,
                ms=(time.perf_counter() - begun) * 1000,
                request={"body": self._account.written(event)},
                response={"body": answered},
            )
        )

    def _remember(self, delivery: Delivery) -> None:
        if delivery not in self.deliveries:
            self.deliveries.append(delivery)
        del self.deliveries[:-KEPT]

    def _http(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(timeout=PATIENCE)
        return self._session


def _hears(endpoint: Json, kind: str) -> bool:
    wanted: list[Any] = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in wanted or kind in wanted)
