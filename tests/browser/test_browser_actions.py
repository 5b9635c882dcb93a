"""A draft becomes everything it is for, is looked at on the other side, and is taken back."""

from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.vendor import Slack
from tests.browser.panel import EDITOR, Panel
from tests.journeys.google import connect_gmail

REVIEW = "followups.review"
UNDO = "followups.undo_review"
RECAP = "followups.recap_form"


@dataclass(frozen=True)
class Words:
    """What a person reads on their way, in their language."""

    person: str
    meeting: str
    channel: str
    posts: str
    do_all: str
    drafted: str
    posted: str
    undo: str
    deletes: str
    deleted: str
    recap_deleted: str


ENGLISH = Words(
    person="U0ADA",
    meeting="hartwell",
    channel="Channel",
    posts="A message in #sales, from me",
    do_all="Do all of it",
    drafted="The draft is in your Gmail.",
    posted="The recap is posted. #sales",
    undo="Undo",
    deletes="The Gmail draft is deleted for good.",
    deleted="The Gmail draft was deleted.",
    recap_deleted="The recap was deleted.",
)
ITALIAN = Words(
    person="U0GIULIA",
    meeting="valdoro",
    channel="Canale",
    posts="Un messaggio in #sales, da parte mia",
    do_all="Fai tutto",
    drafted="La bozza è nel tuo Gmail.",
    posted="Il riepilogo è pubblicato. #sales",
    undo="Annulla quanto fatto",
    deletes="La bozza in Gmail viene eliminata per sempre.",
    deleted="La bozza in Gmail è stata eliminata.",
    recap_deleted="Il riepilogo è stato eliminato.",
)


@pytest.mark.parametrize("words", [ENGLISH, ITALIAN], ids=["en", "it"])
async def test_all_of_it_is_done_seen_and_undone(
    panel: Panel, sandbox: Sandbox, words: Words
) -> None:
    person = sandbox.of(Slack).person("T0HOME", words.person)
    await connect_gmail(person)
    await panel.become(person.person)
    await panel.write(words.meeting)
    await panel.element("followups.show_review").click()
    await expect(panel.modal(REVIEW)).to_be_visible()

    await panel.element("followups.change_recap").click()
    await expect(panel.modal(RECAP)).to_be_visible()
    await panel.choose(words.channel, "#sales")
    await panel.submit()
    await expect(panel.modal(REVIEW)).to_contain_text(words.posts)
    await panel.submit()
    # Progress and receipts come where the button was, not the list of meetings below.
    await expect(panel.modal(EDITOR)).to_contain_text(words.posted)
    await panel.modal().locator("[data-modal=dismiss]").click()

    await panel.open_app("messages")
    card = panel.messages.filter(has_text=words.drafted).last
    await expect(card).to_contain_text(words.posted)
    gmail = await panel.look_at("gmail")
    await expect(gmail.get_by_role("button")).not_to_have_count(0)

    await card.locator("[data-action-id='followups.menu']").click()
    await panel.page.get_by_role("menuitem", name=words.undo).click()
    await expect(panel.modal(UNDO)).to_contain_text(words.deletes)
    await panel.submit()
    await expect(panel.messages.filter(has_text=words.deleted).last).to_contain_text(
        words.recap_deleted
    )
