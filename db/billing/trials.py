"""Tenants whose trial billing does not know yet, or knows with another end."""

from sqlmodel import col, or_, select

from db.billing.accounts import BillingCustomerRow
from db.store.session import Session
from db.tenants.tenants import PAUSED, READY, SUSPENDED, TenantRow


async def untold(session: Session, limit: int) -> list[str]:
    """Global: such tenants' ids, among those that were ready at some time."""
    query = (
        select(TenantRow.id)
        .outerjoin(BillingCustomerRow, col(BillingCustomerRow.customer_id) == TenantRow.customer_id)
        .where(
            col(TenantRow.state).in_((READY, PAUSED, SUSPENDED)),
            col(TenantRow.trial_ends_at).is_not(None),
            or_(
                TenantRow.customer_id == "",
                col(BillingCustomerRow.customer_id).is_(None),
                # Moved by an operator, and there is no trial at Stripe instead.
                (col(BillingCustomerRow.trial_plan) != "")
                & (col(BillingCustomerRow.trial_ends_at) < TenantRow.trial_ends_at),
            ),
        )
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def tenant(session: Session, tenant_id: str) -> TenantRow | None:
    """Global: the tenant, locked until the transaction ends."""
    query = select(TenantRow).where(TenantRow.id == tenant_id).with_for_update()
    return (await session.exec(query)).one_or_none()
