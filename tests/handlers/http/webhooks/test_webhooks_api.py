"""Webhook endpoints and the outbox of e-mails over HTTP."""

from uuid import uuid4

import pytest

from db.store.session import Database
from services.ports import Letter
from tests.handlers.http.conftest import ADMIN, Api


async def created(api: Api, **more: object) -> dict[str, str]:
    body = {"url": f"https://{uuid4().hex}.example/hooks", **more}
    told = await api.post("/api/webhooks", body)
    assert told.status == 201, told.text
    answer: dict[str, str] = told.json
    return answer


async def test_a_secret_is_shown_once(api: Api) -> None:
    endpoint = await created(api, events=["license.issued"])
    assert endpoint["secret"].startswith("whsec_")
    told = await api.get("/api/webhooks")
    shown = next(one for one in told.json["webhooks"] if one["id"] == endpoint["id"])
    assert shown["events"] == ["license.issued"]
    assert "whsec_" not in told.text
    await api.delete(f"/api/webhooks/{endpoint['id']}")


async def test_a_repeated_request_makes_one_endpoint(api: Api) -> None:
    body = {"url": f"https://{uuid4().hex}.example/hooks"}
    headers = {**ADMIN, "Idempotency-Key": uuid4().hex}
    first, again = [await api.post("/api/webhooks", body, headers=headers) for _ in range(2)]
    assert (again.status, again.json) == (first.status, first.json)
    told = await api.post("/api/webhooks", {**body, "events": ["license.issued"]}, headers=headers)
    assert (told.status, told.code) == (409, "conflict")
    listed = (await api.get("/api/webhooks")).json["webhooks"]
    assert [one["id"] for one in listed].count(first.json["id"]) == 1
    path = f"/api/webhooks/{first.json['id']}"
    tests = [await api.post(f"{path}/test", headers=headers) for _ in range(2)]
    assert tests[0].json == tests[1].json
    assert len((await api.get(f"{path}/deliveries")).json["deliveries"]) == 1
    await api.delete(path)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "url"),
        ({"url": "ftp://shop.example/"}, "url"),
        ({"url": "https://shop.example/", "events": ["license.eaten"]}, "events"),
        ({"url": "https://shop.example/", "colour": "red"}, "colour"),
    ],
)
async def test_a_mistake_is_told_with_its_field(
    api: Api, body: dict[str, object], param: str
) -> None:
    told = await api.post("/api/webhooks", body)
    assert (told.status, told.json["error"]["param"]) == (422, param)


async def test_an_endpoint_is_tried_out_listed_and_deleted(api: Api) -> None:
    path = f"/api/webhooks/{(await created(api))['id']}"
    tested = await api.post(f"{path}/test")
    assert tested.status == 202
    deliveries = (await api.get(f"{path}/deliveries")).json
    (delivery,) = deliveries["deliveries"]
    assert (delivery["message_id"], delivery["type"]) == (tested.json["message_id"], "webhook.test")
    assert deliveries["next"] is None
    again = await api.post(f"{path}/deliveries/{delivery['message_id']}/redeliver")
    assert (again.status, again.json["state"]) == (202, "pending")
    assert (await api.post(f"{path}/enable")).json["disabled_at"] is None
    assert (await api.delete(path)).status == 204
    for method, rest in (("POST", "/test"), ("POST", "/enable"), ("GET", "/deliveries")):
        assert (await api.call(method, path + rest)).status == 404


async def test_emails_are_listed_page_by_page_and_resent(api: Api, database: Database) -> None:
    emails, about = api.services.mail.emails, uuid4().hex
    async with database.transaction() as session:
        for number in range(3):
            dedupe = f"{about}:{number}"
            letter = Letter("license.delivery", "ann@acme.example", about, dedupe, "it")
            await emails.queue(session, letter)
    first = (await api.get(f"/api/emails?subject_id={about}&limit=2")).json
    assert [one["language"] for one in first["emails"]] == ["it", "it"]
    rest = (await api.get(f"/api/emails?subject_id={about}&cursor={first['next']}")).json
    assert (len(rest["emails"]), rest["next"]) == (1, None)
    told = await api.post(f"/api/emails/{rest['emails'][0]['id']}/resend")
    assert told.status in (202, 409)
    assert (await api.post("/api/emails/eml_none/resend")).status == 404


async def test_a_state_that_no_email_has_is_a_mistake(api: Api) -> None:
    assert (await api.get("/api/emails?state=eaten")).status == 422


@pytest.mark.parametrize("path", ["/api/webhooks", "/api/emails"])
async def test_nobody_sees_them_without_an_admin_key(api: Api, path: str) -> None:
    assert (await api.call("GET", path, headers={})).status == 401
