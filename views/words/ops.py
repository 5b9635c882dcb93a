"""The words of ops commands: what was typed wrongly, help, preview, receipt."""

from services.phrases import Phrase

UNKNOWN_FLAG = Phrase(
    "There is no {flag} here. What can be added: {known}. Type for example: {example}",
    "{flag} qui non esiste. Si può aggiungere: {known}. Scrivi per esempio: {example}",
)
NO_FLAGS = Phrase(
    "There is no {flag} here. Type for example: {example}",
    "{flag} qui non esiste. Scrivi per esempio: {example}",
)
TOO_MANY = Phrase(
    "“{surplus}” is one word too many; put what belongs together in quotes. "
    "Type for example: {example}",
    "“{surplus}” è una parola di troppo; metti tra virgolette ciò che va insieme. "
    "Scrivi per esempio: {example}",
)
OPEN_QUOTE = Phrase(
    "A quotation mark is open and never closed. Type for example: {example}",
    "Una virgoletta è aperta e mai chiusa. Scrivi per esempio: {example}",
)

EXAMPLE = Phrase("For example: {example}", "Per esempio: {example}")
DRY_RUN = Phrase(
    "show what would happen, and do nothing", "mostra che cosa accadrebbe, senza farlo"
)
NOTHING_DONE = Phrase(
    "Dry run: nothing was issued or changed.", "Prova: nulla è stato emesso né cambiato."
)
JOB = Phrase("Job {job}", "Operazione {job}")
WITHDRAWN = Phrase("Cancelled: nothing was done.", "Annullato: non è stato fatto nulla.")
PREVIEW_ENDS = Phrase(
    "This preview can be confirmed until {time}.",
    "Questa anteprima si può confermare fino alle {time}.",
)
REFERENCE = Phrase("Reference: {reference}", "Riferimento: {reference}")
