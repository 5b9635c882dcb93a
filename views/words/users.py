"""The words of users in Slack: provisioning, its command, and what goes wrong."""

from services.phrases import Phrase, Plural
from views.words.operations import KindWords

PROVISION_KIND = KindWords(
    Phrase("Provision user", "Provisioning utente"),
    {
        "account": Phrase("Account", "Account"),
        "confirmation": Phrase("Address confirmed", "Indirizzo confermato"),
        "profile": Phrase("Profile", "Profilo"),
        "credits": Phrase("Initial credits", "Crediti iniziali"),
        "key": Phrase("OpenRouter key", "Chiave OpenRouter"),
        "mapping": Phrase("Key assigned", "Chiave assegnata"),
        "mirror": Phrase("Profile in Supabase", "Profilo in Supabase"),
        "active": Phrase("Active", "Attivo"),
    },
)

SAME_MAILBOX = Phrase(
    "{email} signed up with a mailbox that had its initial credits already. The user has a key and "
    "no second credits; if they shall have some, grant them over the API.",
    "{email} si è iscritto con una casella che aveva già avuto i crediti iniziali. L’utente ha una "
    "chiave ma non altri crediti; se deve averne, assegnali via API.",
)
NOT_MIRRORED = Phrase(
    "Profiles cannot be written to Supabase ({problem}); it is tried again by itself. Check the "
    "grants on its table profiles and SUPABASE_SECRET_KEY.",
    "I profili non si possono scrivere in Supabase ({problem}); si riprova da sé. Controlla i "
    "permessi sulla tabella profiles e SUPABASE_SECRET_KEY.",
)
EMPTY = Phrase(
    "The account at OpenRouter has no credits left, so new users wait for their keys. Add credits "
    "at openrouter.ai; they go on by themselves.",
    "L’account OpenRouter non ha più credito, quindi i nuovi utenti aspettano la chiave. Aggiungi "
    "credito su openrouter.ai; il resto continua da sé.",
)

ABOUT = Phrase("create a user with credits and a key", "creare un utente con crediti e chiave")
EMAIL_NAME = Phrase("email", "email")
EMAIL_ABOUT = Phrase("the user’s e-mail address", "l’indirizzo e-mail dell’utente")
EMAIL_UNFIT = Phrase(
    "“{value}” is not an e-mail address. Type for example: {example}",
    "“{value}” non è un indirizzo e-mail. Scrivi per esempio: {example}",
)
EMAIL_MISSING = Phrase(
    "The user’s e-mail address is missing. Type for example: {example}",
    "Manca l’indirizzo e-mail dell’utente. Scrivi per esempio: {example}",
)
CREDITS_NAME = Phrase("credits=100", "credits=100")
CREDITS_ABOUT = Phrase(
    "initial credits, when not the usual ones", "crediti iniziali, se diversi dai soliti"
)
LIMIT_NAME = Phrase("limit=10", "limit=10")
LIMIT_ABOUT = Phrase(
    "what the key may spend, in dollars", "quanto può spendere la chiave, in dollari"
)
RECONCILE_WORD = Phrase(
    "compare users, keys and credits, and mend what is safe",
    "confronta utenti, chiavi e crediti, e sistema ciò che è sicuro",
)
HELP_WORD = Phrase("this help", "questo aiuto")

FORM_TITLE = Phrase("Provision a user", "Provisioning utente")
SHOW_PREVIEW = Phrase("Preview", "Anteprima")
EMAIL = Phrase("User’s e-mail", "E-mail dell’utente")
CREDITS = Phrase("Initial credits", "Crediti iniziali")
CREDITS_HINT = Phrase(
    "A whole number. Empty: what everybody gets.", "Un numero intero. Vuoto: come per tutti."
)
LIMIT = Phrase("Key’s limit in dollars", "Limite della chiave in dollari")
LIMIT_HINT = Phrase(
    "Such as 10 or 2.50. Empty: the usual.", "Ad esempio 10 o 2.50. Vuoto: il solito."
)

PREVIEW = Phrase("Provision this user?", "Fare il provisioning di questo utente?")
DRY_RUN = Phrase("Dry run: this would be given", "Prova: questo verrebbe dato")
USER = Phrase("User", "Utente")
USER_NEW = Phrase("new", "nuovo")
USER_KNOWN = Phrase(
    "known, {status}: goes on with what was promised before",
    "già noto, {status}: continua con quanto promesso prima",
)
STATUSES = {
    "pending": Phrase("waiting", "in attesa"),
    "active": Phrase("active", "attivo"),
    "failed": Phrase("failed", "non riuscito"),
    "revoked": Phrase("revoked", "revocato"),
}
KEY = Phrase("Key", "Chiave")
KEY_LIMIT = Phrase("up to ${limit}", "fino a ${limit}")
CONFIRM = Phrase("Provision user", "Avvia il provisioning")
STARTED = Phrase(
    "Confirmed. A card in the channel shows each step.",
    "Confermato. Una scheda nel canale mostra ogni passo.",
)
RECEIPT = Phrase(
    "{email} has {credits} credits and a key of up to ${limit}. User {user}",
    "{email} ha {credits} crediti e una chiave fino a ${limit}. Utente {user}",
)
LOOKING = Phrase(
    "Comparing users, keys and credits. The result comes to the channel.",
    "Confronto utenti, chiavi e crediti. Il risultato arriva nel canale.",
)

RECONCILED = Phrase("Users, keys and credits compared", "Utenti, chiavi e crediti confrontati")
ALL_WELL = Phrase("Everything fits: nothing to mend.", "Tutto torna: niente da sistemare.")
RESTARTED = Plural(
    Phrase("One user without a key: provisioning begun", "Un utente senza chiave: avviato"),
    Phrase("{n} users without a key: provisioning begun", "{n} utenti senza chiave: avviati"),
)
REVIVED = Plural(
    Phrase("One stuck operation goes on", "Un’operazione ferma riprende"),
    Phrase("{n} stuck operations go on", "{n} operazioni ferme riprendono"),
)
ADOPTED = Plural(
    Phrase(
        "One sign-up whose answer was lost is taken up", "Un’iscrizione senza risposta è ripresa"
    ),
    Phrase(
        "{n} sign-ups whose answers were lost are taken up", "{n} iscrizioni senza risposta riprese"
    ),
)
REVOKED = Plural(
    Phrase("One key that belonged to nobody is revoked", "Una chiave di nessuno è revocata"),
    Phrase("{n} keys that belonged to nobody are revoked", "{n} chiavi di nessuno sono revocate"),
)
BEHIND = Plural(
    Phrase(
        "One change waits for OpenRouter or Supabase", "Una modifica attende OpenRouter o Supabase"
    ),
    Phrase(
        "{n} changes wait for OpenRouter or Supabase",
        "{n} modifiche attendono OpenRouter o Supabase",
    ),
)
INCOMPLETE = Phrase(
    "Incomplete ({reason}): a list could not be read to its end, so nothing was ended by it. It is "
    "tried again by itself.",
    "Incompleto ({reason}): un elenco non si è potuto leggere fino in fondo, quindi nulla è stato "
    "chiuso in base a quello. Si riprova da sé.",
)
LEFT = {
    "failed": Phrase("{email}: provisioning failed. {reason}", "{email}: non riuscito. {reason}"),
    "key_gone": Phrase(
        "{email}: the key is gone at OpenRouter, so the user cannot work.",
        "{email}: la chiave non c’è più su OpenRouter, quindi l’utente non può lavorare.",
    ),
    "balance": Phrase(
        "{email}: the credits do not add up ({reason}). Its entries are kept and decide.",
        "{email}: i crediti non tornano ({reason}). I movimenti restano e decidono.",
    ),
}
MEND = {
    "failed": Phrase("Retry", "Riprova"),
    "key_gone": Phrase("Make a new key", "Crea una nuova chiave"),
    "balance": Phrase("Set to its entries", "Allinea ai movimenti"),
}
MORE_LEFT = Plural(
    Phrase(
        "… and one more. Mend these, then compare again.",
        "… e un altro. Sistema questi, poi ripeti.",
    ),
    Phrase(
        "… and {n} more. Mend these, then compare again.",
        "… e altri {n}. Sistema questi, poi ripeti.",
    ),
)
MENDED = Phrase("Begun for {email}.", "Avviato per {email}.")
