"""Stripe's pages to click: Checkout, the customer portal, and an invoice's own page."""

from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from integrations.sandbox.stripe.charging import Charging
from integrations.sandbox.stripe.checkout import CheckoutApi
from integrations.sandbox.stripe.errors import Json, StripeFault
from integrations.sandbox.stripe.objects import CARDS
from integrations.sandbox.stripe.portal import PortalApi
from integrations.sandbox.stripe.store import Account
from integrations.sandbox.stripe.subscribing import Subscribing

TEMPLATES = Path(__file__).parent / "templates"
SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£"}


class StripePages:
    """What a person sees of Stripe."""

    def __init__(
        self,
        account: Account,
        checkout: CheckoutApi,
        portal: PortalApi,
        charging: Charging,
        subscribing: Subscribing,
    ) -> None:
        self._account, self._checkout, self._portal = account, checkout, portal
        self._charging, self._subscribing = charging, subscribing
        self._pages = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True)
        )
        self._pages.filters |= {"money": money, "day": self._day}

    async def pay(self, request: web.Request) -> web.Response:
        """GET: the checkout."""
        session = self._session(request)
        return self._draw_checkout(session, "")

    async def paid(self, request: web.Request) -> web.Response:
        """POST: pay with a card, or go back."""
        session = self._session(request)
        form = await request.post()
        if form.get("do") == "back":
            return _redirect(session["cancel_url"] or session["success_url"])
        email = str(form.get("email") or session["customer_details"]["email"] or "")
        try:
            self._checkout.complete(session, str(form.get("card") or ""), email)
        except StripeFault as fault:
            return self._draw_checkout(session, fault.message)
        return _redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))

    async def portal(self, request: web.Request) -> web.Response:
        """GET: the customer's subscriptions, cards and invoices."""
        return self._draw_portal(request, "", "")

    async def use_portal(self, request: web.Request) -> web.Response:
        """POST: one of its buttons."""
        session = self._portal.open(request.match_info["secret"])
        if session is None:
            return self._gone("This page of the portal is not valid any more.")
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            told = self._portal.use(session, form)
        except StripeFault as fault:
            return self._draw_portal(request, "", fault.message)
        self._account.changed()
        return self._draw_portal(request, told, "")

    async def invoice(self, request: web.Request) -> web.Response:
        """GET: an invoice, with a button to pay it."""
        invoice = self._account.table("invoice").get(request.match_info["id"])
        if invoice is None:
            return self._gone("There is no such invoice.")
        return self._draw("invoice.html", invoice=invoice, cards=CARDS, error="")

    async def pay_invoice(self, request: web.Request) -> web.Response:
        """POST: pay it with the customer's card."""
        invoice = self._account.table("invoice").get(request.match_info["id"])
        if invoice is None:
            return self._gone("There is no such invoice.")
        try:
            self._charging.pay(invoice)
        except StripeFault as fault:
            return self._draw("invoice.html", invoice=invoice, cards=CARDS, error=fault.message)
        self._account.changed()
        return self._draw("invoice.html", invoice=invoice, cards=CARDS, error="")

    def _session(self, request: web.Request) -> Json:
        session = self._account.table("checkout.session").get(request.match_info["id"])
        if session is None:
            raise web.HTTPNotFound(text="There is no such checkout.")
        return session

    def _draw_checkout(self, session: Json, error: str) -> web.Response:
        if session["status"] != "open":
            return self._gone(f"This checkout is {session['status']}.")
        optional = session["payment_method_collection"] == "if_required"
        trial = session["_trial"]
        return self._draw(
            "checkout.html",
            session=session,
            trial=trial,
            cards=CARDS,
            error=error,
            skippable=optional and not session["amount_total"],
        )

    def _draw_portal(self, request: web.Request, told: str, error: str) -> web.Response:
        session = self._portal.open(request.match_info["secret"])
        if session is None:
            return self._gone("This page of the portal is not valid any more.")
        customer = self._account.get("customer", session["customer"])
        own = self._subscribing.living(customer["id"])
        default = customer["invoice_settings"]["default_payment_method"]
        kept = default or next((s["default_payment_method"] for s in own), None)
        invoices = [
            one for one in self._account.newest("invoice") if one["customer"] == customer["id"]
        ]
        return self._draw(
            "portal.html",
            session=session,
            customer=customer,
            subscriptions=own,
            prices=self._sold(),
            card=self._account.table("payment_method").get(kept or ""),
            cards=CARDS,
            invoices=invoices,
            products=self._account.table("product"),
            told=told,
            error=error,
        )

    def _sold(self) -> list[Json]:
        prices = self._account.table("price").values()
        return [p for p in prices if p["active"] and p["type"] == "recurring"]

    def _draw(self, name: str, *, status: int = 200, **values: object) -> web.Response:
        shown = {"products": self._account.table("product"), **values}
        text = self._pages.get_template(name).render(**shown)
        return web.Response(text=text, content_type="text/html", status=status)

    def _gone(self, said: str) -> web.Response:
        return self._draw("gone.html", status=410, said=said)

    def _day(self, at: int | None) -> str:
        if at is None:
            return ""
        return datetime.fromtimestamp(self._account.clock.seen(at), UTC).strftime("%d %b %Y")


def money(amount: int, currency: str) -> str:
    """Such as $99.00."""
    return f"{SYMBOLS.get(currency, currency.upper() + ' ')}{amount / 100:,.2f}"


def _redirect(url: str) -> web.Response:
    return web.Response(status=303, headers={"Location": url})
