"""What our e-mails tell about subscriptions: trials, payments, and what an unpaid one means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from db.billing import accounts, subscriptions
from db.licensing import customers
from db.mail import EmailRow
from db.store.session import Session
from services.billing import consequences as kinds
from services.billing.access import GRACE
from services.billing.dossiers import read_rows
from services.billing.known import KnownSubscription
from services.billing.telling import LETTER, is_news
from services.billing.times import BillingTime
from services.formats import day, money
from services.mail import Notice, Writer
from services.phrases import Phrase

HELLO = Phrase("Hello {name},", "Ciao {name},")
PLAN, UNTIL = Phrase("Plan", "Piano"), Phrase("Until", "Fino al")
AMOUNT, PAY_HERE = Phrase("Amount", "Importo"), Phrase("Pay here", "Paga qui")


@dataclass(frozen=True, slots=True)
class LetterWords:
    """Subject and text of one kind of letter; `{plan}` and `{until}` are put in."""

    subject: Phrase
    text: Phrase


WORDS: Mapping[str, LetterWords] = {
    kinds.NEW: LetterWords(
        Phrase("Your {plan} subscription has begun", "Il tuo abbonamento {plan} è iniziato"),
        Phrase(
            "Everything in {plan} is yours to use now. Nothing else is needed.",
            "Tutto ciò che è in {plan} è ora a tua disposizione. Non serve altro.",
        ),
    ),
    kinds.TRIAL_ENDING: LetterWords(
        Phrase("Your trial of {plan} ends on {until}", "La prova di {plan} finisce il {until}"),
        Phrase(
            "On {until} your card is charged for the first time. If you do not want to go on, "
            "cancel before then.",
            "Il {until} la carta viene addebitata per la prima volta. Se non vuoi continuare, "
            "disdici prima.",
        ),
    ),
    kinds.TRIAL_OVER: LetterWords(
        Phrase("Your trial of {plan} is over", "La prova di {plan} è finita"),
        Phrase(
            "Subscribe to go on: your data is kept, and access is back at once.",
            "Abbonati per continuare: i tuoi dati restano, e l’accesso torna subito.",
        ),
    ),
    kinds.FAILED: LetterWords(
        Phrase(
            "Your payment for {plan} did not go through", "Il pagamento per {plan} non è riuscito"
        ),
        Phrase(
            "Your card was declined. Everything works until {until}; pay or change the card before "
            "then, and nothing stops.",
            "La carta è stata rifiutata. Tutto funziona fino al {until}; paga o cambia carta "
            "prima, e nulla si ferma.",
        ),
    ),
    kinds.SUSPENDED: LetterWords(
        Phrase("{plan} is suspended", "{plan} è sospeso"),
        Phrase(
            "The payment is still missing, so access has stopped. Your data is kept, and access is "
            "back as soon as you pay.",
            "Il pagamento manca ancora, quindi l’accesso è fermo. I tuoi dati restano, e l’accesso "
            "torna appena paghi.",
        ),
    ),
    kinds.PAID: LetterWords(
        Phrase("Your payment for {plan} arrived", "Il pagamento per {plan} è arrivato"),
        Phrase("Thank you. {plan} is active.", "Grazie. {plan} è attivo."),
    ),
    kinds.ENDING: LetterWords(
        Phrase("{plan} ends on {until}", "{plan} finisce il {until}"),
        Phrase(
            "You will not be charged again. Everything works until {until}; until then you can "
            "change your mind.",
            "Non ti verrà addebitato altro. Tutto funziona fino al {until}; fino ad allora puoi "
            "ripensarci.",
        ),
    ),
    kinds.CANCELLED: LetterWords(
        Phrase("Your {plan} subscription has ended", "Il tuo abbonamento {plan} è finito"),
        Phrase(
            "Access has stopped, and you will not be charged again. Subscribe anew to come back.",
            "L’accesso è fermo e non ti verrà addebitato altro. Abbonati di nuovo per tornare.",
        ),
    ),
}
# About one invoice, whose amount and address are told.
OF_INVOICES = (kinds.FAILED, kinds.SUSPENDED, kinds.PAID)


class BillingLetters:
    """Writes them as things are when they leave; what is no news by then is not sent."""

    def __init__(self, time: BillingTime) -> None:
        self._time = time

    async def write(self, session: Session, email: EmailRow) -> Notice | None:
        """The letter about an effect; None when its customer is gone, or it came to nothing."""
        effect = await accounts.effect(session, email.dedupe.removeprefix(LETTER))
        holder = await customers.find(session, email.subject_id)
        if effect is None or holder is None or holder.email != email.to_address:
            return None
        row = await subscriptions.find(session, effect.subscription_id)
        known = await read_rows(session, [row]) if row and row.created_at else ()
        values: dict[str, str] = orjson.loads(effect.values)
        told = kinds.Consequence(
            effect.key, effect.kind, effect.family, effect.subscription_id,
            values.get("about", ""), values,
        )  # fmt: skip
        now = await self._time.now(session, row.stripe_customer_id if row else None)
        if known and not is_news(told, known[0], now):
            return None
        invoice = await self._invoice(session, told)
        return _notice(told, known[0] if known else None, invoice, holder, email.language)

    async def _invoice(
        self, session: Session, told: kinds.Consequence
    ) -> subscriptions.StripeInvoiceRow | None:
        if told.kind not in OF_INVOICES or not told.about:
            return None
        found = await subscriptions.invoices(session, [told.subscription_id])
        return next((one for one in found if one.id == told.about), None)


def billing_letters(time: BillingTime) -> Mapping[str, Writer]:
    """Who writes which kind of e-mail."""
    writer = BillingLetters(time).write
    return {LETTER + kind: writer for kind in WORDS}


def _notice(
    told: kinds.Consequence,
    known: KnownSubscription | None,
    invoice: subscriptions.StripeInvoiceRow | None,
    holder: customers.CustomerRow,
    language: str,
) -> Notice:
    plan = (known.plan if known else told.values.get("plan", "")).capitalize()
    until = _until(told, known, invoice)
    values = {"plan": plan, "until": day(until, language) if until else ""}
    words = WORDS[told.kind]
    facts = [(PLAN(language), plan)]
    if until is not None:
        facts.append((UNTIL(language), values["until"]))
    if invoice is not None:
        due = invoice.amount_paid or invoice.amount_due
        facts.append((AMOUNT(language), money(due, invoice.currency.upper(), language)))
        if invoice.hosted_url and invoice.status != "paid":
            facts.append((PAY_HERE(language), invoice.hosted_url))
    hello = (HELLO(language, name=holder.name),) if holder.name else ()
    subject = words.subject(language, **values)
    return Notice(
        subject=subject,
        headline=subject,
        paragraphs=(*hello, words.text(language, **values)),
        facts=tuple(facts),
    )


def _until(
    told: kinds.Consequence,
    known: KnownSubscription | None,
    invoice: subscriptions.StripeInvoiceRow | None,
) -> datetime | None:
    if told.kind == kinds.FAILED and known is not None:
        began = known.first_failed_at or (invoice.created_at if invoice else known.created_at)
        return began + GRACE
    if at := told.values.get("at"):
        return datetime.fromisoformat(at)
    if told.kind in (kinds.TRIAL_ENDING, kinds.NEW) and known is not None:
        return known.facts.trial_end
    return known.facts.period_end if known and told.kind == kinds.PAID else None
