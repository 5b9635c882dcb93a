"""The words sent to the model: one cached document per meeting, one request per version."""

from collections.abc import Iterable
from datetime import timedelta, tzinfo
from importlib.resources import files

from services.followups.drafts import Draft, Options
from services.meetings import Guest, Meeting, Spoken
from services.prompt_text import one_line, protect

LANGUAGE_NAMES = {"en": "English", "it": "Italian"}
LENGTH_WORDS = {"short": "about 80 words", "medium": "about 160 words", "long": "about 300 words"}


def system() -> str:
    """The standing instructions, kept as prose in services/prompts."""
    return files("services.followups.prompts").joinpath("followup.md").read_text("utf-8")


def document(meeting: Meeting, spoken: tuple[Spoken, ...], crm: str, zone: tzinfo) -> str:
    """The meeting as the model reads it; the same for every version, so that it is cached."""
    started = meeting.started_at.astimezone(zone)
    facts = [
        "<meeting>",
        f"Title: {one_line(meeting.title)}",
        f"Held: {started:%A %Y-%m-%d %H:%M} ({started.tzname()}, {zone})",
        f"Language of the transcript: {one_line(meeting.language) or 'not stated'}",
        f"Recorded by: {_person(meeting.recorder)}",
        *(f"Guest: {_person(guest)}" for guest in meeting.guests),
        "</meeting>",
        "<crm>",
        crm or "No CRM facts.",
        "</crm>",
        "<transcript>",
        *(
            f"[{line.number}] {clock(line.at)} {one_line(line.speaker)}: {one_line(line.text)}"
            for line in spoken
        ),
        "</transcript>",
    ]
    return "\n".join(facts)


def request(
    options: Options,
    guests: tuple[Guest, ...],
    *,
    sender: str,
    instruction: str = "",
    previous: Draft | None = None,
    rules: tuple[str, ...] = (),
) -> str:
    """Who writes to whom, and the sender's wishes; the recipients' names are the guests'.

    `rules` are what the sender wants of every e-mail. For a new version also the last draft and
    what to change in it.
    """
    names = {guest.email: guest.name for guest in guests}
    wishes = [
        f"Sender: {one_line(sender)}",
        *_recipients("Recipient", options.to, names),
        *_recipients("In copy", options.cc, names),
        f"Language: {LANGUAGE_NAMES.get(options.language, 'the language of the transcript')}",
        f"Tone: {options.tone}",
        f"Length of the e-mail: {options.length} ({LENGTH_WORDS[options.length]})",
    ]
    if options.template:
        # Often another's words (a template of the workspace): material, between marks of ours.
        outline = protect(options.template)
        wishes.append(f"Follow this outline:\n<outline>\n{outline}\n</outline>")
    if rules:
        wishes.append("The sender's own rules:\n" + "\n".join(f"- {rule}" for rule in rules))
    if options.context:
        wishes.append(f"The sender adds: {options.context}")
    if previous is not None:
        # The model's words, and through them what somebody in the meeting said: material as well.
        body = protect(previous.body)
        wishes.append(
            f"The last draft:\n<draft>\nSubject: {one_line(previous.subject)}\n\n{body}\n</draft>"
        )
    if instruction:
        wishes.append(f"Change the last draft as follows: {instruction}")
    return "\n".join(wishes)


def clock(at: timedelta) -> str:
    """A place in the recording as HH:MM:SS."""
    minutes, seconds = divmod(int(at.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def _recipients(label: str, addresses: tuple[str, ...], names: dict[str, str]) -> Iterable[str]:
    if not addresses and label == "Recipient":
        yield "Recipient: not chosen yet"
    for address in addresses:
        yield f"{label}: {_named(names.get(address, ''), address)}"


def _person(guest: Guest) -> str:
    side = "outside" if guest.is_external else "inside"
    return f"{_named(guest.name, guest.email)} ({side} the company)"


def _named(name: str, address: str) -> str:
    return f"{one_line(name) or 'unknown name'} <{protect(address) or 'no address'}>"
