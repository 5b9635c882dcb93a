"""Words of exports that take long."""

from services.phrases import Phrase

TITLE = Phrase("Export for Excel", "Esportazione per Excel")
LEAD = Phrase(
    "Rows of “{name}”. The file is kept for a day.", "Righe di «{name}». Il file resta un giorno."
)
MANY = Phrase(
    "These are more than 50,000 rows: they are made in the background, which takes a minute or so. "
    "CSV can be downloaded at once.",
    "Sono più di 50.000 righe: vengono preparate in background, ci vuole circa un minuto. Il CSV "
    "si scarica subito.",
)
START = Phrase("Make the file", "Crea il file")
STARTED = Phrase("The file is being made.", "Il file è in preparazione.")
RUNNING = Phrase("The file is being made.", "Il file è in preparazione.")
AGAIN = Phrase("Look again", "Controlla di nuovo")
READY = Phrase("The file is ready. Rows: {rows}.", "Il file è pronto. Righe: {rows}.")
DOWNLOAD = Phrase("Download", "Scarica")
STOPPED = Phrase(
    "The file was not made. Begin again from its page.",
    "Il file non è stato creato. Ricomincia dalla sua pagina.",
)
