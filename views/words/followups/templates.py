"""The words of templates."""

from services.phrases import Phrase

TEMPLATES = Phrase("Templates", "Modelli")
TEMPLATE = Phrase("Template", "Modello")
NEW_TEMPLATE = Phrase("New template", "Nuovo modello")
CHANGE_TEMPLATE = Phrase("Change template", "Modifica modello")
TEMPLATE_NAME = Phrase("Name", "Nome")
TEMPLATE_OUTLINE = Phrase("What the e-mail should hold", "Che cosa deve contenere l’e-mail")
OUTLINE_HINT = Phrase(
    "In order, in your words; sentences to keep as they are in quotes. A greeting or closing "
    "here is the e-mail’s own. Gaps such as [date] are filled from the meeting or left out.",
    "In ordine, con parole tue; tra virgolette le frasi da lasciare così. Saluto e chiusura "
    "scritti qui sono quelli dell’e-mail. Spazi come [data] sono riempiti dalla riunione o tolti.",
)
TEMPLATE_SCOPE = Phrase("For whom", "Per chi")
FOR_ME = Phrase("Only for me", "Solo per me")
FOR_ALL = Phrase("Everybody in this workspace", "Tutti in questo workspace")
OPEN = Phrase("Open", "Apri")
DELETE = Phrase("Delete", "Elimina")
DELETE_TITLE = Phrase("Delete the template?", "Eliminare il modello?")
SURE = Phrase(
    "Follow-ups already written stay as they are.",
    "I follow-up già scritti restano come sono.",
)
COPY = Phrase("Copy for me", "Copia per me")
COPIED = Phrase("{name} (copy)", "{name} (copia)")
BEGIN_WITH = Phrase("Use by default", "Usa come predefinito")
NO_DEFAULT = Phrase("No longer by default", "Non più predefinito")
SHARED = Phrase("everybody", "tutti")
MINE = Phrase("yours", "tuo")
BUILT_IN = Phrase("comes with Seguito", "incluso in Seguito")
DEFAULT = Phrase("your default", "il tuo predefinito")

PREVIEW = Phrase("Preview", "Anteprima")
ASK_PREVIEW = Phrase("Preview on a meeting", "Prova su una riunione")
PREVIEW_INTRO = Phrase(
    "The model writes a real draft of a meeting of yours. It is shown here and kept nowhere; its "
    "cost counts in the budget.",
    "Il modello scrive una bozza vera di una tua riunione. La vedi qui e non viene conservata; il "
    "costo conta nel budget.",
)
MEETING = Phrase("Meeting", "Riunione")
NO_MEETINGS = Phrase(
    "There is no meeting of yours yet to try it on.",
    "Non c’è ancora una tua riunione su cui provarlo.",
)
WRITE_PREVIEW = Phrase("Write preview", "Scrivi l’anteprima")
WRITING = Phrase(
    "One moment… a draft takes up to a minute.",
    "Un momento… una bozza richiede fino a un minuto.",
)
NOT_KEPT = Phrase(
    "Only a preview: nothing of it was kept, nothing was checked against the meeting.",
    "Solo un’anteprima: nulla è stato conservato, nulla è stato confrontato con la riunione.",
)
BACK = Phrase("Back to the template", "Torna al modello")
ANOTHER = Phrase("Another meeting", "Un’altra riunione")
