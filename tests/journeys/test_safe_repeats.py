"""Whatever Slack delivers twice, and whoever presses what is not theirs, changes nothing."""

import json
from urllib.parse import urlencode

import httpx

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, card, choose_meeting, modal, regenerate, submit, write
from tests.journeys.wire import click_as, deliver, last_delivery
from tests.kit.product import Product

CREATE = "followups.create_draft"
NOT_YOURS = "I cannot find that follow-up. It may be somebody else’s"


async def finished_card(person: Visitor, words: str) -> Sight:
    """A follow-up's card, the modals closed."""
    await write(person, words)
    await person.close(everything=True)
    return await card(person, "Version 1")


async def test_the_same_submission_twice_starts_one_follow_up(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await choose_meeting(ada, "lumen")
    await submit(ada)
    again = await deliver(sandbox, last_delivery(sandbox, "view_submission"))

    assert (again.json() or {})["response_action"] == "update"
    await modal(ada, EDITOR)
    await ledger.idle()
    assert len(ledger.calls("anthropic", "messages")) == 1
    await ada.close(everything=True)
    assert len(ada.messages()) == 1


async def test_the_same_submission_to_another_process_starts_one_follow_up(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await choose_meeting(ada, "lumen")
    await submit(ada)
    # Whoever saw the first delivery would know its trigger; another process does not.
    payload = last_delivery(sandbox, "view_submission") | {"trigger_id": "another.process"}
    await deliver(sandbox, payload)

    await modal(ada, EDITOR)
    await ledger.idle()
    assert len(ledger.calls("anthropic", "messages")) == 1


async def test_a_regeneration_delivered_twice_makes_one_version(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await write(ada, "lumen")
    await regenerate(ada, "Shorter")
    await deliver(sandbox, last_delivery(sandbox, "view_submission"))

    await ledger.idle()
    assert len(await ledger.versions(ada, "lumen")) == 2


async def test_a_click_delivered_twice_creates_one_draft(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "lumen")
    await ada.click(CREATE)
    click = last_delivery(sandbox, "block_actions")
    await deliver(sandbox, click)
    await deliver(sandbox, click | {"trigger_id": "another.process"})

    await ada.sees("The draft is in your Gmail")
    await deliver(sandbox, click | {"trigger_id": "a.third"})
    await ledger.idle()
    assert len(ledger.drafts(ada)) == 1


async def test_an_event_delivered_again_draws_the_home_once(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    ada.visit("home")
    await ada.until(lambda: ledger.calls("slack", "views.publish"))
    drawn = len(ledger.calls("slack", "views.publish"))

    again = await sandbox.of(Slack).events.redeliver(attempt=1)

    assert again.status == 200
    await ledger.idle()
    assert len(ledger.calls("slack", "views.publish")) == drawn


async def test_only_the_owner_may_act_on_a_card(
    ada: Visitor, sam: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await connect_gmail(sam)
    adas = await finished_card(ada, "lumen")

    assert (await click_as(sandbox, sam, CREATE, adas)).status == 200

    told = await sam.sees(NOT_YOURS)
    assert told.only_for_me or told.callback_id
    await ledger.idle()
    assert ledger.drafts(ada) == ledger.drafts(sam) == []
    assert CREATE in (await card(ada, "Version 1")).actions


async def test_another_workspace_cannot_act_on_a_card_either(
    ada: Visitor, tomas: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    adas = await finished_card(ada, "lumen")

    await connect_gmail(tomas)
    await click_as(sandbox, tomas, CREATE, adas)

    await tomas.sees(NOT_YOURS)
    assert ledger.drafts(tomas) == []


async def test_a_request_nobody_signed_is_turned_away(
    ada: Visitor, product: Product, sandbox: Sandbox
) -> None:
    await choose_meeting(ada, "lumen")
    body = urlencode({"payload": json.dumps({"type": "view_submission"})})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with httpx.AsyncClient(trust_env=False) as stranger:
        for path in ("events", "commands", "interactions"):
            answer = await stranger.post(
                f"{product.url}/slack/{path}", content=body, headers=headers
            )
            assert answer.status_code == 401
