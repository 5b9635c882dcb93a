"""What operators do about billing: trials, links, second subscriptions, and customers who leave."""

from collections.abc import Awaitable, Callable

from db.billing import accounts as table
from db.billing import subscriptions
from db.licensing import customers
from db.store.session import Database
from integrations.stripe.types import OUR_CUSTOMER
from services.actors import Operator
from services.audit import Change, Subject, note
from services.billing.access import OVER
from services.billing.handling import BillingDeps, EventHandling
from services.billing.snapshots import VENDOR
from services.errors import Conflict, NotFound, translate_vendor_errors
from services.phrases import Phrase

NO_CUSTOMER = Phrase(
    "There is no such customer. It may have been deleted.",
    "Questo cliente non esiste. Forse è stato eliminato.",
)
NO_SUBSCRIPTION = Phrase(
    "This subscription belongs to no customer of ours.",
    "Questo abbonamento non è di un nostro cliente.",
)
NOT_AT_STRIPE = Phrase(
    "Stripe has no such customer in this mode. Copy the id (cus_…) from Stripe’s dashboard.",
    "Stripe non ha questo cliente in questa modalità. Copia l’id (cus_…) dal sito di Stripe.",
)
BOUND_ELSEWHERE = Phrase(
    "One of the two is linked already. Look at what /seguito why says of this customer first.",
    "Uno dei due è già collegato. Guarda prima cosa dice /seguito why di questo cliente.",
)
NOT_A_SECOND = Phrase(
    "This subscription is the one that counts, so it is not cancelled here. Cancel it in Stripe.",
    "Questo abbonamento è quello che conta, quindi non si annulla qui. Annullalo in Stripe.",
)
Erase = Callable[[Operator, str], Awaitable[None]]


class BillingDesk:
    """Every verb is audited. Stripe is asked outside transactions."""

    def __init__(
        self, database: Database, deps: BillingDeps, handling: EventHandling, erase: Erase
    ) -> None:
        """`erase` deletes a customer with everything that is kept here."""
        self._database = database
        self._deps = deps
        self._handling = handling
        self._erase = erase

    async def link(self, operator: Operator, customer_id: str, stripe_customer_id: str) -> None:
        """Bind a customer of Stripe's to one of ours, and handle what waited for it.

        Raises NotFound, Conflict when one of them is bound already, Temporary.
        """
        with translate_vendor_errors(VENDOR):
            found = await self._deps.payments.customer(stripe_customer_id)
        if found is None or found.deleted or found.livemode != self._deps.terms.livemode:
            raise NotFound(NOT_AT_STRIPE)
        if found.metadata.get(OUR_CUSTOMER, customer_id) != customer_id:
            raise Conflict(BOUND_ELSEWHERE)
        async with self._database.transaction() as session:
            if await customers.find(session, customer_id) is None:
                raise NotFound(NO_CUSTOMER)
            known = await table.claim_customer(session, customer_id, self._deps.clock())
            other = await table.of_stripe(session, stripe_customer_id)
            taken = other is not None and other.customer_id != customer_id
            if taken or known.stripe_customer_id not in (None, stripe_customer_id):
                raise Conflict(BOUND_ELSEWHERE)
            known.stripe_customer_id = stripe_customer_id
            session.add(known)
            change = Change(after={"stripe_customer": stripe_customer_id})
            note(session, operator, "billing.link", Subject("customer", customer_id), change)
        await self._handling.link(customer_id, stripe_customer_id)
        await self._handling.look_again(customer_id)

    async def refresh(self, customer_id: str) -> None:
        """Ask Stripe for all that a customer has, and derive the access anew."""
        async with self._database.transaction() as session:
            if await customers.find(session, customer_id) is None:
                raise NotFound(NO_CUSTOMER)
        await self._handling.look_again(customer_id)

    async def cancel_and_refund(self, operator: Operator, subscription_id: str) -> str:
        """End a second subscription and give its payment back; its customer's id.

        Twice is once. Raises NotFound, Conflict for the one that counts, Temporary.
        """
        async with self._database.transaction() as session:
            row = await subscriptions.find(session, subscription_id)
            if row is None or row.customer_id is None:
                raise NotFound(NO_SUBSCRIPTION)
            for account in await table.accounts(session, row.customer_id):
                if account.subscription_id == subscription_id and row.status not in OVER:
                    raise Conflict(NOT_A_SECOND)
            subject = Subject("subscription", subscription_id)
            note(session, operator, "billing.cancel_and_refund", subject)
        key = f"second:{subscription_id}"
        with translate_vendor_errors(VENDOR):
            await self._deps.payments.cancel(subscription_id, key=f"{key}:cancel")
            await self._deps.payments.refund_last_payment(subscription_id, key=f"{key}:refund")
        await self._handling.look_again(row.customer_id)
        return row.customer_id

    async def delete(self, operator: Operator, customer_id: str) -> None:
        """Delete a customer with everything: first their subscriptions at Stripe, by its own list.

        Raises NotFound, Temporary; until all are cancelled there nothing is deleted here.
        """
        async with self._database.transaction() as session:
            if await customers.find(session, customer_id) is None:
                raise NotFound(NO_CUSTOMER)
            known = await table.customer(session, customer_id)
        if known is not None and known.stripe_customer_id and self._deps.payments.ready:
            await self._cancel_all(known.stripe_customer_id)
        await self._erase(operator, customer_id)

    async def _cancel_all(self, stripe_customer_id: str) -> None:
        with translate_vendor_errors(VENDOR):
            listed = self._deps.payments.subscriptions(stripe_customer_id)
            for one in [one async for one in listed]:
                if one.status not in OVER:
                    await self._deps.payments.cancel(one.id, key=f"leaving:{one.id}")
