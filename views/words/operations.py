"""The words of operations: how their steps stand, and what each kind calls them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.phrases import Phrase

RETRY = Phrase("Retry", "Riprova")
CANCEL = Phrase("Cancel", "Annulla")
CANCEL_TITLE = Phrase("Cancel this?", "Annullare?")
CANCEL_TEXT = Phrase(
    "What is done stays done; nothing further is begun. You can retry later.",
    "Ciò che è fatto resta; non comincia nient’altro. Puoi riprovare più tardi.",
)
CANCEL_YES = Phrase("Cancel it", "Annulla")
CANCEL_NO = Phrase("Go on", "Continua")

RUNNING = Phrase("In progress", "In corso")
DONE = Phrase("Done", "Fatto")
FAILED = Phrase("Failed", "Non riuscita")
CANCELLED = Phrase("Cancelled", "Annullata")
STATES = {"running": RUNNING, "done": DONE, "failed": FAILED, "cancelled": CANCELLED}

NEXT_TRY = Phrase("try {attempt}, again at {time}", "tentativo {attempt}, di nuovo alle {time}")
TRIES = Phrase("after {n} tries", "dopo {n} tentativi")
SECONDS = Phrase("{seconds} s", "{seconds} s")
BY = Phrase("by {who}", "di {who}")
REFERENCE = Phrase("Reference {reference}", "Riferimento {reference}")
COUNT = Phrase("{done} of {total}", "{done} di {total}")
GONE = Phrase("This operation is not there any more.", "Questa operazione non c’è più.")


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a kind of operation is called, and each of its steps by name."""

    title: Phrase
    steps: Mapping[str, Phrase]
