"""What leaves by itself, in the running product: e-mails, webhooks, and their trouble."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar
from uuid import uuid4

import httpx
import pytest_asyncio

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.site.vendor import Site
from integrations.sandbox.smtp.vendor import Smtp
from tests.kit.product import Product

T = TypeVar("T")

PATIENCE = 120  # seconds, on a busy machine
WORKED = 204


class Admin:
    """Somebody with an admin key."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def issue(self, email: str) -> dict[str, str]:
        """A new license whose key is e-mailed."""
        order = {"email": email, "plan": "pro", "months": 12, "send_email": True}
        answer = await self.http.post("/api/create_license", json=order)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def email(self, address: str, *states: str) -> dict[str, object]:
        """The e-mail to this address, once it is in one of these states."""

        async def look() -> dict[str, object] | None:
            found = (await self.http.get("/api/emails?limit=100")).json()["emails"]
            return next((e for e in found if e["to"] == address and e["state"] in states), None)

        return await until(look)


@pytest_asyncio.fixture
async def admin(product: Product, environment: dict[str, str]) -> AsyncIterator[Admin]:
    headers = {"X-Admin-Key": environment["ADMIN_API_KEY"]}
    async with httpx.AsyncClient(base_url=product.url, headers=headers, trust_env=False) as http:
        yield Admin(http)


async def until(look: Callable[[], Awaitable[T | None]]) -> T:
    """What `look` finds, as soon as it finds something."""
    async with asyncio.timeout(PATIENCE):
        while (found := await look()) is None:  # noqa: ASYNC110 - the fact is another process's
            await asyncio.sleep(0.1)
    return found


def somebody() -> str:
    return f"{uuid4().hex}@shop.example"


async def test_a_key_is_emailed_to_its_holder_once(admin: Admin, sandbox: Sandbox) -> None:
    address = somebody()
    issued = await admin.issue(address)
    email = await admin.email(address, "sent")
    (mail,) = sandbox.of(Smtp).server.to(address)
    assert (email["kind"], email["attempts"], email["last_error"]) == ("license.delivery", 1, "")
    assert issued["license_key"] in mail.text
    assert issued["license_key"] in mail.html
    assert issued["license_key"] not in str(email)


async def test_a_mail_server_that_is_busy_is_asked_again(admin: Admin, sandbox: Sandbox) -> None:
    address = somebody()
    sandbox.faults.add(Fault("smtp", "send", "temporary"))
    await admin.issue(address)
    email = await until(lambda: _tried(admin, address))
    assert email["state"] == "pending"
    assert email["next_try_at"] is not None
    assert str(email["last_error"]).startswith("451")
    # By hand it need not wait.
    assert (await admin.http.post(f"/api/emails/{email['id']}/resend")).status_code == 202
    await admin.email(address, "sent")
    assert len(sandbox.of(Smtp).server.to(address)) == 1


async def test_a_refused_email_stays_visible(admin: Admin) -> None:
    address = f"{uuid4().hex}@bounce.example"
    await admin.issue(address)
    email = await admin.email(address, "failed")
    assert str(email["last_error"]).startswith("550")


async def test_a_lost_reply_sends_no_second_email(admin: Admin, sandbox: Sandbox) -> None:
    address = somebody()
    sandbox.faults.add(Fault("smtp", "send", "lost_reply"))
    await admin.issue(address)
    email = await admin.email(address, "uncertain")
    assert "may have arrived" in str(email["last_error"])
    assert len(sandbox.of(Smtp).server.to(address)) == 1


async def test_a_kill_while_an_email_is_sent_sends_no_second_one(
    admin: Admin, sandbox: Sandbox, product: Product
) -> None:
    address = somebody()
    sandbox.faults.add(Fault("smtp", "send", "slow", seconds=2))
    await admin.issue(address)
    await admin.email(address, "sending")
    product.kill()
    await product.start()
    await admin.email(address, "uncertain")
    assert len(sandbox.of(Smtp).server.to(address)) <= 1


async def test_a_site_hears_of_its_license_and_knows_who_says_so(
    admin: Admin, sandbox: Sandbox, sandbox_url: tuple[str, Sandbox]
) -> None:
    sandbox.faults.add(Fault("site", "webhook", "status", status=503))
    url = f"{sandbox_url[0]}/site/webhooks"
    created = (await admin.http.post("/api/webhooks", json={"url": url})).json()
    sandbox.of(Site).webhooks.trust(created["secret"])
    issued = await admin.issue(somebody())

    async def delivered() -> dict[str, object] | None:
        answer = await admin.http.get(f"/api/webhooks/{created['id']}/deliveries")
        found = answer.json()["deliveries"]
        return found[0] if found and found[0]["state"] == "delivered" else None

    # The first try meets a 503; the second comes five seconds later.
    delivery = await until(delivered)
    await admin.http.delete(f"/api/webhooks/{created['id']}")
    assert (delivery["attempts"], delivery["last_status"]) == (2, WORKED)
    got = sandbox.of(Site).webhooks.deliveries[-1]
    assert got.headers["webhook-id"] == delivery["message_id"]
    assert got.document["type"] == "license.issued"
    assert issued["license_key"] not in got.body.decode()


async def _tried(admin: Admin, address: str) -> dict[str, object] | None:
    found = (await admin.http.get("/api/emails?limit=100")).json()["emails"]
    return next((e for e in found if e["to"] == address and e["last_error"]), None)
