"""What checks of the overview say: how it stands, and when it is not well, what to do."""

from services.phrases import Phrase

TABLES = (
    *("operations", "emails", "webhook_endpoints", "profiles", "gateway_requests"),
    *("rollouts", "tenants", "plan_stock", "report_days"),
)
CHECKS = Phrase(
    "Rows that should not be there: operations that failed within a day or do not go on, e-mails "
    "and webhooks that do not leave, users and tenants that got stuck, calls that fail, halted "
    "rollouts, plans nearly sold out, days not summed up.",
    "Righe che non dovrebbero esserci: operazioni fallite da meno di un giorno o ferme, e-mail e "
    "webhook che non partono, utenti e tenant rimasti a metà, chiamate fallite, rollout fermi, "
    "piani quasi esauriti, giorni non sommati.",
)

OPERATIONS = Phrase("Background work", "Lavori in background")
OPERATIONS_GOOD = Phrase(
    "Nothing failed in the last 24 hours, and nothing is stuck.",
    "Nulla è fallito nelle ultime 24 ore e nulla è fermo.",
)
OPERATIONS_FAILED = Phrase(
    "Failed in the last 24 hours: {n}. Each one's card in Slack says why and has Retry.",
    "Fallite nelle ultime 24 ore: {n}. La scheda di ciascuna in Slack dice perché e ha Riprova.",
)
OPERATIONS_STUCK = Phrase(
    "Not moved for over an hour: {n}. Check that a worker runs (python -m bot worker), or cancel "
    "them on their cards.",
    "Ferme da più di un’ora: {n}. Controlla che un worker sia attivo (python -m bot worker), "
    "oppure annullale dalle loro schede.",
)
EMAILS = Phrase("E-mails", "E-mail")
EMAILS_GOOD = Phrase("All of them left.", "Sono partite tutte.")
EMAILS_WAITING = Phrase(
    "Waiting for over an hour: {n}. Check SMTP_URL with python -m bot doctor.",
    "In attesa da più di un’ora: {n}. Controlla SMTP_URL con python -m bot doctor.",
)
EMAILS_FAILED = Phrase(
    "Could not be delivered this week: {n}. GET /api/emails?state=failed says why, and resends.",
    "Non consegnate questa settimana: {n}. GET /api/emails?state=failed dice perché e le rinvia.",
)
WEBHOOKS = Phrase("Webhooks", "Webhook")
WEBHOOKS_GOOD = Phrase("Every endpoint takes what it is sent.", "Ogni endpoint accetta gli invii.")
WEBHOOKS_FAILING = Phrase(
    "Endpoints that do not answer well: {n}. They are tried again; tell their owners.",
    "Endpoint che non rispondono bene: {n}. Si riprova da soli; avvisa i proprietari.",
)
WEBHOOKS_OFF = Phrase(
    "Endpoints switched off after too many failures: {n}. Mend them, then switch them on again "
    "over /api/webhooks.",
    "Endpoint disattivati dopo troppi errori: {n}. Sistemali, poi riattivali da /api/webhooks.",
)
USERS = Phrase("Users and their keys", "Utenti e chiavi")
USERS_GOOD = Phrase("Everybody who signed up has a key.", "Chiunque si sia iscritto ha una chiave.")
USERS_WAITING = Phrase(
    "Waiting for a key for over an hour: {n}. Open the users and press Retry.",
    "In attesa di una chiave da più di un’ora: {n}. Apri gli utenti e premi Riprova.",
)
USERS_FAILED = Phrase(
    "Could not be provisioned: {n}. Open the users: each row says why and has Retry.",
    "Non configurati: {n}. Apri gli utenti: ogni riga dice perché e ha Riprova.",
)
CALLS = Phrase("Calls to models", "Chiamate ai modelli")
CALLS_GOOD = Phrase(
    "{n} in the last hour, {failed} of them failed.", "{n} nell’ultima ora, {failed} fallite."
)
CALLS_NONE = Phrase("None in the last hour.", "Nessuna nell’ultima ora.")
CALLS_FAILING = Phrase(
    "{failed} of {n} failed in the last hour. Look at the providers' status pages, and try the "
    "keys with python -m bot doctor.",
    "{failed} su {n} fallite nell’ultima ora. Guarda le pagine di stato dei provider e prova le "
    "chiavi con python -m bot doctor.",
)
ROLLOUTS = Phrase("Rollouts", "Rollout")
ROLLOUTS_GOOD = Phrase("None is halted.", "Nessuno è fermo.")
ROLLOUTS_HALTED = Phrase(
    "Halted: {n}. The card of each says why; resume it, or roll it back.",
    "Fermi: {n}. La scheda di ciascuno dice perché; riprendilo, o annullalo.",
)
TENANTS = Phrase("Tenants", "Tenant")
TENANTS_GOOD = Phrase("Every one that was begun got ready.", "Ognuno di quelli iniziati è pronto.")
TENANTS_FAILED = Phrase(
    "Not ready, and waiting for somebody: {n}. Each one's card in Slack says what to do.",
    "Non pronti, e in attesa di qualcuno: {n}. La scheda di ciascuno in Slack dice cosa fare.",
)
FIGURES = Phrase("Figures", "Dati")
FIGURES_GOOD = Phrase(
    "Every day that is over is summed up and proven.",
    "Ogni giorno trascorso è sommato e verificato.",
)
FIGURES_BEHIND = Phrase(
    "Days over and not yet summed up: {n}. They are right but slower to read; check that a worker "
    "runs (python -m bot worker).",
    "Giorni trascorsi non ancora sommati: {n}. Sono giusti ma più lenti da leggere; controlla che "
    "un worker sia attivo (python -m bot worker).",
)
STOCK = Phrase("Stock", "Disponibilità")
STOCK_LOW = Phrase(
    "{plan}: licenses left: {n}. Raise the stock of the plan, or stop offering it.",
    "{plan}: licenze rimaste: {n}. Aumenta la disponibilità del piano, o smetti di offrirlo.",
)
