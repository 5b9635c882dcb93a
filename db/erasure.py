"""Forgetting a customer: everything owned, in whatever table, found by its columns' names."""

from sqlalchemy import Table, delete, select
from sqlmodel import col

from db.licensing.customers import CustomerRow
from db.licensing.licenses import LicenseRow
from db.store.session import Session
from db.tables import metadata

OF_LICENSES = ("license_id", "subject_id")
OF_CUSTOMERS = "customer_id"
# What happened stays written; it holds ids and no names.
KEPT = frozenset({"audit_log"})


async def erase(session: Session, customer_id: str) -> None:
    """Delete the customer with licenses, sites, usage, provider keys and e-mails.

    What belongs to a license has a column `license_id` (or `subject_id`, where it may be about
    a customer and other things too), what belongs to a customer `customer_id`: a new table cannot
    be forgotten.
    """
    tables = [table for table in reversed(metadata.sorted_tables) if table.name not in KEPT]
    held = select(col(LicenseRow.id)).where(col(LicenseRow.customer_id) == customer_id)
    for table in tables:
        for name in _owners(table):
            of = table.c[name].in_(held) | (table.c[name] == customer_id)
            await session.execute(delete(table).where(of))
    for table in tables:
        if OF_CUSTOMERS in table.c:
            await session.execute(delete(table).where(table.c[OF_CUSTOMERS] == customer_id))
    await session.execute(delete(CustomerRow).where(col(CustomerRow.id) == customer_id))


def _owners(table: Table) -> list[str]:
    return [name for name in OF_LICENSES if name in table.c]
