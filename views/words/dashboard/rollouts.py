"""The words of the rollouts' pages, beside those that Slack has."""

from services.phrases import Phrase

TITLE = Phrase("Rollouts", "Rollout")
LEAD = Phrase(
    "SQL over every tenant’s database: tried on copies first, then wave by wave.",
    "SQL sui database di tutti i tenant: prima provato su copie, poi ondata per ondata.",
)
STATUS = Phrase("State", "Stato")
TENANTS = Phrase("Tenants", "Tenant")
BY = Phrase("Proposed by", "Proposto da")
SINCE = Phrase("Since", "Da")
NONE_YET = Phrase("No rollouts yet", "Ancora nessun rollout")
NONE_YET_TEXT = Phrase(
    "Begin one here, or with /tenant-migrate in the ops channel; it can be followed in both.",
    "Comincia qui, o con /tenant-migrate nel canale ops; si segue in entrambi i posti.",
)
PROGRESS = Phrase("Progress", "Avanzamento")
WAVE = Phrase("Wave {wave}", "Ondata {wave}")
WATCHED = Phrase("watched until {time}", "osservata fino alle {time}")
HELD = Phrase("on hold after this wave", "fermo dopo questa ondata")
GOING_BACK = Phrase("Rolling back", "Ritorno in corso")
NEW = Phrase("New rollout", "Nuovo rollout")
NEW_TEXT = Phrase(
    "The SQL is read, linted and tried on copies first. Nothing is changed before you start it.",
    "L’SQL viene prima letto, controllato e provato su copie. Niente cambia finché non lo avvii.",
)
CHANGE_TITLE = Phrase("Change rollout {version}", "Modifica il rollout {version}")
REPLACES = Phrase(
    "It is checked anew as another proposal, and this one is put away.",
    "Viene verificato da capo come nuova proposta, e questa viene ritirata.",
)
THRESHOLD_HINT = Phrase(
    "A wave of up to five tenants halts at the first.",
    "Un’ondata fino a cinque tenant si ferma al primo.",
)
FILES = Phrase("From the migrations directory", "Dalla cartella delle migrazioni")
FILES_TEXT = Phrase("Versions that not every tenant has.", "Versioni che non tutti i tenant hanno.")
PROPOSAL = Phrase("Proposal", "Proposta")
CHECK = Phrase("What the check found", "Che cosa ha trovato la verifica")
NEW_TENANTS = Phrase("New tenants", "Nuovi tenant")
SECOND_ADMIN = Phrase("Needs a second admin", "Serve un secondo admin")
# What comes next, by the state before a start.
NEXT = {
    "checking": Phrase(
        "The SQL is being tried on copies. Nothing is changed; the result appears here.",
        "L’SQL viene provato su copie. Niente cambia; il risultato appare qui.",
    ),
    "proposed": Phrase(
        "Nothing is changed yet. Read what the check found, then start it, change it or put it "
        "away.",
        "Niente è cambiato ancora. Leggi che cosa ha trovato la verifica, poi avvialo, "
        "modificalo o ritiralo.",
    ),
    "second": Phrase(
        "It begins as soon as a second admin agrees: here, or on its card in the ops channel.",
        "Comincia appena un secondo admin approva: qui, o sulla scheda nel canale ops.",
    ),
}
ASK_START = Phrase("Start…", "Avvia…")
ASK_APPROVE = Phrase("Agree…", "Approva…")
ASK_CHANGE = Phrase("Change…", "Modifica…")
START_TITLE = Phrase("Start rollout {version}", "Avvia il rollout {version}")
BEGINS_LATER = Phrase(
    "A second admin must agree as well. It begins as soon as that is done.",
    "Deve approvare anche un secondo admin. Comincia appena l’ha fatto.",
)
APPROVE_TITLE = Phrase("Agree to rollout {version}", "Approva il rollout {version}")
APPROVE_TEXT = Phrase(
    "You agree, as the second admin, that version {version} may do what stands above.",
    "Come secondo admin approvi che la versione {version} faccia ciò che è scritto sopra.",
)
WHY_SECOND = Phrase(
    "A second admin must agree: {what}.", "Deve approvare un secondo admin: {what}."
)
YOUR_OWN = Phrase(
    "You proposed this rollout yourself. Ask another admin to agree.",
    "Questo rollout l’hai proposto tu. Chiedi l’approvazione a un altro admin.",
)
LOOK = Phrase("Look and decide…", "Guarda e decidi…")
LOOK_AT = Phrase("Look and decide: {tenant}", "Guarda e decidi: {tenant}")
QUARANTINE_TITLE = Phrase("{tenant} is in quarantine", "{tenant} è in quarantena")
DIFFERENCE = Phrase("How its schema differs", "In che cosa differisce lo schema")
MENDED = Phrase("You mended its schema", "Hai corretto lo schema")
MENDED_TEXT = Phrase(
    "It is looked at again, and gets the migration if its schema is right now.",
    "Viene riguardato, e riceve la migrazione se ora lo schema è giusto.",
)
AS_IT_IS = Phrase("The difference is all right", "La differenza va bene")
TENANT = Phrase("Tenant", "Tenant")
IN_WAVE = Phrase("Wave", "Ondata")
WHY = Phrase("Why", "Perché")
NO_TENANTS = Phrase("No tenants yet", "Ancora nessun tenant")
NO_TENANTS_TEXT = Phrase(
    "They are chosen when the rollout starts.", "Vengono scelti quando il rollout parte."
)
FIRST_OF = Phrase(
    "{shown} of {total}, those with problems first", "{shown} di {total}, prima chi ha problemi"
)
TARGETS = {
    "done": Phrase("Done", "Fatto"),
    "undone": Phrase("Rolled back", "Riportato indietro"),
    "running": Phrase("In hand", "In corso"),
    "waiting": Phrase("Waiting", "In attesa"),
    "failed": Phrase("Failed", "Non riuscito"),
    "drifted": Phrase("In quarantine", "In quarantena"),
    "deferred": Phrase("Deferred", "Rinviato"),
    "kept": Phrase("Kept", "Lasciato"),
    "untouched": Phrase("Untouched", "Mai toccato"),
    "left": Phrase("Caught up later", "Recuperato dopo"),
}
HISTORY = Phrase("What happened", "Che cosa è successo")
WHAT = Phrase("Event", "Evento")
WHEN = Phrase("When", "Quando")
NOTHING_YET = Phrase("Nothing happened yet", "Non è successo ancora nulla")
DETAILS = Phrase("Details", "Dettagli")
STRATEGY = Phrase("Strategy", "Strategia")
CANARY = Phrase("Goes first", "Apripista")
THRESHOLD = Phrase("Failures that halt it", "Errori che lo fermano")
AGREED = Phrase("Agreed by", "Approvato da")
BEGAN = Phrase("Began", "Iniziato")
ENDED = Phrase("Ended", "Finito")
WAY_BACK = Phrase("Way back", "Ritorno")
PROVEN = Phrase("Tried on a copy, restores the schema", "Provato su una copia, ripristina")
NO_WAY_BACK = Phrase("None that was proven", "Nessuno provato")
VERB_OF = Phrase("{verb}: rollout {version}", "{verb}: rollout {version}")
ASK_ABORT = Phrase("Abort…", "Interrompi…")
ASK_ROLL_BACK = Phrase("Roll back…", "Riporta indietro…")
ABORT_TITLE = Phrase("Abort rollout {version}", "Interrompi il rollout {version}")
ROLL_BACK_TITLE = Phrase("Roll back {version}", "Riporta indietro {version}")
NOT_CHECKED = Phrase(
    "It is still being checked on copies. Look again in a moment.",
    "La verifica su copie è ancora in corso. Riguarda tra poco.",
)
CHECKING = Phrase(
    "Version {version} is being checked on copies.", "La versione {version} è in verifica su copie."
)
NOT_IN_QUARANTINE = Phrase(
    "This tenant is not in quarantine any more. Go back to the rollout and look again.",
    "Questo tenant non è più in quarantena. Torna al rollout e riguarda.",
)
OUT_OF_QUARANTINE = Phrase(
    "{tenant} is on its turn again in rollout {version}.",
    "{tenant} è di nuovo in lista nel rollout {version}.",
)
DONE = {
    "start": Phrase("Rollout {version} is started.", "Il rollout {version} è avviato."),
    "approve": Phrase("You agreed to rollout {version}.", "Hai approvato il rollout {version}."),
    "withdraw": Phrase("Rollout {version} is put away.", "Il rollout {version} è ritirato."),
    "pause": Phrase(
        "Rollout {version} pauses: tenants in hand are finished, no other is begun.",
        "Il rollout {version} è in pausa: chi è in corso finisce, nessun altro comincia.",
    ),
    "resume": Phrase("Rollout {version} goes on.", "Il rollout {version} riprende."),
    "hold": Phrase(
        "Rollout {version} stops at the end of this wave.",
        "Il rollout {version} si ferma alla fine di questa ondata.",
    ),
    "go_on": Phrase(
        "The next wave of {version} begins.", "Comincia la prossima ondata di {version}."
    ),
    "retry": Phrase(
        "Those that failed get {version} once more.",
        "Chi non è riuscito riprova con {version}.",
    ),
    "finish": Phrase(
        "Rollout {version} ends without the rest; they are caught up later.",
        "Il rollout {version} finisce senza gli altri; saranno recuperati dopo.",
    ),
    "abort": Phrase(
        "Rollout {version} is aborted: who has it keeps it.",
        "Il rollout {version} è interrotto: chi ce l’ha lo tiene.",
    ),
    "roll_back": Phrase(
        "Rollout {version} is rolled back, the last tenants first.",
        "Il rollout {version} torna indietro, dagli ultimi tenant.",
    ),
}
