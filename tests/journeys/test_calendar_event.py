"""From a draft to an event: times that are free, one event whatever fails, and taken back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from integrations.sandbox.google.accounts import GoogleAccounts
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import card, modal, submit, write
from tests.kit.product import Product

FORM, OPEN = "calendar.form", "calendar.open"
DONE = "The event is in your calendar"


@pytest_asyncio.fixture(autouse=True)
async def calendar(sandbox: Sandbox) -> AsyncIterator[GoogleAccounts]:
    """Calendars as the cast has them."""
    accounts = sandbox.of(Google).accounts
    accounts.events.clear()
    yield accounts
    accounts.events.clear()
    accounts.meet_after, accounts.zones = 0, {}


def created(calendar: GoogleAccounts, person: Visitor) -> list[dict[str, Any]]:
    """The events that are not the cast's own."""
    events = calendar.events_of(person.person.email).values()
    return [one for one in events if not str(one["id"]).startswith(("m7", "standup"))]


async def open_form(person: Visitor, words: str = "saffron") -> None:
    """From the command to the form with its times."""
    await connect_gmail(person)
    await write(person, words)
    await person.click(OPEN)
    await modal(person, FORM)


async def test_a_free_time_becomes_an_event_nobody_is_written_about(
    ada: Visitor, calendar: GoogleAccounts
) -> None:
    await open_form(ada)
    form = await modal(ada, FORM)
    assert "Times are those of Europe/London" in form
    await ada.type("calendar.title", "Pilot & prices")
    await ada.type("calendar.agenda", "R&D <beta>")
    await submit(ada)
    await card(ada, DONE)
    [event] = created(calendar, ada)
    start = datetime.fromisoformat(event["start"]["dateTime"])
    assert start > datetime.now(UTC).replace(tzinfo=None)
    assert event["start"]["timeZone"] == "Europe/London"
    assert event["summary"] == "Pilot & prices"
    assert event["description"].startswith("R&amp;D &lt;beta&gt;")
    assert event["hangoutLink"].startswith("https://meet.google.com/")
    assert "attendees" not in event
    assert "mailed" not in event


async def test_guests_are_invited_when_it_is_ticked_and_hear_of_the_end(
    giulia: Visitor, calendar: GoogleAccounts
) -> None:
    await open_form(giulia, "fiorano")
    await giulia.choose("calendar.flags", "invite")
    await giulia.choose("calendar.length", "60")
    await submit(giulia)
    done = await card(giulia, "L’evento è nel tuo calendario")
    [event] = created(calendar, giulia)
    assert [mail["kind"] for mail in event["mailed"]] == ["invitation"]
    assert [guest["email"] for guest in event["attendees"]] == event["mailed"][0]["to"]
    assert "conferenceData" not in event
    await giulia.close(everything=True)
    await giulia.choose("followups.menu", "Annulla quanto fatto", within=done)
    await modal(giulia, "followups.undo_review")
    assert "ricev" in (await modal(giulia, "followups.undo_review")).text
    await submit(giulia)
    await card(giulia, "L’evento in calendario è stato eliminato")
    assert event["status"] == "cancelled"
    assert [mail["kind"] for mail in event["mailed"]] == ["invitation", "cancellation"]


async def test_a_time_that_is_over_is_refused_and_the_form_stays(
    ada: Visitor, calendar: GoogleAccounts
) -> None:
    await open_form(ada)
    await ada.choose("calendar.day", "2026-01-05")
    await ada.choose("calendar.time", "10:00")
    outcome = await ada.submit()
    assert "is over already" in str(outcome.errors)
    assert created(calendar, ada) == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(vendor="calendar", operation="events.insert", kind="lost_reply"),
        Fault(vendor="calendar", operation="events.insert", status=503),
        Fault(vendor="calendar", operation="events.insert", status=401),
        Fault(vendor="calendar", operation="events.insert", status=429, retry_after=0.5),
    ],
)
async def test_one_event_whatever_fails(
    ada: Visitor, calendar: GoogleAccounts, ledger: Ledger, fault: Fault
) -> None:
    await open_form(ada)
    ledger.plan(fault)
    await submit(ada)
    await card(ada, DONE)
    assert len(created(calendar, ada)) == 1


@pytest.mark.process
async def test_a_process_killed_after_the_event_was_made_makes_no_second(
    ada: Visitor, calendar: GoogleAccounts, ledger: Ledger, product: Product
) -> None:
    await open_form(ada)
    lost = ledger.plan(Fault(vendor="calendar", operation="events.insert", kind="lost_reply"))
    await submit(ada)
    await ledger.spoiled(lost)
    product.kill()
    await product.start()
    await card(ada, DONE)
    assert len(created(calendar, ada)) == 1


async def test_without_google_the_link_is_where_the_person_is(ada: Visitor) -> None:
    await write(ada, "saffron")
    await ada.click(OPEN)
    await ada.sees("Connect Google first")
    assert "connections.connect_gmail" in (ada.modal.actions if ada.modal else [])


async def test_a_room_that_takes_its_time_is_waited_for(
    ada: Visitor, calendar: GoogleAccounts
) -> None:
    calendar.meet_after = 2
    await open_form(ada)
    await submit(ada)
    done = await card(ada, DONE)
    assert "follows" not in done.text
    [event] = created(calendar, ada)
    assert event["hangoutLink"]
