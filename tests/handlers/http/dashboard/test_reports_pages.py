"""Overview, usage, follow-ups and exports as an admin sees them, over the real services."""

from uuid import uuid4

import pytest
from aiohttp import ClientError
from sqlalchemy import text

from db.store.session import Database
from services.actors import TIMER, Operator
from services.licensing import Order
from tests.handlers.http.conftest import Api
from tests.handlers.http.dashboard.conftest import Screenless, drawn


async def sell(api: Api, name: str) -> str:
    """A license for somebody new; its id."""
    order = Order(f"{uuid4().hex}@shop.example", "pro", 12, name=name)
    return (await api.services.licensing.licenses.issue(TIMER, order, uuid4().hex)).license.id


async def test_the_overview_begins_with_whether_all_is_well(admin: Screenless) -> None:
    seen = await admin.get("/admin")
    assert seen.status == 200
    assert seen.says("Is all well?")
    assert seen.text.index("Is all well?") < seen.text.index("Active licenses")
    assert seen.says("Requests in 24 hours")


@pytest.mark.parametrize("path", ["/admin/usage", "/admin/followups"])
@pytest.mark.parametrize("query", ["", "?days=365", "?from=2026-01-01&to=2026-02-01", "?by=week"])
async def test_pages_of_figures_answer(admin: Screenless, path: str, query: str) -> None:
    assert (await admin.get(path + query)).status == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "is no date"),
        ("from=2026-02-01&to=2026-01-01", "first day comes after"),
        ("from=1999-01-01", "more than 731 days"),
    ],
)
async def test_days_that_are_none_are_told_and_nothing_breaks(
    admin: Screenless, query: str, words: str
) -> None:
    seen = await admin.get(f"/admin/usage?{query}")
    assert seen.status == 422
    assert seen.says(words)


async def test_a_page_of_figures_links_to_its_own_rows(admin: Screenless) -> None:
    seen = await admin.get("/admin/usage?days=90")
    assert 'href="/admin/exports/usage.csv?days=90"' in seen.text
    assert 'href="/admin/exports/usage.xlsx?days=90"' in seen.text


async def test_an_export_is_a_file_with_the_rows_of_the_page(api: Api, admin: Screenless) -> None:
    mark = uuid4().hex
    await sell(api, f"=evil {mark}")
    seen = await admin.get(f"/admin/exports/customers.csv?q={mark}")
    assert seen.status == 200
    assert seen.headers["Content-Disposition"].startswith(
        'attachment; filename="seguito-customers-'
    )
    assert seen.headers["Cache-Control"] == "no-store"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.text.count("\r\n") == 2
    assert f'"\'=evil {mark}"' in seen.text
    (line, *_) = await api.services.audit.log.lines(subject_id="customers", limit=1)
    assert (line.operator.id, line.outcome) == (admin.operator.id, "done")


@pytest.mark.parametrize("name", ["customers", "licenses", "usage", "audit", "followups"])
async def test_every_export_comes_as_a_workbook(admin: Screenless, name: str) -> None:
    jar = "; ".join(f"{one}={value}" for one, value in admin.cookies.items())
    path = f"/admin/exports/{name}.xlsx"
    async with admin.api.client.get(path, headers={"Cookie": jar}) as answer:
        assert answer.status == 200
        assert (await answer.read()).startswith(b"PK")


async def test_an_unknown_export_is_a_page_not_a_file(admin: Screenless) -> None:
    seen = await admin.get("/admin/exports/secrets.csv")
    assert seen.status == 422
    assert seen.says("no export called")


async def test_a_stranger_gets_no_rows(api: Api) -> None:
    stranger = Screenless(api, Operator("admin", "nobody", "nobody"))
    seen = await stranger.get("/admin/exports/customers.csv")
    assert seen.status == 303
    assert seen.to.startswith("/admin/sign-in")


async def token(admin: Screenless) -> dict[str, str]:
    """What every form of ours sends."""
    return drawn(await admin.get("/admin"), "/admin/sign-out")


async def test_a_month_that_is_none_is_told_and_closes_nothing(admin: Screenless) -> None:
    seen = await admin.post("/admin/months", {**await token(admin), "month": "October"})
    assert seen.status == 422
    assert seen.says("is no month that can be closed")


async def test_a_file_that_takes_long_has_a_page_of_its_own(admin: Screenless) -> None:
    seen = await admin.post("/admin/exports/customers?q=nobody", await token(admin))
    assert seen.status == 303
    assert (await admin.get(seen.to)).says("The file is being made.")
    assert (await admin.get(f"{seen.to}/download")).status == 404
    assert (await admin.get("/admin/exports/files/exp_0")).status == 404


async def test_an_export_that_breaks_in_the_middle_has_no_clean_end(
    api: Api, admin: Screenless, database: Database
) -> None:
    mark = uuid4().hex
    fill = text("""
    INSERT INTO customers (id, email, name, status, notes, created_at, updated_at)
    SELECT 'cus_' || md5(:mark || n), md5(:mark || n) || '@x.example', :mark || n, 'active',
        repeat('note ', 60), now(), now() FROM generate_series(1, 40000) AS n
    """)
    kill = text("""
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()
        AND query LIKE '%customers%' AND state LIKE 'idle in%'
    """)
    async with database.transaction() as session:
        await session.execute(fill, {"mark": mark})
    jar = "; ".join(f"{one}={value}" for one, value in admin.cookies.items())
    path = f"/admin/exports/customers.csv?q={mark}"
    async with api.client.get(path, headers={"Cookie": jar}) as answer:
        assert answer.status == 200
        # Nobody reads: the file is larger than all buffers, so that it waits in the middle.
        async with database.transaction() as session:
            assert (await session.execute(kill)).scalar_one() >= 1
        with pytest.raises(ClientError):
            await answer.read()
    (line, *_) = await api.services.audit.log.lines(subject_id="customers", limit=1)
    assert line.outcome == "failed"
    async with database.transaction() as session:
        gone = text("DELETE FROM customers WHERE starts_with(name, :mark)")
        await session.execute(gone, {"mark": mark})
