"""Invented people, meetings and follow-ups, always the same, that the views are drawn from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.actors import Actor
from services.connections.connections import FATHOM, GOOGLE, ConnectionHealth
from services.connections.crm_keys import CRM, CRONO
from services.followups.actions import ActionPlan, Planned
from services.followups.drafts import Draft, Options
from services.followups.progress import (
    DONE,
    PENDING,
    READY,
    FollowUp,
    Receipt,
    Revision,
)
from services.followups.templates import BUILT_IN, Template
from services.followups.writing import LINES, NO_CRM
from services.meetings.history import Guest
from services.meetings.meetings import Meeting, MeetingPage
from services.operations import Step
from services.people.members import Member, Preferences
from services.phrases import Phrase

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA = Actor("T0HOME", "U0ADA")
FOLLOWUP_ID = "f0110000000000000000000000000001"

TITLE = "Acme × Northwind"
ACCOUNT = "ada@northwind.example"
CAROL = Guest("Carol Vance", "carol@acme.example", is_external=True)
DAN = Guest("Dan Ito", "dan@acme.example", is_external=True)
BOB = Guest("Bob Mays", "bob@northwind.example", is_external=False)
ADA_GUEST = Guest("Ada Bell", ACCOUNT, is_external=False)

SUBJECT = Phrase("Our pilot in Turin", "Il nostro pilota a Torino")
BODY = Phrase(
    "Hi Carol,\n\nthank you for today. We agreed on a pilot with two robots.\n\n"
    "- We send the offer by Friday.\n- You name the hall.\n\nBest,\nAda",
    "Ciao Carol,\n\ngrazie per oggi. Abbiamo concordato un pilota con due robot.\n\n"
    "- Inviamo l’offerta entro venerdì.\n- Voi indicate il capannone.\n\nA presto,\nAda",
)
SUMMARY = Phrase("A pilot with two robots was agreed.", "Concordato un pilota con due robot.")
NOTE = Phrase("Next steps: offer by Friday", "Prossimi passi: offerta entro venerdì")
INSTRUCTION = Phrase("Shorter, please", "Più breve, per favore")
OUTLINE = Phrase("The price; the next step.", "Il prezzo; il prossimo passo.")
OWN_NAME = Phrase("Price talk", "Parliamo di prezzi")
SHARED_NAME = Phrase("House style", "Stile della casa")
SIGNATURE = "Ada Bell\nNorthwind"


def member(language: str, *, preferences: Preferences | None = None) -> Member:
    """Ada, spoken to in `language`, at home in Rome."""
    return Member(ADA, "Ada Bell", ACCOUNT, language, "Europe/Rome", preferences or Preferences())


def preferring(language: str) -> Member:
    """Ada, who has changed every default."""
    return member(language, preferences=Preferences("it", "formal", "short", SIGNATURE))


def meeting(number: int = 1, **changes: Any) -> Meeting:
    """A meeting of two companies; the higher the number, the longer ago it was."""
    starts = NOW - (number - 1) * 7 * HOUR
    usual = Meeting(
        recording_id=9_000 + number,
        title=TITLE,
        url="https://fathom.video/share/abc",
        started_at=starts,
        ended_at=starts + HOUR / 2,
        language="en",
        recorder=ADA_GUEST,
        guests=(ADA_GUEST, CAROL, BOB, DAN),
    )
    return replace(usual, **changes)


def page(*meetings: Meeting, **changes: Any) -> MeetingPage:
    """A first page which is not the last; how far back it looked is four weeks."""
    usual = MeetingPage(
        meetings=meetings,
        search="",
        show="mine",
        offset=0,
        has_newer=False,
        has_older=False,
        since=NOW - timedelta(days=28),
        complete=False,
    )
    return replace(usual, **changes)


def draft(language: str, **changes: Any) -> Draft:
    """What the model wrote, with a note for the CRM."""
    usual = Draft(
        subject=SUBJECT(language),
        body=BODY(language),
        summary=SUMMARY(language),
        note=NOTE(language),
    )
    return replace(usual, **changes)


def steps(language: str, *states: str) -> tuple[Step, ...]:
    """The job's three steps in these states; those that are over took their time."""
    notes = {"transcript": LINES(language, 184), "crm": NO_CRM(language), "draft": ""}
    spent = {"transcript": 0.8, "crm": 0.0, "draft": 12.4}
    return tuple(
        Step(name, state, notes[name], 1, NOW, NOW + timedelta(seconds=spent[name]), None)
        if state not in ("waiting", "running")
        else Step(name, state, "", 0, None, None, None)
        for name, state in zip(notes, states, strict=True)
    )


def followup(language: str, **changes: Any) -> FollowUp:
    """A follow-up whose first version is ready."""
    usual = FollowUp(
        id=FOLLOWUP_ID,
        actor=ADA,
        recording_id=9_001,
        title=TITLE,
        started_at=NOW,
        url="https://fathom.video/share/abc",
        status=READY,
        run=1,
        options=Options(to=(CAROL.email, DAN.email), cc=(BOB.email,)),
        steps=steps(language, DONE, "skipped", DONE),
        version=1,
        draft=draft(language),
        origin="written",
        revisions=(revision(language, 1),),
        problem="",
        missing="",
        reference="",
        receipts=(),
        view_id="",
        card_channel="",
        card_ts="",
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(usual, **changes)


def unwritten(language: str, status: str, *states: str, **changes: Any) -> FollowUp:
    """A follow-up of which no version exists."""
    nothing: dict[str, Any] = {"version": 0, "draft": None, "origin": "", "revisions": ()}
    return followup(
        language, **(nothing | {"status": status, "steps": steps(language, *states)} | changes)
    )


def revision(
    language: str, number: int, origin: str = "written", *, instruction: str = ""
) -> Revision:
    """One line of the history, an hour after the one before."""
    at = NOW + number * HOUR
    return Revision(number, origin, instruction, SUBJECT(language), BODY(language), at)


def in_gmail(status: str, *, version: int = 1, problem: str = "", missing: str = "") -> Receipt:
    """What came of asking for the Gmail draft."""
    url = "https://mail.google.com/mail/#drafts/1" if status == DONE else ""
    return Receipt("gmail", status, version, url, problem, missing)


def receipt(action: str, status: str, **more: Any) -> Receipt:
    """What came of asking for an action."""
    usual = Receipt(action, status, 1, "https://there.example/1" if status == DONE else "", "")
    return replace(usual, **more)


def health(
    *,
    fathom: str = "",
    google: str = "",
    crono: bool = False,
    crm: ConnectionHealth | None = None,
) -> tuple[ConnectionHealth, ...]:
    """Every connection; of two it is said: connected, expired, or never made."""
    return (
        _health(FATHOM, fathom, ""),
        _health(GOOGLE, google, ACCOUNT),
        crm or ConnectionHealth(CRONO if crono else CRM, crono, "", None),
    )


def templates(language: str) -> tuple[Template, ...]:
    """The product's own, the workspace's, and one of Ada's."""
    own = [Template(key, name(language), text(language)) for key, (name, text) in BUILT_IN.items()]
    shared = Template("t1", SHARED_NAME(language), OUTLINE(language), shared=True)
    return (*own, shared, Template("t2", OWN_NAME(language), OUTLINE(language), mine=True))


def _health(vendor: str, state: str, account: str) -> ConnectionHealth:
    known = bool(state)
    return ConnectionHealth(
        vendor, state == "connected", account if known else "", NOW if known else None
    )


def planned(language: str) -> tuple[Planned, ...]:
    """Everything a review can show: able, doubted, refused, done, under way, to be renewed."""
    text, why = SUMMARY(language), NOTE(language)
    return (
        Planned("gmail", ActionPlan(text), receipt("gmail", DONE), renews=True),
        Planned("calendar", ActionPlan(text), receipt("calendar", PENDING)),
        Planned("note", ActionPlan(text, doubt=why)),
        Planned("deal", ActionPlan(text), receipt("deal", DONE)),
        Planned("tasks", ActionPlan("", refusal=why)),
        Planned("recap", ActionPlan(text)),
    )
