"""The words of the licenses' pages."""

from services.phrases import Phrase

TITLE = Phrase("Licenses", "Licenze")
LEAD = Phrase(
    "What was sold, to whom, and whether it works now.",
    "Cosa è stato venduto, a chi, e se funziona ora.",
)
LICENSE = Phrase("License", "Licenza")
HOLDER = Phrase("Holder", "Titolare")
PLAN = Phrase("Plan", "Piano")
STATUS = Phrase("Status", "Stato")
EXPIRES = Phrase("Expires", "Scade")
NEVER = Phrase("Never", "Mai")
ISSUED = Phrase("Issued", "Emessa")
ACTIVATED = Phrase("First used", "Primo uso")
DOMAIN = Phrase("Site", "Sito")
KEY_END = Phrase("Key", "Chiave")
KEY = Phrase("Key ends in", "La chiave finisce con")
OLD_KEY = Phrase("Old key works until", "La vecchia chiave vale fino al")
BUDGET = Phrase("AI budget a month", "Budget AI al mese")
NO_BUDGET = Phrase("Not limited", "Senza limite")
REASON = Phrase("Reason", "Motivo")
DETAILS = Phrase("Details", "Dettagli")
SITES = Phrase("Sites in use", "Siti in uso")
NO_SITES = Phrase("No site has asked yet", "Nessun sito ha ancora chiesto")
SEARCH_HELP = Phrase(
    "E-mail, name, site, id or end of key", "E-mail, nome, sito, id o fine della chiave"
)
NONE_YET = Phrase("No licenses yet", "Ancora nessuna licenza")
NONE_YET_TEXT = Phrase(
    "Issue the first one here, many from a CSV, or with /license-issue in Slack.",
    "Emetti la prima qui, molte da un CSV, o con /license-issue in Slack.",
)
ACTIVE = Phrase("Active", "Attiva")
EXPIRED = Phrase("Expired", "Scaduta")
SUSPENDED = Phrase("Suspended", "Sospesa")
CANCELLED = Phrase("Cancelled", "Annullata")
STATUSES = {
    "active": ACTIVE,
    "expired": EXPIRED,
    "suspended": SUSPENDED,
    "cancelled": CANCELLED,
}
NEW = Phrase("Issue a license", "Emetti una licenza")
BULK = Phrase("From a CSV", "Da un CSV")
EMAIL = Phrase("Customer’s e-mail", "E-mail del cliente")
EMAIL_HELP = Phrase(
    "A new address becomes a new customer.", "Un indirizzo nuovo diventa un nuovo cliente."
)
MONTHS = Phrase("Months", "Mesi")
MONTHS_HELP = Phrase(
    "1 to 120. A lifetime plan needs none.", "Da 1 a 120. Un piano a vita non ne ha bisogno."
)
SITE_HELP = Phrase(
    "Such as shop.example; without one, the first sites that ask take the places.",
    "Ad esempio shop.example; senza, i primi siti che chiedono prendono i posti.",
)
SEND = Phrase("E-mail the key to the customer", "Invia la chiave al cliente per e-mail")
ISSUE = Phrase("Issue license", "Emetti licenza")
WAS_ISSUED = Phrase(
    "The license for {email} is issued. Show its key to copy it.",
    "La licenza per {email} è emessa. Mostra la chiave per copiarla.",
)
SHOW_KEY = Phrase("Show key", "Mostra chiave")
KEY_SHOWN = Phrase("The key of {email}", "La chiave di {email}")
KEY_LEAD = Phrase(
    "That it was shown is in the audit log. Whoever has it can use the license.",
    "Che sia stata mostrata è nel registro. Chi la possiede può usare la licenza.",
)
KEY_LABEL = Phrase("License key", "Chiave di licenza")
BACK = Phrase("Back to the license", "Torna alla licenza")
DELIVER = Phrase("E-mail key", "Invia chiave")
DELIVERED = Phrase("The key is on its way to {email}.", "La chiave è in viaggio verso {email}.")
RENEW = Phrase("Renew", "Rinnova")
RENEW_LEAD = Phrase(
    "Months are added to the end, or to today when it is over.",
    "I mesi si aggiungono alla fine, o a oggi se è già scaduta.",
)
RENEWED = Phrase("Renewed until {day}.", "Rinnovata fino al {day}.")
SUSPEND = Phrase("Suspend", "Sospendi")
SUSPEND_LEAD = Phrase(
    "Its sites stop until it is reinstated; its months go on.",
    "I suoi siti si fermano finché non viene ripristinata; i mesi continuano.",
)
REASON_HELP = Phrase("The holder’s site shows it.", "Lo mostra il sito del titolare.")
WAS_SUSPENDED = Phrase("The license is suspended.", "La licenza è sospesa.")
REINSTATE = Phrase("Reinstate", "Ripristina")
REINSTATED = Phrase(
    "The license works again, as its calendar says.",
    "La licenza vale di nuovo, secondo il suo calendario.",
)
CANCEL = Phrase("Cancel…", "Annulla…")
CANCEL_TITLE = Phrase("Cancel for good", "Annulla per sempre")
CANCEL_LEAD = Phrase(
    "Its sites stop at once and it cannot be reinstated. A new license would be needed.",
    "I suoi siti si fermano subito e non si può ripristinare. Servirebbe una nuova licenza.",
)
WAS_CANCELLED = Phrase("The license is cancelled for good.", "La licenza è annullata per sempre.")
ROTATE = Phrase("New key", "Nuova chiave")
ROTATE_LEAD = Phrase(
    "Its holder needs the new key before the old one ends.",
    "Il titolare ha bisogno della nuova chiave prima che finisca la vecchia.",
)
OVERLAP = Phrase("Hours the old key still works", "Ore in cui la vecchia chiave vale ancora")
OVERLAP_HELP = Phrase("0 to 720; 0 ends it at once.", "Da 0 a 720; 0 la chiude subito.")
ROTATED = Phrase(
    "There is a new key. Show it to copy it, or e-mail it.",
    "C’è una nuova chiave. Mostrala per copiarla, o inviala.",
)
TRANSFER = Phrase("Transfer", "Trasferisci")
TRANSFER_LEAD = Phrase(
    "Sites and key stay; the new holder is made if need be.",
    "Siti e chiave restano; il nuovo titolare viene creato se serve.",
)
NEW_HOLDER = Phrase("New holder’s e-mail", "E-mail del nuovo titolare")
TRANSFERRED = Phrase("The license belongs to {email} now.", "Ora la licenza è di {email}.")
LIMIT = Phrase("AI budget", "Budget AI")
LIMIT_LEAD = Phrase(
    "The most its AI requests may cost a month. Left empty there is no limit.",
    "Il massimo che le sue richieste AI possono costare al mese. Vuoto: nessun limite.",
)
DOLLARS = Phrase("US dollars a month", "Dollari USA al mese")
LIMITED = Phrase("The budget is saved.", "Il budget è salvato.")
CONFIRM = Phrase("Type {name} to confirm", "Scrivi {name} per confermare")
FOR_LIFE = Phrase("{plan} · for life · {price}", "{plan} · a vita · {price}")
MONTHLY = Phrase("{plan} · {price} a month", "{plan} · {price} al mese")
