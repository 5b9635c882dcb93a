"""What statements are refused for, what they destroy and lock: in words."""

from collections.abc import Mapping

from integrations.postgres_grammar.types import Concern, Effect, SqlRefused, TableLock
from services.errors import Invalid
from services.phrases import Phrase

NO_TRANSACTION_MARK = "-- seguito:no-transaction"
AT = Phrase(" (line {line}, column {column})", " (riga {line}, colonna {column})")
REFUSALS: Mapping[str, Phrase] = {
    "empty": Phrase(
        "There is no SQL in it. Write at least one statement.",
        "Non contiene SQL. Scrivi almeno un'istruzione.",
    ),
    "too_long": Phrase(
        "The SQL is longer than 1 MB. Split it into several migrations.",
        "L'SQL supera 1 MB. Dividilo in più migrazioni.",
    ),
    "too_deep": Phrase(
        "An expression is nested too deeply to be read. Write it as several rows or statements.",
        "Un'espressione è annidata troppo in profondità. Scrivila come più righe o istruzioni.",
    ),
    "not_text": Phrase(
        "The SQL contains a character that is none (half a surrogate pair). Remove it.",
        "L'SQL contiene un carattere non valido (mezza coppia di surrogati). Toglilo.",
    ),
    "nul_byte": Phrase(
        "There is a NUL byte in the SQL. Remove it.",
        "L'SQL contiene un byte NUL. Toglilo.",
    ),
    "syntax": Phrase(
        "PostgreSQL does not read this as SQL: {name}. Correct it.",
        "PostgreSQL non lo legge come SQL: {name}. Correggilo.",
    ),
    "psql": Phrase(
        "“{name}” is a command or variable of psql, not SQL. Write out what it stands for.",
        "“{name}” è un comando o una variabile di psql, non SQL. Scrivi per esteso ciò che indica.",
    ),
    "copy": Phrase(
        "COPY is not possible in a migration. Write the rows as INSERT.",
        "COPY non è possibile in una migrazione. Scrivi le righe come INSERT.",
    ),
    "transaction": Phrase(
        "{name} is not allowed: the transaction is begun and ended for you. Remove it.",
        "{name} non è ammesso: la transazione viene aperta e chiusa per te. Toglilo.",
    ),
    "timeouts": Phrase(
        "The rollout sets lock_timeout, statement_timeout and the idle time-out itself. Remove it, "
        "and choose a longer limit as an option of the rollout.",
        "lock_timeout, statement_timeout e il time-out di inattività li imposta il rollout. Toglilo"
        " e scegli un limite più lungo come opzione del rollout.",
    ),
    "session_setting": Phrase(
        "SET would outlive the migration. Write SET LOCAL.",
        "SET resterebbe attivo dopo la migrazione. Scrivi SET LOCAL.",
    ),
    "session": Phrase(
        "{name} changes the session and not the database. Remove it.",
        "{name} cambia la sessione e non il database. Toglilo.",
    ),
    "role": Phrase(
        "{name} is about roles, which belong to the whole server. Ask the server's operator.",
        "{name} riguarda i ruoli, che appartengono all'intero server. Chiedi a chi lo gestisce.",
    ),
    "server_wide": Phrase(
        "{name} is about the whole server, not one tenant. Ask the server's operator.",
        "{name} riguarda l'intero server, non un solo tenant. Chiedi a chi lo gestisce.",
    ),
    "whole_database": Phrase(
        "{name} without one table locks table after table. Name the table.",
        "{name} senza una tabella blocca una tabella dopo l'altra. Indica la tabella.",
    ),
    "call": Phrase(
        "CALL may commit in the middle of the migration. Write the procedure's statements instead.",
        "CALL può fare commit a metà migrazione. Scrivi invece le istruzioni della procedura.",
    ),
    "explain": Phrase(
        "EXPLAIN changes nothing, or runs what it explains. Write the statement itself or nothing.",
        "EXPLAIN non cambia nulla, o esegue ciò che spiega. Scrivi l'istruzione oppure niente.",
    ),
    "index_if_not_exists": Phrase(
        "IF NOT EXISTS with CONCURRENTLY accepts an index that is broken. Remove IF NOT EXISTS; a "
        "repeat is safe without it.",
        "IF NOT EXISTS con CONCURRENTLY accetta un indice guasto. Togli IF NOT EXISTS: ripetere è "
        "sicuro anche senza.",
    ),
    "index_without_name": Phrase(
        "CREATE INDEX CONCURRENTLY needs a name, so that a half-built index is found again. Name "
        "the index.",
        "CREATE INDEX CONCURRENTLY richiede un nome, per ritrovare un indice a metà. Dai un nome "
        "all'indice.",
    ),
    "mixed": Phrase(
        "{name} here runs outside a transaction, the other statements in one. Make it a migration "
        "of its own, or put the line “-- seguito:no-transaction” on top.",
        "{name} qui gira fuori da una transazione, le altre istruzioni dentro. Fanne una migrazione"
        " a parte, o metti in cima la riga “-- seguito:no-transaction”.",
    ),
}
CONCERNS: Mapping[str, Phrase] = {
    "drops_table": Phrase("drops table {name}", "elimina la tabella {name}"),
    "drops_column": Phrase("drops column {name}", "elimina la colonna {name}"),
    "drops_constraint": Phrase("drops a constraint: {name}", "elimina un vincolo: {name}"),
    "drops_schema": Phrase("drops schema {name}", "elimina lo schema {name}"),
    "drops_type": Phrase("drops type {name}", "elimina il tipo {name}"),
    "drops_view": Phrase("drops view {name}", "elimina la vista {name}"),
    "drops_policy": Phrase("drops policy {name}", "elimina la policy {name}"),
    "drops_sequence": Phrase("drops sequence {name}", "elimina la sequenza {name}"),
    "drops_trigger": Phrase("drops a trigger or rule: {name}", "elimina trigger o regola: {name}"),
    "drops_function": Phrase("drops function {name}", "elimina la funzione {name}"),
    "drops_extension": Phrase("drops extension {name}", "elimina l'estensione {name}"),
    "empties_table": Phrase("empties table {name}", "svuota la tabella {name}"),
    "deletes_all": Phrase("deletes every row of {name}", "cancella tutte le righe di {name}"),
    "updates_all": Phrase("changes every row of {name}", "modifica tutte le righe di {name}"),
    "changes_type": Phrase("changes the type of {name}", "cambia il tipo di {name}"),
    "disables_row_security": Phrase(
        "switches off row security of {name}", "disattiva la row security di {name}"
    ),
    "disables_trigger": Phrase("switches off {name}'s trigger", "disattiva il trigger di {name}"),
    "unlogged": Phrase(
        "{name} will be empty after a crash", "{name} sarà vuota dopo un arresto anomalo"
    ),
    "grants_everybody": Phrase("opens something to {name}", "apre qualcosa a {name}"),
    "cascades": Phrase(
        "CASCADE drops what depends on it too", "CASCADE elimina anche ciò che ne dipende"
    ),
    "opaque_do": Phrase(
        "a DO block: its code is not checked", "un blocco DO: il suo codice non è verificato"
    ),
    "opaque_execute": Phrase(
        "function {name} builds SQL while it runs",
        "la funzione {name} compone SQL durante l'esecuzione",
    ),
    "opaque_language": Phrase(
        "a function in {name}: its code is not checked",
        "una funzione in {name}: il suo codice non è verificato",
    ),
    "opaque_call": Phrase(
        "calls {name}(), which may do anything", "chiama {name}(), che può fare qualsiasi cosa"
    ),
}
EFFECTS: Mapping[Effect, Phrase] = {
    "nothing": Phrase("nobody waits", "nessuno aspetta"),
    "instant": Phrase(
        "everybody waits for a moment, readers too", "tutti aspettano un attimo, anche chi legge"
    ),
    "writes_wait": Phrase("writes wait, reads do not", "le scritture aspettano, le letture no"),
    "scan": Phrase(
        "everybody waits while the table is read through",
        "tutti aspettano mentre la tabella viene letta per intero",
    ),
    "rewrite": Phrase(
        "everybody waits while the table is written anew",
        "tutti aspettano mentre la tabella viene riscritta",
    ),
}
LOCKED = Phrase("{table}: {effect} ({mode} lock)", "{table}: {effect} (lock {mode})")


def refused(error: SqlRefused, *, field: str) -> Invalid:
    """The sentence of a refusal, with its place where there is one."""
    sentence = REFUSALS[error.code]
    if not error.line:
        return Invalid(sentence, field=field, name=error.name)
    placed = Phrase(sentence.en + AT.en, sentence.it + AT.it)
    return Invalid(placed, field=field, name=error.name, line=error.line, column=error.column)


def concern(one: Concern, language: str) -> str:
    """What a second admin must agree to: "drops column orders.note"."""
    return CONCERNS[one.code](language, name=one.name)


def lock(one: TableLock, language: str) -> str:
    """What others feel: "orders: writes wait, reads do not (SHARE lock)"."""
    return LOCKED(language, table=one.table, effect=EFFECTS[one.effect](language), mode=one.mode)
