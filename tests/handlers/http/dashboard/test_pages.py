"""What is done on pages is done by the services' verbs, once, and is in the audit log."""

from uuid import uuid4

from aiohttp import FormData

from services.licensing import LicenseSearch, NewCustomer
from tests.handlers.http.conftest import Api
from tests.handlers.http.dashboard.conftest import Screenless, drawn


def address() -> str:
    """Nobody else's."""
    return f"c{uuid4().hex[:12]}@example.com"


async def issued(admin: Screenless, email: str) -> str:
    """The page of a new license."""
    typed = {"email": email, "plan": "pro", "months": "12"}
    seen = await admin.submit("/admin/licenses/new", "/admin/licenses", **typed)
    assert seen.status == 303, seen.text
    return seen.to


async def test_a_form_that_is_sent_twice_issues_one_license(api: Api, admin: Screenless) -> None:
    email = address()
    fields = drawn(await admin.get("/admin/licenses/new"), "/admin/licenses")
    typed = {**fields, "email": email, "plan": "pro", "months": "12"}
    first, second = [await admin.post("/admin/licenses", typed) for _ in range(2)]
    assert first.to == second.to
    found = await api.services.licensing.licenses.search(LicenseSearch(words=email))
    assert len(found) == 1
    other = await admin.post("/admin/licenses", {**typed, "months": "6"})
    assert other.to != first.to


async def test_the_audit_log_names_the_admin(api: Api, admin: Screenless) -> None:
    page = await issued(admin, address())
    await admin.submit(f"{page}/suspend", f"{page}/suspend", reason="asked")
    lines = await api.services.audit.log.lines(subject_id=page.rpartition("/")[2])
    assert [line.action for line in lines] == ["licenses.suspend", "licenses.issue"]
    assert {(line.operator.kind, line.operator.id) for line in lines} == {
        ("admin", admin.operator.id)
    }
    shown = await admin.get("/admin/audit?q=licenses.suspend&who=admin")
    assert shown.says("licenses.suspend")
    assert (await admin.get("/admin/audit?outcome=failed&q=licenses.suspend")).says(
        "Nothing matches"
    )


async def test_every_verb_of_a_license_has_a_form_that_works(admin: Screenless) -> None:
    page = await issued(admin, address())
    for verb, typed in (
        ("renew", {"months": "6"}),
        ("limit", {"budget_micro": "5"}),
        ("rotate", {"overlap": "24"}),
        ("transfer", {"email": address()}),
        ("suspend", {"reason": "asked"}),
    ):
        seen = await admin.submit(f"{page}/{verb}", f"{page}/{verb}", **typed)
        assert (seen.status, seen.to) == (303, page), verb
    assert (await admin.submit(page, f"{page}/reinstate")).to == page
    key = await admin.submit(page, f"{page}/key")
    assert (key.status, "CHA-" in key.text) == (200, True)


async def test_bad_input_changes_nothing_and_names_its_field(admin: Screenless) -> None:
    page = await issued(admin, address())
    before = await admin.get(page)
    for verb, typed, field in (
        ("renew", {"months": "0"}, "months"),
        ("renew", {"months": "twelve"}, "months"),
        ("rotate", {"overlap": "99999"}, "overlap"),
        ("transfer", {"email": "nobody"}, "email"),
        ("cancel", {"confirm": "no"}, "confirm"),
        ("limit", {"budget_micro": "-1"}, "budget_micro"),
    ):
        seen = await admin.submit(f"{page}/{verb}", f"{page}/{verb}", **typed)
        assert seen.status == 422, verb
        assert f'href="#field-{field}"' in seen.text, verb
        assert next(iter(typed.values())) in seen.text
    after = await admin.get(page)
    assert after.text.count("<tr>") == before.text.count("<tr>")


async def test_a_customer_is_deleted_with_everything_by_typing_the_address(
    api: Api, admin: Screenless
) -> None:
    email = address()
    await issued(admin, email)
    found = await api.services.licensing.customers.of_email(email)
    assert found
    page = f"/admin/customers/{found.id}"
    assert (await admin.submit(page, f"{page}/block")).to == page
    assert (await admin.submit(f"{page}/delete", f"{page}/delete", confirm="x")).status == 422
    seen = await admin.submit(f"{page}/delete", f"{page}/delete", confirm=email)
    assert seen.to == "/admin/customers"
    assert (await admin.get(page)).status == 404
    assert await api.services.licensing.customers.of_email(email) is None


async def test_a_csv_is_imported_by_the_form(api: Api, admin: Screenless) -> None:
    fields = drawn(await admin.get("/admin/licenses/bulk"), "/admin/licenses/bulk")
    refused = await admin.post("/admin/licenses/bulk", fields)
    assert (refused.status, refused.says("Choose a file first.")) == (422, True)
    form = FormData(fields)
    lines = f"email,plan,months\n{address()},pro,12\nnobody,pro,1\n"
    form.add_field("csv", lines.encode(), filename="a.csv", content_type="text/csv")
    seen = await admin.post("/admin/licenses/bulk", form)
    assert seen.status == 303, seen.text
    page = await admin.get(seen.to)
    assert page.says("nobody")
    results = await admin.get(f"{seen.to}/results.csv")
    assert results.headers["Content-Disposition"].startswith("attachment")


async def test_a_user_is_made_given_credits_and_refused_nonsense(admin: Screenless) -> None:
    email = address()
    bad = await admin.submit("/admin/users/new", "/admin/users", email=email, credits="many")
    assert (bad.status, 'href="#field-credits"' in bad.text) == (422, True)
    made = await admin.submit("/admin/users/new", "/admin/users", email=email)
    assert made.status == 303, made.text
    page = await admin.get(made.to)
    assert page.says("Provision user")
    path = f"{made.to}/credits"
    assert (await admin.submit(path, path, amount="25", reason="hello")).to == made.to
    assert (await admin.get(made.to)).says("25")
    assert (await admin.submit(path, path, amount="-99999")).status == 409


async def test_a_dangerous_verb_wants_a_fresh_sign_in(api: Api, admin: Screenless) -> None:
    page = await issued(admin, address())
    found = await api.services.admins.sessions.find(admin.cookies["seguito_admin"])
    assert found
    assert found.fresh(found.began_at)
    assert not found.fresh(found.ends_at)
    assert (await admin.get(f"{page}/cancel")).status == 200


async def test_a_list_goes_on_page_by_page_with_its_filters(api: Api, admin: Screenless) -> None:
    mark = uuid4().hex[:10]
    for number in range(51):
        new = NewCustomer(address(), f"{mark} {number}")
        await api.services.licensing.customers.create(admin.operator, new)
    first = await admin.get(f"/admin/customers?q={mark}")
    assert first.text.count("<tr>") == 51
    href = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = await admin.get(href)
    assert second.text.count("<tr>") == 2
    assert second.says("First page")


async def test_the_audit_log_shows_exports_that_were_begun_and_done(admin: Screenless) -> None:
    assert (await admin.get("/admin/exports/customers.csv?q=nobody-like-it")).status == 200
    shown = await admin.get("/admin/audit?q=exports.make&who=admin")
    assert shown.status == 200
    assert shown.says("Begun")
    assert (await admin.get("/admin/audit?q=exports.make&outcome=begun")).says(admin.operator.name)
