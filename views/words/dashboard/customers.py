"""The words of the customers' pages."""

from services.phrases import Phrase, Plural

TITLE = Phrase("Customers", "Clienti")
LEAD = Phrase(
    "Who bought licenses. Blocking one suspends all of theirs.",
    "Chi ha comprato licenze. Bloccarne uno sospende tutte le sue.",
)
NEW = Phrase("New customer", "Nuovo cliente")
SEARCH_HELP = Phrase("E-mail, name, notes or id", "E-mail, nome, note o id")
CUSTOMER = Phrase("Customer", "Cliente")
STATUS = Phrase("Status", "Stato")
SINCE = Phrase("Since", "Da")
NONE_YET = Phrase("No customers yet", "Ancora nessun cliente")
NONE_YET_TEXT = Phrase(
    "Issuing a license makes its customer too; or create one here.",
    "Emettere una licenza crea anche il cliente; oppure creane uno qui.",
)
ACTIVE = Phrase("Active", "Attivo")
BLOCKED = Phrase("Blocked", "Bloccato")
STATUSES = {"active": ACTIVE, "blocked": BLOCKED}
EMAIL = Phrase("E-mail", "E-mail")
NAME = Phrase("Name", "Nome")
NAME_HELP = Phrase("Left empty, it is made of the address.", "Se vuoto, si ricava dall’indirizzo.")
NOTES = Phrase("Notes", "Note")
NOTES_HELP = Phrase("Only admins see them.", "Le vedono solo gli admin.")
CREATE = Phrase("Create customer", "Crea cliente")
CREATED = Phrase("{name} is a customer now.", "{name} ora è un cliente.")
SAVE = Phrase("Save changes", "Salva le modifiche")
SAVED = Phrase("The changes are saved.", "Le modifiche sono salvate.")
EDIT = Phrase("Edit", "Modifica")
DETAILS = Phrase("Details", "Dettagli")
ID = Phrase("Id", "Id")
CHANGED = Phrase("Last changed", "Ultima modifica")
BLOCK = Phrase("Block", "Blocca")
UNBLOCK = Phrase("Unblock", "Sblocca")
BLOCKED_NOW = Phrase(
    "{name} is blocked; their licenses are suspended.",
    "{name} è bloccato; le sue licenze sono sospese.",
)
UNBLOCKED_NOW = Phrase(
    "{name} is active again; their licenses work as their calendar says.",
    "{name} è di nuovo attivo; le sue licenze valgono secondo il loro calendario.",
)
ISSUE = Phrase("Issue a license", "Emetti una licenza")
LICENSES = Phrase("Licenses", "Licenze")
NO_LICENSES = Phrase("No licenses", "Nessuna licenza")
HISTORY = Phrase("History", "Storia")
DELETE = Phrase("Delete…", "Elimina…")
DELETE_TITLE = Phrase("Delete {name}", "Elimina {name}")
DELETE_LEAD = Phrase(
    "The customer, {n} license(s), sites, usage and e-mails are gone for good, and every site with "
    "one of the keys stops at once. Only the audit log remembers that it was done.",
    "Il cliente, le licenze ({n}), i siti, i consumi e le e-mail spariscono per sempre, e ogni "
    "sito con una delle chiavi si ferma subito. Solo il registro ricorda che è stato fatto.",
)
CONFIRM = Phrase("Type {name} to confirm", "Scrivi {name} per confermare")
DELETE_NOW = Phrase("Delete for good", "Elimina per sempre")
DELETED = Phrase(
    "{name} and everything they owned is deleted.",
    "{name} e tutto ciò che possedeva è stato eliminato.",
)
FOUND = Plural(Phrase("{n} shown", "{n} mostrato"), Phrase("{n} shown", "{n} mostrati"))
ACCESS = Phrase("Access", "Accesso")
WHY = Phrase("Why", "Perché")
ENDS = Phrase("Ends", "Finisce")
SUBSCRIPTION_OF = Phrase("Subscription: {plan}", "Abbonamento: {plan}")
INVOICE = Phrase("Invoice", "Fattura")
AT_STRIPE = Phrase("Customer at Stripe", "Cliente in Stripe")
