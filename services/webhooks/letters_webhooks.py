"""What our e-mails tell about outgoing webhooks: an endpoint was switched off."""

from db import webhooks
from db.mail import EmailRow
from db.store.session import Session
from services.mail import INTERNAL, Notice
from services.phrases import Phrase

LETTER = "webhook.disabled"
GONE = "gone"
FAILING = "failing"
REASONS = {
    GONE: Phrase(
        "It answered 410 Gone: there is nobody there any more.",
        "Ha risposto 410 Gone: lì non c’è più nessuno.",
    ),
    FAILING: Phrase(
        "Nothing could be delivered there for 5 days.",
        "Da 5 giorni non si riesce a consegnare nulla.",
    ),
}
SUBJECT = Phrase("A webhook endpoint was switched off", "Un endpoint webhook è stato disattivato")
TEXT = Phrase(
    "License events no longer go to this address. Once it works again, enable the endpoint in "
    "the API: POST /api/webhooks/{id}/enable.",
    "Gli eventi delle licenze non arrivano più a questo indirizzo. Quando funziona di nuovo, "
    "riattiva l’endpoint con l’API: POST /api/webhooks/{id}/enable.",
)
ADDRESS = Phrase("Address", "Indirizzo")


async def disabled(session: Session, email: EmailRow) -> Notice | None:
    """Which endpoint and why; None when it was deleted or enabled meanwhile."""
    row = await webhooks.find_endpoint(session, email.subject_id)
    if row is None or row.disabled_at is None:
        return None
    say = email.language
    return Notice(
        subject=SUBJECT(say),
        headline=SUBJECT(say),
        paragraphs=(REASONS[row.disabled_reason](say), TEXT(say, id=row.id)),
        facts=((ADDRESS(say), row.url),),
        footer=INTERNAL,
    )
