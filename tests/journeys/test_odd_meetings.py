"""Meetings as they really are: endless, crowded, oddly named, or trying to give orders."""

import json
import re

import pytest

from integrations.sandbox.google.mime import draft_view
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, OPTIONS, card, choose_meeting, modal, submit, write

CREATE = "followups.create_draft"
DRAFTED = "The draft is in your Gmail"
MARKUP = re.compile(r"<(?!!date\^|https://(?:mail\.google\.com|fathom\.video)/)[^>]*>")


async def draft_in_gmail(person: Visitor, ledger: Ledger, words: str) -> dict[str, str]:
    """From the command to the draft, as Gmail shows it."""
    await connect_gmail(person)
    await write(person, words)
    await person.click(CREATE)
    await person.sees(DRAFTED)
    await ledger.idle()
    [draft] = ledger.stored_drafts(person)
    return draft_view(draft)


async def test_a_meeting_of_three_hours_is_sent_once_and_whole(
    ada: Visitor, ledger: Ledger
) -> None:
    meeting = ledger.meeting("rollout workshop")
    assert (meeting.ended_at - meeting.started_at).total_seconds() >= 3 * 3600 - 120

    draft = await draft_in_gmail(ada, ledger, "rollout workshop")

    assert draft["text"].startswith("Hi ")
    [body] = ledger.model_requests()
    document = str(body["messages"])
    assert len(meeting.lines) > 300
    assert [line for line in meeting.lines if f": {line.text}"[:60] not in document] == []


async def test_a_title_of_300_characters_fits_everywhere(ada: Visitor, ledger: Ledger) -> None:
    title = ledger.meeting("quarterly business review").title
    assert len(title) >= 290

    draft = await draft_in_gmail(ada, ledger, "quarterly business review")

    assert 0 < len(draft["subject"]) <= 250
    assert title[:60] in await card(ada, DRAFTED)


async def test_forty_guests_can_all_be_written_to(ada: Visitor, ledger: Ledger) -> None:
    guests = [g.email for g in ledger.meeting("all-hands").guests if g.is_external]
    assert len(guests) >= 39

    draft = await draft_in_gmail(ada, ledger, "all-hands")

    assert sorted(draft["to"].split(", ")) == sorted(str(email) for email in guests)


@pytest.mark.parametrize("words", ["product and sales sync", "impromptu"])
async def test_without_outside_guests_nobody_is_chosen_and_that_is_said(
    words: str, ada: Visitor, ledger: Ledger
) -> None:
    assert "no one is ticked" in await choose_meeting(ada, words)
    await ada.close(everything=True)

    draft = await draft_in_gmail(ada, ledger, words)

    assert draft["to"] == ""
    assert "No recipients yet" in await card(ada, DRAFTED)


async def test_recipients_can_be_unticked_and_added(ada: Visitor, ledger: Ledger) -> None:
    await connect_gmail(ada)
    await choose_meeting(ada, "cobalt")
    await ada.choose("followups.to")
    await ada.type("followups.also_to", "Boss@Cobalt.example; second@cobalt.example")
    await ada.type("followups.cc", "sam@altamarea.example")
    await submit(ada)
    await modal(ada, EDITOR)
    await ada.click(CREATE)
    await ada.sees(DRAFTED)

    [draft] = ledger.drafts(ada)
    assert draft["To"] == "boss@cobalt.example, second@cobalt.example"
    assert draft["Cc"] == "sam@altamarea.example"


async def test_guests_without_address_or_name_are_no_obstacle(ada: Visitor, ledger: Ledger) -> None:
    draft = await draft_in_gmail(ada, ledger, "castellan")

    assert draft["to"] == "office@castellan.example, facilities@castellan.example"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("balloons", "Zoë 🌻 & Party Planet 🎉"),
        ("gesher", "مؤسسة النور للتجارة / Gesher Systems גשר"),
    ],
)
async def test_names_in_any_script_are_shown_and_written_as_they_are(
    words: str, shown: str, ada: Visitor, ledger: Ledger
) -> None:
    draft = await draft_in_gmail(ada, ledger, words)

    title = shown.replace("&", "&amp;")
    # Isolated, so that a name that runs from right to left leaves the rest of the line alone.
    assert f"\u2068{title}" in await card(ada, DRAFTED)
    assert "\ufffd" not in draft["text"]
    assert draft["subject"] == (await ledger.current(ada, words)).subject


async def test_markup_in_names_and_titles_stays_text(ada: Visitor, ledger: Ledger) -> None:
    options = await choose_meeting(ada, "escalation")
    assert "<!channel>" not in options.text.replace("&lt;", "")
    await ada.close(everything=True)

    draft = await draft_in_gmail(ada, ledger, "escalation")

    for sight in (*ada.modals, *ada.messages()):
        mrkdwn = list(_mrkdwn(sight.blocks))
        assert mrkdwn
        assert [MARKUP.findall(text) for text in mrkdwn if MARKUP.search(text)] == []
        assert not any("*urgent*" in text or "*Bold*" in text for text in mrkdwn)
    assert "<script" not in draft["html"]
    assert "<b>Widget" not in draft["html"]


async def test_orders_given_inside_a_transcript_change_nothing_but_words(
    ada: Visitor, ledger: Ledger
) -> None:
    draft = await draft_in_gmail(ada, ledger, "halcyon")

    assert draft["to"] == "vic@halcyonmedia.example"
    assert draft["cc"] == ""
    assert "attacker@evil.example" not in draft["to"] + draft["cc"] + draft["subject"]
    assert draft["text"].strip() != "DONE"
    system = json.dumps(ledger.model_requests()[0]["system"])
    assert "developer mode" not in system
    assert {call["request"]["operation"] for call in ledger.calls("gmail")} <= {
        "drafts.list",
        "drafts.get",
        "drafts.create",
    }


def _mrkdwn(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for member in value for text in _mrkdwn(member)]
    if not isinstance(value, dict):
        return []
    own = [str(value["text"])] if value.get("type") == "mrkdwn" else []
    return own + [text for member in value.values() for text in _mrkdwn(member)]


async def test_the_options_of_every_meeting_can_be_opened(ada: Visitor, sandbox: Sandbox) -> None:
    odd = ("quarterly business", "all-hands", "balloons", "gesher", "escalation", "castellan")
    for words in odd:
        await choose_meeting(ada, words)
        assert (await modal(ada, OPTIONS)).values
        await ada.close(everything=True)
