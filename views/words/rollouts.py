"""The words of rollouts in Slack: the form, the card from preview to end, and what went wrong."""

from services.phrases import Phrase, Plural

ABOUT = Phrase(
    "roll SQL out over the tenants’ databases", "distribuire SQL sui database dei tenant"
)
VERSION_NAME = Phrase("version", "versione")
VERSION_ABOUT = Phrase(
    "a version to begin with, from the migrations directory",
    "una versione da cui partire, dalla cartella delle migrazioni",
)
LIST_WORD = Phrase("the latest rollouts", "gli ultimi rollout")
HELP_WORD = Phrase("this help", "questo aiuto")

FORM_TITLE = Phrase("Roll out SQL", "Distribuisci SQL")
CHECK = Phrase("Check it", "Verifica")
VERSION = Phrase("Version", "Versione")
VERSION_HINT = Phrase(
    "Such as 0042_add_vat. Its SQL can never change afterwards.",
    "Ad esempio 0042_add_iva. Il suo SQL poi non può più cambiare.",
)
SQL = Phrase("SQL", "SQL")
SQL_HINT = Phrase(
    "Empty: the version’s file from the migrations directory.",
    "Vuoto: il file della versione dalla cartella delle migrazioni.",
)
ROLLBACK_SQL = Phrase("SQL of the way back", "SQL del ritorno")
ROLLBACK_HINT = Phrase(
    "Tried on a copy; only if it brings the schema back can the rollout be rolled back.",
    "Provato su una copia; solo se riporta lo schema com’era il rollout può tornare indietro.",
)
STRATEGY = Phrase("In which waves", "In quali ondate")
STRATEGIES = {
    "canary": Phrase("One tenant first, watched, then the rest", "Prima un tenant, poi il resto"),
    "canary_gradual": Phrase(
        "One tenant, then 10 %, 50 %, everybody", "Un tenant, poi 10 %, 50 %, tutti"
    ),
    "gradual": Phrase("10 %, 50 %, then everybody", "10 %, 50 %, poi tutti"),
    "all": Phrase("Everybody at once", "Tutti insieme"),
}
TENANTS = Phrase("Only these tenants", "Solo questi tenant")
TENANTS_HINT = Phrase(
    "Short names, with spaces or commas between. Empty: all of them, and new ones too.",
    "Nomi brevi, separati da spazi o virgole. Vuoto: tutti, anche i nuovi.",
)
CANARY = Phrase("Tenant that goes first", "Tenant apripista")
CANARY_HINT = Phrase(
    "Empty: chosen for you, never the biggest payer, who owes, or a trial’s last day.",
    "Vuoto: scelto da noi, mai chi paga di più, chi è in arretrato o all’ultimo giorno di prova.",
)
CANARY_WATCH = Phrase("Watch the first tenant for", "Osserva il primo tenant per")
WAVE_WATCH = Phrase("Watch each wave for", "Osserva ogni ondata per")
TIME_HINT = Phrase("30s, 10m, 24h or 2d", "30s, 10m, 24h oppure 2d")
THRESHOLD = Phrase("Failures that halt a large wave", "Errori che fermano un’ondata grande")
OPTIONS = Phrase("Options", "Opzioni")
RETURN_BY_ITSELF = Phrase(
    "Roll back by itself when it is halted", "Se si ferma, torna indietro da sé"
)
LONG_LOCKS = Phrase("Wait 10 s for locks, not 2 s", "Aspetta i lock 10 s, non 2 s")
DRY_RUN = Phrase("Dry run: check only", "Prova: solo verifica")
NOT_IN_TIME = Phrase(
    "The SQL could not be read in time. Press the button again: nothing you typed is lost.",
    "Non è stato possibile leggere l’SQL in tempo. Premi di nuovo: ciò che hai scritto resta.",
)
CHECKING_IT = Phrase(
    "Version {version} is being checked. Its card in the channel shows what it will do.",
    "La versione {version} è in verifica. La scheda nel canale mostrerà che cosa farà.",
)

TITLE = Phrase("Rollout {version}", "Rollout {version}")
STATES = {
    "checking": Phrase("checking the SQL on copies", "verifica dell’SQL su copie"),
    "refused": Phrase("not possible as it is", "così non è possibile"),
    "rehearsed": Phrase("dry run: nothing was changed", "prova: niente è cambiato"),
    "proposed": Phrase("waits for a yes", "in attesa di conferma"),
    "withdrawn": Phrase("put away", "ritirato"),
    "done": Phrase("finished", "finito"),
    "aborted": Phrase("aborted: who has it keeps it", "interrotto: chi ce l’ha lo tiene"),
    "rolled_back": Phrase("rolled back", "riportato indietro"),
}
CONTROLS = {
    "run": Phrase("running", "in corso"),
    "pause": Phrase("paused", "in pausa"),
    "halt": Phrase("halted", "fermato"),
    "abort": Phrase("being aborted", "in interruzione"),
}
GOING_BACK = Phrase("rolling back", "ritorno in corso")
WATCHING = Phrase(
    "watching wave {wave} until {day}, {time}", "osservo l’ondata {wave} fino a {day}, {time}"
)
HOLDING = Phrase(
    "on hold after this wave: press *Continue*", "fermo dopo questa ondata: premi *Riprendi*"
)
WAVE = Phrase("wave {wave} of {waves}", "ondata {wave} di {waves}")
COUNTS = {
    "done": Phrase("done: {n}", "fatti: {n}"),
    "undone": Phrase("rolled back: {n}", "riportati indietro: {n}"),
    "running": Phrase("in hand: {n}", "in mano: {n}"),
    "waiting": Phrase("waiting: {n}", "in attesa: {n}"),
    "failed": Phrase("failed: {n}", "non riusciti: {n}"),
    "drifted": Phrase("in quarantine: {n}", "in quarantena: {n}"),
    "deferred": Phrase("deferred: {n}", "rinviati: {n}"),
    "kept": Phrase("kept: {n}", "lasciati: {n}"),
    "untouched": Phrase("untouched: {n}", "mai toccati: {n}"),
    "left": Phrase("caught up later: {n}", "recuperati dopo: {n}"),
}
NOBODY_THERE = Phrase(
    "No tenant is ready: nothing to do now. New tenants get it.",
    "Nessun tenant è pronto: ora niente da fare. I nuovi lo riceveranno.",
)
PLAN = Phrase("Waves", "Ondate")
CANARY_IS = Phrase("first {name}", "prima {name}")
STRATEGY_IS = Phrase("{strategy}, {n} tenants", "{strategy}, {n} tenant")
LOCKS = Phrase("Locks", "Lock")
NO_LOCKS = Phrase("no table that is there already", "nessuna tabella già esistente")
DESTROYS = Phrase("Needs a second admin, because it", "Serve un secondo admin, perché")
BACK_DESTROYS = Phrase("The way back", "Il ritorno")
WAIVERS = Plural(
    Phrase("silences the linter once", "zittisce il linter una volta"),
    Phrase("silences the linter {n} times", "zittisce il linter {n} volte"),
)
UNTRIED = Phrase("could not be tried on a copy", "non si è potuto provare su una copia")
LINT = Phrase("Advice", "Consigli")
LINT_LINE = Phrase("line {line}: {message}", "riga {line}: {message}")
LINT_MISSING = Phrase("the linter did not run", "il linter non è stato eseguito")
TRIED = Phrase("Tried on a copy", "Provato su una copia")
TRIED_UP = Phrase("works", "funziona")
TRIED_BACK = Phrase(
    "works, and the way back restores the schema", "funziona, e il ritorno ripristina lo schema"
)
TRIED_NO_DOWN = Phrase(
    "works; without SQL for the way back there is no *Roll back*",
    "funziona; senza SQL di ritorno non c’è *Riporta indietro*",
)
TRIED_LEAVES = Phrase(
    "works, but the way back leaves something: no *Roll back*",
    "funziona, ma il ritorno lascia qualcosa: niente *Riporta indietro*",
)
ON_EMPTY_FAILS = Phrase(
    "On a new, empty tenant it fails; new tenants would not be ready",
    "Su un tenant nuovo e vuoto fallisce; i nuovi tenant non sarebbero pronti",
)
AWAY = Phrase("out of reach now, deferred: {names}", "ora irraggiungibili, rinviati: {names}")
ODD = Phrase(
    "another schema than most, will be quarantined: {names}",
    "schema diverso dagli altri, finiranno in quarantena: {names}",
)
WAITS = Phrase(
    "not ready yet, get it before they are: {names}",
    "non ancora pronti, lo avranno prima di esserlo: {names}",
)
LOCK_WAIT = Phrase(
    "waits {seconds} s at most for each lock", "attende al massimo {seconds} s per lock"
)
BY_ITSELF = Phrase("rolls back by itself when halted", "se si ferma torna indietro da sé")
APPROVED_BY = Phrase("agreed by {who}", "approvato da {who}")
PROPOSED_BY = Phrase("proposed by {who}", "proposto da {who}")
WAITS_FOR_SECOND = Phrase(
    "*Start* was pressed. It begins as soon as a second admin agrees.",
    "*Avvia* è stato premuto. Comincia appena un secondo admin approva.",
)

BREACHES = {
    "failures": Phrase("{tenant} failed: {detail}", "{tenant} non è riuscito: {detail}"),
    "server": Phrase(
        "{tenant}’s server is in trouble: {detail}. Mend it, then *Retry failed*.",
        "Il server di {tenant} è in difficoltà: {detail}. Sistemalo, poi *Riprova i falliti*.",
    ),
    "nobody": Phrase(
        "Nobody in wave {detail} got it: there is nothing to watch. *Retry failed*, or *Continue*.",
        "Nessuno nell’ondata {detail} l’ha ricevuto: niente da osservare. *Riprova i falliti* o "
        "*Riprendi*.",
    ),
    "failed_left": Phrase(
        "All others are done. *Retry failed*, or *Continue* to finish without those that failed.",
        "Tutti gli altri sono fatti. *Riprova i falliti*, o *Riprendi* per finire senza di loro.",
    ),
    "unreachable": Phrase("{tenant} does not answer any more.", "{tenant} non risponde più."),
    "locked": Phrase(
        "At {tenant} somebody waits for a lock, since {detail} s.",
        "Da {tenant} qualcuno aspetta un lock, da {detail} s.",
    ),
    "failing": Phrase(
        "At {tenant} {detail} transactions failed since the migration.",
        "Da {tenant} {detail} transazioni sono fallite dopo la migrazione.",
    ),
    "site": Phrase(
        "{tenant}’s site does not answer well: {detail}.",
        "Il sito di {tenant} non risponde bene: {detail}.",
    ),
    "try_out": Phrase(
        "On a copy it failed ({detail}). Press *Change*, mend the SQL.",
        "Su una copia non è riuscito ({detail}). Premi *Modifica* e correggi l’SQL.",
    ),
    "no_canary": Phrase(
        "No tenant is suitable to go first: each is the biggest payer, in dunning, on its last "
        "trial day, drifted or out of reach. Press *Change* and name one.",
        "Nessun tenant è adatto a fare da apripista: ognuno paga più di tutti, è in sollecito, "
        "all’ultimo giorno di prova, divergente o irraggiungibile. Premi *Modifica* e "
        "indicane uno.",
    ),
    "clashes": Phrase("{detail}", "{detail}"),
    "broke": Phrase(
        "Something of ours broke. Nothing is lost: press *Continue*; if it breaks again, tell us "
        "the id below.",
        "Si è rotto qualcosa di nostro. Niente è perso: premi *Riprendi*; se succede ancora, "
        "comunicaci l’id qui sotto.",
    ),
}
TARGETS = {
    "statement": Phrase(
        "statement {statement}: {sentence} ({sqlstate})",
        "istruzione {statement}: {sentence} ({sqlstate})",
    ),
    "server": Phrase("{sentence} ({sqlstate})", "{sentence} ({sqlstate})"),
    "other_sql": Phrase(
        "has version {version} with other SQL", "ha la versione {version} con altro SQL"
    ),
    "half_applied": Phrase(
        "another try of {version} stopped half-way; finish that first",
        "un altro tentativo di {version} si è fermato a metà; prima finisci quello",
    ),
    "later_version": Phrase(
        "has {version} on top: roll that back first", "sopra ha {version}: prima riporta quella"
    ),
    "unreachable": Phrase(
        "out of reach; tried again by itself", "irraggiungibile; si riprova da sé"
    ),
    "locked": Phrase(
        "its tables are locked; tried again", "le sue tabelle sono bloccate; si riprova"
    ),
    "connections": Phrase(
        "its server takes no more connections; tried again",
        "il suo server non accetta altre connessioni; si riprova",
    ),
    "busy": Phrase(
        "an export or backup works there; tried again", "c’è un export o backup; si riprova"
    ),
    "not_ready": Phrase("not ready; gets it before it is", "non pronto; lo avrà prima di esserlo"),
    "gone": Phrase("was deleted", "è stato eliminato"),
    "drifted_before": Phrase(
        "has another schema; nothing was changed", "ha un altro schema; niente è cambiato"
    ),
    "drifted_after": Phrase(
        "came to another schema; nothing was changed", "arriva a un altro schema; niente è cambiato"
    ),
    "drifted_kept": Phrase(
        "came to another schema, and has the migration",
        "arriva a un altro schema, e ha la migrazione",
    ),
}
MORE = Plural(
    Phrase("… and one more: *Details*", "… e un altro: *Dettagli*"),
    Phrase("… and {n} more: *Details*", "… e altri {n}: *Dettagli*"),
)

START = Phrase("Start", "Avvia")
START_TITLE = Phrase("Start the rollout?", "Avviare il rollout?")
START_TEXT = Phrase(
    "{version} goes to {n} tenants in {waves} waves.",
    "{version} va a {n} tenant in {waves} ondate.",
)
APPROVE = Phrase("Agree", "Approva")
APPROVE_TITLE = Phrase("Agree to this SQL?", "Approvare questo SQL?")
APPROVE_TEXT = Phrase(
    "You agree that version {version} may do what its card says. Look at the SQL first.",
    "Approvi che la versione {version} faccia ciò che dice la scheda. Prima guarda l’SQL.",
)
CHANGE = Phrase("Change", "Modifica")
WITHDRAW = Phrase("Put away", "Ritira")
PAUSE = Phrase("Pause", "Pausa")
RESUME = Phrase("Continue", "Riprendi")
HOLD = Phrase("Hold", "Trattieni")
GO_ON = Phrase("Watched enough", "Basta osservare")
RETRY = Phrase("Retry failed", "Riprova i falliti")
FINISH = Phrase("Finish without them", "Finisci senza")
ABORT = Phrase("Abort", "Interrompi")
ABORT_TITLE = Phrase("Abort the rollout?", "Interrompere il rollout?")
ABORT_TEXT = Phrase(
    "No further tenant gets it; those that have it keep it. You can roll back later.",
    "Nessun altro tenant lo riceve; chi ce l’ha lo tiene. Puoi riportare indietro più tardi.",
)
NO = Phrase("No", "No")
ROLL_BACK = Phrase("Roll back", "Riporta indietro")
ROLL_BACK_TEXT = Phrase(
    "Tenants that have {version} by this rollout get its way back, the last ones first.",
    "I tenant che hanno {version} da questo rollout eseguono il ritorno, dagli ultimi.",
)
ROLL_BACK_DESTROYS = Phrase("This destroys data: {what}.", "Questo distrugge dati: {what}.")
TYPE_IT = Phrase("Type {version}", "Scrivi {version}")
DETAILS = Phrase("Details", "Dettagli")
DETAILS_TITLE = Phrase("Rollout", "Rollout")
SHOW_SQL = Phrase("SQL", "SQL")
BASELINE = Phrase("Take as it is", "Accetta così")
BASELINE_TEXT = Phrase(
    "The tenant keeps its own schema and gets the migration on top.",
    "Il tenant tiene il suo schema e riceve sopra la migrazione.",
)
TRY_AGAIN = Phrase("Try again", "Riprova")
UNEXPECTED = Phrase("should not be there", "non dovrebbe esserci")
MISSING = Phrase("is missing", "manca")
LISTED = Phrase("Latest rollouts", "Ultimi rollout")
NONE_YET = Phrase("No rollout yet. Type {command}.", "Ancora nessun rollout. Scrivi {command}.")
CLOSE = Phrase("Close", "Chiudi")
EVENTS = {
    "proposed": Phrase("checked", "verificato"),
    "refused": Phrase("refused by the check", "respinto dalla verifica"),
    "rehearsed": Phrase("dry run ended", "prova finita"),
    "wanted": Phrase("start wanted by {who}", "avvio chiesto da {who}"),
    "approved": Phrase("agreed by {who}", "approvato da {who}"),
    "withdrawn": Phrase("put away by {who}", "ritirato da {who}"),
    "expired": Phrase(
        "nobody started it within a week", "nessuno l’ha avviato entro una settimana"
    ),
    "started": Phrase("started", "avviato"),
    "wave_done": Phrase("wave {wave} done", "ondata {wave} finita"),
    "wave_begun": Phrase("wave {wave} begun", "ondata {wave} iniziata"),
    "halted": Phrase("halted", "fermato"),
    "returns_by_itself": Phrase("rolls back by itself", "torna indietro da sé"),
    "paused": Phrase("paused by {who}", "messo in pausa da {who}"),
    "resumed": Phrase("resumed by {who}", "ripreso da {who}"),
    "held": Phrase("held by {who}", "trattenuto da {who}"),
    "watched_enough": Phrase("watch ended by {who}", "osservazione chiusa da {who}"),
    "aborted": Phrase("aborted", "interrotto"),
    "retried": Phrase("failed ones retried by {who}", "falliti ritentati da {who}"),
    "left": Phrase("finished without the rest by {who}", "finito senza il resto da {who}"),
    "rolls_back": Phrase("roll back begun by {who}", "ritorno avviato da {who}"),
    "rolled_back": Phrase("rolled back", "riportato indietro"),
    "baseline": Phrase("a tenant taken as it is by {who}", "un tenant accettato così da {who}"),
    "retried_drifted": Phrase("a tenant tried again by {who}", "un tenant ritentato da {who}"),
    "done": Phrase("finished", "finito"),
    "broke": Phrase("broke by a fault of ours", "rotto per colpa nostra"),
}
