"""Why something cannot be done with a tenant, in sentences."""

from services.phrases import Phrase

NO_TENANT = Phrase("There is no such tenant.", "Questo tenant non esiste.")
NO_STATE = Phrase("There is no state “{state}”.", "Lo stato “{state}” non esiste.")
NO_PLAN = Phrase(
    "There is no plan “{plan}”; there are {plans}.",
    "Il piano “{plan}” non esiste; ci sono {plans}.",
)
NO_MODULE = Phrase(
    "There is no module “{module}”; there are {modules}.",
    "Il modulo “{module}” non esiste; ci sono {modules}.",
)
NO_REASON = Phrase(
    "Write a reason, 1 to 300 characters.", "Scrivi un motivo, da 1 a 300 caratteri."
)
NO_DAYS = Phrase("Days are 1 to 90.", "I giorni vanno da 1 a 90.")
NOT_READY = Phrase(
    "This tenant is not ready yet, so there is nothing to suspend or resume.",
    "Questo tenant non è ancora pronto: non c’è nulla da sospendere o riprendere.",
)
NOT_USABLE = Phrase(
    "The database of “{company}” cannot be used now ({state}). It is never replaced by another.",
    "Il database di “{company}” ora non è utilizzabile ({state}). Non viene mai sostituito.",
)
IS_DELETED = Phrase(
    "This tenant is being deleted. Keep it first, while its time is not over.",
    "Questo tenant è in eliminazione. Prima annullala, finché il periodo non è finito.",
)
NOT_TYPED = Phrase(
    "Type the tenant’s short name exactly: {slug}",
    "Scrivi esattamente il nome breve del tenant: {slug}",
)
TOO_LATE = Phrase(
    "The deletion has begun and cannot be undone.",
    "L’eliminazione è iniziata e non si può annullare.",
)
NOT_DELETING = Phrase("This tenant is not being deleted.", "Questo tenant non è in eliminazione.")
