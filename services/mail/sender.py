"""How our e-mails leave the house, what came of each try, and when the next one is."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum

from integrations.errors import AuthExpired, IntegrationError, RefusedByVendor
from integrations.smtp.client import Mailer
from integrations.smtp.errors import Unconfirmed
from services.email_address import wire_address
from services.errors import Invalid
from services.operations import Backoff

# Nearly a day.
BACKOFF = Backoff(
    schedule=tuple(timedelta(minutes=one) for one in (1, 5, 15, 30, 60, 120, 240, 480, 480)),
    jitter=0.2,
)

NO_SERVER = "no e-mail can be sent until SMTP_URL and EMAIL_FROM are set"
NO_REPLY = "handed over, but no reply came: it may have arrived; resend it if it did not"
CUT_OFF = "cut off while it was sent: it may have arrived; resend it if it did not"
NOT_NEEDED = "no longer true when its turn came"
LET_IN = "the mail server does not let us in"


class SendResult(StrEnum):
    """What a try to send came to; LATER and WAITING are tried again, UNSURE never by itself."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNSURE = "unsure"
    WAITING = "waiting"
    NEEDLESS = "needless"


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """The result of one try; `detail` says to people why it was not sent."""

    result: SendResult
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """How e-mails leave: `mailer` None means they wait; `sender` is `Name <you@example.com>`."""

    mailer: Mailer | None
    sender: str

    @property
    def address(self) -> str:
        """The sender's bare address as the wire has it, "" when there is none that can be sent."""
        try:
            return wire_address(parseaddr(self.sender)[1])
        except Invalid:
            return ""

    @property
    def domain(self) -> str:
        """What the sender's address ends in."""
        return self.address.rpartition("@")[2]

    @property
    def ready(self) -> bool:
        """Whether anything can be sent."""
        return self.mailer is not None and self.address != ""

    async def hand_over(self, message: EmailMessage, to: str) -> SendOutcome:
        """Give it to the mail server; what came of it."""
        if self.mailer is None:
            return SendOutcome(SendResult.WAITING, NO_SERVER)
        try:
            await self.mailer.send(message, sender=self.address, to=to)
        except IntegrationError as error:
            return _outcome(error)
        return SendOutcome(SendResult.SENT)


def _outcome(error: IntegrationError) -> SendOutcome:
    if isinstance(error, Unconfirmed):
        return SendOutcome(SendResult.UNSURE, NO_REPLY)
    if isinstance(error, RefusedByVendor):
        return SendOutcome(SendResult.REFUSED, error.detail)
    if isinstance(error, AuthExpired):
        return SendOutcome(SendResult.LATER, f"{LET_IN}: {error.detail}")
    return SendOutcome(SendResult.LATER, error.detail)
