"""Rows of exports: the same filters as the pages have, read a batch at a time by a cursor."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnClause,
    Date,
    Integer,
    Select,
    String,
    TextualSelect,
    case,
    column,
    func,
    select,
    text,
)
from sqlmodel import col

from db.audit.audit import AuditEntry, AuditFilter, matching
from db.followups.followups import FollowUpRow, ReceiptRow, Version
from db.licensing import customers as customer_table
from db.licensing import licenses as license_table
from db.licensing.customers import CustomerRow
from db.licensing.licenses import LicenseRow, Wanted
from db.licensing.plans import PlanVersion
from db.reports.usage import ASKED, CALLS, Stretch, given
from db.store.session import Session
from db.tenants import tenants as tenant_table
from db.tenants.tenants import TenantRow

BATCH = 1_000

# What an export reads; made here, read here, opaque to everybody else.
Rows = Select[*tuple[Any, ...]] | TextualSelect
Batch = Sequence[Sequence[Any]]

USAGE = f"""
SELECT u.day, u.license_id, coalesce(c.email, ''), coalesce(l.plan, ''), u.provider, u.model,
    u.requests, u.failed, u.input_tokens, u.output_tokens, u.cost_micro, u.estimated
FROM (
    SELECT day, license_id, provider, model, requests, failed, input_tokens, output_tokens,
        cost_micro, estimated
    FROM report_usage WHERE day BETWEEN :first AND :last
    UNION ALL {CALLS}
) AS u LEFT JOIN licenses AS l ON l.id = u.license_id
LEFT JOIN customers AS c ON c.id = l.customer_id
ORDER BY u.day, u.license_id, u.provider, u.model
"""  # noqa: S608 - constants of this package
USAGE_COLUMNS: tuple[ColumnClause[Any], ...] = (
    column("day", Date),
    *(column(name, String) for name in ("license_id", "email", "plan", "provider", "model")),
    *(column(name, Integer) for name in ("requests", "failed")),
    *(column(name, BigInteger) for name in ("input_tokens", "output_tokens", "cost_micro")),
    column("estimated", Integer),
)


def _of(*columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns)


def customers(words: tuple[str, ...]) -> Rows:
    """Customers, the newest first, with the number of their licenses."""
    held = (
        select(func.count())
        .where(col(LicenseRow.customer_id) == CustomerRow.id)
        .correlate(CustomerRow)
        .scalar_subquery()
    )
    columns = (CustomerRow.id, CustomerRow.email, CustomerRow.name, CustomerRow.status)
    return (
        _of(*map(col, columns), held, col(CustomerRow.notes), col(CustomerRow.created_at))
        .where(*customer_table.matching(words))
        .order_by(col(CustomerRow.created_at).desc(), col(CustomerRow.id).desc())
    )


def licenses(wanted: Wanted) -> Rows:
    """Licenses, the newest first, with holder, price, and how they stand at `wanted.now`."""
    row = LicenseRow
    running, over = col(row.status).in_(license_table.RUNNING), col(row.expires_at) <= wanted.now
    stands = case(
        (running & over, license_table.EXPIRED),
        (running, license_table.ACTIVE),
        else_=col(row.status),
    )
    sold = (col(PlanVersion.name) == row.plan) & (col(PlanVersion.version) == row.plan_version)
    return (
        _of(
            col(row.id),
            col(CustomerRow.email),
            col(CustomerRow.name),
            col(row.plan),
            stands,
            col(row.domain),
            col(row.key_hint),
            col(PlanVersion.price_minor),
            col(PlanVersion.currency),
            col(row.issued_at),
            col(row.activated_at),
            col(row.expires_at),
        )
        .join(CustomerRow, col(CustomerRow.id) == row.customer_id)
        .outerjoin(PlanVersion, sold)
        .where(*license_table.matching(wanted))
        .order_by(col(row.issued_at).desc(), col(row.id).desc())
    )


def tenants(words: tuple[str, ...], state: str) -> Rows:
    """Tenants, the newest first, and nothing of how their databases are reached."""
    row = TenantRow
    names = (row.id, row.company, row.email, row.slug, row.state, row.plan, row.provider)
    more = (row.language, row.customer_id, row.created_at, row.ready_at)
    last = (row.trial_ends_at, row.delete_after)
    return (
        _of(*map(col, (*names, *more, *last)))
        .where(*tenant_table.sought(words, state))
        .order_by(col(row.created_at).desc(), col(row.id).desc())
    )


def usage(stretch: Stretch) -> Rows:
    """One row a day, license and model, oldest first; cost is micro-dollars."""
    return text(USAGE).bindparams(*ASKED).bindparams(**given(stretch)).columns(*USAGE_COLUMNS)


def audit(wanted: AuditFilter) -> Rows:
    """These lines of the audit log, the newest first."""
    row = AuditEntry
    names = (row.id, row.at, row.operator_kind, row.operator_id, row.operator_name, row.action)
    more = (row.outcome, row.subject_kind, row.subject_id, row.before, row.after)
    query = _of(*map(col, (*names, *more))).where(*matching(wanted))
    return query.order_by(col(row.id).desc())


def followups(since: datetime, until: datetime) -> Rows:
    """Follow-ups begun in this time, newest first: how they went, and nothing of their content."""
    row = FollowUpRow
    mine = col(Version.followup_id) == row.id
    first_use = select(func.min(col(ReceiptRow.done_at))).where(
        col(ReceiptRow.followup_id) == row.id
    )
    edited = _of(col(Version.number)).where(mine, col(Version.origin) == "edited").exists()
    sums = (
        select(func.coalesce(func.sum(one), 0)).where(mine).correlate(row).scalar_subquery()
        for one in (col(Version.input_tokens) + Version.cached_tokens, col(Version.output_tokens))
    )
    names = (row.id, row.workspace_id, row.member_id, row.created_at, row.status, row.version)
    return (
        _of(
            *map(col, names),
            edited.cast(Boolean),
            *sums,
            first_use.correlate(row).scalar_subquery(),
        )
        .where(col(row.created_at) >= since, col(row.created_at) < until)
        .order_by(col(row.created_at).desc(), col(row.id).desc())
    )


async def count(session: Session, rows: Rows, most: int) -> int:
    """Global: how many rows there are, counted up to `most`."""
    inner = rows.subquery() if isinstance(rows, TextualSelect) else rows.order_by(None).subquery()
    some = select(text("1")).select_from(inner).limit(most).subquery()
    counted: int = (await session.execute(select(func.count()).select_from(some))).scalar_one()
    return counted


async def batches(session: Session, rows: Rows) -> AsyncIterator[Batch]:
    """Global: the rows as one snapshot has them, by a cursor: never all of them at once."""
    found = await session.stream(rows, execution_options={"yield_per": BATCH})
    async for part in found.partitions():
        yield part
