"""An e-mail as the imitated mail server judges it, keeps it and shows it."""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Literal

from aiosmtpd.smtp import Envelope

NEEDED = ("From", "To", "Subject", "Date", "Message-ID")


@dataclass(frozen=True, slots=True)
class Mail:
    """One accepted message: the envelope, and what its reader sees; `n` counts from 1."""

    n: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage = field(repr=False)

    @property
    def text(self) -> str:
        """The plain part, "" without one."""
        return part_of(self.message, "plain")

    @property
    def html(self) -> str:
        """The HTML part, "" without one."""
        return part_of(self.message, "html")

    def as_json(self) -> dict[str, object]:
        """As the panel shows it: nothing is masked, the customer sees it all."""
        head = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
        return {
            "n": self.n,
            "at": self.at.isoformat(timespec="milliseconds"),
            "sender": self.sender,
            "recipients": list(self.recipients),
            "headers": {name: str(self.message[name]) for name in head if self.message[name]},
            "subject": str(self.message["Subject"]),
            "text": self.text,
            "html": self.html,
        }


def complaint_about(envelope: Envelope, message: EmailMessage) -> str:
    """What is wrong with a message, "" when a mail program could show it."""
    for name in NEEDED:
        if len(message.get_all(name, [])) != 1:
            return f"A message has exactly one {name} header"
    if message.defects:
        return f"The message is malformed: {type(message.defects[0]).__name__}"
    written = parseaddr(str(message["From"]))[1].lower()
    if written != (envelope.mail_from or "").lower():
        return "From is not the sender of the envelope"
    if not part_of(message, "plain").strip():
        return "A message needs a plain text part"
    return ""


def part_of(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    """The text of one part, "" without one."""
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
