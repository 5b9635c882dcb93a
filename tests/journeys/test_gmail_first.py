"""A draft is wished for before Gmail is connected: the link is there, and the draft goes on."""

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import (
    OPEN_LINK,
    browser,
    connect_gmail,
    consent,
    disconnect_gmail,
    follow,
    link_in,
    linked_card,
)
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, card, message, modal, write
from tests.kit.product import Product

DRAFTED = "The draft is in your Gmail"
CREATE = "followups.create_draft"


async def test_without_gmail_the_link_is_where_the_button_was_and_the_draft_goes_on(
    sam: Visitor, ledger: Ledger
) -> None:
    await disconnect_gmail(sam)
    await write(sam, "kestrel")
    await sam.type("followups.subject", "Typed before Gmail was connected")
    await sam.click(CREATE)

    editor = await sam.sees("Connect Gmail, and the draft is created by itself")
    assert editor.callback_id == EDITOR
    assert CREATE not in editor.actions
    await follow(sam, link_in(editor))

    await sam.sees(DRAFTED)
    assert OPEN_LINK not in (await modal(sam, EDITOR)).actions
    [draft] = ledger.drafts(sam)
    assert draft["Subject"] == "Typed before Gmail was connected"


async def test_a_process_killed_after_the_consent_still_goes_on_with_the_draft(
    sam: Visitor, ledger: Ledger, product: Product
) -> None:
    await disconnect_gmail(sam)
    await write(sam, "kestrel")
    await sam.click(CREATE)
    link = link_in(await sam.sees("Connect Gmail, and the draft is created by itself"))
    slow = ledger.plan(Fault("gmail", "drafts.list", "slow", seconds=5))
    await follow(sam, link)
    await ledger.spoiled(slow)
    product.kill()
    ledger.mend()
    await product.start()

    await sam.sees(DRAFTED)
    assert len(ledger.drafts(sam)) == 1


async def test_a_card_takes_the_link_too_and_is_itself_again_afterwards(
    sam: Visitor, ledger: Ledger
) -> None:
    await disconnect_gmail(sam)
    await write(sam, "kestrel")
    await sam.close(everything=True)
    await sam.click(CREATE, within=await card(sam, "Version 1"))

    await follow(sam, await linked_card(sam))
    finished = await card(sam, DRAFTED)
    assert finished.actions == ["followups.menu"]
    assert len(ledger.drafts(sam)) == 1


async def test_a_mailbox_that_may_be_the_wrong_one_is_told_before_the_first_draft(
    sam: Visitor, ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await disconnect_gmail(sam)
    await write(sam, "kestrel")
    await sam.click(CREATE)
    editor = await sam.sees("Connect Gmail, and the draft is created by itself")
    page = await follow(sam, link_in(editor), account=ada.person.email)

    doubts = (
        f"{ada.person.email} is not your address in Slack ({sam.person.email}).",
        f"A colleague has connected {ada.person.email} too.",
    )
    assert all(doubt in page for doubt in doubts)
    asked = await sam.sees("If drafts may go there, press Create Gmail draft")
    assert all(doubt in asked for doubt in doubts)
    told = await message(sam, "Gmail is connected as")
    assert all(doubt in told for doubt in doubts)
    assert ledger.drafts(ada) == []

    await sam.click(CREATE)
    await sam.sees(DRAFTED)
    assert len(ledger.drafts(ada)) == 1


async def test_a_consent_that_is_denied_takes_the_used_link_away(
    sam: Visitor, ledger: Ledger
) -> None:
    await write(sam, "kestrel")
    await sam.click(CREATE)
    link = link_in(await sam.sees("Connect Gmail, and the draft is created by itself"))
    async with browser() as window:
        await consent(window, link, sam.person.email, decision="deny")

    await sam.until(lambda: (sam.modal is not None and CREATE in sam.modal.actions) or None)
    assert ledger.drafts(sam) == []
