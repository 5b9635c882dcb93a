"""How our e-mails leave the house, and what came of one, in words that a job can keep."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from random import SystemRandom

from integrations.errors import AuthExpired, IntegrationError, RefusedByVendor
from integrations.smtp.client import Mailer
from integrations.smtp.errors import Unconfirmed
from services.email_address import wire_address
from services.errors import Invalid

# The pauses after each failed try, in minutes: nearly a day.
PAUSES = (1, 5, 15, 30, 60, 120, 240, 480, 480)
CHANCE = 0.2

SENT = "sent"
WAITING = "waiting"
LATER = "later"
REFUSED = "refused"
UNSURE = "unsure"
NEEDLESS = "needless"

NO_SERVER = "no e-mail can be sent until SMTP_URL and EMAIL_FROM are set"
NO_REPLY = "handed over, but no reply came: it may have arrived; resend it if it did not"
CUT_OFF = "cut off while it was sent: it may have arrived; resend it if it did not"
NOT_NEEDED = "no longer true when its turn came"
LET_IN = "the mail server does not let us in"


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

    async def hand_over(self, message: EmailMessage, to: str) -> str:
        """Give it to the mail server; what came of it: one word, and what was said after it."""
        if self.mailer is None:
            return WAITING
        try:
            await self.mailer.send(message, sender=self.address, to=to)
        except IntegrationError as error:
            return _outcome(error)
        return SENT


def pause(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries, in part by chance; None: give up."""
    if attempts > len(PAUSES):
        return None
    chance = SystemRandom().uniform(1 - CHANCE, 1 + CHANCE)
    return timedelta(minutes=PAUSES[attempts - 1] * chance)


def _outcome(error: IntegrationError) -> str:
    if isinstance(error, Unconfirmed):
        return f"{UNSURE} {NO_REPLY}"
    if isinstance(error, RefusedByVendor):
        return f"{REFUSED} {error.detail}"
    if isinstance(error, AuthExpired):
        return f"{LATER} {LET_IN}: {error.detail}"
    return f"{LATER} {error.detail}"
