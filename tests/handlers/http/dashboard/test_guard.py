"""Who gets in, whose forms are taken, and where one may be led."""

import pytest

from handlers.http.dashboard.kit.guard import SESSION, safe_next
from handlers.http.dashboard.kit.headers import POLICY
from tests.handlers.http.conftest import Api
from tests.handlers.http.dashboard.conftest import OURS, Screenless, drawn, somebody

PAGES = ("/admin", "/admin/customers", "/admin/licenses", "/admin/settings", "/admin/nothing/here")


@pytest.mark.parametrize("path", PAGES)
async def test_a_stranger_is_led_to_the_sign_in_page_whatever_was_asked_for(
    api: Api, path: str
) -> None:
    seen = await Screenless(api, somebody()).get(path)
    assert (seen.status, seen.to) == (303, f"/admin/sign-in?next={path.replace('/', '%2F')}")
    assert seen.text == ""


async def test_every_answer_carries_the_policy(admin: Screenless) -> None:
    for path in (*PAGES, "/admin/sign-in", "/admin/customers/new", "/admin/customers/none"):
        seen = await admin.get(path)
        assert seen.headers["Content-Security-Policy"] == POLICY, path
        assert seen.headers["Cache-Control"] == "no-store"
        assert " style=" not in seen.text
        assert "<script>" not in seen.text


async def test_files_are_named_by_their_content_and_kept_for_ever(admin: Screenless) -> None:
    text = (await admin.get("/admin/settings")).text
    path = text.split('rel="stylesheet" href="')[1].split('"')[0]
    seen = await admin.get(path)
    assert (seen.status, "immutable" in seen.headers["Cache-Control"]) == (200, True)
    assert (await admin.get("/admin/static/dashboard.css")).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_a_form_is_taken_from_our_own_pages_only(
    admin: Screenless, headers: dict[str, str], status: int
) -> None:
    fields = drawn(await admin.get("/admin/settings"), "/admin/settings/looks")
    seen = await admin.post("/admin/settings/looks", fields, headers)
    assert seen.status == status


async def test_a_form_with_another_sessions_token_keeps_what_was_typed(
    admin: Screenless, api: Api
) -> None:
    typed = {"_token": "0" * 64, "email": "x@example.com", "notes": "pays <late>"}
    seen = await admin.post("/admin/customers", typed)
    assert seen.status == 403
    assert seen.says("open too long")
    assert "pays &lt;late&gt;" in seen.text
    again = await admin.post("/admin/customers", {**typed, **drawn(seen, "/admin/customers")})
    assert again.to.startswith("/admin/customers/cus")


async def test_a_form_after_the_session_is_over_keeps_what_was_typed(admin: Screenless) -> None:
    fields = drawn(await admin.get("/admin/customers/new"), "/admin/customers")
    del admin.cookies[SESSION]
    seen = await admin.post("/admin/customers", {**fields, "email": "kept@example.com"})
    assert seen.status == 403
    assert "kept@example.com" in seen.text
    await admin.enter()
    again = await admin.post(
        "/admin/customers", {**drawn(seen, "/admin/customers"), "email": "kept@example.com"}
    )
    assert (again.status, again.says("open too long")) == (403, True)


async def test_a_stream_never_redirects(api: Api) -> None:
    seen = await Screenless(api, somebody()).get("/admin/settings", Accept="text/event-stream")
    assert (seen.status, seen.to) == (401, "")


@pytest.mark.parametrize(
    "wanted",
    [
        *("//e.example", "/\\e.example", "/%5Ce.example", "/%09/e.example", "https:e.example"),
        *("/admin/../../\\e.example", "/admin/..", "/admin//e.example", "", "/other"),
        *("/admin\n", "/admin/x\\y", "javascript:alert(1)", "/admin/%2e%2e/x", "/administrator"),
        "/admin/sign-out",
    ],
)
def test_whatever_is_no_page_of_ours_leads_to_the_first(wanted: str) -> None:
    assert safe_next(wanted) == "/admin"


@pytest.mark.parametrize("wanted", ["/admin", "/admin/customers?q=a%40b&after=x", "/admin/a-b/c.d"])
def test_a_page_of_ours_is_gone_on_to(wanted: str) -> None:
    assert safe_next(wanted) == wanted


async def test_a_notice_is_shown_once_and_only_ours(admin: Screenless) -> None:
    await admin.submit("/admin/settings", "/admin/settings/looks", language="en")
    assert (await admin.get("/admin/settings")).says("Saved for this browser.")
    assert not (await admin.get("/admin/settings")).says("Saved for this browser.")
    admin.cookies["seguito_notice"] = "Z29vZDpQd25lZA==.0000"
    assert not (await admin.get("/admin/settings")).says("Pwned")


async def test_the_old_address_leads_to_create_test_user(admin: Screenless) -> None:
    assert (await admin.get("/core/v1/admin/ui")).to == "/admin/users/new"


async def test_a_form_that_is_too_large_is_refused_unread(admin: Screenless) -> None:
    seen = await admin.post("/admin/customers", {"notes": "x" * 300_000}, OURS)
    assert seen.status == 413
