"""The e-mail of an invitation: who is invited to what, the link, and until when it works."""

from db.mail import EmailRow
from db.store.session import Session, unseal
from db.tenants import invitations, tenants
from services.formats import day
from services.mail import Notice
from services.phrases import Phrase
from services.ports import Clock
from services.tenants.state import DELETED, DELETING

SUBJECT = Phrase("{company} is ready: your invitation", "{company} è pronto: il tuo invito")
HEADLINE = Phrase("Administer {company}", "Amministra {company}")
TEXT = Phrase(
    "The database of {company} is ready. Open this link and write your name to become its "
    "administrator. It works once; keep it to yourself.",
    "Il database di {company} è pronto. Apri questo link e scrivi il tuo nome per diventarne "
    "l’amministratore. Vale una volta sola; tienilo per te.",
)
NOT_ASKED = Phrase(
    "If you did not ask for this, ignore it: nothing happens without the link.",
    "Se non l’hai chiesto tu, ignorala: senza il link non succede nulla.",
)
UNTIL = Phrase("Works until", "Valido fino al")
FOOTER = Phrase(
    "You get this e-mail because somebody signed up with this address.",
    "Ricevi questa e-mail perché qualcuno si è iscritto con questo indirizzo.",
)


class TenantLetters:
    """Writes them, as the invitation is when they leave."""

    def __init__(self, base_url: str, clock: Clock) -> None:
        """`base_url` is ours, without a slash at its end."""
        self._base_url = base_url
        self._clock = clock

    async def invitation(self, session: Session, email: EmailRow) -> Notice | None:
        """The link itself; None when it was used, withdrawn or is over by now."""
        row = await invitations.find(session, email.subject_id)
        if row is None or row.token is None or row.accepted_at or row.revoked_at:
            return None
        tenant = await tenants.find(session, row.tenant_id)
        if tenant is None or tenant.state in (DELETING, DELETED) or row.expires_at <= self._clock():
            return None
        say, company = email.language, tenant.company
        return Notice(
            subject=SUBJECT(say, company=company),
            headline=HEADLINE(say, company=company),
            paragraphs=(TEXT(say, company=company), NOT_ASKED(say)),
            facts=((UNTIL(say), day(row.expires_at, say)),),
            key=invitation_url(self._base_url, unseal(session, row, "token")),
            footer=FOOTER,
        )


def invitation_url(base_url: str, token: str) -> str:
    """Where the invitation is accepted."""
    return f"{base_url}/invitation?token={token}"
