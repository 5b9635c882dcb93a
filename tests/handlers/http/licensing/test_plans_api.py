"""Plans over HTTP: what is for sale, versions that never change, and the audit log's pages."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from db.store.session import Database
from tests.handlers.http.conftest import Api, serving


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(jobs_database: Database) -> AsyncIterator[Api]:
    """Over a database of its own: plans are everybody's."""
    async with serving(jobs_database) as served:
        yield served


async def test_the_plans_of_the_product_are_for_sale(api: Api) -> None:
    plans = {one["name"]: one for one in (await api.get("/api/plans")).json["plans"]}
    assert plans.keys() == {"starter", "pro", "agency", "founders"}
    assert (plans["pro"]["monthly_requests"], plans["pro"]["max_sites"]) == (1000, 3)
    assert (plans["agency"]["monthly_requests"], plans["agency"]["max_sites"]) == (5000, None)
    assert (plans["founders"]["stock_total"], plans["founders"]["lifetime"]) == (500, True)
    assert plans["pro"]["stock_total"] is None


async def test_a_change_makes_a_version_and_the_same_again_makes_none(api: Api) -> None:
    before = (await api.get("/api/plans/agency")).json
    wanted = {"price_minor": before["price_minor"] + 100, "features": ["white_label", "x"]}
    changed = (await api.put("/api/plans/agency", wanted)).json
    assert changed == {**before, **wanted, "version": before["version"] + 1}
    assert (await api.put("/api/plans/agency", wanted)).json == changed
    log = (await api.get("/api/audit?subject=agency&limit=1")).json
    assert log["lines"][0]["action"] == "plans.revise"
    assert log["lines"][0]["before"]["price_minor"] == before["price_minor"]


async def test_null_makes_a_limit_unlimited_and_silence_keeps_it(api: Api) -> None:
    before = (await api.get("/api/plans/starter")).json
    opened = (await api.put("/api/plans/starter", {"max_sites": None})).json
    assert (before["max_sites"], opened["max_sites"]) == (1, None)
    assert opened["monthly_requests"] == before["monthly_requests"]
    back = (await api.put("/api/plans/starter", {"max_sites": 1})).json
    assert back["max_sites"] == 1


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"stock": 5}, "stock"),
        ({"providers": ["nobody"]}, "providers.0"),
        ({"providers": []}, "providers"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"currency": "euro"}, "currency"),
    ],
)
async def test_terms_that_cannot_be_are_told_by_field(
    api: Api, body: dict[str, object], param: str
) -> None:
    told = await api.put("/api/plans/pro", body)
    assert (told.status, told.json["error"]["param"]) == (422, param)


async def test_a_plan_nobody_sells_is_a_404(api: Api) -> None:
    assert (await api.get("/api/plans/gold")).status == 404
    assert (await api.put("/api/plans/gold", {"price_minor": 1})).status == 404


async def test_the_audit_log_is_read_page_by_page(api: Api) -> None:
    await api.put("/api/plans/pro", {"price_minor": 111})
    await api.put("/api/plans/pro", {"price_minor": 222})
    first = (await api.get("/api/audit?limit=1")).json
    second = (await api.get(f"/api/audit?limit=1&cursor={first['next']}")).json
    assert first["lines"][0]["id"] > second["lines"][0]["id"]
    last = (await api.get("/api/audit?cursor=1")).json
    assert last == {"lines": [], "next": None}
