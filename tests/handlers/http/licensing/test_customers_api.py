"""Customers over HTTP: made, found, changed, deleted, and written down."""

from uuid import uuid4

import pytest

from tests.handlers.http.conftest import Api


def address() -> str:
    """Nobody else's."""
    return f"c{uuid4().hex}@example.com"


async def test_a_customer_is_made_found_changed_and_deleted(api: Api) -> None:
    email = address()
    made = await api.post("/api/customer", {"email": email.upper(), "name": "Ada"})
    assert (made.status, made.json["email"], made.json["status"]) == (201, email, "active")
    one = f"/api/customer/{made.json['id']}"
    assert (await api.get(one)).json == made.json
    changed = await api.put(one, {"notes": "pays on time", "status": "blocked"})
    assert (changed.json["notes"], changed.json["status"]) == ("pays on time", "blocked")
    assert changed.json["name"] == "Ada"
    assert (await api.delete(one)).status == 204
    assert (await api.get(one)).status == (await api.delete(one)).status == 404


async def test_the_audit_log_names_the_key_and_never_the_address(api: Api) -> None:
    email = address()
    made = await api.post("/api/customer", {"email": email})
    await api.put(f"/api/customer/{made.json['id']}", {"status": "blocked"})
    lines = (await api.get(f"/api/audit?subject={made.json['id']}")).json["lines"]
    assert [line["action"] for line in lines] == ["customers.update", "customers.create"]
    assert {line["operator_kind"] for line in lines} == {"admin_key"}
    assert lines[0]["before"]["status"] == "active"
    assert lines[0]["after"]["status"] == "blocked"
    assert email not in str(lines)


async def test_one_address_is_one_customer(api: Api) -> None:
    email = address()
    await api.post("/api/customer", {"email": email})
    again = await api.post("/api/customer", {"email": f" {email.upper()} "})
    assert (again.status, again.code) == (409, "conflict")


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a@example.com\r\nBcc: b@example.com", "a@b.com,c@d.com", "é@"]
)
async def test_what_is_no_address_is_told_by_its_field(api: Api, email: str) -> None:
    told = await api.post("/api/customer", {"email": email})
    assert (told.status, told.json["error"]["param"]) == (422, "email")


async def test_a_list_is_read_page_by_page_without_a_gap(api: Api) -> None:
    mark = uuid4().hex
    for number in range(5):
        await api.post("/api/customer", {"email": address(), "name": f"{mark} {number}"})
    found, cursor = [], ""
    while cursor is not None:
        page = await api.get(f"/api/customer?search={mark}&limit=2&cursor={cursor}")
        assert len(page.json["customers"]) <= 2
        found += [one["name"][-1] for one in page.json["customers"]]
        cursor = page.json["next"]
    assert found == ["4", "3", "2", "1", "0"]
    gone = await api.get("/api/customer?cursor=cus_gone")
    assert (gone.status, gone.json["error"]["param"]) == (422, "cursor")
