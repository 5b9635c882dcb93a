"""What our e-mails tell about licenses: the key, and that its end comes near."""

from db.licensing import customers, licenses, plans
from db.mail import EmailRow
from db.store.session import Session, unseal
from services.formats import day
from services.licensing.customers import called
from services.mail import Notice
from services.phrases import Phrase, Plural
from services.ports import Clock

DELIVERY = "license.delivery"
EXPIRING = "license.expiring"
# Days before the end on which its holder is told, the nearest first: only that one is sent.
NOTICES = (0, 3, 14)

HELLO = Phrase("Hello {name},", "Ciao {name},")
KEY_SUBJECT = Phrase("Your {plan} license key", "La tua chiave di licenza {plan}")
KEY_HEADLINE = Phrase("Here is your license key", "Ecco la tua chiave di licenza")
KEY_TEXT = Phrase(
    "Copy it into the plugin’s license field on your site. Keep it to yourself: whoever has the "
    "key can use your license.",
    "Copiala nel campo della licenza del plugin sul tuo sito. Tienila per te: chi ha la chiave "
    "può usare la tua licenza.",
)
PLAN = Phrase("Plan", "Piano")
VALID = Phrase("Valid until", "Valida fino al")
FOR_LIFE = Phrase("for life", "a vita")
SITES = Phrase("Sites", "Siti")
ANY_NUMBER = Phrase("unlimited", "illimitati")
SITE = Phrase("Site", "Sito")
ENDING_IN = Plural(
    Phrase("Your {plan} license ends tomorrow", "La tua licenza {plan} scade domani"),
    Phrase("Your {plan} license ends in {n} days", "La tua licenza {plan} scade tra {n} giorni"),
)
ENDING_TODAY = Phrase("Your {plan} license ends today", "La tua licenza {plan} scade oggi")
ENDED = Phrase("Your {plan} license has ended", "La tua licenza {plan} è scaduta")
RENEW = Phrase(
    "Answer this e-mail and we will renew it; your key stays the same.",
    "Rispondi a questa e-mail e la rinnoviamo; la tua chiave resta la stessa.",
)
UNTIL_THEN = Phrase(
    "Until then everything works as before.", "Fino ad allora tutto funziona come prima."
)
STOPPED = Phrase(
    "What the license unlocks on your site is off until it is renewed.",
    "Ciò che la licenza sblocca sul tuo sito è spento finché non viene rinnovata.",
)
LICENSE = Phrase("License", "Licenza")


class LicenseLetters:
    """Writes them, as the license is when they leave."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def delivery(self, session: Session, email: EmailRow) -> Notice | None:
        """The key itself; None when the license is gone, cancelled or somebody else’s by now."""
        found = await _license(session, email)
        if found is None or found[0].status == licenses.CANCELLED:
            return None
        row, customer, plan = found
        say = email.language
        sites = ANY_NUMBER(say) if plan.max_sites is None else str(plan.max_sites)
        until = FOR_LIFE(say) if row.expires_at is None else day(row.expires_at, say)
        facts = [(PLAN(say), plan.display_name), (VALID(say), until), (SITES(say), sites)]
        if row.domain:
            facts.append((SITE(say), row.domain))
        return Notice(
            subject=KEY_SUBJECT(say, plan=plan.display_name),
            headline=KEY_HEADLINE(say),
            paragraphs=(*_greeting(customer, say), KEY_TEXT(say)),
            facts=tuple(facts),
            key=unseal(session, row, "key"),
        )

    async def expiring(self, session: Session, email: EmailRow) -> Notice | None:
        """How long it still lasts; None when it was renewed, stopped or given away meanwhile."""
        found = await _license(session, email)
        if found is None or (end := found[0].expires_at) is None:
            return None
        row, customer, plan = found
        now = self._clock()
        days = (end.date() - now.date()).days
        # Whoever has more time left than at the earliest notice has renewed meanwhile.
        if row.status not in licenses.RUNNING or days > max(NOTICES):
            return None
        say = email.language
        over = end <= now
        headline = _ending(plan.display_name, days, say, over=over)
        told = (STOPPED if over else UNTIL_THEN)(say)
        key = f"CHA-…{row.key_hint}"
        return Notice(
            subject=headline,
            headline=headline,
            paragraphs=(*_greeting(customer, say), told, RENEW(say)),
            facts=((VALID(say), day(end, say)), (LICENSE(say), key)),
        )


async def _license(
    session: Session, email: EmailRow
) -> tuple[licenses.LicenseRow, customers.CustomerRow, plans.PlanVersion] | None:
    row = await licenses.find(session, email.subject_id)
    if row is None:
        return None
    customer = await customers.find(session, row.customer_id)
    plan = await plans.version(session, row.plan, row.plan_version)
    # A license may change hands while its e-mail waits: the old ones get nothing any more.
    if customer is None or plan is None or customer.email != email.to_address:
        return None
    return row, customer, plan


def _greeting(customer: customers.CustomerRow, language: str) -> tuple[str, ...]:
    if not customer.name:
        return ()
    return (HELLO(language, name=called(customer.name, customer.email)),)


def _ending(plan: str, days: int, language: str, *, over: bool) -> str:
    if over:
        return ENDED(language, plan=plan)
    return ENDING_IN(language, days, plan=plan) if days > 0 else ENDING_TODAY(language, plan=plan)
