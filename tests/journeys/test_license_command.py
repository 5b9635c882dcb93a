"""`/license-issue` from the command to the receipt: once, for one person's eyes only."""

import json

import httpx
import pytest
from sqlalchemy import TextClause, text

from db.store.session import Database
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import message, modal, submit
from tests.journeys.wire import deliver, last_delivery
from tests.kit.license_desk import someone
from tests.kit.product import Product

OPS = "C0OPS"
FORM = "licenses.form"
RECEIPT = "License issued"
NOT_HERE = "works in the ops channel only"
NOT_YOU = "Only ops admins may use this command"
RECOVERY = 120  # seconds
HELD = text(
    "SELECT l.id, l.plan, l.domain, l.expires_at FROM licenses l"
    " JOIN customers c ON c.id = l.customer_id WHERE c.email = :email"
)
LOGGED = text(
    "SELECT action, outcome, operator_id FROM audit_log WHERE subject_id = :id ORDER BY id"
)
EMAILS = text("SELECT kind, to_address FROM emails WHERE subject_id = :id")


async def rows(database: Database, query: TextClause, **values: str) -> list[tuple[object, ...]]:
    """What the database says."""
    async with database.transaction() as session:
        return [tuple(row) for row in await session.execute(query, values)]


async def ask(ada: Visitor, words: str) -> Sight:
    """Type the command in the ops channel; the preview."""
    assert (await ada.command(f"/license-issue {words}", OPS)).ok
    return await message(ada, "Issue this license?")


def key_in(sight: Sight) -> str:
    """The key that a receipt shows."""
    words = str(sight).replace("`", " ").split()
    return next(word for word in words if word.startswith("CHA-"))


def pressed_again(sandbox: Sandbox, person: Visitor, action_id: str) -> Json:
    """The last press as a new one by this person, of this button."""
    body: Json = json.loads(json.dumps(last_delivery(sandbox, "block_actions")))
    body["trigger_id"] = sandbox.of(Slack).tickets.trigger(person.team.id, person.id, OPS)
    body["response_url"] = sandbox.of(Slack).response_url(person.team.id, person.id, OPS)
    body["user"] |= {"id": person.id}
    body["actions"][0] |= {"action_id": action_id, "action_ts": body["trigger_id"]}
    return body


async def test_a_license_is_shown_confirmed_and_issued(
    ada: Visitor, sam: Visitor, database: Database
) -> None:
    email = someone()
    preview = await ask(ada, f"{email} pro 12 https://www.shop.example/x")
    assert preview.only_for_me
    assert "new customer" in preview
    assert "Pro, for 12 months" in preview
    assert await rows(database, HELD, email=email) == []

    await ada.click("licenses.confirm")
    receipt = await message(ada, RECEIPT)
    assert receipt.only_for_me
    assert "Job ops:" in receipt
    ((license_id, plan, domain, _),) = await rows(database, HELD, email=email)
    assert (plan, domain) == ("pro", "shop.example")
    assert str(license_id) in receipt
    assert not any("CHA-" in sight for sight in sam.everything())
    logged = await rows(database, LOGGED, id=str(license_id))
    assert logged == [("licenses.issue", "done", f"T0HOME:{ada.id}")]


async def test_the_form_does_what_the_command_does_and_may_send_an_email(
    ada: Visitor, database: Database
) -> None:
    email = someone()
    assert (await ada.command("/license-issue", OPS)).ok
    await modal(ada, FORM)
    await ada.type("licenses.email", email)
    await ada.type("licenses.months", "3")
    await ada.choose("licenses.send_email", "Yes, e-mail it as well")
    await submit(ada)
    assert (await message(ada, "Issue this license?")).only_for_me
    await ada.click("licenses.confirm")
    assert "An e-mail with the key" in await message(ada, RECEIPT)
    ((license_id, *_),) = await rows(database, HELD, email=email)
    assert await rows(database, EMAILS, id=str(license_id)) == [("license.delivery", email)]


async def test_a_receipt_can_send_the_key_afterwards_and_does_it_once(
    ada: Visitor, database: Database
) -> None:
    email = someone()
    await ask(ada, f"{email} pro 12")
    await ada.click("licenses.confirm")
    await message(ada, RECEIPT)
    for _ in range(2):
        await ada.click("licenses.email_key")
        told = await message(ada, "with the key is on its way to")
        assert told.only_for_me
        assert email in told
    ((license_id, *_),) = await rows(database, HELD, email=email)
    assert await rows(database, EMAILS, id=str(license_id)) == [("license.delivery", email)]


async def test_an_untouched_term_is_a_year_and_a_lifetime_plan_needs_none(ada: Visitor) -> None:
    terms = {"Pro · €29.00 a month": "Pro, for 12 months"}
    terms["Founders · for life · €299.00"] = "Founders, for life"
    for plan, told in terms.items():
        assert (await ada.command("/license-issue", OPS)).ok
        await modal(ada, FORM)
        await ada.type("licenses.email", someone())
        await ada.choose("licenses.plan", plan)
        await submit(ada)
        assert told in await message(ada, told)
        await ada.click("licenses.withdraw")


async def test_the_form_says_under_each_field_what_is_wrong(ada: Visitor) -> None:
    assert (await ada.command("/license-issue", OPS)).ok
    await modal(ada, FORM)
    await ada.type("licenses.email", "olga@shop.example")
    await ada.type("licenses.months", "many")
    errors = (await ada.submit()).errors or {}
    assert list(errors) == ["licenses.months@0"]
    await ada.type("licenses.months", "12")
    await ada.type("licenses.domain", "no domain")
    assert list((await ada.submit()).errors or {}) == ["licenses.domain@0"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("help", "[--dry-run]"),
        ("olga@shop.example", "The plan is missing."),
        ("olga@shop.example gold 12", "There is no plan “gold”."),
        ("olga@shop.example pro", "Say for how many months"),
        ("olga@shop.example pro 12 --fast", "--fast is not an option here"),
    ],
)
async def test_a_mistake_is_told_privately(ada: Visitor, words: str, told: str) -> None:
    assert (await ada.command(f"/license-issue {words}", OPS)).ok
    assert (await message(ada, told)).only_for_me


async def test_a_dry_run_issues_nothing(ada: Visitor, database: Database) -> None:
    email = someone()
    assert (await ada.command(f"/license-issue {email} pro 12 --dry-run", OPS)).ok
    shown = await message(ada, "Dry run: nothing was issued")
    assert "licenses.confirm" not in str(shown)
    assert await rows(database, HELD, email=email) == []


@pytest.mark.parametrize("words", ["olga@shop.example pro 12", "help", "bulk", ""])
async def test_who_is_no_admin_or_elsewhere_is_refused_and_written_down(
    ada: Visitor, sam: Visitor, tomas: Visitor, database: Database, words: str
) -> None:
    before = len(await rows(database, LOGGED, id="/license-issue"))
    tries = ((sam, OPS, NOT_YOU), (tomas, "", NOT_YOU), (ada, "C0GENERAL", NOT_HERE))
    for person, channel, refused in tries:
        assert (await person.command(f"/license-issue {words}", channel)).ok
        assert (await message(person, refused)).only_for_me
        assert person.modal is None
    logged = (await rows(database, LOGGED, id="/license-issue"))[before:]
    assert [outcome for _, outcome, _ in logged] == ["refused"] * 3
    assert {operator for *_, operator in logged} == {
        f"T0HOME:{ada.id}",
        f"T0HOME:{sam.id}",
        f"T0OTHER:{tomas.id}",
    }


async def test_a_cancelled_preview_cannot_be_confirmed_by_a_replay(
    ada: Visitor, sandbox: Sandbox, database: Database
) -> None:
    email = someone()
    await ask(ada, f"{email} pro 12")
    await ada.click("licenses.withdraw")
    await message(ada, "Cancelled: nothing was done.")
    await deliver(sandbox, pressed_again(sandbox, ada, "licenses.confirm"))
    await message(ada, "This preview was cancelled")
    assert await rows(database, HELD, email=email) == []


async def test_clicks_and_deliveries_repeated_give_one_license(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger, database: Database
) -> None:
    email = someone()
    await ask(ada, f"{email} pro 12")
    await ada.click("licenses.confirm")
    same = last_delivery(sandbox, "block_actions")
    for _ in range(2):
        await deliver(sandbox, same)
        await deliver(sandbox, pressed_again(sandbox, ada, "licenses.confirm"))
    await message(ada, RECEIPT)
    await ledger.idle()
    assert len(await rows(database, HELD, email=email)) == 1
    assert sum(RECEIPT in sight for sight in ada.everything()) == 1


async def test_another_admins_hand_cannot_confirm(
    ada: Visitor, sam: Visitor, sandbox: Sandbox, database: Database
) -> None:
    email = someone()
    await ask(ada, f"{email} pro 12")
    await ada.click("licenses.withdraw")
    await ask(ada, f"{email} pro 6")
    stolen = pressed_again(sandbox, sam, "licenses.confirm")
    shown = next(one for one in ada.everything() if "Issue this license?" in one)
    stolen["actions"][0]["value"] = shown.get("licenses.confirm").element["value"]
    await deliver(sandbox, stolen)
    await message(sam, "There is no such preview of yours")
    assert await rows(database, HELD, email=email) == []


async def test_a_kill_between_the_click_and_the_receipt_gives_one_license_and_a_receipt(
    ada: Visitor, product: Product, ledger: Ledger, database: Database
) -> None:
    email = someone()
    await ask(ada, f"{email} pro 12")
    hold = ledger.plan(Fault("slack", "chat.postEphemeral", "slow", seconds=3))
    await ada.click("licenses.confirm")
    await ledger.spoiled(hold)

    product.kill()
    await product.start()

    await message(ada, RECEIPT, within=RECOVERY)
    await ledger.idle()
    assert len(await rows(database, HELD, email=email)) == 1


async def test_without_slack_the_receipt_comes_later(
    ada: Visitor, ledger: Ledger, database: Database
) -> None:
    email = someone()
    await ask(ada, f"{email} pro 12")
    ledger.plan(Fault("slack", "chat.postEphemeral", "status", times=3))
    await ada.click("licenses.confirm")
    await message(ada, RECEIPT, within=RECOVERY)
    assert len(await rows(database, HELD, email=email)) == 1


async def test_the_key_is_in_no_log_line(ada: Visitor, product: Product) -> None:
    await ask(ada, f"{someone()} pro 12")
    await ada.click("licenses.confirm")
    key = key_in(await message(ada, RECEIPT))
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{product.url}/api/validate", headers={"X-License-Key": key})
    assert answer.json()["valid"] is True
    assert key not in product.log()
    assert key[4:12] not in product.log()
