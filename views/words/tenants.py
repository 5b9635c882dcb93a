"""The words of tenants: their operations, the command, the page of an invitation."""

from services.phrases import Phrase
from views.words.operations import KindWords

ONBOARD_KIND = KindWords(
    Phrase("New tenant", "Nuovo cliente"),
    {
        "slug": Phrase("Short name", "Nome breve"),
        "intent": Phrase("Name and password stored", "Nome e password salvati"),
        "look": Phrase("Look for it first", "Controllo se c’è già"),
        "create": Phrase("Database", "Database"),
        "health": Phrase("Comes up", "Avvio"),
        "parts": Phrase("Connection", "Connessione"),
        "migrations": Phrase("Migrations", "Migrazioni"),
        "invitation": Phrase("Invitation", "Invito"),
        "smoke": Phrase("Test query", "Query di prova"),
        "ready": Phrase("Ready", "Pronto"),
    },
)
SUSPEND_KIND = KindWords(
    Phrase("Suspend tenant", "Sospensione cliente"),
    {"close": Phrase("Database closed", "Database chiuso")},
)
RESUME_KIND = KindWords(
    Phrase("Resume tenant", "Riattivazione cliente"),
    {
        "open": Phrase("Database opened", "Database aperto"),
        "smoke": Phrase("Test query", "Query di prova"),
    },
)
DELETE_KIND = KindWords(
    Phrase("Delete tenant", "Eliminazione cliente"),
    {
        "close": Phrase("Database closed", "Database chiuso"),
        "wait": Phrase("Time to take it back", "Tempo per ripensarci"),
        "drop": Phrase("Database deleted", "Database eliminato"),
        "forget": Phrase("Secrets deleted", "Segreti eliminati"),
    },
)

PUBLIC_STATES = {
    "running": Phrase(
        "Your database is being prepared. This takes from seconds to a few minutes.",
        "Il tuo database è in preparazione. Bastano da pochi secondi a qualche minuto.",
    ),
    "delayed": Phrase(
        "This takes longer than usual. We were told and are looking into it; you need not do "
        "anything.",
        "Ci vuole più del solito. Siamo stati avvisati e ce ne occupiamo; tu non devi fare nulla.",
    ),
    "ready": Phrase(
        "Everything is ready. The invitation is on its way by e-mail.",
        "È tutto pronto. L’invito è in arrivo per e-mail.",
    ),
}

ABOUT = Phrase("give a company a database of its own", "dare a un’azienda un database tutto suo")
EMAIL_NAME = Phrase("email", "email")
EMAIL_ABOUT = Phrase("who will administer it", "chi lo amministrerà")
EMAIL_UNFIT = Phrase(
    "“{value}” is not an e-mail address. Type for example: {example}",
    "“{value}” non è un indirizzo e-mail. Scrivi per esempio: {example}",
)
COMPANY_NAME = Phrase("company", "azienda")
COMPANY_ABOUT = Phrase("the company’s name, in quotes", "il nome dell’azienda, tra virgolette")
LIST_WORD = Phrase("the tenants, each with what can be done", "i clienti, con ciò che si può fare")
HELP_WORD = Phrase("this help", "questo aiuto")

FORM_TITLE = Phrase("New tenant", "Nuovo cliente")
CREATE = Phrase("Create", "Crea")
COMPANY = Phrase("Company", "Azienda")
EMAIL = Phrase("Administrator’s e-mail", "E-mail dell’amministratore")
EMAIL_HINT = Phrase(
    "The invitation goes there once everything is ready.",
    "L’invito arriva lì quando è tutto pronto.",
)
PLAN = Phrase("Plan", "Piano")
PLANS = {
    "starter": Phrase("Starter", "Starter"),
    "professional": Phrase("Professional", "Professional"),
    "enterprise": Phrase("Enterprise", "Enterprise"),
}
SPEAKS = Phrase("Language of the e-mails", "Lingua delle e-mail")
LANGUAGES = {"en": Phrase("English", "Inglese"), "it": Phrase("Italian", "Italiano")}
OWN = Phrase("Their own database", "Database proprio")
OWN_HINT = Phrase(
    "postgresql://user:password@host:5432/name of an empty database. Leave it out and one of ours "
    "is made.",
    "postgresql://utente:password@host:5432/nome di un database vuoto. Lascia vuoto e ne creiamo "
    "uno noi.",
)
STARTED = Phrase(
    "{company} is being set up. A card in the channel shows each step.",
    "{company} è in preparazione. Una scheda nel canale mostra ogni passo.",
)

RECEIPT = Phrase(
    "{company} is ready as {slug} on {database}. The invitation went to {email}; it works for 7 "
    "days.",
    "{company} è pronto come {slug} su {database}. L’invito è andato a {email}; vale 7 giorni.",
)
THEIR_SERVER = Phrase("their own server", "server proprio")
KEPT_UNTIL = Phrase(
    "Nothing is deleted before {time}. Until then it can be taken back.",
    "Nulla viene eliminato prima di {time}. Fino ad allora si può annullare.",
)
LIST_TITLE = Phrase("Tenants, newest first", "Clienti, dal più recente")
NO_TENANTS = Phrase(
    "There are no tenants yet. Type /tenant-create to make the first.",
    "Non ci sono ancora clienti. Scrivi /tenant-create per creare il primo.",
)
MORE = Phrase(
    "These are the newest {n}. Type `/tenant-create list` with GET /api/admin/tenants for all.",
    "Questi sono i {n} più recenti. Tutti gli altri con GET /api/admin/tenants.",
)
STATES = {
    "onboarding": Phrase("being set up", "in preparazione"),
    "needs_person": Phrase("needs a person", "serve una persona"),
    "failed": Phrase("failed", "non riuscito"),
    "ready": Phrase("ready", "pronto"),
    "paused": Phrase("paused by its provider", "in pausa dal fornitore"),
    "suspended": Phrase("suspended", "sospeso"),
    "resuming": Phrase("being resumed", "in riattivazione"),
    "deleting": Phrase("being deleted", "in eliminazione"),
    "deleted": Phrase("deleted", "eliminato"),
}
MANAGE = Phrase("Manage", "Gestisci")
MANAGE_TITLE = Phrase("Tenant", "Cliente")
STATE = Phrase("State", "Stato")
MODULES = Phrase("Modules", "Moduli")
DATABASE = Phrase("Database", "Database")
ADMINISTRATOR = Phrase("Administrator", "Amministratore")
INVITED = Phrase("{email}, invited", "{email}, invitato")
TRIAL = Phrase("Trial ends", "Fine della prova")
REASON = Phrase("Reason", "Motivo")
NO_MODULES = Phrase("none", "nessuno")

SUSPEND = Phrase("Suspend…", "Sospendi…")
SUSPEND_TITLE = Phrase("Suspend tenant", "Sospendi cliente")
SUSPEND_TEXT = Phrase(
    "The database of {company} refuses connections and ends the open ones. Nothing is deleted.",
    "Il database di {company} rifiuta le connessioni e chiude quelle aperte. Nulla viene "
    "eliminato.",
)
SUSPEND_YES = Phrase("Suspend", "Sospendi")
RESUME = Phrase("Resume", "Riattiva")
EXTEND = Phrase("14 days more", "Altri 14 giorni")
INVITE = Phrase("Send invitation again", "Rimanda l’invito")
RETRY = Phrase("Retry", "Riprova")
DELETE = Phrase("Delete…", "Elimina…")
DELETE_TITLE = Phrase("Delete tenant", "Elimina cliente")
DELETE_TEXT = Phrase(
    "{company} is suspended now, and its database deleted for ever in 7 days. Until then you can "
    "take it back. Type its short name to confirm: {slug}",
    "{company} viene sospeso subito, e il suo database eliminato per sempre tra 7 giorni. Fino ad "
    "allora puoi annullare. Per confermare scrivi il nome breve: {slug}",
)
SHORT_NAME = Phrase("Short name", "Nome breve")
DELETE_YES = Phrase("Delete", "Elimina")
KEEP = Phrase("Take deletion back", "Annulla eliminazione")
DONE = {
    "suspend": Phrase("{company} is being suspended.", "{company} viene sospeso."),
    "resume": Phrase("{company} is being resumed.", "{company} viene riattivato."),
    "extend": Phrase("The trial of {company} is longer.", "La prova di {company} è prolungata."),
    "invite": Phrase(
        "A new invitation for {company} is on its way; the old link stopped working.",
        "Un nuovo invito per {company} è in viaggio; il vecchio link non vale più.",
    ),
    "retry": Phrase(
        "{company}: goes on where it failed.", "{company}: riprende da dove si era fermato."
    ),
    "delete": Phrase(
        "{company} is suspended and will be deleted in 7 days.",
        "{company} è sospeso e sarà eliminato tra 7 giorni.",
    ),
    "keep": Phrase("{company} is kept.", "{company} resta."),
}

PAUSED = Phrase(
    "The database of {company} was paused by its provider ({detail}), not by us. Rollouts wait for "
    "it, and nobody is sent elsewhere. Resume it here.",
    "Il database di {company} è stato messo in pausa dal fornitore ({detail}), non da noi. I "
    "rilasci lo aspettano e nessuno viene mandato altrove. Riattivalo qui.",
)
BACK = Phrase(
    "The database of {company} is back; everything goes on.",
    "Il database di {company} è tornato; tutto riprende.",
)

UNSEEN = Phrase(
    "Databases could not be compared, because the provider did not list all of them: {names}. "
    "Nothing was changed; I look again tomorrow.",
    "Non è stato possibile confrontare i database, perché il fornitore non li ha elencati tutti: "
    "{names}. Nulla è cambiato; ricontrollo domani.",
)
ORPHANS = Phrase(
    "Databases that no tenant is stored with ({n}): {names}. Nothing was deleted; if nobody needs "
    "one, delete it at the provider.",
    "Database che non appartengono a nessun cliente ({n}): {names}. Nulla è stato eliminato; se "
    "uno non serve, eliminalo dal fornitore.",
)
MISSING = Phrase(
    "Tenants whose database their provider does not know ({n}): {names}. Look at the provider, "
    "then restore it or delete the tenant.",
    "Clienti il cui database è sconosciuto al fornitore ({n}): {names}. Controlla dal fornitore, "
    "poi ripristinalo o elimina il cliente.",
)
BREACHES = Phrase(
    "Tenants’ roles that could enter a database which is not theirs ({n}): {names}. I may not "
    "close it: as the cluster’s owner, revoke CONNECT and TEMPORARY on it from PUBLIC and from "
    "these roles.",
    "Ruoli di clienti che potrebbero entrare in un database non loro ({n}): {names}. Non posso "
    "chiuderlo io: come proprietario del cluster, revoca CONNECT e TEMPORARY a PUBLIC e a questi "
    "ruoli.",
)

PAGE_INVITED = Phrase("Administer {company}", "Amministra {company}")
PAGE_TEXT = Phrase(
    "This invitation is for {email}. Write your name to become the administrator of {company}.",
    "Questo invito è per {email}. Scrivi il tuo nome per diventare l’amministratore di {company}.",
)
PAGE_NAME = Phrase("Your name", "Il tuo nome")
PAGE_ACCEPT = Phrase("Accept invitation", "Accetta l’invito")
PAGE_ONCE = Phrase(
    "It works once. If it is not for you, close this tab.",
    "Vale una volta sola. Se non è per te, chiudi questa scheda.",
)
PAGE_ACCEPTED = Phrase("Welcome, {name}", "Ti diamo il benvenuto, {name}")
PAGE_ACCEPTED_TEXT = Phrase(
    "You administer {company} from now on. Its database is ready.",
    "Da ora amministri {company}. Il suo database è pronto.",
)
PAGE_REFUSED = Phrase("This link does not work", "Questo link non funziona")
PAGE_EXPIRED = Phrase("This invitation is too old", "Questo invito è scaduto")
PAGE_AGAIN = Phrase("Send me a new one", "Mandamene uno nuovo")
PAGE_RENEWED = Phrase("A new invitation is on its way", "Un nuovo invito è in viaggio")
PAGE_RENEWED_TEXT = Phrase(
    "It comes by e-mail to the address that was invited. Open its link instead of this one.",
    "Arriva per e-mail all’indirizzo invitato. Apri il suo link al posto di questo.",
)
PAGE_CLOSE = Phrase("You can close this tab.", "Puoi chiudere questa scheda.")
