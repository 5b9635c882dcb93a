"""The public door of tenants: alike for everybody, and nothing told that is not theirs."""

from uuid import uuid4

from integrations.databases import NeedsPerson
from tests.handlers.http.tenants.conftest import Office


async def test_a_company_signs_up_and_sees_its_steps(office: Office) -> None:
    told = await office.sign_up("Hopper & Co")
    assert told.status == 202
    assert list(told.json) == ["id"]
    path = f"/api/onboarding/{told.json['id']}"
    begun = await office.api.get(path, headers={})
    assert (begun.status, begun.json["state"]) == (200, "running")
    await office.onboarded(told.json["id"])
    seen = await office.api.get(path, headers={"Accept-Language": "it"})
    assert (seen.json["state"], seen.json["company_name"]) == ("ready", "Hopper & Co")
    assert seen.json["message"].startswith("È tutto pronto")
    assert {step["state"] for step in seen.json["steps"]} <= {"done", "skipped"}


async def test_a_repeat_gets_the_same_answer_as_the_first(office: Office) -> None:
    email = f"{uuid4().hex}@example.com"
    first, again = await office.sign_up("Acme", email), await office.sign_up("acme ", email)
    assert (first.status, first.json) == (again.status, again.json)
    other = await office.sign_up("Acme Two", email)
    assert (other.status, list(other.json)) == (202, ["id"])


async def test_what_ops_are_told_is_not_told_at_the_public_door(office: Office) -> None:
    sentence = "You have reached the limit of 2 free projects."
    office.cluster.refuse = NeedsPerson("supabase", "400", sentence)
    told = await office.sign_up("Capped Ltd")
    await office.onboarded(told.json["id"])
    seen = await office.api.get(f"/api/onboarding/{told.json['id']}", headers={})
    assert seen.json["state"] == "delayed"
    assert sentence not in seen.text
    assert "supabase" not in seen.text


async def test_too_many_sign_ups_of_a_mailbox_are_told_when_to_come_back(office: Office) -> None:
    email = f"{uuid4().hex}@example.com"
    for n in range(5):
        assert (await office.sign_up(f"Company {n}", email)).status == 202
    refused = await office.sign_up("Company 6", email)
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600


async def test_a_body_that_is_not_one_is_refused_and_changes_nothing(office: Office) -> None:
    bad = (
        {"email": "x@example.com"},
        {"email": "x", "company_name": "Acme"},
        {"email": "x@example.com", "company_name": "Acme", "database_url": "postgresql://x"},
        {"email": "x@example.com", "company_name": 7},
    )
    for body in bad:
        assert (await office.api.post("/api/onboarding/signup", body, headers={})).status == 422
    assert office.cluster.calls == []


async def test_an_onboarding_that_nobody_began_is_not_found(office: Office) -> None:
    assert (await office.api.get("/api/onboarding/onb_x", headers={})).status == 404
