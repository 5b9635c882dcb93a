"""The words of ops commands: what was typed wrongly, help, preview, receipt."""

from services.phrases import Phrase

UNKNOWN_FLAG = Phrase(
    "{flag} is not an option here. The options are {known}. Type for example: {example}",
    "{flag} non è un’opzione di qui. Le opzioni sono {known}. Scrivi per esempio: {example}",
)
NO_FLAGS = Phrase(
    "{flag} is not an option here. Type for example: {example}",
    "{flag} non è un’opzione di qui. Scrivi per esempio: {example}",
)
TOO_MANY = Phrase(
    "“{surplus}” is one word too many. Put words that belong together in quotes. "
    "Type for example: {example}",
    "“{surplus}” è una parola di troppo. Metti tra virgolette le parole che vanno insieme. "
    "Scrivi per esempio: {example}",
)
OPEN_QUOTE = Phrase(
    "A closing quotation mark is missing. Type for example: {example}",
    "Mancano le virgolette di chiusura. Scrivi per esempio: {example}",
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
