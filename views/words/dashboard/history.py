"""The words of what the audit log says of one thing, and of the audit log's own page."""

from services.phrases import Phrase

HISTORY = Phrase("History", "Storia")
WHAT = Phrase("What", "Cosa")
WHO = Phrase("Who", "Chi")
WHEN = Phrase("When", "Quando")
NOTHING = Phrase("Nothing was done yet", "Non è stato ancora fatto nulla")
OUTCOME = Phrase("Outcome", "Esito")
SUBJECT = Phrase("What it was about", "Riguardo a")
CHANGE = Phrase("What changed", "Cosa è cambiato")
DONE = Phrase("Done", "Fatto")
REFUSED = Phrase("Refused", "Rifiutato")
FAILED = Phrase("Failed", "Non riuscito")
DRY_RUN = Phrase("Dry run", "Prova")
BEGUN = Phrase("Begun", "Iniziato")
OUTCOMES = {
    "done": DONE,
    "begun": BEGUN,
    "refused": REFUSED,
    "failed": FAILED,
    "dry_run": DRY_RUN,
}
