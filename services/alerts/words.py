"""What each cause says, in the channel and by e-mail: a headline, and when it is over."""

from collections.abc import Mapping

from services.alerts.causes import Cause
from services.phrases import Phrase

HEADLINES: Mapping[str, Phrase] = {
    Cause.VENDOR_DOWN: Phrase("{subject} does not answer.", "{subject} non risponde."),
    Cause.JOBS_WAIT: Phrase(
        "Jobs wait too long in the queue {subject}.",
        "I job aspettano troppo nella coda {subject}.",
    ),
    Cause.JOB_FAILED: Phrase(
        "A job broke by a fault of ours: {subject}.",
        "Un job si è interrotto per un nostro errore: {subject}.",
    ),
    Cause.ROLLOUT_HALTED: Phrase(
        "Rollout {subject} is halted. Its card says what can be done.",
        "Il rollout {subject} è fermo. La sua scheda dice che cosa si può fare.",
    ),
    Cause.DRIFT: Phrase(
        "{subject} has something else than we keep.",
        "{subject} ha qualcosa di diverso da ciò che teniamo noi.",
    ),
    Cause.BUDGET: Phrase("{subject}: the money is used up.", "{subject}: il credito è finito."),
    Cause.CERTIFICATE: Phrase(
        "The certificate of {subject} is near its end.",
        "Il certificato di {subject} sta per scadere.",
    ),
    Cause.KEY: Phrase(
        "{subject}: the key is near its end.", "{subject}: la chiave sta per scadere."
    ),
    Cause.EMAILS_LOST: Phrase("E-mails did not arrive.", "Alcune e-mail non sono arrivate."),
    Cause.WEBHOOK_OFF: Phrase(
        "An outgoing webhook was switched off.", "Un webhook in uscita è stato disattivato."
    ),
    Cause.CREDITS_BROKEN: Phrase("Credits do not add up.", "I crediti non tornano."),
    Cause.TENANTS_DIFFER: Phrase(
        "Tenants’ databases are otherwise at their provider than here.",
        "I database dei tenant sono diversi dal fornitore rispetto a qui.",
    ),
    Cause.WRONG_PASSWORDS: Phrase(
        "Many wrong passwords for the dashboard.", "Molte password sbagliate per la dashboard."
    ),
}
OTHER = Phrase("Something is wrong: {subject}.", "Qualcosa non va: {subject}.")
# Of what nobody can call mended: it only did not happen again.
QUIET_AGAIN = Phrase("It did not happen again.", "Non è più successo.")
OVER = Phrase("It is over.", "È finito.")


def headline(cause: str, subject: str, language: str) -> str:
    """One sentence: what is wrong."""
    return HEADLINES.get(cause, OTHER)(language, subject=subject)
