"""What a subscription does to its license; each verb is part of the caller's transaction."""

from db.licensing import licenses as table
from db.licensing import plans as plan_table
from db.store.session import Session
from services.actors import Operator
from services.errors import Conflict, Invalid
from services.licensing.eligibility import status_at
from services.licensing.license_terms import (
    ChangeRecord,
    License,
    Order,
    facts_of,
    months_after,
    tell,
)
from services.licensing.licenses import Licenses

BILLING = Operator("stripe", "billing")
# A license outlives what is paid by a month: collecting and grace take days, and it is an unpaid
# subscription that stops it, never the calendar. So no notice of its end is sent either.
SLACK_MONTHS = 1


class SubscribedLicenses:
    """Issues, renews, suspends and resumes; what an operator did is never undone."""

    def __init__(self, licenses: Licenses) -> None:
        self._licenses = licenses
        self._desk = licenses.desk

    async def issue(self, session: Session, email: str, plan: str, request_id: str) -> str | None:
        """Issue a license and mail its key, once per request; None when there can be none."""
        with self._desk.database.joined(session):
            sold = await self._desk.plans.find(plan)
            months = None if sold.lifetime else SLACK_MONTHS
            order = Order(email, plan, months, send_email=True)
            try:
                async with session.begin_nested():
                    issued = await self._licenses.issue(BILLING, order, request_id)
            except (Conflict, Invalid):
                return None
        return issued.license.id

    async def renew(self, session: Session, license_id: str, months: int) -> bool:
        """Add months to its end; False for one that is for life, cancelled or gone."""
        row = await table.find(session, license_id, lock=True)
        if row is None or row.expires_at is None or row.status == table.CANCELLED:
            return False
        before = facts_of(row)
        row.expires_at = months_after(row.expires_at, months)
        row.status = status_at(row.status, row.expires_at, self._desk.clock())
        row.noticed_days = None
        told = ChangeRecord(BILLING, "renew", "license.renewed", before)
        await self._told(session, row, told)
        return True

    async def follow(self, session: Session, license_id: str, plan: str, *, allowed: bool) -> None:
        """Make it unpaid, or end that, and give it the newest version of another plan."""
        row = await table.find(session, license_id, lock=True)
        if row is None or row.status == table.CANCELLED:
            return
        await self._move(session, row, plan)
        before = facts_of(row)
        if not allowed and row.status in table.RUNNING:
            row.status = table.UNPAID
            told = ChangeRecord(BILLING, "suspend", "license.suspended", before)
        elif allowed and row.status == table.UNPAID:
            row.status = status_at(table.ACTIVE, row.expires_at, self._desk.clock())
            told = ChangeRecord(BILLING, "reinstate", "license.reinstated", before)
        else:
            return
        await self._told(session, row, told)

    async def earlier(self, session: Session, customer_id: str, plan: str) -> License | None:
        """A license of the customer's that waits for a payment, and has this plan."""
        for row in await table.of_customer(session, customer_id):
            if row.status == table.UNPAID and row.plan == plan:
                with self._desk.database.joined(session):
                    return await self._licenses.find(row.id)
        return None

    async def _move(self, session: Session, row: table.LicenseRow, plan: str) -> None:
        version = await plan_table.newest(session, plan) if plan and plan != row.plan else None
        if version is None or version.lifetime or row.expires_at is None:
            return
        before = facts_of(row)
        row.plan, row.plan_version = version.name, version.version
        await self._told(session, row, ChangeRecord(BILLING, "change_plan", before=before))

    async def _told(self, session: Session, row: table.LicenseRow, told: ChangeRecord) -> None:
        session.add(row)
        await session.flush()
        await tell(session, self._desk.announce, row, told)
