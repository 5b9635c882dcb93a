"""Words of the pages of figures: overview, usage, follow-ups, and of their exports."""

from services.phrases import Phrase, Plural

SOURCE = Phrase(
    "{words} Tables: {tables}. Read at {at}.", "{words} Tabelle: {tables}. Letto alle {at}."
)
ZONE = Phrase("Days of {zone}", "Giorni di {zone}")
READ_AT = Phrase("As of {at}, days of {zone}.", "Aggiornato alle {at}, giorni di {zone}.")

OVERVIEW = Phrase("Overview", "Panoramica")
HEALTH = Phrase("Is all well?", "Va tutto bene?")
NOW = Phrase("The business now", "L’attività adesso")
CUSTOMERS = Phrase("Customers", "Clienti")
SERVED = Phrase("{n} with a valid license", "{n} con una licenza valida")
LICENSES = Phrase("Active licenses", "Licenze attive")
ENDING = Phrase("{n} end within 30 days", "{n} scadono entro 30 giorni")
LAST_DAY = Phrase("Requests in 24 hours", "Richieste in 24 ore")
TENANTS = Phrase("Tenants", "Tenant")
FLEET = Phrase("{ready} ready, rollouts under way: {n}", "{ready} pronti, rollout in corso: {n}")
FAILED = Phrase("{n} failed", "{n} fallite")
UNKNOWN = Phrase("unknown", "sconosciuto")
GROWTH = Phrase("New customers and licenses", "Nuovi clienti e licenze")
NEW_CUSTOMERS = Phrase("customers", "clienti")
NEW_LICENSES = Phrase("licenses", "licenze")
NO_GROWTH = Phrase(
    "Nobody new in these days. A customer is made with their first license.",
    "Nessuno di nuovo in questi giorni. Un cliente nasce con la sua prima licenza.",
)
PLANS = Phrase("Licenses by plan", "Licenze per piano")
PLAN = Phrase("Plan", "Piano")
ACTIVE = Phrase("Active", "Attive")
EXPIRED = Phrase("Expired", "Scadute")
STOPPED = Phrase("Stopped", "Ferme")
NO_PLANS = Phrase("No licenses yet", "Ancora nessuna licenza")
NO_PLANS_TEXT = Phrase(
    "Issue the first one: its plan appears here.", "Emetti la prima: il suo piano compare qui."
)
ISSUE = Phrase("Issue a license", "Emetti una licenza")
ENDS = Phrase("Licenses that end", "Licenze in scadenza")
ENDS_ABOUT = Phrase("Ends of licenses by weekday and week", "Scadenze per giorno e settimana")
NO_ENDS = Phrase(
    "No license ends in the next 26 weeks.", "Nessuna licenza scade nelle prossime 26 settimane."
)

USAGE = Phrase("Usage", "Consumo")
USAGE_LEAD = Phrase(
    "What the licenses ask of the models, and what it costs us.",
    "Cosa chiedono le licenze ai modelli, e quanto ci costa.",
)
REQUESTS = Phrase("Requests", "Richieste")
REQUESTS_PER_DAY = Phrase("Requests per day", "Richieste al giorno")
REQUESTS_PER_WEEK = Phrase("Requests per week", "Richieste alla settimana")
TOKENS = Phrase("Tokens", "Token")
TOKENS_NOTE = Phrase("{input} in, {output} out", "{input} in entrata, {output} in uscita")
COST = Phrase("Cost", "Costo")
COST_PER_DAY = Phrase("Cost per day", "Costo al giorno")
COST_PER_WEEK = Phrase("Cost per week", "Costo alla settimana")
COST_NOTE = Phrase("{each} a request", "{each} a richiesta")
FAILED_CALLS = Phrase("Failed", "Fallite")
FAILED_NOTE = Phrase("of all calls; they cost nothing", "di tutte; non costano nulla")
ESTIMATED = Phrase("{n} counted by estimate", "{n} contate per stima")
DAY = Phrase("Day", "Giorno")
WEEK = Phrase("Week from", "Settimana dal")
HOUR = Phrase("Hour", "Ora")
NO_CALLS = Phrase(
    "No calls in these days. They appear as soon as a site asks with its license key.",
    "Nessuna chiamata in questi giorni. Compaiono appena un sito chiede con la sua licenza.",
)
HEAT = Phrase("When they ask", "Quando chiedono")
HEAT_NOTE = Phrase("Last seven days, {zone}", "Ultimi sette giorni, {zone}")
HEAT_ABOUT = Phrase("Requests by hour and weekday", "Richieste per ora e giorno")
MODELS = Phrase("By model", "Per modello")
MODEL = Phrase("Model", "Modello")
TOP_LICENSES = Phrase("Licenses with the most tokens", "Licenze con più token")
LICENSE = Phrase("License", "Licenza")
TOP_CUSTOMERS = Phrase("Customers with the highest cost", "Clienti con il costo più alto")
CUSTOMER = Phrase("Customer", "Cliente")
DELETED = Phrase("deleted", "eliminato")
NOBODY = Phrase("Nobody yet", "Ancora nessuno")

FOLLOWUPS = Phrase("Follow-ups", "Follow-up")
FOLLOWUPS_LEAD = Phrase(
    "What becomes of drafts, in all workspaces. Nothing of what they say is shown here.",
    "Cosa diventano le bozze, in tutti i workspace. Nulla del loro contenuto compare qui.",
)
WRITTEN = Phrase("Written", "Scritti")
FAILED_WRITING = Phrase("{n} could not be written", "{n} non si sono potuti scrivere")
EDIT_RATE = Phrase("Edited by hand", "Modificati a mano")
REGENERATED = Phrase("{n} written anew", "{n} riscritti")
USED = Phrase("Used", "Usati")
USED_NOTE = Phrase("{share} of those written", "{share} di quelli scritti")
TIME_TO_USE = Phrase("Time to use", "Tempo all’uso")
SLOW = Phrase("one in ten takes over {time}", "uno su dieci oltre {time}")
NEVER = Phrase("none used yet", "nessuno ancora usato")
COST_EACH = Phrase("{each} each", "{each} ciascuno")
PER_DAY = Phrase("Follow-ups per day", "Follow-up al giorno")
AND_USED = Phrase("used", "usati")
NOT_USED = Phrase("not used", "non usati")
NO_FOLLOWUPS = Phrase(
    "No follow-ups in these days. They begin with /followup in Slack.",
    "Nessun follow-up in questi giorni. Iniziano con /followup in Slack.",
)
RATE_PER_WEEK = Phrase("Share edited by hand, per week", "Quota modificata a mano, per settimana")
COST_BY_MODEL = Phrase("Cost by model", "Costo per modello")
VERSIONS = Phrase("Versions", "Versioni")
NO_PRICE = Phrase("no price known", "prezzo sconosciuto")
ACTIONS = Phrase("What they were used for", "Per cosa sono stati usati")
ACTION = Phrase("Action", "Azione")
DONE = Phrase("Done", "Fatte")
NO_COST = Phrase("Nothing written by a model", "Nulla di scritto da un modello")
NO_ACTIONS = Phrase("Nothing done with them yet", "Ancora nulla fatto con essi")
ACTION_NAMES = {
    "gmail": Phrase("Gmail draft", "Bozza in Gmail"),
    "calendar": Phrase("Calendar event", "Evento in calendario"),
    "note": Phrase("Note in the CRM", "Nota nel CRM"),
    "deal": Phrase("Deal in the CRM", "Trattativa nel CRM"),
    "tasks": Phrase("Tasks in the CRM", "Attività nel CRM"),
    "recap": Phrase("Recap in a channel", "Riepilogo in un canale"),
}

PERIOD = Phrase("Period", "Periodo")
LAST_DAYS = Phrase("Last {n} days", "Ultimi {n} giorni")
LAST_YEAR = Phrase("Last 12 months", "Ultimi 12 mesi")
OWN_DAYS = Phrase("The days beside", "I giorni accanto")
FROM = Phrase("From", "Dal")
TO = Phrase("To", "Al")
BY = Phrase("A bar for each", "Una barra per")
BY_DAY = Phrase("day", "giorno")
BY_WEEK = Phrase("week", "settimana")
SHOW = Phrase("Show", "Mostra")

AS_CSV = Phrase("Download “{title}” as CSV", "Scarica «{title}» come CSV")
AS_CSV_SEMICOLON = Phrase(
    "Download “{title}” as CSV with semicolons", "Scarica «{title}» come CSV con punto e virgola"
)
AS_EXCEL = Phrase("Download “{title}” for Excel", "Scarica «{title}» per Excel")
ROWS = Plural(Phrase("{n} row", "{n} riga"), Phrase("{n} rows", "{n} righe"))
