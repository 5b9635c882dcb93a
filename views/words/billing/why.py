"""The words of `/seguito why`: what a customer's access is, and which rule made it so."""

from services.billing import AccessRule, AccessState, kinds
from services.phrases import Phrase

TITLE = Phrase("Why: {email}", "Perché: {email}")
NOTHING = Phrase(
    "This customer has no subscription and no trial, so no plan gives access.",
    "Questo cliente non ha abbonamenti né prove, quindi nessun piano dà accesso.",
)
FAMILIES = {
    "platform": Phrase("Platform", "Piattaforma"),
    "license": Phrase("License", "Licenza"),
}
STATES = {
    AccessState.NONE: Phrase("none", "nessuno"),
    AccessState.TRIALING: Phrase("on trial", "in prova"),
    AccessState.ACTIVE: Phrase("active", "attivo"),
    AccessState.PAST_DUE: Phrase("past due", "pagamento in ritardo"),
    AccessState.PAUSED: Phrase("paused", "in pausa"),
    AccessState.SUSPENDED: Phrase("suspended", "sospeso"),
    AccessState.CANCELLED: Phrase("cancelled", "annullato"),
}
ACCESS = Phrase("access", "accesso")
NO_ACCESS = Phrase("no access", "nessun accesso")
RULES = {
    AccessRule.NO_SUBSCRIPTION: Phrase("There is no subscription.", "Non c’è alcun abbonamento."),
    AccessRule.TRIAL: Phrase("The trial runs until {until}.", "La prova dura fino al {until}."),
    AccessRule.TRIAL_OVER: Phrase(
        "The trial is over and there is no subscription.",
        "La prova è finita e non c’è un abbonamento.",
    ),
    AccessRule.PAID: Phrase("Stripe says that it is paid.", "Stripe dice che è pagato."),
    AccessRule.GRACE: Phrase(
        "A payment failed on {failed}; 7 days of grace run until {until}.",
        "Un pagamento non è riuscito il {failed}; i 7 giorni di tolleranza durano fino al {until}.",
    ),
    AccessRule.GRACE_OVER: Phrase(
        "A payment failed on {failed}, and nothing was paid within 7 days.",
        "Un pagamento non è riuscito il {failed}, e in 7 giorni non è stato pagato nulla.",
    ),
    AccessRule.UNPAID: Phrase(
        "Stripe has given up collecting: the subscription is unpaid.",
        "Stripe ha smesso di riscuotere: l’abbonamento non è pagato.",
    ),
    AccessRule.FIRST_PAYMENT_OPEN: Phrase(
        "The first payment is still open.", "Il primo pagamento è ancora in sospeso."
    ),
    AccessRule.NEVER_PAID: Phrase(
        "The first payment was never made.", "Il primo pagamento non è mai stato fatto."
    ),
    AccessRule.PAUSED: Phrase(
        "Collection is paused at Stripe, and the paid period is over.",
        "La riscossione è in pausa in Stripe, e il periodo pagato è finito.",
    ),
    AccessRule.PAUSED_PAID: Phrase(
        "Collection is paused at Stripe; what was paid lasts until {until}.",
        "La riscossione è in pausa in Stripe; quanto pagato dura fino al {until}.",
    ),
    AccessRule.ENDED: Phrase(
        "It was to end on {ends}, which has passed.", "Doveva finire il {ends}, che è passato."
    ),
    AccessRule.CANCELLED: Phrase(
        "The subscription was cancelled.", "L’abbonamento è stato annullato."
    ),
    AccessRule.MONEY_BACK: Phrase(
        "The newest payment went back, by a refund or a lost dispute.",
        "L’ultimo pagamento è tornato indietro, per rimborso o contestazione persa.",
    ),
    AccessRule.UNKNOWN_STATUS: Phrase(
        "Stripe uses a status that is new here, and such a word gives no access.",
        "Stripe usa uno stato nuovo qui, e una parola così non dà accesso.",
    ),
}
ENDS_ON = Phrase("Ends on {ends}.", "Finisce il {ends}.")
SUBSCRIPTION = Phrase("Subscription", "Abbonamento")
INVOICES = Phrase("Invoices", "Fatture")
OTHERS = Phrase("Do not count", "Non contano")
EVENTS = Phrase("Events", "Eventi")
EFFECTS = Phrase("What followed", "Che cosa è seguito")
STRIPE = Phrase("Stripe customer `{id}`", "Cliente Stripe `{id}`")
NOT_LINKED = Phrase("no Stripe customer is linked", "nessun cliente Stripe collegato")
FAILED = Phrase("declined", "rifiutata")
NEEDLESS = Phrase("too late to tell", "troppo tardi per dirlo")
# Stripe's statuses of a subscription.
STATUSES = {
    "trialing": Phrase("on trial", "in prova"),
    "active": Phrase("active", "attivo"),
    "past_due": Phrase("past due", "pagamento in ritardo"),
    "unpaid": Phrase("unpaid", "non pagato"),
    "paused": Phrase("paused", "in pausa"),
    "canceled": Phrase("cancelled", "annullato"),
    "incomplete": Phrase("first payment open", "primo pagamento in sospeso"),
    "incomplete_expired": Phrase("never paid", "mai pagato"),
}
INVOICE_STATES = {
    "paid": Phrase("paid", "pagata"),
    "open": Phrase("open", "aperta"),
    "draft": Phrase("draft", "bozza"),
    "void": Phrase("void", "annullata"),
    "uncollectible": Phrase("uncollectible", "inesigibile"),
}
KINDS = {
    kinds.NEW: Phrase("begun", "iniziato"),
    kinds.FIRST_PAID: Phrase("first payment", "primo pagamento"),
    kinds.PAID: Phrase("payment told", "pagamento comunicato"),
    kinds.FAILED: Phrase("failure told", "mancato pagamento comunicato"),
    kinds.RECOVERED: Phrase("recovered", "recuperato"),
    kinds.SUSPENDED: Phrase("suspended", "sospeso"),
    kinds.CANCELLED: Phrase("end told", "fine comunicata"),
    kinds.ENDING: Phrase("planned end told", "fine prevista comunicata"),
    kinds.TRIAL_ENDING: Phrase("end of trial told", "fine della prova comunicata"),
    kinds.TRIAL_OVER: Phrase("trial over", "prova finita"),
    kinds.DUPLICATE: Phrase("second subscription", "secondo abbonamento"),
    kinds.UNKNOWN_PRICE: Phrase("unknown price", "prezzo sconosciuto"),
    kinds.UNKNOWN_STATUS: Phrase("unknown status", "stato sconosciuto"),
    kinds.REFUNDED: Phrase("refund", "rimborso"),
    kinds.DISPUTED: Phrase("dispute", "contestazione"),
    kinds.ISSUE: Phrase("license issued", "licenza emessa"),
    kinds.RENEW: Phrase("license renewed", "licenza rinnovata"),
}
USAGE = Phrase(
    "Write whose access: `/seguito why acme@example.com`.",
    "Scrivi di chi: `/seguito why acme@example.com`.",
)
