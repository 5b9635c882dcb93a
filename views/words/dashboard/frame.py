"""The words around every page, and of what all pages have."""

from services.phrases import Phrase

NAME = Phrase("Seguito", "Seguito")
OVERVIEW = Phrase("Overview", "Panoramica")
CUSTOMERS = Phrase("Customers", "Clienti")
LICENSES = Phrase("Licenses", "Licenze")
USAGE = Phrase("Usage", "Consumo")
USERS = Phrase("Users", "Utenti")
TENANTS = Phrase("Tenants", "Tenant")
ROLLOUTS = Phrase("Rollouts", "Rollout")
BILLING = Phrase("Billing", "Fatturazione")
PLANS = Phrase("Plans", "Piani")
FOLLOWUPS = Phrase("Follow-ups", "Follow-up")
AUDIT = Phrase("Audit log", "Registro")
SETTINGS = Phrase("Settings", "Impostazioni")

SKIP = Phrase("Skip to the content", "Vai al contenuto")
MENU = Phrase("Menu", "Menu")
PAGES = Phrase("Pages", "Pagine")
WHERE = Phrase("You are here", "Sei qui")
SIGN_OUT = Phrase("Sign out", "Esci")
SIGNED_IN_AS = Phrase("Signed in as", "Accesso come")
JUST_NOW = Phrase("just now", "proprio ora")
COPY = Phrase("Copy", "Copia")
COPIED = Phrase("Copied", "Copiato")
NEXT_PAGE = Phrase("Next page", "Pagina successiva")
FIRST_PAGE = Phrase("First page", "Prima pagina")
CANCEL = Phrase("Cancel", "Annulla")
OPTIONAL = Phrase("optional", "facoltativo")
NOT_DONE = Phrase("That was not done", "Non è stato fatto")
SOURCE = Phrase("Where “{label}” comes from", "Da dove viene «{label}»")
APPLY = Phrase("Apply", "Applica")
SEARCH = Phrase("Search", "Cerca")
FILTER = Phrase("Search and filter", "Cerca e filtra")
CLEAR = Phrase("Clear filters", "Togli i filtri")
ANY = Phrase("Any", "Tutti")
NOTHING_FOUND = Phrase("Nothing matches", "Nessun risultato")
NOTHING_FOUND_TEXT = Phrase(
    "Try fewer words, or clear the filters.", "Prova con meno parole, o togli i filtri."
)
ACTIONS = Phrase("Actions", "Azioni")
CSV = Phrase("CSV", "CSV")
EXCEL = Phrase("Excel", "Excel")
LIVE = Phrase("Live", "In diretta")
RECONNECTING = Phrase("Reconnecting", "Riconnessione")
STOPPED = Phrase("Stopped", "Fermo")
OVER = Phrase("Finished", "Finito")
GOOD = Phrase("All right", "A posto")
WARN = Phrase("Look at this", "Da vedere")
BAD = Phrase("Not working", "Non funziona")
QUIET = Phrase("Not set", "Non impostato")
INFO = Phrase("Note", "Nota")
SHORTCUTS = Phrase(
    "Keys: “/” search, “r” reload, “?” this line. Switch them off in the settings.",
    "Tasti: “/” cerca, “r” ricarica, “?” questa riga. Si disattivano nelle impostazioni.",
)

NOT_FOUND = Phrase("There is no such page", "Questa pagina non esiste")
NOT_FOUND_TEXT = Phrase(
    "The address may be wrong, or what it showed was deleted. Choose a page on the left.",
    "L’indirizzo è sbagliato, o ciò che mostrava è stato eliminato. Scegli una pagina a sinistra.",
)
NOT_POSSIBLE = Phrase("That did not work", "Non ha funzionato")
BACK = Phrase("Go back", "Torna indietro")
TOO_OLD = Phrase(
    "This page was open too long; what you typed is kept. Send it again to go on.",
    "Questa pagina è rimasta aperta troppo a lungo; ciò che hai scritto è qui. Invialo di nuovo.",
)
SESSION_OVER = Phrase(
    "Your session is over; what you typed is kept on this page. Sign in in another tab, then send "
    "it again from here.",
    "La tua sessione è finita; ciò che hai scritto resta in questa pagina. Accedi in un’altra "
    "scheda, poi invialo di nuovo da qui.",
)
SEND_AGAIN = Phrase("Send again", "Invia di nuovo")
FROM_ELSEWHERE = Phrase(
    "This form came from another site. Nothing was done.",
    "Questo modulo veniva da un altro sito. Non è stato fatto nulla.",
)
WHAT_YOU_TYPED = Phrase("What you typed", "Ciò che hai scritto")
