"""Licenses over HTTP: issued once per request, every verb, and what the log says of them."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.licensing.domains import Domain
from tests.handlers.http.conftest import ADMIN, Api, Told
from tests.handlers.http.licensing.test_customers_api import address


async def issue(api: Api, **more: Any) -> Told:
    """A license for somebody new."""
    body = {"email": address(), "plan": "pro", "months": 12, **more}
    return await api.post("/api/create_license", {k: v for k, v in body.items() if v is not None})


async def one(api: Api) -> str:
    """The path of a new license."""
    return f"/api/licenses/{(await issue(api)).json['license']['id']}"


async def test_a_license_is_issued_and_its_key_told_once(api: Api) -> None:
    issued = await issue(api, domain="https://www.Shop.Example/x", name="Ada")
    assert issued.status == 201
    license, key = issued.json["license"], issued.json["license_key"]
    assert (license["plan"], license["status"], license["domain"]) == (
        "pro",
        "active",
        "shop.example",
    )
    assert key.startswith("CHA-")
    assert key.endswith(license["key_hint"])
    found = await api.get(f"/api/licenses/{license['id']}")
    assert found.json == license
    log = await api.get(f"/api/audit?subject={license['id']}")
    assert log.json["lines"][0]["action"] == "licenses.issue"
    assert key not in found.text + log.text


async def test_a_repeated_request_issues_nothing_and_answers_the_same(api: Api) -> None:
    body = {"email": address(), "plan": "pro", "months": 1}
    headers = {**ADMIN, "Idempotency-Key": uuid4().hex}
    answers = await asyncio.gather(
        *(api.post("/api/create_license", body, headers=headers) for _ in range(8))
    )
    assert {told.status for told in answers} == {201}
    assert len({told.json["license_key"] for told in answers}) == 1
    held = await api.get(f"/api/licenses?customer={answers[0].json['license']['customer_id']}")
    assert len(held.json["licenses"]) == 1
    other = await api.post("/api/create_license", {**body, "months": 2}, headers=headers)
    assert (other.status, other.code) == (409, "conflict")


@pytest.mark.parametrize(
    ("method", "verb", "body", "other"),
    [
        ("POST", "renew", {"months": 1}, {"months": 24}),
        ("POST", "suspend", {"reason": "unpaid"}, {"reason": "asked for"}),
        ("POST", "cancel", {"reason": "unpaid"}, {}),
        ("POST", "rotate", {"overlap_hours": 1}, {"overlap_hours": 2}),
        ("POST", "transfer", {"email": "a@shop.example"}, {"email": "b@shop.example"}),
        ("PUT", "budget", {"budget_micro": 1}, {"budget_micro": None}),
    ],
)
async def test_another_body_under_the_same_key_is_a_conflict(
    api: Api, method: str, verb: str, body: dict[str, Any], other: dict[str, Any]
) -> None:
    path = f"{await one(api)}/{verb}"
    headers = {**ADMIN, "Idempotency-Key": "w"}
    first = await api.call(method, path, json=body, headers=headers)
    assert first.status == 200
    told = await api.call(method, path, json=other, headers=headers)
    assert (told.status, told.code) == (409, "conflict")
    again = await api.call(method, path, json=body, headers=headers)
    assert (again.status, again.json) == (200, first.json)


async def test_another_wish_for_an_email_is_another_order(api: Api) -> None:
    body = {"email": address(), "plan": "pro", "months": 1}
    headers = {**ADMIN, "Idempotency-Key": uuid4().hex}
    issued = await api.post("/api/create_license", body, headers=headers)
    told = await api.post("/api/create_license", {**body, "send_email": True}, headers=headers)
    assert (told.status, told.code) == (409, "conflict")
    sent = await api.get(f"/api/emails?subject_id={issued.json['license']['id']}")
    assert sent.json["emails"] == []


async def test_a_repeated_order_is_delivered_and_written_down_once(api: Api) -> None:
    body = {"email": address(), "plan": "pro", "months": 1, "send_email": True}
    headers = {**ADMIN, "Idempotency-Key": uuid4().hex}
    for _ in range(3):
        issued = await api.post("/api/create_license", body, headers=headers)
    log = (await api.get(f"/api/audit?subject={issued.json['license']['id']}")).json["lines"]
    assert [line["action"] for line in log] == ["licenses.deliver", "licenses.issue"]


async def test_without_an_idempotency_key_each_request_is_a_license(api: Api) -> None:
    email = address()
    first, second = await issue(api, email=email), await issue(api, email=email)
    assert first.json["license"]["customer_id"] == second.json["license"]["customer_id"]
    assert first.json["license_key"] != second.json["license_key"]


@pytest.mark.parametrize("key", ["", "x" * 129, "é"])
async def test_an_idempotency_key_that_cannot_be_kept_is_refused(api: Api, key: str) -> None:
    told = await api.post("/api/create_license", {}, headers={**ADMIN, "Idempotency-Key": key})
    assert (told.status, told.code) == (400, "bad_idempotency_key")


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"plan": "gold"}, "plan"),
        ({"months": 0}, "months"),
        ({"months": None}, "months"),
        ({"months": "12"}, "months"),
        ({"plan": "founders"}, "months"),
        ({"domain": "not a domain"}, "domain"),
        ({"email": "nobody"}, "email"),
        ({"price": 1}, "price"),
    ],
)
async def test_an_order_that_cannot_be_filled_names_its_field(
    api: Api, wrong: dict[str, Any], param: str
) -> None:
    told = await issue(api, **wrong)
    assert (told.status, told.json["error"]["param"]) == (422, param)


async def test_a_founder_needs_no_months_and_never_expires(api: Api) -> None:
    license = (await issue(api, plan="founders", months=None)).json["license"]
    assert license["is_lifetime"] is True
    assert license["expires_at"] is None
    renewed = await api.post(f"/api/licenses/{license['id']}/renew", {"months": 1})
    assert renewed.status == 409


async def test_every_verb_does_what_it_says_and_is_written_down(api: Api) -> None:
    path = await one(api)
    before = (await api.get(path)).json
    renewed = await api.post(f"{path}/renew", {"months": 12})
    assert renewed.json["expires_at"] > before["expires_at"]
    suspended = await api.post(f"{path}/suspend", {"reason": "unpaid"})
    assert (suspended.json["status"], suspended.json["reason"]) == ("suspended", "unpaid")
    assert (await api.post(f"{path}/reinstate")).json["status"] == "active"
    rotated = await api.post(f"{path}/rotate", {"overlap_hours": 1})
    assert rotated.json["license"]["old_key_until"]
    moved = await api.post(f"{path}/transfer", {"email": address()})
    assert moved.json["customer_id"] != before["customer_id"]
    budget = await api.put(f"{path}/budget", {"budget_micro": 5_000_000})
    assert budget.json["budget_micro"] == 5_000_000
    assert (await api.post(f"{path}/cancel")).json["status"] == "cancelled"
    log = (await api.get(f"/api/audit?subject={before['id']}")).json["lines"]
    verbs = [line["action"].partition(".")[2] for line in reversed(log)]
    assert verbs == [
        *("issue", "renew", "suspend", "reinstate", "rotate", "transfer", "limit_budget", "cancel")
    ]


@pytest.mark.parametrize("verb", ["reinstate", "suspend", "renew", "rotate", "transfer", "cancel"])
async def test_what_is_cancelled_stays_cancelled(api: Api, verb: str) -> None:
    path = await one(api)
    await api.post(f"{path}/cancel")
    body = {"renew": {"months": 1}, "transfer": {"email": address()}}.get(verb, {})
    told = await api.post(f"{path}/{verb}", body)
    assert (told.status, told.code) == (409, "conflict")
    assert told.json["error"]["message"].endswith(".")


async def test_a_delivery_is_queued_once_and_seen_in_the_outbox(api: Api) -> None:
    issued = await issue(api, send_email=True)
    path = f"/api/licenses/{issued.json['license']['id']}"
    assert (await api.post(f"{path}/deliver")).status == 202
    headers = {**ADMIN, "Idempotency-Key": "once"}
    for _ in range(3):
        assert (await api.post(f"{path}/deliver", headers=headers)).status == 202
    sent = await api.get(f"/api/emails?subject_id={issued.json['license']['id']}")
    assert sent.status == 200
    assert issued.json["license_key"] not in sent.text


async def test_licenses_are_found_by_words_plan_and_status(api: Api) -> None:
    email = address()
    issued = await issue(api, email=email, plan="agency")
    wanted = issued.json["license"]["id"]
    for query in (f"search={email}", f"search={wanted}&plan=agency&status=active"):
        found = await api.get(f"/api/licenses?{query}")
        assert [each["id"] for each in found.json["licenses"]] == [wanted]
    assert (await api.get(f"/api/licenses?search={email}&status=expired")).json["licenses"] == []
    assert (await api.get("/api/licenses?status=odd")).status == 422


async def test_the_holder_sees_and_releases_its_own_sites_only(api: Api) -> None:
    issued, other = await issue(api), await issue(api)
    license_id = issued.json["license"]["id"]
    await api.services.licensing.sites.activate(license_id, Domain.read("shop.example.org"))
    mine = {"X-License-Key": issued.json["license_key"]}
    listed = await api.get("/api/sites", headers=mine)
    assert [site["domain"] for site in listed.json["sites"]] == ["shop.example.org"]
    theirs = {"Authorization": f"Bearer {other.json['license_key']}"}
    assert (await api.get("/api/sites", headers=theirs)).json == {"sites": []}
    path = "/api/sites/shop.example.org"
    assert (await api.delete(path, headers=theirs)).status == 404
    assert (await api.delete(path, headers=mine)).json == {"sites": []}
    assert (await api.delete(path, headers=mine)).status == 404


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-License-Key": " "}, {"Authorization": "Basic x"}, {"Authorization": "Bearer "}],
)
async def test_without_a_license_key_there_is_only_a_401(api: Api, headers: dict[str, str]) -> None:
    told = await api.get("/api/sites", headers=headers)
    assert (told.status, told.code) == (401, "license_key_missing")


async def test_an_unknown_license_key_sees_no_sites(api: Api) -> None:
    told = await api.get("/api/sites", headers={"X-License-Key": "é\udcff" * 500})
    assert (told.status, told.code) == (401, "license_key_unknown")
