"""The words of the dashboard's pages of billing and plans."""

from services.phrases import Phrase

BILLING = Phrase("Billing", "Fatturazione")
PLANS = Phrase("Plans", "Piani")
NOW = Phrase("Recurring revenue now", "Ricavi ricorrenti ora")
MRR = Phrase("MRR", "MRR")
MRR_SOURCE = Phrase(
    "Active subscriptions and those in grace, each at its own price, brought to a month. Trials "
    "and paused ones are not in it. Days and months are those of {zone}.",
    "Abbonamenti attivi e quelli in tolleranza, ognuno al suo prezzo, riportati al mese. Prove e "
    "abbonamenti in pausa non ci sono. Giorni e mesi sono di {zone}.",
)
TRIAL = Phrase("Trial MRR", "MRR in prova")
TRIAL_SOURCE = Phrase(
    "What trials would pay; no part of MRR.", "Quanto pagherebbero le prove; non è nell’MRR."
)
COMMITTED = Phrase("After known cancellations", "Dopo le disdette note")
COMMITTED_SOURCE = Phrase(
    "MRR without subscriptions whose end is planned.",
    "MRR senza gli abbonamenti che hanno già una fine.",
)
MONTH = Phrase("Movements of this month", "Movimenti di questo mese")
MONTH_NOTE = Phrase(
    "Up to the last day that is over, in {zone}.", "Fino all’ultimo giorno concluso, in {zone}."
)
NO_MONTH = Phrase("Nothing moved yet", "Ancora nessun movimento")
NO_MONTH_TEXT = Phrase(
    "The first snapshot is taken when the day is over.",
    "La prima istantanea si prende a giornata finita.",
)
CURRENCY = Phrase("Currency", "Valuta")
OPENING = Phrase("At the start", "Inizio")
NEW = Phrase("New", "Nuovi")
REACTIVATION = Phrase("Came back", "Tornati")
EXPANSION = Phrase("More", "In più")
CONTRACTION = Phrase("Less", "In meno")
CHURN = Phrase("Lost", "Persi")
CLOSING = Phrase("End", "Fine")

MONTH_HEAD = Phrase("Month", "Mese")
BY_MONTH = Phrase("MRR by month, {currency}", "MRR per mese, {currency}")
MONTHS_OF = Phrase("Months of {zone}", "Mesi di {zone}")
MOVEMENTS = Phrase("Movements", "Movimenti")
MOVEMENTS_NAMED = Phrase("Download the movements of {month}", "Scarica i movimenti di {month}")
CLOSED = Phrase("Closed months", "Mesi chiusi")
CLOSED_NOTE = Phrase("They do not change any more.", "Non cambiano più.")
NONE_CLOSED = Phrase("No month is closed yet", "Ancora nessun mese chiuso")
NONE_CLOSED_TEXT = Phrase(
    "A month is closed a day after its end, by itself.",
    "Un mese si chiude da sé un giorno dopo la fine.",
)

SUBSCRIPTIONS = Phrase("Subscriptions", "Abbonamenti")
NO_SUBSCRIPTIONS = Phrase("No subscriptions yet", "Ancora nessun abbonamento")
NO_SUBS_TEXT = Phrase(
    "The first one appears as soon as somebody buys a plan.",
    "Il primo compare appena qualcuno compra un piano.",
)
SEARCH_HELP = Phrase("Customer, e-mail or sub_…", "Cliente, e-mail o sub_…")
ALL = Phrase("All", "Tutti")
CUSTOMER = Phrase("Customer", "Cliente")
NOBODYS = Phrase("nobody’s", "di nessuno")
MONTHLY = Phrase("A month of it", "Al mese")
SINCE = Phrase("Since", "Da")
ENDS = Phrase("Ends", "Finisce")
IS_TRIAL = Phrase("trial, no part of MRR", "prova, fuori dall’MRR")
NEWEST = Phrase("The newest {n} of {rows}", "I {n} più recenti di {rows}")
OVER = Phrase("more than {n} rows", "più di {n} righe")
STATUSES = {
    "active": Phrase("active", "attivo"),
    "trialing": Phrase("trial", "in prova"),
    "past_due": Phrase("past due", "pagamento in ritardo"),
    "unpaid": Phrase("unpaid", "non pagato"),
    "paused": Phrase("paused", "in pausa"),
    "canceled": Phrase("cancelled", "annullato"),
    "incomplete": Phrase("first payment open", "primo pagamento in sospeso"),
    "incomplete_expired": Phrase("never paid", "mai pagato"),
}
STRIPE_INTERVALS = {
    "month": Phrase("a month", "al mese"),
    "year": Phrase("a year", "all’anno"),
    "week": Phrase("a week", "a settimana"),
    "day": Phrase("a day", "al giorno"),
}

COMPARISON = Phrase("Comparison with Stripe", "Confronto con Stripe")
COMPARE = Phrase("Compare now", "Confronta ora")
NEVER = Phrase("No comparison yet", "Nessun confronto finora")
NEVER_TEXT = Phrase(
    "It runs every night, and whenever you want.", "Si fa ogni notte, e quando vuoi."
)
CLEAN = Phrase(
    "Compared {ago}: all {n} subscriptions are as Stripe has them.",
    "Confronto {ago}: tutti i {n} abbonamenti sono come su Stripe.",
)
INCOMPLETE = Phrase(
    "The comparison {ago} is incomplete ({note}): after {n} subscriptions Stripe stopped "
    "answering. Compare again.",
    "Il confronto {ago} è incompleto ({note}): dopo {n} abbonamenti Stripe non ha più risposto. "
    "Confronta di nuovo.",
)
RUNNING = Phrase(
    "A comparison began {ago} and goes on.", "Un confronto è iniziato {ago} ed è in corso."
)
DRIFTED = Phrase(
    "Compared {ago}: {n} subscriptions differ from Stripe.",
    "Confronto {ago}: {n} abbonamenti sono diversi da Stripe.",
)
SUBSCRIPTION = Phrase("Subscription", "Abbonamento")
DIFFERENCE = Phrase("Here → at Stripe", "Qui → su Stripe")
NOTHING_DIFFERS = Phrase("Nothing differs", "Nessuna differenza")
REPAIR = Phrase("Repair", "Ripara")
REPAIR_NAME = Phrase("Repair {id}", "Ripara {id}")
IS_REPAIRED = Phrase("Looked at again", "Riletto")
UNLINKED = Phrase("Link its customer first", "Prima collega il cliente")
WAS_REPAIRED = Phrase("Read {id} again from Stripe.", "Riletto {id} da Stripe.")
WAS_COMPARED = Phrase("Compared with Stripe.", "Confronto con Stripe fatto.")
NO_KEY = Phrase(
    "Nothing is sold by subscription here: set STRIPE_SECRET_KEY.",
    "Qui non si vendono abbonamenti: imposta STRIPE_SECRET_KEY.",
)
KINDS = {
    "different": Phrase("Differs", "Diverso"),
    "unknown_here": Phrase("Only at Stripe", "Solo su Stripe"),
    "unknown_there": Phrase("Only here", "Solo qui"),
}

PRICES = Phrase("Prices", "Prezzi")
PRICES_LEAD = Phrase(
    "Amounts are Stripe’s. A price whose lookup key is professional_monthly sells that plan.",
    "Gli importi sono di Stripe. Un prezzo con lookup key professional_monthly vende quel piano.",
)
SYNC = Phrase("Learn from Stripe", "Leggi da Stripe")
WAS_SYNCED = Phrase(
    "{added} prices added, {retired} retired.", "{added} prezzi aggiunti, {retired} ritirati."
)
PLAN = Phrase("Plan", "Piano")
INTERVAL = Phrase("Interval", "Periodo")
AMOUNT = Phrase("Amount", "Importo")
MODE = Phrase("Mode", "Modalità")
LIVE = Phrase("live", "live")
TEST = Phrase("test", "test")
STATE = Phrase("State", "Stato")
SOLD = Phrase("for sale", "in vendita")
RETIRED = Phrase("renews only", "solo rinnovi")
RETIRE = Phrase("Retire", "Ritira")
RETIRE_NAME = Phrase("Retire {id}", "Ritira {id}")
WAS_RETIRED = Phrase(
    "The price is sold no more; whoever has it goes on paying it.",
    "Il prezzo non si vende più; chi lo ha continua a pagarlo.",
)
NO_PRICES = Phrase("Nothing is for sale", "Nulla in vendita")
NO_PRICES_TEXT = Phrase(
    "Give prices at Stripe a lookup key such as professional_monthly, then learn from Stripe.",
    "Dai ai prezzi su Stripe una lookup key come professional_monthly, poi leggi da Stripe.",
)
INTERVALS = {
    "monthly": Phrase("monthly", "mensile"),
    "yearly": Phrase("yearly", "annuale"),
    "other": Phrase("other", "altro"),
}
