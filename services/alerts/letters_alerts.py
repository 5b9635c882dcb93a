"""The e-mail of an alert, for when Slack cannot be told."""

from html import unescape

from db import alerts as table
from db.mail import EmailRow
from db.store.session import Session
from services.alerts.words import headline
from services.mail import INTERNAL, Notice
from services.phrases import Phrase

LETTER = "alerts.alert"
SUBJECT = Phrase("Alert: {headline}", "Allarme: {headline}")
WHY = Phrase(
    "You get this by e-mail because the ops channel in Slack could not be told.",
    "Ricevi questa e-mail perché non è stato possibile avvisare il canale ops in Slack.",
)
RUNBOOK = Phrase("What to do", "Che cosa fare")


class AlertLetters:
    """Writes them, as things stand when they leave."""

    def __init__(self, base_url: str) -> None:
        """`base_url` is ours, without a slash at its end."""
        self._base_url = base_url

    async def alert(self, session: Session, email: EmailRow) -> Notice | None:
        """None once it is over: nobody is alarmed by what has passed."""
        cause, _, subject = email.subject_id.partition(":")
        row = await table.find(session, cause, subject)
        if row is None or row.state != table.FIRING:
            return None
        language = email.language
        said = headline(cause, subject, language)
        return Notice(
            subject=SUBJECT(language, headline=said),
            headline=said,
            paragraphs=(*_plain(row.detail), WHY(language)),
            facts=((RUNBOOK(language), runbook_url(self._base_url, cause)),),
            footer=INTERNAL,
        )


def _plain(detail: str) -> tuple[str, ...]:
    """Its lines without Slack's marks."""
    return tuple(unescape(line.replace("*", "")) for line in detail.splitlines() if line.strip())


def runbook_url(base_url: str, cause: str) -> str:
    """Where the page of a cause is read."""
    return f"{base_url}/runbooks/{cause}"
