"""Exports over a real database: whole, of one moment, with the page's filters, and audited."""

import csv
import io
import resource
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from db.licensing.customers import CustomerRow
from db.store.session import Database
from services.actors import Operator
from services.audit import Audit
from services.errors import Invalid, Temporary
from services.reports import ExportOrder, Exports
from services.reports.export_kinds import EXPORTS
from services.reports.sheets import CellKind

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADA = Operator("slack", "U1", "Ada")
MEMORY = 20 * 1024 * 1024


def exports(database: Database) -> Exports:
    return Exports(database, ROME, lambda: NOW)


async def customers(database: Database, mark: str, count: int) -> None:
    """So many whose names hold the mark."""
    async with database.transaction() as session:
        await session.execute(
            text("""
            INSERT INTO customers (id, email, name, status, notes, created_at, updated_at)
            SELECT 'cus_' || md5(:mark || n), md5(:mark || n) || '@x.example',
                '=' || :mark || n, 'active', '', now(), now()
            FROM generate_series(1, :count) AS n
            """),
            {"mark": mark, "count": count},
        )


def rows_of(content: bytes, delimiter: str = ",") -> list[list[str]]:
    found = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter)
    return list(found)[1:]


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def audited(database: Database, name: str) -> Sequence[tuple[str, str]]:
    lines = await Audit(database).lines(subject_id=name, limit=200)
    return [(line.outcome, line.after) for line in reversed(lines)]


async def test_a_file_has_the_rows_of_the_page_and_says_so_in_the_audit_log(
    database: Database,
) -> None:
    mark = uuid4().hex
    await customers(database, mark, 3)
    order = ExportOrder("customers", {"q": mark, "after": "cus_1", "page": "2"})
    found = rows_of(await whole(exports(database).csv(ADA, order, "en")))
    assert (await exports(database).size(order)).rows == len(found) == 3
    assert all(row[2].startswith(f"'={mark}") for row in found)
    begun, done = (await audited(database, "customers"))[-2:]
    assert begun == ("begun", f'{{"format":"csv","filters":["q={mark}"]}}')
    assert done == ("done", f'{{"rows":3,"format":"csv","filters":["q={mark}"]}}')


async def test_a_hundred_thousand_rows_are_of_one_moment_and_cost_no_memory(
    database: Database,
) -> None:
    mark = uuid4().hex
    await customers(database, mark, 100_000)
    before, lines = resident(), 0
    most = before
    pieces = exports(database).csv(ADA, ExportOrder("customers", {"q": mark}), "en")
    async with aclosing(pieces):
        async for piece in pieces:
            if not lines:
                await customers(database, mark + "more", 1_000)
            lines, most = lines + piece.count(b"\r\n"), max(most, resident())
    assert lines == 100_001
    assert most - before < MEMORY
    async with database.transaction() as session:
        await session.execute(
            text("DELETE FROM customers WHERE name LIKE '=' || :m || '%'"), {"m": mark}
        )


async def test_whoever_hangs_up_leaves_a_failed_line(database: Database) -> None:
    mark = uuid4().hex
    await customers(database, mark, 2_500)
    pieces = exports(database).csv(ADA, ExportOrder("customers", {"q": mark}), "en")
    async with aclosing(pieces):
        await anext(pieces)
        await anext(pieces)
    outcome, after = (await audited(database, "customers"))[-1]
    assert outcome == "failed"
    assert mark in after


async def test_a_database_that_breaks_in_the_middle_breaks_the_file(database: Database) -> None:
    mark = uuid4().hex
    await customers(database, mark, 2_500)
    pieces = exports(database).csv(ADA, ExportOrder("customers", {"q": mark}), "en")
    kill = text("""
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()
        AND query ILIKE '%customers%' AND state LIKE 'idle in%'
    """)
    await anext(pieces)
    await anext(pieces)
    async with database.transaction() as session:
        assert (await session.execute(kill)).scalar_one() >= 1
    with pytest.raises(Exception, match=r".") as broken:
        await whole(pieces)
    assert (
        isinstance(broken.value, Temporary) or "unavailable" in type(broken.value).__name__.lower()
    )
    assert (await audited(database, "customers"))[-1][0] == "failed"


async def test_what_is_asked_wrongly_is_refused_before_a_byte_leaves(database: Database) -> None:
    with pytest.raises(Invalid):
        await anext(exports(database).csv(ADA, ExportOrder("secrets"), "en"))
    with pytest.raises(Invalid):
        await anext(exports(database).csv(ADA, ExportOrder("usage", {"from": "yesterday"}), "en"))


async def test_a_third_export_at_once_is_told_to_wait(database: Database) -> None:
    office = exports(database)
    both = [office.csv(ADA, ExportOrder("audit"), "en") for _ in range(2)]
    for one in both:
        await anext(one)
    with pytest.raises(Temporary):
        await anext(office.csv(ADA, ExportOrder("audit"), "en"))
    for one in both:
        await one.aclose()


@pytest.mark.parametrize("name", sorted(EXPORTS))
async def test_every_export_is_made_in_both_forms(database: Database, name: str) -> None:
    order = ExportOrder(name)
    content = await whole(exports(database).csv(ADA, order, "it"))
    assert all(len(row) == len(EXPORTS[name].columns) for row in rows_of(content, ";"))
    async with exports(database).xlsx(ADA, order, "en") as path:
        assert path.stat().st_size > 1_000
    assert not path.exists()


def test_no_export_has_a_key_or_a_digest() -> None:
    headers = [column.header.en for kind in EXPORTS.values() for column in kind.columns]
    assert not [header for header in headers if "digest" in header.lower() or header == "Key"]
    assert CellKind.TEXT in {column.kind for column in EXPORTS["licenses"].columns}


async def test_an_untouched_customer_is_in_the_file_as_he_is(database: Database) -> None:
    mark = uuid4().hex
    async with database.transaction() as session:
        session.add(
            CustomerRow(
                email=f"{mark}@x.example",
                name="Zoë",
                notes="line\nline",
                created_at=NOW - timedelta(days=1),
                updated_at=NOW,
            )
        )
    order = ExportOrder("customers", {"q": mark})
    (row,) = rows_of(await whole(exports(database).csv(ADA, order, "en")))
    assert row[1:] == [
        f"{mark}@x.example",
        "Zoë",
        "active",
        "0",
        "line line",
        "2026-11-19 13:00:00",
    ]
