"""What a follow-up says: the draft's content, its options, and the checks on what people type."""

import re
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from services.email_address import is_address, wire_address
from services.errors import Invalid
from services.people import LENGTHS, TONES
from services.phrases import Phrase

FOLLOW_MEETING = ""

MAX_SUBJECT = 250
MAX_BODY = 30_000
MAX_RECIPIENTS = 60


NOT_AN_ADDRESS = Phrase(
    "“{address}” is not an e-mail address. Separate several with commas.",
    "“{address}” non è un indirizzo e-mail. Separa più indirizzi con una virgola.",
)
TOO_MANY = Phrase(
    "That is {n} recipients; {limit} is the most one draft can take.",
    "Sono {n} destinatari; una bozza ne accetta al massimo {limit}.",
)
NO_SUBJECT = Phrase("Give the e-mail a subject.", "Dai un oggetto all’e-mail.")
NO_BODY = Phrase("The e-mail has no text yet.", "L’e-mail non ha ancora un testo.")
TOO_LONG = Phrase(
    "That is {n} characters; {limit} is the most this can hold. Shorten it.",
    "Sono {n} caratteri; qui ce ne stanno {limit}. Accorcia il testo.",
)

NOTE_LABELS = {
    "tech_stack": Phrase("Tech stack", "Tecnologie"),
    "pain_points": Phrase("Pain points", "Criticità"),
    "impact": Phrase("Impact", "Impatto"),
    "value": Phrase("Value", "Valore"),
    "next_steps": Phrase("Next steps", "Prossimi passi"),
    "roadblocks": Phrase("Roadblocks", "Ostacoli"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the person chose before the draft is written.

    `language` is "en", "it" or "" (follow the meeting); addresses are lower-case. `account` is
    the company's id in the CRM, "-" for none of them, "" for the one that matches.
    """

    language: str = FOLLOW_MEETING
    tone: str = "friendly"
    length: str = "medium"
    template: str = ""
    context: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    account: str = ""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something somebody said they would do; `due` is an ISO date or "", `lines` its evidence."""

    text: str
    owner: str = ""
    due: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CrmNote:
    """The note for the CRM, part by part; a part nobody spoke of stays blank."""

    tech_stack: str = ""
    pain_points: str = ""
    impact: str = ""
    value: str = ""
    next_steps: str = ""
    roadblocks: str = ""


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next meeting, only if it was agreed; `starts_at` is ISO 8601 with the member's offset."""

    starts_at: str
    topic: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the draft and the numbers of the transcript lines that support it."""

    text: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of a follow-up; `note` is the CRM note as one text, as the person left it."""

    subject: str
    body: str
    summary: str = ""
    crm_note: CrmNote = field(default_factory=CrmNote)
    note: str = ""
    action_items: tuple[ActionItem, ...] = ()
    next_meeting: NextMeeting | None = None
    evidence: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """What a person may change by hand, as it stands after the edit; None where it was left.

    `to` and `cc` are addresses as they are typed.
    """

    subject: str | None
    body: str | None
    summary: str | None
    note: str | None
    to: str | None = None
    cc: str | None = None


OPTIONS: TypeAdapter[Options] = TypeAdapter(Options)
DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)


def edited(draft: Draft, edits: Edits) -> Draft:
    """The draft with a person's edits; raises Invalid naming the field that cannot be used."""
    subject = " ".join(_unless(edits.subject, draft.subject).split())
    body = _unless(edits.body, draft.body).strip()
    if not subject:
        raise Invalid(NO_SUBJECT, field="subject")
    if not body:
        raise Invalid(NO_BODY, field="body")
    _within(subject, MAX_SUBJECT, "subject")
    _within(body, MAX_BODY, "body")
    return replace(
        draft,
        subject=subject,
        body=body,
        summary=_unless(edits.summary, draft.summary).strip(),
        note=_unless(edits.note, draft.note).strip(),
    )


def readdressed(options: Options, edits: Edits) -> Options:
    """The options with the recipients a person typed; raises Invalid naming the field."""
    to, cc = edits.to, edits.cc
    return checked(
        replace(
            options,
            to=options.to if to is None else addresses(to, name="to"),
            cc=options.cc if cc is None else addresses(cc, name="cc"),
        )
    )


def note_text(note: CrmNote, language: str) -> str:
    """The CRM note as one text, a labelled line per part that was spoken of."""
    parts = ((label(language), getattr(note, part)) for part, label in NOTE_LABELS.items())
    return "\n".join(f"{label}: {text}" for label, text in parts if text)


def addresses(typed: str, *, name: str) -> tuple[str, ...]:
    """E-mail addresses separated by commas, semicolons or spaces, lower-case, each once."""
    found: dict[str, None] = {}
    for word in re.split(r"[,;\s]+", typed.replace("mailto:", "")):
        address = word.strip("<>").split("|")[0].lower()
        if not address:
            continue
        if not is_address(address):
            raise Invalid(NOT_AN_ADDRESS, field=name, address=address)
        found[address] = None
    return tuple(found)


def checked(options: Options) -> Options:
    """Options with known choices and distinct recipients; raises Invalid."""
    to = tuple(dict.fromkeys(options.to))
    cc = tuple(address for address in dict.fromkeys(options.cc) if address not in to)
    for name, chosen in (("to", to), ("cc", cc)):
        for address in chosen:
            wire_address(address, field=name)
    if len(to) + len(cc) > MAX_RECIPIENTS:
        raise Invalid(TOO_MANY, field="to", n=len(to) + len(cc), limit=MAX_RECIPIENTS)
    return replace(
        options,
        tone=options.tone if options.tone in TONES else TONES[0],
        length=options.length if options.length in LENGTHS else "medium",
        to=to,
        cc=cc,
    )


def _within(text: str, limit: int, name: str) -> None:
    if len(text) > limit:
        raise Invalid(TOO_LONG, field=name, n=len(text), limit=limit)


def _unless(typed: str | None, kept: str) -> str:
    return kept if typed is None else typed
