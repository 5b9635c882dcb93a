"""Invented rows for trying the product out: copied into tables that nobody has used yet."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from db.store.postgres import connect

# What the gateway keeps of its calls, for those that were invented.
USAGE_DAYS = """
INSERT INTO usage_days
SELECT license_id, day, provider, model, count(*), sum(input_tokens), sum(output_tokens),
    sum(cost_micro), count(*) FILTER (WHERE estimated)
FROM gateway_requests WHERE state = 'settled' GROUP BY 1, 2, 3, 4
UNION ALL
SELECT license_id, day, provider, model, requests, input_tokens, output_tokens, cost_micro,
    estimated
FROM report_usage
"""
USAGE_MONTHS = """
INSERT INTO usage_months
SELECT license_id, date_trunc('month', day)::date, 0, sum(requests), sum(input_tokens),
    sum(output_tokens), sum(cost_micro), 0
FROM usage_days GROUP BY 1, 2
"""
MODELS = """
INSERT INTO report_models
SELECT day, provider, model, sum(requests), sum(failed), sum(input_tokens), sum(output_tokens),
    sum(cost_micro), sum(estimated)
FROM report_usage GROUP BY 1, 2, 3
"""
STOCK = """
UPDATE plan_stock SET sold = (SELECT count(*) FROM licenses WHERE licenses.plan = plan_stock.plan)
"""


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of one table, each with a value for every one of its columns named here."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def load(url: str, tables: Sequence[TableRows]) -> Awaitable[None]:
    """Copy all of it, in this order, and make the sums that belong to it; all or nothing."""
    return _load(url, tables, (MODELS, USAGE_DAYS, USAGE_MONTHS, STOCK))


def load_revenue(url: str, tables: Sequence[TableRows]) -> Awaitable[None]:
    """Copy days of revenue, in this order; all or nothing."""
    return _load(url, tables, ())


async def _load(url: str, tables: Sequence[TableRows], sums: Sequence[str]) -> None:
    connection = await connect(url, {"application_name": "seguito"})
    try:
        async with connection.transaction():
            for one in tables:
                await connection.copy_records_to_table(
                    one.table, columns=one.columns, records=one.rows
                )
            for statement in sums:
                await connection.execute(statement)
    finally:
        await connection.close()
