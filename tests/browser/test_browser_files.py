"""A transcript is dropped into Slack, or posted by a colleague, and followed up."""

import re
from collections.abc import AsyncIterator, Sequence

import pytest_asyncio
from playwright.async_api import FilePayload, Locator, expect
from sqlalchemy import text

from db.store.session import Database
from integrations.sandbox.server import Sandbox
from tests.browser.panel import EDITOR, OPTIONS, PICKER, WRITING_SECONDS, Panel
from tests.kit.transcript_files import Said, zoom_vtt

FILE, MEETING, EVIDENCE = "files.file", "files.meeting", "followups.evidence"
CALL = (
    Said("Ada W", 3, "Thanks for joining, Owen. We have two topics: the price and the dates."),
    Said("Owen Price", 12, "Fine by me. The board approved a budget of 48,000 pounds."),
    Said("Ada W", 21, "I will send you the offer by Friday."),
    Said("Owen Price", 29, "Our warehouse in Leeds opens in March, and I will send you the plan."),
)
CHIAMATA = (
    Said("Leila", 3, "Ciao Paolo, grazie del tempo. Abbiamo due temi: il prezzo e le date."),
    Said("Paolo Neri", 12, "Va bene. Il nostro budget è di 20.000 euro per questo anno."),
    Said("Leila", 21, "Ti mando l'offerta entro venerdì."),
    Said("Paolo Neri", 29, "Perfetto, allora ci sentiamo giovedì e ti mando il piano."),
)
# Reads a file into the browser and lets it fall on the field, as from a desktop.
DROP = """(node, [name, body]) => {
  const moved = new DataTransfer();
  moved.items.add(new File([body], name, { type: "text/vtt" }));
  const falling = { bubbles: true, cancelable: true, dataTransfer: moved };
  node.dispatchEvent(new DragEvent("drop", falling));
}"""


@pytest_asyncio.fixture(autouse=True)
async def no_files_left(database: Database) -> AsyncIterator[None]:
    """Other tests count the meetings of a picker."""
    yield
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM meetings WHERE recording_id < 0"))


async def drop(zone: Locator, call: Sequence[Said]) -> None:
    """A file of Zoom's falls into the field."""
    name, data = zoom_vtt(call)
    await zone.evaluate(DROP, [name, data.decode()])


async def test_a_dropped_zoom_file_is_followed_up_and_its_evidence_quotes_it(panel: Panel) -> None:
    await panel.command("/followup")
    await expect(panel.modal(PICKER)).to_be_visible()
    await panel.element("files.use").click()
    await expect(panel.modal(FILE)).to_be_visible()
    await drop(panel.modal(FILE).locator(".files"), CALL)
    await expect(panel.modal(FILE)).to_contain_text("Recording.transcript.vtt")
    await panel.submit()
    form = panel.modal(MEETING)
    await expect(form).to_contain_text("Thanks for joining, Owen.")
    await panel.choose("Which speaker are you?", "Ada W (2 lines)")
    await expect(form).not_to_contain_text("E-mail of Ada W")
    await panel.field("E-mail of Owen Price (optional)").fill("owen@hartwell-logistics.example")
    await panel.submit()
    await expect(panel.modal(OPTIONS)).to_contain_text("owen@hartwell-logistics.example")
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await panel.element("followups.show_evidence").click()
    await expect(panel.modal(EVIDENCE)).to_contain_text("budget of 48,000 pounds")


async def test_a_file_that_is_none_is_told_where_another_can_be_given(panel: Panel) -> None:
    await panel.command("/followup")
    await panel.element("files.use").click()
    chosen = panel.modal(FILE).locator("input[type=file]")
    await chosen.set_input_files(
        FilePayload(name="photo.txt", mimeType="text/plain", buffer=b"\x89PNG\r\n\x1a\n")
    )
    await expect(panel.modal(FILE)).to_contain_text("photo.txt")
    await panel.submit()
    await expect(panel.modal(FILE)).to_contain_text("“photo.txt” is a picture")
    await drop(panel.modal(FILE).locator(".files"), CALL)
    await expect(panel.modal(FILE)).to_contain_text("Recording.transcript.vtt")
    await panel.submit()
    await expect(panel.modal(MEETING)).to_be_visible()


async def test_a_posted_file_is_followed_up_in_italian(panel: Panel, sandbox: Sandbox) -> None:
    other = sandbox.world.workspaces[1]
    leila = next(person for person in other.people if person.locale == "it-IT")
    room = next(one for one in other.channels if leila.id in one.members)
    await panel.enter(other.id, leila.id, room.id)
    name, data = zoom_vtt(CHIAMATA)
    attach = panel.page.get_by_label(re.compile("Allega un file|Attach a file"))
    await attach.set_input_files(FilePayload(name=name, mimeType="text/vtt", buffer=data))
    posted = panel.messages.filter(has_text=name).last
    await posted.hover()
    await posted.get_by_role("button", name=re.compile("More actions|Altre azioni")).click()
    await panel.page.get_by_role("menuitem", name="Follow up on this file").click()
    await expect(panel.modal(MEETING)).to_contain_text("Quale voce sei tu?")
    await panel.choose("Quale voce sei tu?", "Leila (2 interventi)")
    await panel.submit()
    await panel.modal(OPTIONS).wait_for()
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await expect(panel.field("E-mail")).to_have_value(re.compile("20.000 euro"))
