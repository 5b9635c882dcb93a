"""The words of the users' pages."""

from services.phrases import Phrase

TITLE = Phrase("Users", "Utenti")
LEAD = Phrase(
    "People of the client apps: their credits, and their key at OpenRouter.",
    "Le persone delle app clienti: i loro crediti e la loro chiave OpenRouter.",
)
USER = Phrase("User", "Utente")
STATUS = Phrase("Provisioning", "Provisioning")
CREDITS = Phrase("Credits", "Crediti")
LIMIT = Phrase("Key limit", "Limite della chiave")
SINCE = Phrase("Since", "Da")
SEARCH_HELP = Phrase("E-mail or id", "E-mail o id")
KEY = Phrase("Key", "Chiave")
WITH_KEY = Phrase("With a key that works", "Con una chiave che funziona")
WITHOUT_KEY = Phrase("Without one", "Senza")
NONE_YET = Phrase("No users yet", "Ancora nessun utente")
NONE_YET_TEXT = Phrase(
    "Whoever signs up in a client app appears here. A test user shows how it goes.",
    "Chi si iscrive in un’app cliente compare qui. Un utente di prova mostra come va.",
)
STATUSES = {
    "pending": Phrase("In progress", "In corso"),
    "active": Phrase("Active", "Attivo"),
    "failed": Phrase("Failed", "Non riuscito"),
    "revoked": Phrase("Revoked", "Revocato"),
}
SOURCES = {
    "signup": Phrase("signed up", "iscritto da sé"),
    "admin": Phrase("made by an admin", "creato da un admin"),
}
NEW = Phrase("Create test user", "Crea utente di prova")
NEW_LEAD = Phrase(
    "An account at Supabase Auth, confirmed and without an e-mail, the initial credits and a key.",
    "Un account in Supabase Auth, confermato e senza e-mail, i crediti iniziali e una chiave.",
)
EMAIL = Phrase("E-mail", "E-mail")
CREDITS_HELP = Phrase("Left empty: what everybody gets.", "Vuoto: quelli che hanno tutti.")
DOLLARS = Phrase("Key limit in US dollars", "Limite della chiave in dollari USA")
LIMIT_HELP = Phrase(
    "Such as 10 or 2.50. Left empty: the usual.", "Ad esempio 10 o 2,50. Vuoto: il solito."
)
CREATE = Phrase("Create and provision", "Crea e attiva")
CREATED = Phrase("{email} is being provisioned.", "Provisioning di {email} in corso.")
DETAILS = Phrase("Details", "Dettagli")
CAME = Phrase("Came", "Arrivo")
KEY_NAME = Phrase("Key’s name", "Nome della chiave")
NO_KEY = Phrase("None", "Nessuna")
SWITCHED_OFF = Phrase("switched off", "spenta")
CONFIRMED = Phrase("Address confirmed", "Indirizzo confermato")
HELD = Phrase("Set aside", "Messi da parte")
SPENT = Phrase("Spent in all", "Spesi in tutto")
STATEMENT = Phrase("Credit entries", "Movimenti dei crediti")
NO_ENTRIES = Phrase("No entries yet", "Ancora nessun movimento")
ENTRY = Phrase("Entry", "Movimento")
AMOUNT = Phrase("Change", "Variazione")
BALANCE = Phrase("Balance", "Saldo")
WHEN = Phrase("When", "Quando")
ENTRIES = {
    "grant": Phrase("Granted", "Assegnati"),
    "take_back": Phrase("Taken back", "Ripresi"),
    "hold": Phrase("Set aside", "Messi da parte"),
    "settle": Phrase("Spent", "Spesi"),
    "release": Phrase("Given back", "Restituiti"),
    "expire": Phrase("Given back by the clock", "Restituiti alla scadenza"),
    "reverse": Phrase("Reversed", "Stornati"),
}
PROVISION = Phrase("Provision again", "Ripeti provisioning")
PROVISIONING = Phrase("Provisioning goes on.", "Il provisioning è in corso.")
BOOK = Phrase("Give credits", "Dai crediti")
BOOK_LEAD = Phrase(
    "Below zero takes back what is not spent.", "Sotto zero riprende ciò che non è speso."
)
REASON = Phrase("Reason", "Motivo")
BOOKED = Phrase("Booked; the balance is {balance}.", "Registrato; il saldo è {balance}.")
CHANGE = Phrase("Limit the key", "Limita la chiave")
CHANGE_LEAD = Phrase("At OpenRouter first, then here.", "Prima su OpenRouter, poi qui.")
OFF = Phrase("The key is switched off", "La chiave è spenta")
CHANGED = Phrase("The key is changed.", "La chiave è cambiata.")
REVOKE = Phrase("Revoke…", "Revoca…")
REVOKE_TITLE = Phrase("Revoke the key of {email}", "Revoca la chiave di {email}")
REVOKE_LEAD = Phrase(
    "The key ends at OpenRouter at once and for good. Credits stay; provisioning again makes a new "
    "key.",
    "La chiave finisce subito e per sempre su OpenRouter. I crediti restano; un nuovo provisioning "
    "crea un’altra chiave.",
)
REVOKE_NOW = Phrase("Revoke the key", "Revoca la chiave")
REVOKED = Phrase("The key of {email} is revoked.", "La chiave di {email} è revocata.")
CONFIRM = Phrase("Type {name} to confirm", "Scrivi {name} per confermare")
PROBLEM = Phrase("Not provisioned: {problem}", "Provisioning non riuscito: {problem}")
