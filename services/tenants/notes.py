"""What the steps of a tenant's operations say of themselves, to whoever reads their card."""

from services.phrases import Phrase

NOBODY = Phrase(
    "This tenant is gone; nothing was done.", "Questo tenant non c’è più: non è stato fatto nulla."
)
NO_PROVIDER = Phrase(
    "Nobody makes databases here: set TENANT_DATABASES, then retry.",
    "Qui nessuno crea database: imposta TENANT_DATABASES, poi riprova.",
)
SLUG = Phrase("{slug}", "{slug}")
INTENT = Phrase("database {name}, password sealed", "database {name}, password sigillata")
INTENT_OWN = Phrase("their own database, password sealed", "database proprio, password sigillata")
FOUND = Phrase("it is there already", "c’è già")
NOT_THERE = Phrase("none of this name yet", "nessuno con questo nome")
NOT_LOOKED = Phrase("not needed", "non serve")
CREATED = Phrase("asked for", "richiesto")
OWN_EMPTY = Phrase("reachable and empty", "raggiungibile e vuoto")
OWN_NOT_EMPTY = Phrase(
    "The database is not empty. Empty it, or give the address of another, then retry.",
    "Il database non è vuoto. Svuotalo, o indica un altro indirizzo, poi riprova.",
)
OWN_AWAY = Phrase(
    "The database does not answer under the address that was given. Check host, port, name and "
    "password there, and that it lets us in, then retry.",
    "Il database non risponde all’indirizzo indicato. Controlla host, porta, nome e password, e "
    "che ci lasci entrare, poi riprova.",
)
VENDOR_SAYS = Phrase(
    "{vendor} says: “{sentence}” Mend that there, then retry; short name and password are kept.",
    "{vendor} dice: “{sentence}” Sistema lì, poi riprova; nome breve e password restano.",
)
REFUSED = Phrase(
    "{vendor} refused ({code}). Mend what it names, then retry; short name and password are kept.",
    "{vendor} ha rifiutato ({code}). Correggi ciò che indica, poi riprova; nome breve e password "
    "restano.",
)
KEY_REFUSED = Phrase(
    "{vendor} does not accept our credentials. Check them in the settings, then retry.",
    "{vendor} non accetta le nostre credenziali. Controllale nelle impostazioni, poi riprova.",
)
ASKED_TO_WAIT = Phrase("{vendor} asks us to slow down", "{vendor} ci chiede di rallentare")
COMING_UP = Phrase("coming up ({detail})", "in avvio ({detail})")
HEALTHY = Phrase("healthy", "funziona")
LATE = Phrase(
    "The database did not come up in {minutes} minutes ({detail}). Nothing was deleted. If it "
    "comes up later, this goes on by itself; or look at it at {vendor}, then retry.",
    "Il database non è partito in {minutes} minuti ({detail}). Nulla è stato eliminato. Se parte "
    "più tardi, si continua da sé; oppure controlla su {vendor}, poi riprova.",
)
BROKEN = Phrase(
    "{vendor} could not make the database ({detail}). Delete “{name}” there, then retry: it is "
    "made anew under the same name.",
    "{vendor} non è riuscito a creare il database ({detail}). Elimina lì “{name}”, poi riprova: "
    "verrà rifatto con lo stesso nome.",
)
GONE = Phrase("it is gone there; made anew", "lì non c’è più: si rifà")
PARTS = Phrase("{host}, {mode}", "{host}, {mode}")
MIGRATED = Phrase("{n} applied", "{n} applicate")
UP_TO_DATE = Phrase("none to apply", "nessuna da applicare")
NO_MIGRATIONS = Phrase("none are set up", "nessuna configurata")
INVITED = Phrase("for {email}, mailed at the end", "per {email}, spedito alla fine")
HAS_ADMIN = Phrase("it has an administrator", "ha già un amministratore")
SMOKE = Phrase("answers, PostgreSQL {version}", "risponde, PostgreSQL {version}")
READY = Phrase("invitation on its way to {email}", "invito in viaggio verso {email}")
READY_AGAIN = Phrase("ready", "pronto")

OVERTAKEN = Phrase("no longer wanted", "non serve più")
WAITS = Phrase("waits for the change before", "attende la modifica precedente")
CLOSED = Phrase("refuses connections", "rifiuta le connessioni")
CLOSED_BY_US = Phrase(
    "their own server: only we stay away", "server del cliente: ci fermiamo solo noi"
)
CLOSING = Phrase("closing ({detail})", "in chiusura ({detail})")
OPEN = Phrase("accepts connections", "accetta connessioni")
COOLING = Phrase("waits until the time is over", "attende la fine del periodo")
COOLED = Phrase("time is over", "periodo finito")
DROPPED = Phrase("deleted", "eliminato")
NONE_THERE = Phrase("there was none", "non c’era")
KEPT_BY_OWNER = Phrase("their own server: it stays with them", "server del cliente: resta suo")
FORGOTTEN = Phrase("password, parts and invitations", "password, parti e inviti")
BEING_DELETED = Phrase(
    "This tenant is being deleted, so its onboarding ended.",
    "Questo tenant è in eliminazione, quindi l’attivazione è finita.",
)
