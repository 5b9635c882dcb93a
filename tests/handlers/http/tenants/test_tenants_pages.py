"""The dashboard's pages of tenants: found, made, suspended, kept, and deleted with a typed name."""

from uuid import uuid4

from tests.handlers.http.dashboard.conftest import Screenless, somebody
from tests.handlers.http.tenants.conftest import Office

PATH = "/admin/tenants"


async def signed_in(office: Office) -> Screenless:
    """An admin's browser."""
    operator = somebody()
    await office.services.admins.local.create(operator.id, "a long enough password")
    browser = Screenless(office.api, operator)
    await browser.enter()
    return browser


async def test_a_tenant_is_made_in_the_form_and_found_in_the_list(office: Office) -> None:
    browser, company = await signed_in(office), f"Page {uuid4().hex[:8]}"
    typed = {"company_name": company, "email": f"{uuid4().hex}@example.com"}
    wrong = await browser.submit(f"{PATH}/new", PATH, **{**typed, "email": "nobody"})
    assert (wrong.status, wrong.says("is not an e-mail address")) == (422, True)
    made = await browser.submit(f"{PATH}/new", PATH, **typed)
    assert made.status == 303
    seen = await browser.get(made.to)
    assert seen.says(f"New tenant: {company}")
    listed = await browser.get(f"{PATH}?q={company[-8:]}&state=onboarding")
    assert listed.says(company)
    assert (await browser.get(f"{PATH}?q={uuid4().hex}")).says("Clear")


async def test_it_is_suspended_with_a_reason_and_resumed(office: Office) -> None:
    browser, made = await signed_in(office), await office.ready()
    path = f"{PATH}/{made['id']}"
    done = await browser.submit(f"{path}/suspend", f"{path}/suspend", reason="Unpaid <7>")
    assert done.to == path
    seen = await browser.get(path)
    assert seen.says("Unpaid <7>")
    assert seen.says("is being suspended")
    assert (await browser.submit(path, f"{path}/resume")).to == path


async def test_it_is_deleted_with_its_short_name_only_and_kept(office: Office) -> None:
    browser, made = await signed_in(office), await office.ready()
    path = f"{PATH}/{made['id']}"
    wrong = await browser.submit(f"{path}/delete", f"{path}/delete", confirm="yes")
    assert (wrong.status, wrong.says(f"exactly: {made['slug']}")) == (422, True)
    await browser.submit(f"{path}/delete", f"{path}/delete", confirm=made["slug"])
    assert (await browser.get(path)).says("Nothing is deleted before")
    await browser.submit(path, f"{path}/keep")
    assert (await browser.get(path)).says("being resumed")


async def test_a_tenant_that_is_not_there_is_told(office: Office) -> None:
    seen = await (await signed_in(office)).get(f"{PATH}/ten_nobody")
    assert (seen.status, seen.says("There is no such tenant")) == (404, True)
