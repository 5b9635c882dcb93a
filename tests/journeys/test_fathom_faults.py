"""Fathom is slow, full, away, or no longer accepts the key: told in words, with what to do."""

import pytest

from db.connections import connections
from db.store.session import Database
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, PICKER, PROGRESS, begin, modal, submit

CONNECT = "connections.connect_fathom"
KEY = "connections.fathom_key"
FORM = "connections.fathom_form"
TRANSCRIPT = "recordings.transcript"


def fathom(operation: str, kind: str = "status", times: int | None = 1, **more: float) -> Fault:
    """Fathom fails so many times."""
    return Fault("fathom", operation, kind, times=times, **more)


async def status(database: Database, person: Visitor) -> str:
    """How the person's connection to Fathom is marked."""
    async with database.transaction() as session:
        row = await connections.find(session, person.team.id, person.id, "fathom")
        return row.status if row else ""


async def connect_fathom(person: Visitor, key: str) -> None:
    """Press Connect in what is in sight, type the key, save it."""
    await person.click(CONNECT)
    await modal(person, FORM)
    await person.type(KEY, key)
    await submit(person)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"status": 429, "retry_after": 1}, id="full-for-a-second"),
        pytest.param({"status": 429, "retry_after": 3}, id="full-for-longer"),
        pytest.param({"status": 500}, id="broken"),
        pytest.param({"status": 503, "times": 4}, id="away-for-a-while"),
        pytest.param({"kind": "lost_reply"}, id="reply-lost"),
        pytest.param({"kind": "cut"}, id="reply-cut"),
        pytest.param({"kind": "malformed"}, id="reply-garbled"),
    ],
)
async def test_a_fathom_in_trouble_is_asked_again_for_the_transcript(
    trouble: dict[str, float], ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "juniper", ledger, fathom(TRANSCRIPT, **trouble))

    await modal(ada, EDITOR)
    assert len(await ledger.versions(ada, "juniper")) == 1


async def test_a_fathom_that_never_answers_is_given_up_and_asked_again(
    ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "juniper", ledger, fathom(TRANSCRIPT, kind="timeout"))

    await modal(ada, EDITOR)
    assert len(ledger.calls("fathom", TRANSCRIPT)) == 2


async def test_the_wait_fathom_asks_for_is_kept(ada: Visitor, ledger: Ledger) -> None:
    await begin(ada, "juniper", ledger, fathom(TRANSCRIPT, status=429, retry_after=3))

    await modal(ada, EDITOR)
    first, second = ledger.times("fathom", TRANSCRIPT)
    assert (second - first).total_seconds() >= 3


async def test_a_wait_of_an_hour_is_told_instead_and_retry_works(
    ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "juniper", ledger, fathom(TRANSCRIPT, status=429, retry_after=3_000))

    told = await ada.sees("Fathom asks us to slow down. Please try again in 3000 seconds.")
    assert told.callback_id == PROGRESS
    await ada.click("followups.retry")
    await modal(ada, EDITOR)


async def test_a_recording_without_words_yet_is_told(ada: Visitor, ledger: Ledger) -> None:
    await begin(ada, "juniper", ledger, fathom(TRANSCRIPT, status=404))

    assert "Reference" in await ada.sees("Fathom refused the request (not_found)")


async def test_a_fathom_that_is_down_is_told_where_the_picker_would_be(
    ada: Visitor, ledger: Ledger
) -> None:
    ledger.plan(fathom("meetings.list", status=503, times=None))
    assert (await ada.command("/followup")).ok

    told = await ada.sees("Fathom does not answer right now. Please try again in a minute.")
    assert "Reference" in told
    ledger.mend()
    await ada.click("Retry")
    await modal(ada, PICKER)
    assert len(ada.modals) == 1


async def test_a_page_that_fails_comes_back_in_the_same_window(
    ada: Visitor, ledger: Ledger
) -> None:
    assert (await ada.command("/followup")).ok
    await modal(ada, PICKER)
    ledger.plan(fathom("meetings.list", status=403, times=None))
    await ada.type("followups.search", "pelham")
    await ada.press_enter("followups.search")

    assert "Reference" in await ada.sees("Fathom refused the request (forbidden). Try again")
    ledger.mend()
    await ada.click("Retry")
    assert "Pelham" in await modal(ada, PICKER)
    assert len(ada.modals) == 1


async def test_a_key_that_was_refused_once_is_marked_kept_and_tried_again(
    ada: Visitor, ledger: Ledger, database: Database
) -> None:
    ledger.plan(fathom("meetings.list", status=401))
    assert (await ada.command("/followup")).ok

    told = await ada.sees("Fathom does not accept your connection")
    assert CONNECT in told.actions
    assert await status(database, ada) == "disconnected"

    await ada.click("Retry")
    await ada.until(lambda: (ada.modal and "Older" in ada.modal) or None, 20)
    assert await status(database, ada) == "connected"


async def test_a_key_that_expired_is_replaced_in_the_window_which_then_shows_the_meetings(
    ada: Visitor, ledger: Ledger, database: Database
) -> None:
    ledger.plan(fathom("meetings.list", status=401))
    assert (await ada.command("/followup pelham")).ok
    await ada.sees("Fathom does not accept your connection")

    await connect_fathom(ada, ada.person.fathom_key)

    assert "Pelham" in await modal(ada, PICKER)
    assert len(ada.modals) == 1
    assert await status(database, ada) == "connected"


async def test_a_key_that_is_refused_while_writing_is_told_and_tried_again(
    sam: Visitor, ledger: Ledger, database: Database
) -> None:
    await begin(sam, "nimbus", ledger, fathom(TRANSCRIPT, status=401))

    await sam.sees("Fathom does not accept your connection. Try again")
    assert await status(database, sam) == "disconnected"
    await sam.click("followups.retry")
    await modal(sam, EDITOR)
    assert await status(database, sam) == "connected"


async def offer(person: Visitor) -> list[str]:
    """What can be done about the missing key."""
    return (await person.sees("Connect Fathom first")).actions


async def test_without_a_key_the_picker_offers_to_connect_and_a_refused_key_is_kept_to_mend(
    nora: Visitor, ledger: Ledger, database: Database
) -> None:
    await nora.command("/followup")
    assert CONNECT in await offer(nora)

    await connect_fathom(nora, "fathom-sandbox-nobody")
    refused = await nora.sees("Fathom does not accept this key")
    assert refused.values["connections.fathom_key@0"][KEY]["value"] == "fathom-sandbox-nobody"
    assert await status(database, nora) == ""

    await nora.type(KEY, "schlüssel mit leerzeichen")
    told = await nora.submit()
    assert "That does not look like a Fathom API key" in str(told.errors)

    ledger.plan(fathom("meetings.list", status=503, times=None))
    await nora.type(KEY, nora.person.fathom_key)
    await submit(nora)
    await nora.sees("Fathom does not answer right now")
    ledger.mend()


async def test_a_new_colleague_connects_and_has_no_meetings_yet(
    nora: Visitor, database: Database
) -> None:
    await nora.command("/seguito connections")
    await nora.sees("not connected")
    await connect_fathom(nora, nora.person.fathom_key)
    await nora.sees("Fathom is connected")
    await nora.close(everything=True)

    await nora.command("/followup")
    await nora.sees("No recorded meetings here")

    await nora.close(everything=True)
    await nora.command("/seguito connections")
    await nora.sees(":large_green_circle: connected")
    await nora.click("connections.disconnect")
    await nora.until(lambda: str(nora.modal).count(":white_circle: not connected") == 2 or None)
    assert await status(database, nora) == ""
