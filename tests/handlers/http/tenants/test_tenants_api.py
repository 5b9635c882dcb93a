"""The admin API of tenants: each verb once, in the audit log, and refused with a sentence."""

from uuid import uuid4

from tests.handlers.http.conftest import ADMIN
from tests.handlers.http.tenants.conftest import TENANTS, Office


async def test_a_tenant_is_created_found_and_listed(office: Office) -> None:
    made = await office.ready("Listed Ltd")
    assert (made["state"], made["provider"], made["modules"]) == (
        "ready",
        "supabase",
        ["followups", "crm"],
    )
    found = await office.api.get(TENANTS, params={"search": made["email"], "state": "ready"})
    assert [one["id"] for one in found.json["tenants"]] == [made["id"]]
    assert (await office.api.get(TENANTS, headers={})).status == 401
    assert (await office.api.get(f"{TENANTS}/ten_none")).status == 404
    secret = next(iter(office.cluster.passwords.values()))
    assert secret not in str(made) + found.text


async def test_a_repeat_with_its_key_gets_the_first_answer(office: Office) -> None:
    body = {"email": f"{uuid4().hex}@example.com", "company_name": "Twice Ltd"}
    headers = {"Idempotency-Key": uuid4().hex, **ADMIN}
    first = await office.api.post(TENANTS, body, headers=headers)
    assert first.status == 202, first.text
    again = await office.api.post(TENANTS, body, headers=headers)
    assert again.status == 202, again.text
    assert (first.status, first.json["id"]) == (again.status, again.json["id"])
    assert (await office.api.post(TENANTS, body)).status == 409


async def test_it_is_suspended_resumed_and_its_trial_extended(office: Office) -> None:
    made = await office.ready()
    path = f"{TENANTS}/{made['id']}"
    assert (await office.api.post(f"{path}/suspend", {"reason": " "})).status == 422
    told = await office.api.post(f"{path}/suspend", {"reason": "Unpaid"})
    assert (told.status, told.json["state"], told.json["reason"]) == (202, "suspended", "Unpaid")
    await office.work(told.json["operation_id"])
    assert office.cluster.closed
    told = await office.api.post(f"{path}/resume")
    await office.work(told.json["operation_id"])
    assert (await office.api.get(path)).json["state"] == "ready"
    longer = await office.api.post(f"{path}/extend-trial", {"days": 30})
    assert longer.json["trial_ends_at"] > made["trial_ends_at"]
    assert (await office.api.post(f"{path}/extend-trial", {"days": 91})).status == 422


async def test_plan_customer_and_modules_are_set(office: Office) -> None:
    made = await office.ready()
    path = f"{TENANTS}/{made['id']}"
    told = await office.api.call(
        "PATCH", path, json={"plan": "professional", "customer_id": "cus_1"}
    )
    assert (told.json["plan"], told.json["customer_id"]) == ("professional", "cus_1")
    told = await office.api.put(f"{path}/modules", {"overrides": {"sso": True, "crm": False}})
    assert told.json["modules"] == ["followups", "reports", "gateway", "webhooks", "sso"]
    assert (await office.api.put(f"{path}/modules", {"overrides": {"x": True}})).status == 422


async def test_it_is_exported_as_a_file(office: Office) -> None:
    made = await office.ready("Export Ltd")
    told = await office.api.get(f"{TENANTS}/{made['id']}/export")
    assert told.status == 200
    assert told.headers["content-disposition"].endswith('.dump"')
    assert told.text == f"PGDMP{made['database']}"


async def test_it_is_deleted_with_its_name_typed_and_kept_again(office: Office) -> None:
    made = await office.ready()
    path = f"{TENANTS}/{made['id']}"
    wrong = await office.api.post(f"{path}/delete", {"confirm": "yes"})
    assert (wrong.status, made["slug"] in wrong.text) == (422, True)
    told = await office.api.post(f"{path}/delete", {"confirm": made["slug"]})
    assert (told.status, told.json["state"]) == (202, "deleting")
    assert told.json["delete_after"]
    told = await office.api.post(f"{path}/keep")
    assert (told.status, told.json["delete_after"]) == (202, None)
    assert (await office.api.post(f"{path}/keep")).status == 409


async def test_its_invitation_is_sent_again_and_withdrawn(office: Office) -> None:
    made = await office.ready()
    path = f"{TENANTS}/{made['id']}/invitation"
    assert await office.mails(made["email"]) == 1
    assert (await office.api.post(path)).status == 200
    assert await office.mails(made["email"]) == 2
    assert (await office.api.delete(path)).status == 200
    assert (await office.api.delete(path)).status == 409
