"""The mailbox a member has connected, and what makes one doubt that it is the right one."""

from dataclasses import dataclass

from services.phrases import Phrase

OTHER_MAILBOX = Phrase(
    "{account} is not your address in Slack ({email}).",
    "{account} non è il tuo indirizzo in Slack ({email}).",
)
SHARED_MAILBOX = Phrase(
    "A colleague has connected {account} too.", "Anche un collega ha collegato {account}."
)


@dataclass(frozen=True, slots=True)
class ConnectedMailbox:
    """The connected mailbox, and what makes one doubt that it is the right one.

    `other_than`: the member's address in Slack, when the mailbox is another; else "".
    """

    address: str
    other_than: str = ""
    shared: bool = False

    def warnings(self, language: str) -> tuple[str, ...]:
        """A sentence for each doubt."""
        told = []
        if self.other_than:
            told.append(OTHER_MAILBOX(language, account=self.address, email=self.other_than))
        if self.shared:
            told.append(SHARED_MAILBOX(language, account=self.address))
        return tuple(told)
