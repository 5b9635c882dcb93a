"""The model refuses, garbles, is full or away: asked once more, then told, or done without it."""

import asyncio
from functools import partial

import pytest

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, PROGRESS, begin, card, modal, submit, write

PLAIN = "The model was not available"
SAID = {
    "refusal": "The model declined to write about this meeting",
    "not_schema": "answer could not be used (malformed)",
    "truncated": "answer could not be used (truncated)",
}
UNUSABLE = pytest.mark.parametrize("kind", list(SAID))


def model(kind: str, times: int | None = 1, **more: float) -> Fault:
    """The model fails so many times."""
    return Fault("anthropic", "messages", kind, times=times, **more)


def overloaded(times: int | None = None) -> Fault:
    """The model is full: 529."""
    return Fault("anthropic", "messages", "status", times=times, status=529)


async def origins(ledger: Ledger, person: Visitor, words: str) -> list[str]:
    """Where each version of the follow-up came from."""
    return [version.origin for version in await ledger.versions(person, words)]


@UNUSABLE
async def test_an_answer_that_cannot_be_used_is_asked_for_once_more(
    kind: str, ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "orchard", ledger, model(kind))

    await modal(ada, EDITOR)
    assert await origins(ledger, ada, "orchard") == ["written"]
    assert len(ledger.calls("anthropic", "messages")) == 2


@UNUSABLE
async def test_after_two_unusable_answers_it_is_told_and_retry_works(
    kind: str, ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "orchard", ledger, model(kind, times=2))

    told = await ada.sees(SAID[kind])
    assert "Reference" in told
    assert len(ledger.calls("anthropic", "messages")) == 2
    assert await origins(ledger, ada, "orchard") == []

    await ada.click("followups.retry")
    await modal(ada, EDITOR)
    assert await origins(ledger, ada, "orchard") == ["written"]
    assert len(ledger.calls("anthropic", "messages")) == 3


async def test_retry_works_from_the_card_too_when_the_modal_was_closed(
    ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "orchard", ledger, model("refusal", times=2))
    await ada.sees(SAID["refusal"])
    await ada.close(everything=True)

    failed = await card(ada, SAID["refusal"])
    await ada.click("followups.retry", within=failed)

    await card(ada, "Version 1")
    assert len(ada.messages()) == 1


async def test_a_double_click_on_retry_writes_once(ada: Visitor, ledger: Ledger) -> None:
    await begin(ada, "orchard", ledger, model("refusal", times=2))
    told = await ada.sees(SAID["refusal"])

    click = partial(ada.click, "followups.retry", told)
    await asyncio.gather(click(), click())
    await modal(ada, EDITOR)

    assert await origins(ledger, ada, "orchard") == ["written"]
    assert len(ledger.calls("anthropic", "messages")) == 3


async def test_an_overloaded_model_is_asked_again(ada: Visitor, ledger: Ledger) -> None:
    await begin(ada, "orchard", ledger, overloaded(times=2))

    await modal(ada, EDITOR)
    assert await origins(ledger, ada, "orchard") == ["written"]
    assert len(ledger.calls("anthropic", "messages")) == 3


@pytest.mark.parametrize("kind", ["lost_reply", "cut", "malformed"])
async def test_a_lost_or_broken_answer_is_asked_for_again(
    kind: str, ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "orchard", ledger, model(kind))

    await modal(ada, EDITOR)
    assert await origins(ledger, ada, "orchard") == ["written"]
    assert len(ledger.calls("anthropic", "messages")) == 2


async def test_a_model_that_stays_overloaded_leaves_a_plain_draft_marked_as_such(
    ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "orchard", ledger, overloaded())

    editor = await modal(ada, EDITOR)
    assert PLAIN in editor
    assert PLAIN in await card(ada, "Version 1")
    assert await origins(ledger, ada, "orchard") == ["plain"]
    [version] = await ledger.versions(ada, "orchard")
    assert "Key Takeaways" in version.content
    assert (version.model, version.output_tokens) == ("", 0)


async def test_a_plain_draft_becomes_a_written_one_once_the_model_is_back(
    ada: Visitor, ledger: Ledger
) -> None:
    full = model("status", times=None, status=429, retry_after=3_000)
    await begin(ada, "orchard", ledger, full)
    await modal(ada, EDITOR)
    assert await origins(ledger, ada, "orchard") == ["plain"]

    ledger.mend()
    await ada.click("followups.ask_regenerate")
    await modal(ada, "followups.regenerate_form")
    await ada.type("followups.instruction", "Write it properly")
    await submit(ada)

    editor = await modal(ada, EDITOR)
    assert PLAIN not in editor
    assert await origins(ledger, ada, "orchard") == ["plain", "written"]


@pytest.mark.parametrize("status", [401, 402], ids=["key-refused", "no-money-left"])
async def test_a_model_that_will_not_serve_us_leaves_a_plain_draft(
    status: int, ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "orchard", ledger, model("status", times=None, status=status))

    assert PLAIN in await modal(ada, EDITOR)
    assert await origins(ledger, ada, "orchard") == ["plain"]


async def test_a_transcript_too_long_for_the_model_leaves_a_plain_draft(
    ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "orchard", ledger, model("too_long", times=None))

    assert PLAIN in await modal(ada, EDITOR)


async def test_without_model_and_without_a_summary_that_is_told(
    ada: Visitor, ledger: Ledger
) -> None:
    full = model("status", times=None, status=429, retry_after=3_000)
    await begin(ada, "impromptu", ledger, full)

    told = await ada.sees("The model is not available and Fathom has no summary")
    assert told.callback_id == PROGRESS
    ledger.mend()
    await ada.click("followups.retry")
    await modal(ada, EDITOR)


async def test_one_follow_up_takes_one_model_call_with_the_transcript_once(
    ada: Visitor, ledger: Ledger
) -> None:
    await write(ada, "orchard")

    [call] = ledger.calls("anthropic", "messages")
    spoken = ledger.meeting("orchard").lines[0].text
    assert str(call["request"]["body"]).count(spoken) == 1
