"""Words of months that are closed or may be."""

from services.phrases import Phrase

TITLE = Phrase("Months", "Mesi")
NOTE = Phrase("A closed month does not change.", "Un mese chiuso non cambia più.")
MONTH = Phrase("Month", "Mese")
REQUESTS = Phrase("Requests", "Richieste")
COST = Phrase("Cost", "Costo")
LICENSES = Phrase("Active licenses", "Licenze attive")
FOLLOWUPS = Phrase("Follow-ups", "Follow-up")
MRR = Phrase("MRR at its end", "MRR alla fine")
OPEN = Phrase("open", "aperto")
CLOSED = Phrase("closed {day} by {by}", "chiuso il {day} da {by}")
CLOSE = Phrase("Close", "Chiudi")
CLOSE_NAMED = Phrase("Close {month}", "Chiudi {month}")
EXPORT = Phrase("Excel", "Excel")
EXPORT_NAMED = Phrase("Usage of {month} for Excel", "Consumo di {month} per Excel")
NONE = Phrase("No month is over yet", "Nessun mese è ancora trascorso")
NONE_TEXT = Phrase(
    "The first one appears when it is over and something was used in it.",
    "Il primo compare quando è finito e c’è stato del consumo.",
)
DONE = Phrase(
    "{month} is closed. Its figures stay as they are now.",
    "{month} è chiuso. I suoi dati restano come sono ora.",
)
