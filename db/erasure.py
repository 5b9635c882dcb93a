"""Forgetting a customer or a workspace: everything owned, in whatever table, found by columns."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, CursorResult, Table, delete, func, or_, select
from sqlmodel import col

from db.licensing.customers import CustomerRow
from db.licensing.licenses import LicenseRow
from db.operations import OperationRow
from db.store.session import Session
from db.tables import metadata

OF_LICENSES = ("license_id", "subject_id")
OF_CUSTOMERS = "customer_id"
# What happened stays written; it holds ids and no names.
KEPT = frozenset({"audit_log"})
WORKSPACE = "workspace_id"
# The business's own records, wherever they were asked for; and what happened stays written.
KEPT_OF_WORKSPACES = KEPT | {"bulk_issues", "departures", "operations"}
# Operations of these rooms are a member's; those of others are the business's.
MEMBERS_ROOMS = ("arrivals", "connections", "crm", "followups", "meetings", "workspaces")


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


async def erase_workspace(session: Session, workspace_id: str) -> int:
    """Delete every row of the workspace, in whatever table; how many.

    What belongs to one has a column `workspace_id`, or refers to a row that has: a new table
    cannot be forgotten.
    """
    count = 0
    for table in reversed(metadata.sorted_tables):
        mine = _operations(workspace_id) if table.name == "operations" else None
        if mine is None and table.name not in KEPT_OF_WORKSPACES:
            mine = _of(table, workspace_id)
        if mine is not None:
            gone = await session.execute(delete(table).where(mine))
            count += gone.rowcount if isinstance(gone, CursorResult) else 0
    return count


def tables_of_workspaces() -> Sequence[Table]:
    """Every table whose rows belong to one workspace, itself or by what they refer to."""
    return [table for table in metadata.sorted_tables if _of(table, "") is not None]


def _owners(table: Table) -> list[str]:
    return [name for name in OF_LICENSES if name in table.c]


def _operations(workspace_id: str) -> ColumnElement[bool]:
    room = func.split_part(col(OperationRow.kind), ".", 1)
    asked_by = func.split_part(col(OperationRow.actor_id), ":", 1)
    mine = or_(asked_by == workspace_id, col(OperationRow.workspace_id) == workspace_id)
    return room.in_(MEMBERS_ROOMS) & mine


def _of(table: Table, workspace_id: str) -> ColumnElement[bool] | None:
    """Which rows are the workspace's; None for a table of which none can be."""
    if WORKSPACE in table.c:
        return table.c[WORKSPACE] == workspace_id
    found: ColumnElement[bool] | None = None
    for key in table.foreign_keys:
        above = key.column.table
        if above.name in KEPT_OF_WORKSPACES or (mine := _of(above, workspace_id)) is None:
            continue
        of = key.parent.in_(select(key.column).where(mine))
        found = of if found is None else found | of
    return found
