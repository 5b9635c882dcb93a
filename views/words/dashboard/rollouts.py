"""The words of the rollouts' pages, beside those that Slack has."""

from services.phrases import Phrase

TITLE = Phrase("Rollouts", "Rollout")
LEAD = Phrase(
    "SQL over every tenant’s database, wave by wave. A new one is begun in Slack: /tenant-migrate.",
    "SQL sui database di tutti i tenant, ondata per ondata. Si comincia da Slack: /tenant-migrate.",
)
STATUS = Phrase("State", "Stato")
TENANTS = Phrase("Tenants", "Tenant")
BY = Phrase("Proposed by", "Proposto da")
SINCE = Phrase("Since", "Da")
NONE_YET = Phrase("No rollouts yet", "Ancora nessun rollout")
NONE_YET_TEXT = Phrase(
    "Type /tenant-migrate in the ops channel; each rollout is then followed here.",
    "Scrivi /tenant-migrate nel canale ops; poi ogni rollout si segue qui.",
)
PROGRESS = Phrase("Progress", "Avanzamento")
WAVE = Phrase("Wave {wave}", "Ondata {wave}")
WATCHED = Phrase("watched until {time}", "osservata fino alle {time}")
HELD = Phrase("on hold after this wave", "fermo dopo questa ondata")
GOING_BACK = Phrase("Rolling back", "Ritorno in corso")
ASKS = Phrase(
    "Nothing is changed yet. Look at the check and say yes or no on its card in the ops channel.",
    "Non è cambiato ancora nulla. Guarda la verifica e rispondi sulla scheda nel canale ops.",
)
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
DONE = {
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
