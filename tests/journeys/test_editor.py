"""View & Edit: what a person types is what counts, whatever else happens to the follow-up."""

import asyncio

import pytest

from integrations.sandbox.google.mime import draft_view
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, card, modal, regenerate, submit, write

CREATE = "followups.create_draft"
DRAFTED = "The draft is in your Gmail"
SUBJECT = "followups.subject"
BODY = "followups.body"
PARAGRAPHS = [f"Paragraph {number}: {'all that was said,  in full; ' * 16}." for number in range(8)]


def typed(sight: Sight, key: str) -> str:
    """What stands in an input."""
    block, action = sight.get(key).where
    return str(sight.values[block][action].get("value") or "")


def body(editor: Sight) -> list[str]:
    """What stands in the fields of the e-mail's text."""
    fields = [action for action in editor.actions if action.startswith(f"{BODY}:")]
    return [typed(editor, field) for field in fields]


async def open_from_card(person: Visitor) -> Sight:
    """View & edit in the card's menu."""
    await person.choose("followups.menu", "View & edit")
    return await modal(person, EDITOR)


async def test_saved_edits_are_what_every_later_action_uses(ada: Visitor, sandbox: Sandbox) -> None:
    await connect_gmail(ada)
    await write(ada, "tidewater")
    await ada.type(SUBJECT, "What we agreed on the pier")
    await ada.type(BODY, "Dear all,\n\n- ropes & <chains>\n- paint\n\nBye")
    await submit(ada)

    saved = await card(ada, "What we agreed on the pier")
    await ada.close(everything=True)
    assert "ropes &amp; &lt;chains&gt;" in saved
    await ada.click(CREATE, within=saved)
    await ada.sees(DRAFTED)

    [draft] = map(draft_view, sandbox.of(Google).accounts.drafts_of(ada.person.email).values())
    assert draft["subject"] == "What we agreed on the pier"
    assert (
        draft["text"].replace("\r\n", "\n")
        == "Dear all,\n\n- ropes & <chains>\n- paint\n\nBye\n\nAda Whitfield\n"
    )
    assert "<li>ropes &amp; &lt;chains&gt;</li>" in draft["html"]


async def test_an_empty_subject_is_refused_and_nothing_typed_is_lost(
    ada: Visitor, ledger: Ledger
) -> None:
    editor = await write(ada, "tidewater")
    await ada.type(SUBJECT, "   ")
    await ada.type(BODY, "Typed with care")

    refused = await ada.submit()

    assert list((refused.errors or {}).values()) == ["Give the e-mail a subject."]
    assert body(editor) == ["Typed with care"]
    await ada.type(SUBJECT, "A subject")
    await submit(ada)
    assert "Typed with care" in await card(ada, "A subject")


async def test_creating_the_draft_without_a_subject_is_told_in_the_editor(
    ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "tidewater")
    await ada.type(SUBJECT, "   ")
    await ada.type(BODY, "Typed with care")
    await ada.click(CREATE)

    await ada.sees("Give the e-mail a subject.")
    editor = await modal(ada, EDITOR)
    assert "Something went wrong" not in editor
    assert typed(editor, SUBJECT).strip() == ""
    assert body(editor) == ["Typed with care"]
    assert ledger.drafts(ada) == []

    await ada.type(SUBJECT, "A subject")
    await ada.click(CREATE)
    await ada.sees(DRAFTED)
    assert "Give the e-mail a subject." not in await modal(ada, EDITOR)
    [draft] = ledger.drafts(ada)
    assert draft["Subject"] == "A subject"


async def test_a_long_text_is_split_over_fields_and_comes_back_to_the_letter(
    ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "tidewater")
    first = "\n\n".join(PARAGRAPHS[:6])
    await ada.type(BODY, first)
    await submit(ada)
    await card(ada, "Version 2")
    await ada.close(everything=True)

    editor = await open_from_card(ada)
    pieces = body(editor)
    assert len(pieces) == 2
    assert "\n\n".join(pieces) == first
    await ada.type(f"{BODY}:2n", pieces[1] + "\n\n" + "\n\n".join(PARAGRAPHS[6:]))
    await ada.click(CREATE)

    await ada.sees(DRAFTED)
    [draft] = ledger.drafts(ada)
    [plain] = [part for part in draft.walk() if part.get_content_type() == "text/plain"]
    text = plain.get_content().replace("\r\n", "\n")
    assert text == "\n\n".join(PARAGRAPHS) + "\n\nAda Whitfield\n"


async def test_saving_without_a_change_makes_no_version(ada: Visitor, ledger: Ledger) -> None:
    await write(ada, "tidewater")
    await submit(ada)

    assert len(await ledger.versions(ada, "tidewater")) == 1


@pytest.mark.parametrize("key", ["followups.ask_regenerate", "followups.show_versions"])
async def test_typed_text_is_kept_when_looking_elsewhere_and_back(key: str, ada: Visitor) -> None:
    await write(ada, "tidewater")
    await ada.type(SUBJECT, "Half-finished thought")
    await ada.type(BODY, "With a body")
    await ada.click(key)
    await ada.until(lambda: ada.modal is not None and "followups.back" in ada.modal.actions)
    await ada.click("followups.back")

    editor = await modal(ada, EDITOR)
    assert typed(editor, SUBJECT) == "Half-finished thought"
    assert body(editor) == ["With a body"]


async def test_regenerating_writes_a_second_version_from_the_cached_prefix(
    ada: Visitor, ledger: Ledger
) -> None:
    before = body(await write(ada, "hartwell logistics: marea"))

    after = body(await regenerate(ada, "Shorter please"))

    assert len("".join(after)) < len("".join(before))
    first, second = ledger.model_usage()
    # Somebody may have followed this meeting up a moment ago: then the first reads the cache too.
    prefix = first["cache_creation_input_tokens"] + first["cache_read_input_tokens"]
    assert prefix > 1_000
    assert second["cache_read_input_tokens"] == prefix
    assert second["cache_creation_input_tokens"] == 0
    spoken = ledger.meeting("hartwell logistics: marea").lines[0].text
    for call in ledger.calls("anthropic", "messages"):
        assert str(call["request"]["body"]).count(spoken) == 1


async def test_an_instruction_is_followed_and_the_edits_before_it_are_sent_along(
    ada: Visitor, ledger: Ledger
) -> None:
    await write(ada, "tidewater")
    await ada.type(SUBJECT, "My own subject, typed by hand")

    editor = await regenerate(ada, "Mention the parking at gate four")

    assert "parking at gate four" in "".join(body(editor))
    assert "My own subject, typed by hand" in str(ledger.calls("anthropic")[-1]["request"]["body"])
    origins = [version.origin for version in await ledger.versions(ada, "tidewater")]
    assert origins == ["written", "edited", "written"]


async def test_an_earlier_version_can_be_restored(ada: Visitor, ledger: Ledger) -> None:
    before = body(await write(ada, "tidewater"))
    assert body(await regenerate(ada, "Shorter")) != before

    await ada.click("followups.show_versions")
    versions = await modal(ada, "followups.versions")
    assert "Version 2" in versions
    assert "“Shorter”" in versions
    restore = versions.get("followups.restore")
    await asyncio.gather(
        *(ada.click("followups.restore", within=Sight(restore.surface)) for _ in range(2))
    )

    assert body(await modal(ada, EDITOR)) == before
    origins = [version.origin for version in await ledger.versions(ada, "tidewater")]
    assert origins == ["written", "written", "restored"]


async def test_an_empty_instruction_is_refused(ada: Visitor, ledger: Ledger) -> None:
    await write(ada, "tidewater")
    await ada.click("followups.ask_regenerate")
    await modal(ada, "followups.regenerate_form")
    await ada.type("followups.instruction", "  ")

    refused = await ada.submit()

    assert "Say what should change" in str(refused.errors)


async def test_edits_after_the_gmail_draft_do_not_change_what_is_in_gmail(
    ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "tidewater")
    await ada.click(CREATE)
    await ada.sees(DRAFTED)
    await ada.type(SUBJECT, "Too late")
    await submit(ada)

    [draft] = ledger.drafts(ada)
    assert draft["Subject"] != "Too late"


async def test_a_discarded_follow_up_keeps_a_status_and_no_buttons(ada: Visitor) -> None:
    await write(ada, "tidewater")
    await ada.close(everything=True)
    await ada.until(lambda: any("followups.menu" in one.actions for one in ada.messages()))

    await ada.choose("followups.menu", "Discard")

    assert (await card(ada, "Discarded.")).actions == []
