"""The words of what can go wrong between Slack and us."""

from services.phrases import Phrase

AWAY = Phrase(
    "Our database does not answer right now. Please try again in a minute. Reference: {reference}",
    "Il nostro database non risponde in questo momento. Riprova tra un minuto. "
    "Riferimento: {reference}",
)
QUARANTINED = Phrase(
    "Seguito was restored from a backup and waits for an operator to release it. Nothing was done. "
    "Please try again later.",
    "Seguito è stato ripristinato da un backup e attende il via di un gestore. Non è stato fatto "
    "nulla. Riprova più tardi.",
)
TOO_SLOW = Phrase(
    "Slack delivered your click too late, so the window could not open. Please try again.",
    "Slack ci ha consegnato il clic troppo tardi e la finestra non si è aperta. Riprova.",
)
OLD_FORM = Phrase(
    "This window is from an older version. Close it and start again.",
    "Questa finestra è di una versione precedente. Chiudila e ricomincia.",
)
UNKNOWN_COMMAND = Phrase(
    "There is no command {command} here. Type /seguito to see what I can do.",
    "Il comando {command} qui non esiste. Scrivi /seguito per vedere che cosa posso fare.",
)
NOT_INSTALLED = Phrase(
    "Seguito is not installed in this workspace any more. Ask an admin to install it again.",
    "Seguito non è più installato in questo workspace. Chiedi a un admin di reinstallarlo.",
)
