"""The words of the forms in which note, deal and tasks of a follow-up are chosen."""

from services.phrases import Phrase

NOTE_TITLE = Phrase("CRM note", "Nota CRM")
DEALS_TITLE = Phrase("Deals", "Trattative")
TASKS_TITLE = Phrase("CRM tasks", "Attività CRM")
VIEW_DEALS = Phrase("View deals", "Vedi trattative")
LOOKING = Phrase("Looking into your CRM…", "Guardo nel tuo CRM…")

ACCOUNT = Phrase("Which company is it about?", "Di quale azienda si tratta?")
IN_CRM = Phrase("{account}, as {crm} has it", "{account}, come risulta in {crm}")
SEVERAL = Phrase(
    "Several in {crm} may be meant; I do not guess.",
    "In {crm} possono essere più d’una; non tiro a indovinare.",
)
SHOW_DEALS = Phrase("Show deals", "Mostra trattative")
NOTE_DEAL = Phrase("Deal", "Trattativa")
NO_DEAL = Phrase("No deal", "Nessuna trattativa")
PEOPLE = Phrase("People", "Persone")
NOTE_EMPTY = Phrase(
    "There is no note yet: write one in View & edit.",
    "Non c’è ancora una nota: scrivila in Vedi e modifica.",
)
NOTE_HINT = Phrase(
    "The text is the note of View & edit; the link to the recording is added.",
    "Il testo è la nota di Vedi e modifica; si aggiunge il link alla registrazione.",
)

DEAL_LINE = Phrase("{stage} · {amount} · closes {day}", "{stage} · {amount} · chiusura {day}")
NO_AMOUNT = Phrase("no amount", "nessun importo")
NO_DAY = Phrase("no date", "nessuna data")
EDIT = Phrase("Edit", "Modifica")
STAGE = Phrase("Stage", "Fase")
AMOUNT = Phrase("Amount", "Importo")
AMOUNT_IN = Phrase("Amount ({currency})", "Importo ({currency})")
CLOSES = Phrase("Close date", "Data di chiusura")
DESCRIPTION = Phrase("Description", "Descrizione")
LONG_DESCRIPTION = Phrase(
    "The description is too long to be edited here; it stays as it is.",
    "La descrizione è troppo lunga per modificarla qui; resta com’è.",
)
ONLY_CHANGED = Phrase(
    "Only what you change is saved; if somebody changed it meanwhile, I ask first.",
    "Si salva solo ciò che modifichi; se nel frattempo l’ha cambiato qualcuno, prima chiedo.",
)
SAVE_DEAL = Phrase("Save deal", "Salva trattativa")

WHICH_TASKS = Phrase("Create these", "Crea queste")
TASK_LINE = Phrase("{text}\n{owner} · due {day}", "{text}\n{owner} · scadenza {day}")
NOBODY = Phrase("no owner", "senza assegnatario")
CHOOSE_ONE = Phrase("Choose at least one.", "Scegline almeno una.")

OVERWRITE = Phrase("Save mine anyway", "Salva comunque le mie")
