"""The ledger's single statements say what its functions say, and go through rows in one order."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from db.gateway.ledger import NAMES_AT_ONCE, CallOutcome, HoldRequest, new_call
from db.gateway.ledger_sql import HOLD
from db.gateway.ledger_sql import SETTLE as SETTLE_ANY
from db.gateway.ledger_statements import ASKED, BEGIN, HOLD_ONE, HOLD_SEVERAL, SETTLE
from db.store.asyncpg_pool import AsyncpgPool

ARGUMENTS = ("ids", "licenses", "hourly", "monthly", "budget", "estimate")
FIELDS = """
SELECT attname FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
WHERE relname = $1 ORDER BY attnum
"""
MONTHS = "Index Scan using usage_months_pkey"
LOOK_UP = "Index Cond: (((license_id)::text = "
BYTES = 'COLLATE "C"'
MANY_MONTHS = """
INSERT INTO usage_months SELECT 'lic_many_' || n, '2026-01-01', 0, 0, 0, 0, 0, 0, '{}', '{}'
FROM generate_series(1, 2000) AS n
"""
THIS_MONTH = "date_trunc('month', now() AT TIME ZONE 'UTC')::date"


@pytest_asyncio.fixture
async def hot(migrated_database: Callable[[], Awaitable[str]]) -> AsyncIterator[AsyncpgPool]:
    url = await migrated_database()
    made = AsyncpgPool(url, size=1)
    yield made
    await made.close()


def test_a_call_that_comes_alone_is_held_by_the_functions_own_update() -> None:
    theirs = HOLD.replace("v_month", THIS_MONTH)
    theirs = theirs.replace("WHERE license_id", "WHERE sums.license_id")
    theirs = theirs.replace("AND month", "AND sums.month")
    for place, name in enumerate(ARGUMENTS, start=1):
        theirs = theirs.replace(f"p_{name}[n]", f"${place}")
    theirs = re.sub(r"\bat\b", "now()", theirs[theirs.index("UPDATE") :])
    assert _update(HOLD_ONE) == _update(theirs)


def test_a_day_adds_up_the_same_whichever_way_its_calls_end() -> None:
    # A migration's text stands as it is, so the statement cannot borrow it.
    assert _days(SETTLE) == _days(SETTLE_ANY)


def test_no_two_calls_have_the_same_name() -> None:
    many = 3 * NAMES_AT_ONCE
    names = {new_call() for _ in range(many)}
    assert len(names) == many
    assert {len(name.bytes) for name in names} == {16}


async def test_what_is_sent_in_arrays_has_its_types_fields_in_their_order(hot: AsyncpgPool) -> None:
    assert HoldRequest._fields == ASKED
    for name, sent in (("gateway_ask", HoldRequest), ("gateway_end", CallOutcome)):
        fields = await hot.fetch(FIELDS, name)
        assert tuple(field["attname"] for field in fields) == sent._fields


@pytest.mark.parametrize("is_empty", [True, False])
@pytest.mark.parametrize(
    ("statement", "given", "steps"),
    [
        (HOLD_SEVERAL, "'{}'", ("Nested Loop", "Function Scan on unnest", MONTHS, LOOK_UP)),
        (
            SETTLE,
            "'{}', NULL",
            ("Nested Loop", "Subquery Scan on per", "Sort Key", BYTES, MONTHS, LOOK_UP),
        ),
        (
            BEGIN,
            "'{}'",
            ("Nested Loop", "Subquery Scan on per", "Sort Key", BYTES, MONTHS, LOOK_UP),
        ),
    ],
    ids=["hold", "settle", "begin"],
)
async def test_months_are_looked_up_one_by_one_in_the_order_in_which_others_wait_for_them(
    hot: AsyncpgPool, statement: str, given: str, steps: tuple[str, ...], is_empty: bool
) -> None:
    if not is_empty:
        await hot.fetch(MANY_MONTHS)
        await hot.fetch("ANALYZE usage_months")
    await hot.fetch(f"PREPARE planned AS {statement}")
    lines = await hot.fetch(f"EXPLAIN EXECUTE planned({given})")
    await hot.fetch("DEALLOCATE planned")
    plan = "\n".join(line[0] for line in lines)
    places = [plan.find(step, plan.index("Update on usage_months")) for step in steps]
    assert -1 not in places, plan
    assert places == sorted(places), plan


def _days(sql: str) -> str:
    """What is added to a day."""
    days = sql[sql.index("INSERT INTO usage_days") :]
    changes = re.search(r"ON CONFLICT.*? excluded\.estimated", days, re.DOTALL)
    assert changes
    return " ".join(changes[0].split())


def _update(sql: str) -> str:
    """All that it checks and changes, without types: the function's arguments have theirs."""
    untyped = re.sub(r"(\$\d)(::\w+)+", r"\1", sql[: sql.index("RETURNING")])
    return " ".join(untyped.split())
