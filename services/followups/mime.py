"""A draft as an e-mail: plain text and HTML of the same words, signed, and marked as ours."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses

from jinja2 import Environment, PackageLoader

from integrations.google.client import mark
from services.email_address import wire_address
from services.followups.drafts import Draft, Options
from services.habits import unsigned
from services.mail import add_bodies, new_message
from services.phrases import Phrase, Plural

BULLETS = ("- ", "• ", "* ")

FILES = Plural(Phrase("one attachment", "un allegato"), Phrase("{n} attachments", "{n} allegati"))
PARTS = {
    "subject": Phrase("subject", "oggetto"),
    "people": Phrase("recipients", "destinatari"),
    "words": Phrase("text", "testo"),
    "looks": Phrase("formatting", "formattazione"),
}


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a message says, to be compared: texts as digests, however their lines are broken."""

    subject: str
    people: tuple[str, ...]
    words: str
    looks: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose message it is: address, signature, and the mark by which it is found again (see
    `Google.find_draft`)."""

    sender: str
    signature: str
    marker: str


@dataclass(frozen=True, slots=True)
class EmailThread:
    """A conversation by the ids we hold: Gmail's own, the Message-IDs so far, its subject.

    Gmail joins an answer to it only with all three (developers.google.com, Gmail, Threads).
    """

    id: str
    references: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph (`lines`) or a list (`items`)."""

    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class Letters:
    """Writes messages; holds the one template."""

    def __init__(self) -> None:
        loader = PackageLoader("services.followups", "layouts")
        self._html = Environment(loader=loader, autoescape=True).get_template("mail.html.j2")

    def message(
        self, draft: Draft, options: Options, stamp: Stamp, thread: EmailThread | None = None
    ) -> EmailMessage:
        """The message for Gmail; in a `thread` it is an answer, under that one's subject.

        Raises Invalid when an address cannot be sent to.
        """
        message = new_message()
        message["From"] = wire_address(stamp.sender)
        if options.to:
            message["To"] = ", ".join(map(wire_address, options.to))
        if options.cc:
            message["Cc"] = ", ".join(map(wire_address, options.cc))
        message["Subject"] = thread.subject if thread else draft.subject
        if thread:
            message["In-Reply-To"] = thread.references[-1]
            message["References"] = " ".join(thread.references)
        mark(message, stamp.marker)
        signature = stamp.signature
        closing = f"\n\n{signature}" if signature else ""
        body = unsigned(draft.body, signature)
        html = self._html.render(blocks=blocks(body), signature=signature.splitlines())
        add_bodies(message, f"{body}{closing}\n", html)
        return message


def imprint(message: EmailMessage) -> Imprint:
    """What this message says; headers of the way and line ends do not count."""
    said = [str(one) for name in ("To", "Cc", "Bcc") for one in message.get_all(name, ())]
    return Imprint(
        subject=" ".join(str(message["Subject"] or "").split()),
        people=tuple(sorted(address.lower() for _, address in getaddresses(said) if address)),
        words=_digest(message, "plain"),
        looks=_digest(message, "html"),
        files=tuple(sorted(part.get_filename() or "" for part in message.iter_attachments())),
    )


def differences(written: Sequence[Imprint], there: Imprint, language: str) -> str:
    """In words what is there besides anything we wrote; "" when it is one of ours."""
    if there in written:
        return ""
    ours = written[-1] if written else there
    found = [FILES(language, len(there.files))] if there.files else []
    for part, phrase in PARTS.items():
        # Other words look different, too.
        if part == "looks" and ours.words != there.words:
            continue
        if getattr(ours, part) != getattr(there, part):
            found.append(phrase(language))
    return ", ".join(found)


def blocks(body: str) -> tuple[Passage, ...]:
    """The body's paragraphs and lists; lines of one paragraph stay lines."""
    found: list[Passage] = []
    for paragraph in body.split("\n\n"):
        lines: list[str] = []
        items: list[str] = []
        for line in filter(str.strip, paragraph.splitlines()):
            if line.lstrip().startswith(BULLETS):
                items.append(line.lstrip()[2:])
                continue
            if items:
                _close(found, lines, items)
            lines.append(line)
        _close(found, lines, items)
    return tuple(found)


def _close(found: list[Passage], lines: list[str], items: list[str]) -> None:
    if lines:
        found.append(Passage(lines=tuple(lines)))
    if items:
        found.append(Passage(items=tuple(items)))
    lines.clear()
    items.clear()


def _digest(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    text = " ".join(str(part.get_content()).split()) if part is not None else ""
    return hashlib.sha256(text.encode()).hexdigest()
