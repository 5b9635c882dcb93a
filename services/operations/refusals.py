"""What is said when an operation cannot do what it is asked."""

from services.phrases import Phrase

NO_OPERATION = Phrase("There is no such operation.", "Questa operazione non esiste.")
OVER_ALREADY = Phrase(
    "This operation is over already: there is nothing to cancel.",
    "Questa operazione è già finita: non c’è niente da annullare.",
)
NOT_CANCELLABLE = Phrase(
    "This operation cannot be cancelled; wait for its end.",
    "Questa operazione non si può annullare; aspetta che finisca.",
)
BREAKS_DOWN = Phrase(
    "This step broke down again and again. Tell us the reference.",
    "Questo passo si è interrotto più volte. Comunicaci il riferimento.",
)
NOT_OVER = Phrase(
    "This operation neither failed nor was cancelled: there is nothing to retry.",
    "Questa operazione non è fallita né annullata: non c’è niente da ripetere.",
)
