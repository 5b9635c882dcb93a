"""Pages of CORS_ORIGINS may ask what web apps need, and no other page may."""

import pytest

from db.store.session import Database
from tests.handlers.http.conftest import serving

PAGE = "https://app.example"
AUTH_JS = (
    "apikey, authorization, content-type, x-client-info, x-supabase-api-version, x-forwarded-host"
)
ASKED = {
    "Origin": PAGE,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": AUTH_JS,
}
PATHS = ("/core/v1/credits/estimate", "/core/v1/auth/signup", "/core/v1/nowhere")


@pytest.mark.parametrize("path", PATHS)
async def test_a_preflight_allows_every_header_that_is_asked_for(
    database: Database, path: str
) -> None:
    async with serving(database, cors_origins=f"https://other.example, {PAGE}") as api:
        told = await api.call("OPTIONS", path, headers=ASKED, allow_redirects=False)
    assert (told.status, told.text) == (204, "")
    assert told.headers["access-control-allow-origin"] == PAGE
    assert told.headers["access-control-allow-headers"] == AUTH_JS
    assert "POST" in told.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in told.headers


async def test_a_page_may_read_its_failures_too(database: Database) -> None:
    async with serving(database, cors_origins=PAGE) as api:
        told = await api.get("/core/v1/credits/balance", headers={"Origin": PAGE})
    assert (told.status, told.headers["access-control-allow-origin"]) == (401, PAGE)
    exposed = told.headers["access-control-expose-headers"].lower()
    assert "x-sb-error-code" in exposed
    assert "retry-after" in exposed
    assert "origin" in told.headers["vary"].lower()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://app.example", PAGE + ".evil.example", "null", ""]
)
async def test_other_pages_are_told_nothing(database: Database, origin: str) -> None:
    async with serving(database, cors_origins=PAGE) as api:
        pre = await api.call("OPTIONS", PATHS[0], headers={**ASKED, "Origin": origin})
        told = await api.get("/core/v1/credits/balance", headers={"Origin": origin})
    for one in (pre, told):
        assert not [name for name in one.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/core/v1/admin/users", "/api/customer", "/health"])
async def test_what_is_for_servers_is_shared_with_no_page(database: Database, path: str) -> None:
    async with serving(database, cors_origins="*") as api:
        pre = await api.call("OPTIONS", path, headers=ASKED)
        told = await api.get(path, headers={"Origin": PAGE})
    for one in (pre, told):
        assert not [name for name in one.headers if name.startswith("access-control")]


async def test_a_star_allows_any_page(database: Database) -> None:
    async with serving(database, cors_origins="*") as api:
        told = await api.call("OPTIONS", PATHS[0], headers={**ASKED, "Origin": "https://x.example"})
    assert told.headers["access-control-allow-origin"] == "https://x.example"


async def test_odd_header_names_are_not_echoed(database: Database) -> None:
    odd = {**ASKED, "Access-Control-Request-Headers": "a, b c; d=<x>"}
    async with serving(database, cors_origins=PAGE) as api:
        told = await api.call("OPTIONS", PATHS[0], headers=odd)
    assert told.status == 204
    assert "access-control-allow-headers" not in told.headers
