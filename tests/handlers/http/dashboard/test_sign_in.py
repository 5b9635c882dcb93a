"""Signing in with a password, staying, and being signed out."""

from handlers.http.dashboard.kit.guard import SESSION
from tests.handlers.http.conftest import Api
from tests.handlers.http.dashboard.conftest import Screenless, somebody

PASSWORD = "a long enough password"


async def newcomer(api: Api) -> Screenless:
    """A local admin before the sign-in page."""
    operator = somebody()
    await api.services.admins.local.create(operator.id, PASSWORD)
    return Screenless(api, operator)


async def test_a_password_opens_the_page_that_was_wanted(api: Api) -> None:
    browser = await newcomer(api)
    typed = {"name": browser.operator.id, "password": PASSWORD, "next": "/admin/licenses?q=x"}
    seen = await browser.post("/admin/sign-in", typed)
    assert (seen.status, seen.to) == (303, "/admin/licenses?q=x")
    cookie = seen.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert (await browser.get("/admin/licenses")).says(f"Signed in as{browser.operator.id}")


async def test_wrong_names_and_passwords_are_told_in_one_sentence(api: Api) -> None:
    browser = await newcomer(api)
    texts = set()
    for name, password in ((browser.operator.id, "wrong wrong wrong"), ("nobody-here", PASSWORD)):
        seen = await browser.post(
            "/admin/sign-in", {"name": name, "password": password, "next": "//e.example"}
        )
        assert seen.status == 403
        assert password not in seen.text
        texts.add(seen.text.replace(name, "NAME"))
    assert len(texts) == 1
    assert SESSION not in browser.cookies


async def test_another_sites_form_signs_nobody_in(api: Api) -> None:
    browser = await newcomer(api)
    typed = {"name": browser.operator.id, "password": PASSWORD}
    seen = await browser.post("/admin/sign-in", typed, {"Sec-Fetch-Site": "cross-site"})
    assert seen.status == 403
    assert SESSION not in browser.cookies


async def test_signing_in_again_makes_a_new_id_and_ends_the_old_session(admin: Screenless) -> None:
    old = admin.cookies[SESSION]
    typed = {"name": admin.operator.id, "password": PASSWORD}
    await admin.post("/admin/sign-in", typed)
    assert admin.cookies[SESSION] != old
    assert (await admin.get("/admin/settings")).status == 200
    admin.cookies[SESSION] = old
    assert (await admin.get("/admin/settings")).status == 303


async def test_signing_out_ends_the_session_and_clears_the_browser(admin: Screenless) -> None:
    key = admin.cookies[SESSION]
    seen = await admin.submit("/admin/settings", "/admin/sign-out")
    assert seen.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert SESSION not in admin.cookies
    admin.cookies[SESSION] = key
    assert (await admin.get("/admin/settings")).status == 303


async def test_a_session_is_ended_from_another_one(admin: Screenless, api: Api) -> None:
    other = Screenless(api, admin.operator)
    await other.enter()
    found = await api.services.admins.sessions.find(other.cookies[SESSION])
    assert found
    await admin.submit("/admin/settings", f"/admin/settings/sessions/{found.id}/end")
    assert (await other.get("/admin/settings")).status == 303
    assert (await admin.get("/admin/settings")).status == 200


async def test_slack_is_offered_only_where_there_is_an_app(api: Api) -> None:
    browser = Screenless(api, somebody())
    assert "/admin/sign-in/slack" not in (await browser.get("/admin/sign-in")).text
    seen = await browser.get("/admin/sign-in/slack")
    assert (seen.status, seen.to) == (403, "")
