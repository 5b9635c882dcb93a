"""The page of an invitation: looking changes nothing, accepting works once, the rest says why."""

from tests.handlers.http.tenants.conftest import TENANTS, Office


async def test_opening_the_link_accepts_nothing(office: Office) -> None:
    made = await office.ready("Page <Ltd>")
    link = await office.link(made["id"])
    for _ in range(3):
        page = await office.api.get(link, headers={})
        assert page.status == 200
    assert "Page &lt;Ltd&gt;" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "script" not in page.text
    assert (await office.api.get(f"{TENANTS}/{made['id']}")).json["administrator"] == ""


async def test_the_first_to_accept_is_the_administrator(office: Office) -> None:
    made = await office.ready()
    link = await office.link(made["id"])
    nameless = await office.api.call("POST", link, headers={}, data={"name": " "})
    assert 'role="alert"' in nameless.text
    welcome = await office.api.call("POST", link, headers={}, data={"name": "Ada <b>"})
    assert (welcome.status, "Welcome, Ada &lt;b&gt;" in welcome.text) == (200, True)
    assert (await office.api.get(f"{TENANTS}/{made['id']}")).json["administrator"] == "Ada <b>"
    for method in ("GET", "POST"):
        again = await office.api.call(method, link, headers={}, data={"name": "Mallory"})
        assert (again.status, "accepted already" in again.text) == (410, True)


async def test_links_that_do_not_work_say_what_to_do(office: Office) -> None:
    unknown = await office.api.get("/invitation?token=nothing", headers={"Accept-Language": "it"})
    assert (unknown.status, "non è valido" in unknown.text) == (404, True)
    made = await office.ready()
    old = await office.link(made["id"])
    await office.api.post(f"{TENANTS}/{made['id']}/invitation")
    replaced = await office.api.get(old, headers={})
    assert (replaced.status, "newer invitation" in replaced.text) == (410, True)
    newest = await office.link(made["id"])
    await office.api.delete(f"{TENANTS}/{made['id']}/invitation")
    assert "withdrawn" in (await office.api.get(newest, headers={})).text
