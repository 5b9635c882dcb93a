"""The words of tasks and notes that are written into the CRM from Slack."""

from collections.abc import Mapping

from services.crm import TaskType
from services.phrases import Phrase

TASK_TITLE = Phrase("Add CRM task", "Nuova attività CRM")
NOTE_TITLE = Phrase("Add CRM note", "Nuova nota CRM")
ADD_TASK = Phrase("Add the task", "Aggiungi")
ADD_NOTE = Phrase("Add the note", "Aggiungi")

# With the CRM's own words.
ABOUT = Phrase("{contact} or {account}", "{contact} o {account}")
ABOUT_PLACEHOLDER = Phrase(
    "Type a name, an e-mail or a company", "Scrivi un nome, un’e-mail o un’azienda"
)
UNKNOWN_EMAIL = Phrase(
    "{email} is nobody’s address in {crm} as I know it. Search by name or company.",
    "{email} non è di nessuno in {crm}, per quel che so. Cerca per nome o azienda.",
)
STILL_READING = Phrase(
    "I am still reading {crm} for the first time: not everybody can be found yet.",
    "Sto ancora leggendo {crm} per la prima volta: non si trovano ancora tutti.",
)
TYPE = Phrase("Type", "Tipo")
TYPES: Mapping[TaskType, Phrase] = {
    "email": Phrase("E-mail", "E-mail"),
    "call": Phrase("Call", "Telefonata"),
    "linkedin": Phrase("LinkedIn", "LinkedIn"),
    "inmail": Phrase("InMail", "InMail"),
    "generic": Phrase("Generic", "Generica"),
}
SUBJECT = Phrase("Subject", "Oggetto")
DAY = Phrase("Day", "Giorno")
TIME = Phrase("Time", "Ora")
ZONE = Phrase("Times are those of {zone}.", "Gli orari sono quelli di {zone}.")
DESCRIPTION = Phrase("Description", "Descrizione")
NO_DEAL = Phrase("Leave it open", "Lascia vuoto")
TEXT = Phrase("Text", "Testo")
NOTE_VISIBLE = Phrase(
    "Everybody who uses {crm} in your company can read this note.",
    "La nota sarà leggibile da chiunque usi {crm} nella tua azienda.",
)
INTO = Phrase("It goes into {crm}.", "Va in {crm}.")

WRITING = Phrase("Writing it into {crm}…", "Scrivo in {crm}…")
MAY_CLOSE = Phrase(
    "You may close this window: the outcome comes as a message.",
    "Puoi chiudere la finestra: l’esito arriva come messaggio.",
)
TASK_DONE = Phrase("The task is in {crm}.", "L’attività è in {crm}.")
NOTE_DONE = Phrase("The note is in {crm}.", "La nota è in {crm}.")
NOTE_FOUND = Phrase(
    "This message was in {crm} already, as a note on {account}; nothing was added.",
    "Questo messaggio era già in {crm}, come nota su {account}; non ho aggiunto nulla.",
)
FOR = Phrase("*{type}* with {who}: {subject}", "*{type}* con {who}: {subject}")
NOTE_FOR = Phrase("Note on {who}", "Nota su {who}")
WITH_DEAL = Phrase("Deal: {deal}", "Trattativa: {deal}")
UNOWNED = Phrase(
    "It has no owner: nobody in {crm} has your e-mail address.",
    "Non ha un proprietario: nessuno in {crm} ha il tuo indirizzo e-mail.",
)
OPEN_IN = Phrase("Open in {crm}", "Apri in {crm}")
TASK_FAILED = Phrase(
    "The task was not added: {problem}", "L’attività non è stata aggiunta: {problem}"
)
NOTE_FAILED = Phrase("The note was not added: {problem}", "La nota non è stata aggiunta: {problem}")
KEPT = Phrase("What you typed is kept.", "Quello che hai scritto è conservato.")
EDIT = Phrase("Change it", "Modifica")

# Help.
HELP_ABOUT = Phrase(
    "Adds a task to {crm}: the form opens with what you typed already in it.",
    "Aggiunge un’attività in {crm}: il modulo si apre con quello che hai scritto.",
)
NO_CRM_HELP = Phrase("your CRM", "il tuo CRM")
ARG_EMAIL = Phrase("address", "indirizzo")
ARG_EMAIL_ABOUT = Phrase("the contact’s e-mail", "l’e-mail del contatto")
ARG_TYPE = Phrase("type", "tipo")
ARG_TYPE_ABOUT = Phrase(
    "Email, Call, LinkedIn, InMail or Generic", "email, chiamata, linkedin, inmail o generica"
)
ARG_DAY = Phrase("day", "giorno")
ARG_DAY_ABOUT = Phrase(
    "today, tomorrow, a weekday, 2026-12-24 or 24.12.",
    "oggi, domani, un giorno della settimana, 2026-12-24 o 24.12.",
)
ARG_TIME = Phrase("time", "ora")
ARG_TIME_ABOUT = Phrase("10:00 or 3pm, in your own zone", "10:00 o 10.30, nel tuo fuso")
ARG_SUBJECT = Phrase("“subject”", "“oggetto”")
ARG_SUBJECT_ABOUT = Phrase("in quotes, or just the rest", "tra virgolette, o tutto il resto")
EXAMPLE = Phrase(
    "/crono-add-task ada@acme.com Call tomorrow 10:00 “about the offer”",
    "/crono-add-task ada@acme.com chiamata domani 10:00 “parlare dell’offerta”",
)
HELP_WORD = Phrase("shows this", "mostra questo")
