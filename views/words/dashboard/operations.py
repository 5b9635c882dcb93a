"""The words of operations on pages, beside those that Slack has."""

from services.phrases import Phrase

OPERATION = Phrase("Operation", "Operazione")
BY = Phrase("Asked for by", "Richiesta da")
BEGAN = Phrase("Began", "Iniziata")
ENDED = Phrase("Ended", "Finita")
RUN = Phrase("Run", "Esecuzione")
REFERENCE = Phrase("Reference", "Riferimento")
STEP_STATES = {
    "waiting": Phrase("Waiting", "In attesa"),
    "running": Phrase("Running", "In corso"),
    "retrying": Phrase("Trying again", "Nuovo tentativo"),
    "done": Phrase("Done", "Fatto"),
    "skipped": Phrase("Skipped", "Saltato"),
    "missed": Phrase("Left out", "Mancato"),
    "failed": Phrase("Failed", "Non riuscito"),
}
RETRIED = Phrase("It goes on where it failed.", "Riprende da dove si era fermata.")
CANCELLED = Phrase(
    "It is cancelled; what is done stays done.", "È annullata; ciò che è fatto resta."
)
