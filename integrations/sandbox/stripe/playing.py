"""What the panel lets the account's owner and its customers do, and what its tab shows."""

from collections.abc import Callable
from dataclasses import asdict

from aiohttp import web

from integrations.sandbox.stripe.advancing import TimeMachine
from integrations.sandbox.stripe.charging import AFTER_DUNNING, Charging
from integrations.sandbox.stripe.errors import Json, StripeFault, invalid
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.payments import PaymentsApi
from integrations.sandbox.stripe.portal import PortalApi
from integrations.sandbox.stripe.store import DAY, Account

SHOWN = 60
LONGEST_STEP = 400 * DAY
PAUSES = ("void", "keep_as_draft", "mark_uncollectible")


class Owner:
    """Plays with the account."""

    def __init__(
        self,
        account: Account,
        events: Events,
        charging: Charging,
        clock: TimeMachine,
        portal: PortalApi,
        payments: PaymentsApi,
    ) -> None:
        self._account, self._events, self._charging = account, events, charging
        self._clock, self._portal, self._payments = clock, portal, payments

    async def play(self, request: web.Request) -> web.Response:
        """POST /panel/api/stripe/{verb}: `{"ok": …}` with a sentence, or what is wrong."""
        verbs: dict[str, Callable[[Json], str]] = {
            "advance": self._advance,
            "next": self._next,
            "settings": self._settings,
            "card": self._card,
            "pause": self._pause,
            "cancel": self._cancel,
            "refund": self._refund,
            "dispute": self._dispute,
            "resend": self._resend,
        }
        try:
            verb = verbs[request.match_info["verb"]]
            told = verb(await request.json())
        except StripeFault as fault:
            return web.json_response({"ok": False, "error": fault.message})
        except (KeyError, ValueError, TypeError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        self._account.changed()
        return web.json_response({"ok": True, "told": told})

    def contents(self) -> Json:
        """Subscriptions, money, events and deliveries, newest first; the clock and switches."""
        account, events = self._account, self._events
        customers = account.table("customer")

        def shown(kind: str) -> list[Json]:
            newest = list(account.newest(kind))[:SHOWN]
            return [account.written(one) for one in newest]

        subscriptions = shown("subscription")
        for one in subscriptions:
            one["email"] = customers[one["customer"]]["email"]
        coming = self._clock.coming()[:5]
        return {
            "now": account.clock.seen(account.clock.now()),
            "advanced": account.clock.offset,
            "coming": [
                {"at": account.clock.seen(due.at), "what": due.what, "subject": due.subject}
                for due in coming
            ],
            "subscriptions": subscriptions,
            "invoices": shown("invoice"),
            "charges": shown("charge"),
            "disputes": shown("dispute"),
            "prices": shown("price"),
            "deliveries": [asdict(one) for one in reversed(events.deliveries[-SHOWN:])],
            "settings": self._all_settings(),
        }

    def _all_settings(self) -> Json:
        dunning = self._charging.dunning
        return {
            **asdict(self._events.settings),
            "retry_days": ", ".join(str(day) for day in dunning.days),
            "after_retries": dunning.then,
            "portal_sets_cancel_at": self._portal.sets_cancel_at,
            "portal_configured": self._portal.configured,
        }

    def _advance(self, said: Json) -> str:
        seconds = int(said["seconds"])
        if not 0 < seconds <= LONGEST_STEP:
            raise ValueError("seconds must be above 0 and at most 400 days")
        happened = self._clock.advance(seconds)
        return f"{happened} things happened."

    def _next(self, said: Json) -> str:
        return self._clock.advance_to_next() or "Nothing is planned."

    def _settings(self, said: Json) -> str:
        for name, value in said.items():
            self._set(name, value)
        return "Set."

    def _set(self, name: str, value: object) -> None:
        dunning, portal = self._charging.dunning, self._portal
        if name == "retry_days":
            days = tuple(sorted(int(day) for day in str(value).split(",") if day.strip()))
            if not all(0 < day <= 60 for day in days):
                raise ValueError("retry_days are whole days from 1 to 60")
            dunning.days = days
        elif name == "after_retries":
            if value not in AFTER_DUNNING:
                raise ValueError(f"after_retries is one of {', '.join(AFTER_DUNNING)}")
            dunning.then = str(value)
        elif name in ("portal_sets_cancel_at", "portal_configured"):
            setattr(portal, name.removeprefix("portal_"), bool(value))
        else:
            self._events.settings.change(name, value)
            if name == "paused" and not value:
                self._events.resume()

    def _card(self, said: Json) -> str:
        """From now on the customer's cards work, or do not."""
        customer, works = said["customer"], bool(said["works"])
        for card in self._account.table("payment_method").values():
            if card["customer"] == customer:
                card["_works"] = works
        return "The card works." if works else "The card fails from now on."

    def _pause(self, said: Json) -> str:
        subscription = self._account.get("subscription", said["subscription"])
        behavior = said.get("behavior") or None
        if behavior is not None and behavior not in PAUSES:
            raise invalid(f"behavior is one of {', '.join(PAUSES)}")
        paused = {"behavior": behavior, "resumes_at": None} if behavior else None
        self._charging.change(subscription, {"pause_collection": paused})
        return "Collection is paused." if paused else "Collection goes on."

    def _cancel(self, said: Json) -> str:
        subscription = self._account.get("subscription", said["subscription"])
        if said.get("now"):
            self._charging.end(subscription, "cancellation_requested")
            return "It is over."
        return self._portal.cancel(subscription)

    def _refund(self, said: Json) -> str:
        charge = self._account.get("charge", said["charge"])
        self._payments.give_back(charge, charge["amount"] - charge["amount_refunded"])
        return "The money went back."

    def _dispute(self, said: Json) -> str:
        account = self._account
        if "dispute" in said:
            dispute = account.get("dispute", said["dispute"])
            self._payments.close_dispute(dispute, won=bool(said.get("won")))
            return f"The dispute is {dispute['status']}."
        self._payments.dispute(account.get("charge", said["charge"]))
        return "The bank disputes the charge."

    def _resend(self, said: Json) -> str:
        if not self._events.again(str(said["event"])):
            raise ValueError("there is no such event")
        return "Sent again."
