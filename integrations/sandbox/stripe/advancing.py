"""The account's time: what is due next, and moving on through it, thing by thing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from integrations.sandbox.stripe.charging import Charging
from integrations.sandbox.stripe.errors import Json
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.store import DAY, HOUR, Account
from integrations.sandbox.stripe.subscribing import Subscribing

NOTICE = 3 * DAY  # before a trial's end
INCOMPLETE = 23 * HOUR
MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens by itself at a time of the account."""

    at: int
    what: str
    subject: str
    go: Callable[[], None]


class TimeMachine:
    """Moves the clock; everything that falls due on the way happens at its own moment."""

    def __init__(
        self, account: Account, events: Events, charging: Charging, subscribing: Subscribing
    ) -> None:
        self._account, self._events = account, events
        self._charging, self._subscribing = charging, subscribing

    def coming(self) -> list[Due]:
        """All that is planned, soonest first."""
        return sorted(self._planned(), key=lambda due: due.at)

    def advance(self, seconds: int) -> int:
        """Move on so far; how many things happened."""
        clock = self._account.clock
        until, happened = clock.now() + seconds, 0
        while happened < MOST_STEPS:
            due = next(iter(self.coming()), None)
            if due is None or due.at > until:
                break
            clock.advance(due.at - clock.now())
            due.go()
            happened += 1
        clock.advance(until - clock.now())
        self._account.changed()
        return happened

    def advance_to_next(self) -> str:
        """Move to what comes next and let it happen; its name, "" when nothing is planned."""
        due = next(iter(self.coming()), None)
        if due is None:
            return ""
        self._account.clock.advance(due.at - self._account.clock.now())
        due.go()
        self._account.changed()
        return due.what

    def catch_up(self) -> None:
        """Do what fell due while the machine's own time passed."""
        self.advance(0)

    def _planned(self) -> Iterator[Due]:
        for subscription in self._account.table("subscription").values():
            yield from self._of(subscription)
        for invoice in self._account.table("invoice").values():
            yield from self._of_invoice(invoice)
        for session in self._account.table("checkout.session").values():
            if session["status"] == "open":
                go = self._call(self._expire, session)
                yield Due(session["expires_at"], "checkout expires", session["id"], go)

    def _of(self, subscription: Json) -> Iterator[Due]:
        own_id, status = subscription["id"], subscription["status"]
        if status in ("canceled", "incomplete_expired"):
            return
        if subscription["cancel_at"] is not None:
            go = self._call(self._end, subscription)
            yield Due(subscription["cancel_at"], "subscription ends", own_id, go)
        end = min(item["current_period_end"] for item in subscription["items"]["data"])
        if status == "trialing":
            if not subscription["_told_trial"]:
                go = self._call(self._warn, subscription)
                yield Due(subscription["trial_end"] - NOTICE, "trial will end", own_id, go)
            ends = self._call(self._subscribing.end_trial, subscription)
            yield Due(subscription["trial_end"], "trial ends", own_id, ends)
        elif status == "incomplete":
            go = self._call(self._never_paid, subscription)
            yield Due(subscription["created"] + INCOMPLETE, "never paid", own_id, go)
        elif status != "paused" and subscription["cancel_at"] != end:
            yield Due(end, "renewal", own_id, self._call(self._subscribing.renew, subscription))
        paused = subscription["pause_collection"]
        if paused and paused["resumes_at"] is not None:
            go = self._call(self._unpause, subscription)
            yield Due(paused["resumes_at"], "collection resumes", own_id, go)

    def _of_invoice(self, invoice: Json) -> Iterator[Due]:
        if invoice["status"] == "draft" and invoice["_finalize_at"] is not None:
            go = self._call(self._charge, invoice)
            yield Due(invoice["_finalize_at"], "invoice is charged", invoice["id"], go)
        if invoice["status"] == "open" and invoice["next_payment_attempt"] is not None:
            again = self._call(self._charging.attempt, invoice)
            yield Due(invoice["next_payment_attempt"], "payment is retried", invoice["id"], again)

    def _warn(self, subscription: Json) -> None:
        subscription["_told_trial"] = True
        self._events.tell("customer.subscription.trial_will_end", subscription)

    def _end(self, subscription: Json) -> None:
        self._charging.end(subscription, "cancellation_requested")

    def _never_paid(self, subscription: Json) -> None:
        self._charging.change(subscription, {"status": "incomplete_expired"})

    def _unpause(self, subscription: Json) -> None:
        self._charging.change(subscription, {"pause_collection": None})

    def _charge(self, invoice: Json) -> None:
        self._charging.finalize(invoice)
        if invoice["status"] == "open":
            self._charging.attempt(invoice)

    def _expire(self, session: Json) -> None:
        session["status"], session["url"] = "expired", None
        self._events.tell("checkout.session.expired", session)

    def _call(self, verb: Callable[[Json], object], thing: Json) -> Callable[[], None]:
        def go() -> None:
            verb(thing)

        return go
