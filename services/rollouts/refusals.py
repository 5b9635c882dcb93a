"""What is said when a rollout cannot do what it is asked."""

from services.phrases import Phrase

NO_ROLLOUT = Phrase(
    "There is no such rollout. Look it up in the list of rollouts.",
    "Questo rollout non esiste. Cercalo nell’elenco dei rollout.",
)
NO_TENANT = Phrase(
    "There is no tenant “{tenant}” that is ready. Check the spelling.",
    "Non c’è un tenant «{tenant}» pronto. Controlla come è scritto.",
)
BAD_VERSION = Phrase(
    "A version is up to 64 letters, digits, dots, dashes and underscores, such as 0042_add_vat.",
    "Una versione ha fino a 64 lettere, cifre, punti, trattini e trattini bassi: 0042_add_iva.",
)
NO_SQL = Phrase(
    "Type the SQL of the migration.",
    "Scrivi l’SQL della migrazione.",
)
BAD_STRATEGY = Phrase(
    "The strategy is one of: {strategies}.",
    "La strategia è una di queste: {strategies}.",
)
BAD_TIME = Phrase(
    "Type a time such as 30s, 10m or 24h, up to 30 days.",
    "Scrivi un tempo come 30s, 10m o 24h, al massimo 30 giorni.",
)
BAD_NUMBER = Phrase(
    "Type a whole number from 1 to 1000.",
    "Scrivi un numero intero da 1 a 1000.",
)
OTHER_SQL = Phrase(
    "Version {version} was rolled out with other SQL. Give the changed SQL a new version.",
    "La versione {version} è già stata distribuita con altro SQL. Dai una nuova versione all’SQL "
    "modificato.",
)
OPEN_ALREADY = Phrase(
    "Rollout {rollout} is still open for some of these tenants. Finish, abort or roll it back "
    "first.",
    "Il rollout {rollout} è ancora aperto per alcuni di questi tenant. Prima finiscilo, riportalo "
    "indietro o interrompilo.",
)
NO_CANARY = Phrase(
    "No tenant is suitable to go first: each is the biggest payer, in dunning, on its last trial "
    "day, drifted or out of reach. Name one as canary yourself.",
    "Nessun tenant è adatto a fare da apripista: ognuno paga più di tutti, è in sollecito, "
    "all’ultimo giorno di prova, divergente o irraggiungibile. Indicane uno tu.",
)
CANARY_NOT_CHOSEN = Phrase(
    "The canary “{tenant}” is not among the chosen tenants. Add it, or choose another.",
    "L’apripista «{tenant}» non è tra i tenant scelti. Aggiungilo o scegline un altro.",
)
NOT_NOW = Phrase(
    "This cannot be done to the rollout as it stands now. Its card shows what can.",
    "Ora questo rollout non lo permette. La sua scheda mostra che cosa si può fare.",
)
NOT_YOUR_OWN = Phrase(
    "A second admin must agree: you proposed this rollout yourself.",
    "Deve approvare un secondo admin: questo rollout l’hai proposto tu.",
)
CHANGED = Phrase(
    "The SQL is not the one you were shown. Look at the card again.",
    "L’SQL non è quello che ti è stato mostrato. Riguarda la scheda.",
)
NO_WAY_BACK = Phrase(
    "This rollout has no proven way back: its rollback SQL is missing or did not bring the schema "
    "back when it was tried. Write a new migration instead.",
    "Questo rollout non ha un ritorno provato: l’SQL di ritorno manca o, provato, non ha riportato "
    "lo schema com’era. Scrivi invece una nuova migrazione.",
)
NOTHING_TO_RETURN = Phrase(
    "No tenant has this migration yet: there is nothing to roll back. Abort it instead.",
    "Nessun tenant ha ancora questa migrazione: niente da riportare indietro. Interrompilo.",
)
TYPE_VERSION = Phrase(
    "Type {version} to say that you mean it.",
    "Scrivi {version} per confermare.",
)
NOT_DRIFTED = Phrase(
    "This tenant is not in quarantine any more. Look at the card again.",
    "Questo tenant non è più in quarantena. Riguarda la scheda.",
)
TRIED_AND_FAILED = Phrase(
    "Tried on a copy, it failed: {sentence}",
    "Provato su una copia, non è riuscito: {sentence}",
)
EXPIRED = Phrase(
    "Nobody started it within a week. Propose it again.",
    "Nessuno l’ha avviato entro una settimana. Proponilo di nuovo.",
)
CATCH_UP_FAILED = Phrase(
    "Migration {version} could not be applied: {sentence}",
    "Non è stato possibile applicare la migrazione {version}: {sentence}",
)
CATCH_UP_LATER = Phrase(
    "The database is busy or out of reach; migration {version} is tried again.",
    "Il database è occupato o irraggiungibile; la migrazione {version} viene ritentata.",
)
NO_DIRECTORY = Phrase(
    "The directory {directory} of migrations cannot be read. Set MIGRATIONS_DIRECTORY.",
    "La cartella {directory} delle migrazioni non si può leggere. Imposta MIGRATIONS_DIRECTORY.",
)
NO_FILE = Phrase(
    "There is no migration {version} in {directory}; it would be {version}.up.sql.",
    "Non c’è una migrazione {version} in {directory}; sarebbe {version}.up.sql.",
)
