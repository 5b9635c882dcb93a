"""Our own e-mails as messages: one layout in HTML and in plain text, whatever they tell."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from jinja2 import Environment, PackageLoader

from services.email_address import wire_address
from services.mail.mime import add_bodies, new_message
from services.phrases import Phrase

MAX_SUBJECT = 150

AUTOMATIC = Phrase(
    "You get this e-mail because of your license. Answer it if you have a question.",
    "Ricevi questa e-mail per la tua licenza. Rispondi pure se hai una domanda.",
)
INTERNAL = Phrase(
    "You get this e-mail because you run this server.",
    "Ricevi questa e-mail perché gestisci questo server.",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What an e-mail tells, in the reader's language.

    `key` is shown large and by itself; `facts` are labels with their values; `footer` says why
    the reader gets it.
    """

    subject: str
    headline: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    key: str = ""
    footer: Phrase = AUTOMATIC


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom (`Name <you@example.com>`) to whom, under which Message-ID, written when."""

    sender: str
    to: str
    message_id: str
    date: datetime

    @property
    def name(self) -> str:
        """The sender's name as people read it."""
        name, address = parseaddr(self.sender)
        return name or address


class Notices:
    """Draws notices; holds the two templates."""

    def __init__(self) -> None:
        loader = PackageLoader("services.mail", "layouts")
        drawn = Environment(loader=loader, autoescape=True)
        plain = Environment(loader=loader, autoescape=False, trim_blocks=True)  # noqa: S701 - text
        self._html = drawn.get_template("notice.html.j2")
        self._text = plain.get_template("notice.txt.j2")

    def message(self, notice: Notice, envelope: Envelope, language: str) -> EmailMessage:
        """The whole e-mail; raises ValueError or Invalid for an address no header holds."""
        message = new_message()
        name, sender = parseaddr(envelope.sender)
        message["From"] = Address(name, addr_spec=wire_address(sender))
        message["To"] = Address(addr_spec=wire_address(envelope.to))
        message["Subject"] = one_line(notice.subject)[:MAX_SUBJECT]
        message["Date"] = format_datetime(envelope.date)
        message["Message-ID"] = envelope.message_id
        # RFC 3834: no out-of-office answers to this.
        message["Auto-Submitted"] = "auto-generated"
        values = {
            "notice": notice,
            "footer": notice.footer(language),
            "sender": envelope.name,
            "language": language,
        }
        add_bodies(message, self._text.render(values), self._html.render(values))
        return message


def one_line(text: str) -> str:
    """The text without line ends and control characters, so that it fits into a header."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
