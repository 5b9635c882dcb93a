"""A customer from the trial to a paid plan, past due, suspended, and back, as each one sees it."""

import asyncio
from uuid import uuid4

import httpx
from playwright.async_api import BrowserContext, expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from integrations.sandbox.smtp.vendor import Smtp
from integrations.sandbox.stripe.vendor import Stripe as StandIn
from tests.browser.panel import Panel
from tests.kit.product import Product

DAY = 86_400
WITHIN = 120


class Company:
    """A customer of ours over the API, their card at Stripe, and the operator's glances."""

    def __init__(self, product: Product, sandbox: Sandbox, url: str, key: str) -> None:
        admin = {"X-Admin-Key": key}
        self.api = httpx.AsyncClient(base_url=product.url, headers=admin, trust_env=False)
        self.account = sandbox.of(StandIn).account
        self.mails = sandbox.of(Smtp).server
        self.owner = httpx.AsyncClient(base_url=url, trust_env=False)
        self.email = f"{uuid4().hex[:12]}@acme.example"
        self.id = ""

    async def sign_up(self) -> None:
        """A customer of ours."""
        made = await self.api.post("/api/customer", json={"email": self.email, "name": "Acme"})
        assert made.status_code == 201, made.text
        self.id = made.json()["id"]

    async def checkout(self) -> str:
        """Where to pay for Professional by the month."""
        wish = {"customer_id": self.id, "plan": "professional", "interval": "monthly"}
        opened = await self.api.post("/api/billing/checkout", json=wish)
        assert opened.status_code == 200, opened.text
        return str(opened.json()["url"])

    @property
    def at_stripe(self) -> str:
        """Their id at Stripe."""
        customers = self.account.table("customer").values()
        return next(str(one["id"]) for one in customers if one["email"] == self.email)

    async def play(self, verb: str, **what: object) -> None:
        """A button of the stand-in's pane."""
        answer = await self.owner.post(f"/panel/api/stripe/{verb}", json=what)
        assert answer.json()["ok"], answer.text

    async def until(self, state: str) -> dict[str, object]:
        """The account as the API tells it, once it is in this state."""
        async with asyncio.timeout(WITHIN):
            found = await self.account_now()
            while found.get("state") != state:
                await asyncio.sleep(0.2)
                found = await self.account_now()
        return found

    async def account_now(self) -> dict[str, object]:
        """Their first account; empty before there is one."""
        found = (await self.api.get(f"/api/billing/customers/{self.id}")).json()
        return next(iter(found["accounts"]), {})

    async def mailed(self, subject: str) -> None:
        """Until an e-mail with these words in its subject was delivered to them."""
        async with asyncio.timeout(WITHIN):
            while not any(  # noqa: ASYNC110 - the fact is another process's
                subject in str(mail.as_json()) and self.email in str(mail.as_json())
                for mail in self.mails.mails
            ):
                await asyncio.sleep(0.2)

    async def close(self) -> None:
        """Give the connections back."""
        await self.api.aclose()
        await self.owner.aclose()


class Operator:
    """Somebody who watches the ops channel."""

    def __init__(self, panel: Panel, email: str) -> None:
        self.panel, self.email = panel, email

    async def reads(self, text: str) -> None:
        """A card about the customer says so."""
        told = self.panel.messages.filter(has_text=self.email).filter(has_text=text).last
        await expect(told).to_be_visible(timeout=WITHIN * 1000)

    async def asks_why(self, text: str) -> None:
        """One screen says which rule decided."""
        await self.panel.command(f"/seguito why {self.email}")
        told = self.panel.messages.filter(has_text="Why:").filter(has_text=self.email).last
        await expect(told).to_contain_text(text)


async def test_from_trial_to_suspended_and_back(
    panel: Panel,
    window: BrowserContext,
    product: Product,
    sandbox_url: tuple[str, Sandbox],
    environment: dict[str, str],
    ada: Visitor,
) -> None:
    url, sandbox = sandbox_url
    company = Company(product, sandbox, url, environment["ADMIN_API_KEY"])
    ops = next(one for one in sandbox.world.home.channels if one.is_ops)
    await panel.enter(ada.team.id, ada.id, ops.id)
    operator = Operator(panel, company.email)
    await company.sign_up()
    page = await window.new_page()
    await page.goto(await company.checkout())
    await page.get_by_role("button", name="Start trial").click()
    await company.until("trialing")
    await operator.reads("New:")
    await company.mailed("subscription has begun")
    await operator.asks_why("The trial runs until")

    await company.play("advance", seconds=15 * DAY)
    assert (await company.until("active"))["plan"] == "professional"
    await operator.reads("First payment:")
    await operator.asks_why("Stripe says that it is paid")

    await company.play("card", customer=company.at_stripe, works=False)
    await company.play("advance", seconds=31 * DAY)
    assert (await company.until("past_due"))["allowed"] is True
    await operator.reads("Failed:")
    await company.mailed("did not go through")
    await operator.asks_why("7 days of grace run until")

    await company.play("advance", seconds=8 * DAY)
    assert (await company.until("suspended"))["allowed"] is False
    await operator.reads("Suspended:")
    await company.mailed("Professional is suspended")
    await operator.asks_why("nothing was paid within 7 days")

    await company.play("card", customer=company.at_stripe, works=True)
    await company.play("advance", seconds=7 * DAY)
    assert (await company.until("active"))["allowed"] is True
    await operator.reads("Recovered:")
    await operator.asks_why("Stripe says that it is paid")
    await company.close()
