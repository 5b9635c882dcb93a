"""A day in two workspaces at once, in both languages: a Zoom file, its draft, done and undone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import BrowserContext, expect

from integrations.sandbox.google.vendor import Google
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import EDITOR, OPTIONS, PICKER, WRITING_SECONDS, Panel
from tests.browser.test_browser_files import (
    CALL,
    CHIAMATA,
    EVIDENCE,
    FILE,
    MEETING,
    drop,
    no_files_left,
)
from tests.journeys.google import connect_gmail
from tests.kit.transcript_files import Said

__all__ = ["no_files_left"]

REVIEW, UNDO = "followups.review", "followups.undo_review"
PATIENCE_MS = WRITING_SECONDS * 1000


@dataclass(frozen=True, slots=True)
class Day:
    """Somebody's call, who of its speakers they are, and what they read on the way."""

    person: Visitor
    call: Sequence[Said]
    own: str
    question: str
    heard: str
    added: str
    done: str
    undo: str


async def live(window: BrowserContext, url: str, sandbox: Sandbox, day: Day) -> None:
    """From the dropped file to the draft in Gmail, and back."""
    person = day.person
    await connect_gmail(person)
    panel = Panel(await window.new_page(), url)
    await panel.enter(person.team.id, person.id)
    await panel.command("/followup")
    await expect(panel.modal(PICKER)).to_be_visible()
    await panel.element("files.use").click()
    await drop(panel.modal(FILE).locator(".files"), day.call)
    await expect(panel.modal(FILE)).to_contain_text("transcript.vtt")
    await panel.submit()
    await expect(panel.modal(MEETING)).to_be_visible()
    await panel.choose(day.question, day.own)
    await panel.submit()
    await expect(panel.modal(OPTIONS)).to_be_visible()
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=PATIENCE_MS)
    await check_and_edit(panel, day)
    await do_and_undo(panel, sandbox, day)


async def check_and_edit(panel: Panel, day: Day) -> None:
    """The evidence quotes the file; a sentence is added."""
    await panel.element("followups.show_evidence").click()
    await expect(panel.modal(EVIDENCE)).to_contain_text(day.heard)
    await panel.element("followups.back").click()
    body = panel.field("E-mail")
    await body.fill(f"{await body.input_value()}\n\n{day.added}")


async def do_and_undo(panel: Panel, sandbox: Sandbox, day: Day) -> None:
    """*Do all of it*, the draft alone, is in this person's Gmail, and is taken back."""
    await panel.element("followups.show_review").click()
    review = panel.modal(REVIEW)
    await expect(review).to_be_visible()
    for place, box in enumerate(await review.get_by_role("checkbox").all()):
        await box.set_checked(place == 0)
    drafts = sandbox.of(Google).accounts.drafts_of(day.person.person.email)
    known = set(drafts)
    await panel.submit()
    await expect(review).to_have_count(0)
    await day.person.until(lambda: set(drafts) - known or None, WRITING_SECONDS)
    await panel.modal().locator("[data-modal=dismiss]").click()
    await panel.open_app("messages")
    card = panel.messages.filter(has_text=day.done).last
    await expect(card).to_be_visible(timeout=PATIENCE_MS)
    await panel.pick_item(card.locator("[data-action-id='followups.menu']"), day.undo)
    await expect(panel.modal(UNDO)).to_be_visible()
    await panel.submit()
    await day.person.until(lambda: not set(drafts) - known or None, WRITING_SECONDS)


async def test_a_day_in_two_workspaces_at_once_and_in_both_languages(
    window: BrowserContext, sandbox_url: tuple[str, Sandbox], ada: Visitor
) -> None:
    url, sandbox = sandbox_url
    other = sandbox.world.workspaces[1]
    italian = next(one for one in other.people if one.locale == "it-IT")
    leila = sandbox.of(Slack).person(other.id, italian.id)
    english_day = Day(
        person=ada,
        call=CALL,
        own="Ada W (2 lines)",
        question="Which speaker are you?",
        heard="budget of 48,000 pounds",
        added="Talk soon.",
        done="The draft is in your Gmail.",
        undo="Undo",
    )
    italian_day = Day(
        person=leila,
        call=CHIAMATA,
        own="Leila (2 interventi)",
        question="Quale voce sei tu?",
        heard="20.000 euro",
        added="A presto.",
        done="La bozza è nel tuo Gmail.",
        undo="Annulla quanto fatto",
    )
    await asyncio.gather(
        live(window, url, sandbox, english_day), live(window, url, sandbox, italian_day)
    )
