"""Transcripts that people bring: from the picker, or from a message somebody posted."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text

from db.store.session import Database
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, OPTIONS, PICKER, modal, submit
from tests.kit.transcript_files import Said, zoom_vtt

FILE, MEETING = "files.file", "files.meeting"
CALL = (
    Said("Ada W", 3, "Thanks for joining, Owen. We have two topics: the price and the dates."),
    Said("Owen Price", 12, "Fine by me. The board approved a budget of 48,000 pounds."),
    Said("Ada W", 21, "I will send you the offer by Friday."),
    Said("Owen Price", 29, "Our warehouse in Leeds opens in March, and I will send you the plan."),
)
NO_FILES = (
    text("DELETE FROM meetings WHERE recording_id < 0"),
    text("DELETE FROM transcripts WHERE recording_id < 0"),
)


@pytest_asyncio.fixture(autouse=True)
async def no_files_left(database: Database) -> AsyncIterator[None]:
    """Other journeys count the meetings of a picker."""
    yield
    async with database.transaction() as session:
        for statement in NO_FILES:
            await session.execute(statement)


async def give(person: Visitor, name: str, content: bytes) -> None:
    """`/followup`, *Use a transcript*, the file."""
    assert (await person.command("/followup")).ok
    await modal(person, PICKER)
    await person.click("files.use")
    await modal(person, FILE)
    person.attach("files.upload", name, content)
    await submit(person)


async def describe(person: Visitor) -> Sight:
    """The form about the meeting, Owen's address in it; its options."""
    await modal(person, MEETING)
    await person.choose("files.own", "Ada W (2 lines)")
    await person.until(lambda: (person.modal and "E-mail of Ada W" not in person.modal) or None)
    await person.type("E-mail of Owen Price", "owen@hartwell-logistics.example")
    await submit(person)
    return await modal(person, OPTIONS)


async def test_a_zoom_file_becomes_a_follow_up_whose_evidence_quotes_it(ada: Visitor) -> None:
    await give(ada, *zoom_vtt(CALL))
    options = await describe(ada)
    assert "GMT20261120" in options
    assert "Owen Price (owen@hartwell-logistics.example)" in json.dumps(options.blocks)

    await submit(ada)
    editor = await modal(ada, EDITOR)
    assert "owen@hartwell-logistics.example" in json.dumps(editor.values)
    await ada.click("followups.show_evidence")
    evidence = await ada.sees("48,000")
    assert "Owen Price" in evidence

    await ada.close(everything=True)
    await ada.command("/followup Owen")
    picker = await modal(ada, PICKER)
    assert "GMT20261120" in picker
    assert "followups.open" in picker.actions


async def test_without_fathom_a_file_is_all_it_takes(nora: Visitor) -> None:
    assert (await nora.command("/followup")).ok
    picker = await modal(nora, PICKER)
    assert "connections.connect_fathom" in picker.actions
    await nora.click("files.use")
    await modal(nora, FILE)
    nora.attach("files.upload", *zoom_vtt(CALL))
    await submit(nora)
    await modal(nora, MEETING)
    await nora.choose("files.own", "Ada W (2 lines)")
    await submit(nora)
    await modal(nora, OPTIONS)
    await submit(nora)
    await modal(nora, EDITOR)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n", "“photo.txt” is a picture"),
        ("notes.txt", b"nobody says anything here", "does not say who speaks"),
        ("solo.txt", b"Rhea: Hello.\nRhea: Still me.\n", "only Rhea speaks"),
        ("broken.docx", b"PK\x03\x04", "is damaged"),
    ],
)
async def test_a_file_that_is_none_says_so_and_another_may_be_given(
    ada: Visitor, ledger: Ledger, name: str, content: bytes, says: str
) -> None:
    await give(ada, name, content)
    await ada.sees(says)
    form = await modal(ada, FILE)
    assert "files.upload" in form.actions
    ada.attach("files.upload", *zoom_vtt(CALL))
    await submit(ada)
    await modal(ada, MEETING)


async def test_a_colleagues_posted_file_is_followed_up_from_its_message(
    ada: Visitor, sam: Visitor
) -> None:
    posted = sam.share(*zoom_vtt(CALL), channel="C0GENERAL")
    seen = next(one for one in ada.messages("C0GENERAL") if one.surface.post is posted.surface.post)
    assert (await ada.shortcut("files.from_message", seen)).ok
    await describe(ada)


async def test_swapped_speakers_are_noticed_and_swapped_back(ada: Visitor) -> None:
    swapped = (
        Said("Ada W", 3, "Thanks, Ada. The budget is 48,000 pounds."),
        Said("Owen Price", 9, "I will send you the offer by Friday."),
    )
    await give(ada, *zoom_vtt(swapped * 2))
    await modal(ada, MEETING)
    await ada.choose("files.own", "Ada W (2 lines)")
    await submit(ada)
    options = await ada.sees("may be swapped")
    assert options.callback_id == OPTIONS
    await ada.click("files.swap")
    await ada.until(lambda: (ada.modal and "may be swapped" not in ada.modal) or None)


async def test_without_the_scope_the_field_is_left_out_and_it_is_said_why(ada: Visitor) -> None:
    ada.team.scopes.discard("files:read")
    try:
        await ada.command("/followup")
        await modal(ada, PICKER)
        await ada.click("files.use")
        refused = await ada.sees("I may not read files")
        assert "files.upload" not in refused.actions
        posted = ada.share(*zoom_vtt(CALL))
        await ada.close(everything=True)
        await ada.shortcut("files.from_message", posted)
        await ada.sees("I may not read files")
    finally:
        ada.team.scopes.add("files:read")


async def test_what_slack_only_links_to_or_has_deleted_is_refused_with_a_sentence(
    ada: Visitor,
) -> None:
    posted = ada.share(*zoom_vtt(CALL))
    assert posted.surface.post is not None
    [file_id] = posted.surface.post.files
    ada.team.uploads.delete(file_id)
    await ada.shortcut("files.from_message", posted)
    await ada.sees("was deleted")
    await ada.close(everything=True)
    link = ada.team.uploads.link(ada.id, "notes.docx", "https://drive.example/1")
    posted.surface.post.files = (link.id,)
    await ada.shortcut("files.from_message", posted)
    await ada.sees("lies outside Slack")
