"""What time it is for a customer: ours, or in test mode that of Stripe's test clock."""

from datetime import datetime

from db.billing import events
from db.store.session import Session
from services.ports import Clock


class BillingTime:
    """Live, the clock of the program. In test mode the customer's newest event may be ahead of it:

    Stripe's test clocks move on at a click, and what is due by them is due
    (docs.stripe.com/billing/testing/test-clocks).
    """

    def __init__(self, clock: Clock, *, livemode: bool) -> None:
        self._clock = clock
        self._livemode = livemode

    async def now(self, session: Session, stripe_customer_id: str | None) -> datetime:
        """The time by which this customer's access is judged."""
        now = self._clock()
        if self._livemode or not stripe_customer_id:
            return now
        newest = await events.newest_of(session, stripe_customer_id)
        return max(now, newest) if newest is not None else now
