"""The words of a follow-up's actions: what each is called, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.phrases import Phrase


@dataclass(frozen=True, slots=True)
class ActionWords:
    """What an action is called, and how it stands; `done` is followed by `link`.

    `failed` has the field `problem`.
    """

    title: Phrase
    doing: Phrase
    done: Phrase
    link: Phrase
    failed: Phrase
    undone: Phrase


GMAIL = ActionWords(
    title=Phrase("Gmail draft", "Bozza Gmail"),
    doing=Phrase("Creating the Gmail draft…", "Creo la bozza in Gmail…"),
    done=Phrase("The draft is in your Gmail.", "La bozza è nel tuo Gmail."),
    link=Phrase("Open the draft", "Apri la bozza"),
    failed=Phrase(
        "The Gmail draft was not created: {problem}", "La bozza Gmail non è stata creata: {problem}"
    ),
    undone=Phrase("The Gmail draft was deleted.", "La bozza in Gmail è stata eliminata."),
)
CALENDAR = ActionWords(
    title=Phrase("Calendar event", "Evento in calendario"),
    doing=Phrase("Creating the calendar event…", "Creo l’evento in calendario…"),
    done=Phrase("The event is in your calendar.", "L’evento è nel tuo calendario."),
    link=Phrase("Open the event", "Apri l’evento"),
    failed=Phrase(
        "The calendar event was not created: {problem}",
        "L’evento in calendario non è stato creato: {problem}",
    ),
    undone=Phrase("The calendar event was deleted.", "L’evento in calendario è stato eliminato."),
)
NOTE = ActionWords(
    title=Phrase("CRM note", "Nota CRM"),
    doing=Phrase("Writing the CRM note…", "Scrivo la nota nel CRM…"),
    done=Phrase("The note is in the CRM.", "La nota è nel CRM."),
    link=Phrase("Open the note", "Apri la nota"),
    failed=Phrase(
        "The CRM note was not written: {problem}", "La nota CRM non è stata scritta: {problem}"
    ),
    undone=Phrase("The CRM note was deleted.", "La nota CRM è stata eliminata."),
)
DEAL = ActionWords(
    title=Phrase("Deal", "Trattativa"),
    doing=Phrase("Changing the deal…", "Modifico la trattativa…"),
    done=Phrase("The deal is changed.", "La trattativa è stata modificata."),
    link=Phrase("Open the deal", "Apri la trattativa"),
    failed=Phrase(
        "The deal was not changed: {problem}", "La trattativa non è stata modificata: {problem}"
    ),
    undone=Phrase("The deal is as it was.", "La trattativa è com’era."),
)
TASKS = ActionWords(
    title=Phrase("CRM tasks", "Attività CRM"),
    doing=Phrase("Creating the tasks…", "Creo le attività…"),
    done=Phrase("The tasks are in the CRM.", "Le attività sono nel CRM."),
    link=Phrase("Open the tasks", "Apri le attività"),
    failed=Phrase(
        "The tasks were not created: {problem}", "Le attività non sono state create: {problem}"
    ),
    undone=Phrase("The tasks were deleted.", "Le attività sono state eliminate."),
)
RECAP = ActionWords(
    title=Phrase("Recap to a channel", "Riepilogo in un canale"),
    doing=Phrase("Posting the recap…", "Pubblico il riepilogo…"),
    done=Phrase("The recap is posted.", "Il riepilogo è pubblicato."),
    link=Phrase("Open the message", "Apri il messaggio"),
    failed=Phrase(
        "The recap was not posted: {problem}", "Il riepilogo non è stato pubblicato: {problem}"
    ),
    undone=Phrase("The recap was deleted.", "Il riepilogo è stato eliminato."),
)
# By the names of `services.followups.NAMES`.
ACTIONS: Mapping[str, ActionWords] = {
    "gmail": GMAIL,
    "calendar": CALENDAR,
    "note": NOTE,
    "deal": DEAL,
    "tasks": TASKS,
    "recap": RECAP,
}

UNDOING = Phrase("{title}: taking it back…", "{title}: annullo…")
NOT_UNDONE = Phrase("It was not undone: {problem}", "Non è stato annullato: {problem}")
RETRY_ONE = Phrase("Retry: {title}", "Riprova: {title}")
UPDATE_DRAFT = Phrase("Update the draft", "Aggiorna la bozza")
REPLACE_DRAFT = Phrase("Replace what is there", "Sostituisci ciò che c’è")
SECOND_DRAFT = Phrase("Make a second draft", "Crea una seconda bozza")
NEW_DRAFT = Phrase("Create a new draft", "Crea una nuova bozza")
LEAVE_IT = Phrase("Leave it", "Lascia così")
DO_ALL = Phrase("Do all of it", "Fai tutto")
UNDO = Phrase("Undo", "Annulla quanto fatto")
UNDO_NOW = Phrase("Take it back", "Sì, annulla")
LOOKING = Phrase("Looking at what would happen…", "Guardo che cosa succederebbe…")
WHAT_TO_DO = Phrase("Do now", "Da fare ora")
WHAT_TO_UNDO = Phrase("Take back now", "Da annullare ora")
DONE_ALREADY = Phrase("Done already", "Già fatto")
UNDER_WAY = Phrase("Under way", "In corso")
NOTHING_LEFT = Phrase(
    "There is nothing left to do with this follow-up.",
    "Con questo follow-up non c’è più niente da fare.",
)
NOTHING_TO_UNDO = Phrase(
    "There is nothing that can be taken back.", "Non c’è niente che si possa annullare."
)
NOTHING_SENT = Phrase(
    "Nothing is sent to anybody unless a line above says so.",
    "Nulla viene inviato a nessuno, se non lo dice una riga qui sopra.",
)
CHANGE = Phrase("Change", "Modifica")
RECAP_TITLE = Phrase("Recap to a channel", "Riepilogo in un canale")
POST_RECAP = Phrase("Post recap", "Pubblica")
CHANNEL = Phrase("Channel", "Canale")
RECAP_TEXT = Phrase("Recap", "Riepilogo")
RECAP_HINT = Phrase(
    "Everybody in the channel reads it. The link to the recording is added below.",
    "Lo leggono tutti nel canale. Il link alla registrazione è aggiunto sotto.",
)
OUTSIDERS_READ = Phrase(
    "*People from outside your company read #{channel}.* Tick the box if they may read this.",
    "*Persone esterne alla tua azienda leggono #{channel}.* Spunta la casella se possono "
    "leggere questo.",
)
OUTSIDERS_LABEL = Phrase("Shared channel", "Canale condiviso")
OUTSIDERS_MAY = Phrase("They may read it", "Possono leggerlo")
RECORDING = Phrase("Recording", "Registrazione")
IT_IS_THERE = Phrase("It is there", "C’è")
POST_AGAIN = Phrase("It is not: post it", "Non c’è: pubblicalo")
OPEN_RECAP = Phrase("Recap to a channel", "Riepilogo in un canale")
