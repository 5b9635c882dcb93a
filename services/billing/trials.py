"""The one trial of a customer, without a subscription: it begins when their tenant is ready."""

from datetime import datetime

from db.billing import accounts as table
from db.billing import trials
from db.licensing import customers
from db.store.session import Database, Session
from services.billing.judging import Judging
from services.ports import Clock

AT_ONCE = 100


class Trials:
    """Begins them, and follows when an operator gives one more days."""

    def __init__(self, database: Database, judging: Judging, clock: Clock) -> None:
        self._database = database
        self._judging = judging
        self._clock = clock

    async def begin(
        self, session: Session, customer_id: str, *, plan: str, ends_at: datetime
    ) -> None:
        """In the session's transaction; again it only moves the end.

        A customer who had a trial, or has one at Stripe, gets no other.
        """
        known = await table.claim_customer(session, customer_id, self._clock())
        if known.trial_ends_at is None or known.trial_plan:
            known.trial_plan, known.trial_ends_at = known.trial_plan or plan, ends_at
            session.add(known)
            await session.flush()
        await self._judging.judge(session, customer_id)

    async def adopt(self) -> int:
        """A step: customers for tenants that are ready, and trials that were moved; how many."""
        async with self._database.transaction() as session:
            found = await trials.untold(session, AT_ONCE)
        for tenant_id in found:
            async with self._database.transaction() as session:
                await self._adopt(session, tenant_id)
        return len(found)

    async def _adopt(self, session: Session, tenant_id: str) -> None:
        tenant = await trials.tenant(session, tenant_id)
        if tenant is None or tenant.trial_ends_at is None:
            return
        if not tenant.customer_id:
            now = self._clock()
            new = customers.CustomerRow(
                email=tenant.email, name=tenant.company, created_at=now, updated_at=now
            )
            tenant.customer_id = (await customers.found_or_added(session, new)).id
            session.add(tenant)
            await session.flush()
        known = await table.claim_customer(session, tenant.customer_id, self._clock())
        known.language = tenant.language
        ends_at = tenant.trial_ends_at
        await self.begin(session, tenant.customer_id, plan=tenant.plan, ends_at=ends_at)
