"""The words of follow-ups: picker, options, progress, draft and card."""

from services.phrases import Phrase, Plural

PICKER_TITLE = Phrase("Your meetings", "Le tue riunioni")
SEARCH = Phrase("Search", "Cerca")
SEARCH_PLACEHOLDER = Phrase(
    "Title or guest, then press Enter", "Titolo o invitato, poi premi Invio"
)
SHOW = Phrase("Show", "Mostra")
SHOWS = {
    "mine": Phrase("My meetings", "Le mie riunioni"),
    "external": Phrase("With people from outside", "Con persone esterne"),
    "unfollowed": Phrase("Not followed up yet", "Senza follow-up"),
    "all": Phrase("All, also shared ones", "Tutte, anche condivise"),
}
CLEAR_SEARCH = Phrase("Clear the search", "Annulla la ricerca")
SHOW_ALL = Phrase("Show all meetings", "Mostra tutte le riunioni")
NONE_SHOWN = Phrase("No meeting of this kind.", "Nessuna riunione di questo tipo.")
FOLLOW_UP = Phrase("Follow up", "Follow-up")
NEWER = Phrase("Newest", "Le più recenti")
OLDER = Phrase("Older", "Meno recenti")
LOOK_FURTHER = Phrase("Look further back", "Cerca più indietro")
LOOKED_BACK = Phrase("Looked back to {day}", "Ho cercato fino a: {day}")
THAT_IS_ALL = Phrase("These are all your meetings.", "Queste sono tutte le tue riunioni.")
THAT_IS_ALL_FOUND = Phrase(
    "These are all the meetings that match.", "Queste sono tutte le riunioni trovate."
)
NOTHING_FOUND = Phrase("No meeting matches “{search}”.", "Nessuna riunione per “{search}”.")
NO_MEETINGS = Phrase(
    "No recorded meetings here. Fathom lists a recording a few minutes after the call.",
    "Qui non ci sono riunioni registrate. Fathom le elenca qualche minuto dopo la chiamata.",
)
NO_GUESTS = Phrase("no guests listed", "nessun invitato in elenco")
AND_MORE = Plural(Phrase("and one more", "e un altro"), Phrase("and {n} more", "e altri {n}"))
UNTITLED = Phrase("Meeting without a title", "Riunione senza titolo")
MARKS = {
    "writing": Phrase(
        ":hourglass_flowing_sand: being written", ":hourglass_flowing_sand: in scrittura"
    ),
    "ready": Phrase(":memo: draft ready", ":memo: bozza pronta"),
    "failed": Phrase(":warning: not finished", ":warning: non completato"),
    "cancelled": Phrase("cancelled", "annullato"),
    "discarded": Phrase("discarded", "scartato"),
    "drafted": Phrase(":white_check_mark: in Gmail", ":white_check_mark: in Gmail"),
}

OPTIONS_TITLE = Phrase("New follow-up", "Nuovo follow-up")
WRITE = Phrase("Write follow-up", "Scrivi follow-up")
RECIPIENTS = Phrase("To", "A")
MORE_RECIPIENTS = Phrase("Also to", "Anche a")
MORE_HINT = Phrase("Addresses separated by commas", "Indirizzi separati da virgole")
CC = Phrase("Cc", "Cc")
LANGUAGE = Phrase("Language of the e-mail", "Lingua dell’e-mail")
LANGUAGES = {
    "": Phrase("As in the meeting", "Come nella riunione"),
    "en": Phrase("English", "Inglese"),
    "it": Phrase("Italian", "Italiano"),
}
TONE = Phrase("Tone", "Tono")
TONES = {
    "friendly": Phrase("Friendly", "Cordiale"),
    "formal": Phrase("Formal", "Formale"),
    "direct": Phrase("Direct", "Diretto"),
}
LENGTH = Phrase("Length", "Lunghezza")
LENGTHS = {
    "short": Phrase("Short", "Breve"),
    "medium": Phrase("Medium", "Media"),
    "long": Phrase("Long", "Lunga"),
}
TEMPLATE = Phrase("Template", "Modello")
NO_TEMPLATE = Phrase("None", "Nessuno")
GUESTS_CHANGED = Phrase(
    "The guests of this meeting have changed meanwhile. Go back and open it again.",
    "Nel frattempo gli invitati di questa riunione sono cambiati. Torna indietro e riaprila.",
)
EXTRA = Phrase("Anything to add?", "Qualcosa da aggiungere?")
EXTRA_HINT = Phrase(
    "Facts or wishes the transcript does not hold",
    "Fatti o desideri che la trascrizione non contiene",
)
NO_EXTERNAL = Phrase(
    "I found no guest from outside with an e-mail address, so no one is ticked. Choose or add "
    "recipients, or leave it empty.",
    "Non ho trovato invitati esterni con un indirizzo e-mail: nessuno è selezionato. Scegli o "
    "aggiungi destinatari, o lascia vuoto.",
)
DECLINED_LEFT_OUT = Plural(
    Phrase(
        "{n} guest declined and is not ticked.", "{n} invitato ha rifiutato e non è selezionato."
    ),
    Phrase(
        "{n} guests declined and are not ticked.",
        "{n} invitati hanno rifiutato e non sono selezionati.",
    ),
)
ALREADY = Phrase(
    "You already have a follow-up of this meeting ({mark}).",
    "Hai già un follow-up di questa riunione ({mark}).",
)
OPEN_IT = Phrase("Open it", "Aprilo")
OPEN = Phrase("Open", "Apri")
ANOTHER = Phrase("Write another", "Scrivine un altro")

WRITING_TITLE = Phrase("Writing…", "Sto scrivendo…")
WRITING_NOW = Phrase("Writing the follow-up of {title}", "Sto scrivendo il follow-up di {title}")
YOU_MAY_CLOSE = Phrase(
    "You can close this window: the draft will come to your messages.",
    "Puoi chiudere questa finestra: la bozza arriverà nei tuoi messaggi.",
)
STEPS = {
    "transcript": Phrase("Transcript", "Trascrizione"),
    "crm": Phrase("CRM context", "Contesto CRM"),
    "draft": Phrase("Draft", "Bozza"),
}
SECONDS = Phrase("{seconds} s", "{seconds} s")
FAILED_TITLE = Phrase("Not finished", "Non completato")
CANCELLED_TEXT = Phrase(
    "Cancelled. Nothing was kept or sent.", "Annullato. Nulla è stato salvato o inviato."
)
DISCARDED_TEXT = Phrase("Discarded.", "Scartato.")

DRAFT_TITLE = Phrase("Follow-up", "Follow-up")
CLOSE_UNSAVED = Phrase("Close without saving", "Chiudi senza salvare")
SUBJECT = Phrase("Subject", "Oggetto")
NO_SUBJECT = Phrase("No subject yet", "Ancora nessun oggetto")
BODY = Phrase("E-mail", "E-mail")
SUMMARY = Phrase("Summary", "Riassunto")
NOTE = Phrase("CRM note", "Nota CRM")
CREATE_DRAFT = Phrase("Create Gmail draft", "Crea bozza Gmail")
NEWER_THAN_GMAIL = Phrase(
    "It holds version {number}; what you changed since is not in it.",
    "Contiene la versione {number}; le modifiche successive non ci sono.",
)
VIEW_EDIT = Phrase("View & edit", "Vedi e modifica")
REGENERATE = Phrase("Regenerate", "Rigenera")
REGENERATE_TITLE = Phrase("Regenerate", "Rigenera")
INSTRUCTION = Phrase("What should change?", "Che cosa deve cambiare?")
INSTRUCTION_HINT = Phrase(
    "For example: shorter, more formal, mention the price. The current version stays in Versions.",
    "Per esempio: più breve, più formale, cita il prezzo. La versione attuale resta in Versioni.",
)
BACK_TO_DRAFT = Phrase("Back to the draft", "Torna alla bozza")
VERSIONS = Phrase("Versions", "Versioni")
RESTORING = Phrase("Restoring it changes the e-mail:", "Ripristinandola l’e-mail cambia:")
SAME_TEXT = Phrase("The e-mail is the same.", "L’e-mail è la stessa.")
RESTORE = Phrase("Restore", "Ripristina")
VERSION = Phrase("Version {number}", "Versione {number}")
CURRENT = Phrase("current", "attuale")
ORIGINS = {
    "written": Phrase("written", "scritta"),
    "plain": Phrase("from Fathom’s summary", "dal riassunto di Fathom"),
    "edited": Phrase("edited by you", "modificata da te"),
    "restored": Phrase("restored", "ripristinata"),
}
PLAIN_WARNING = Phrase(
    ":warning: The model was not available: this is Fathom’s own summary. Edit it, or "
    "regenerate later.",
    ":warning: Il modello non era disponibile: questo è il riassunto di Fathom. Modificalo o "
    "rigenera più tardi.",
)
PLAIN_OVER_BUDGET = Phrase(
    ":warning: A plain letter from Fathom’s summary, not written by the model. {why}",
    ":warning: Una lettera semplice dal riassunto di Fathom, non scritta dal modello. {why}",
)
SIGNED = Phrase(
    "Your signature is added below the text.", "La tua firma è aggiunta sotto il testo."
)
TO_NOBODY = Phrase(
    "No recipients yet: add them in Gmail.", "Ancora nessun destinatario: aggiungilo in Gmail."
)
TO_LINE = Phrase("To {people}", "A {people}")
CC_LINE = Phrase("Cc {people}", "Cc {people}")
ITEMS = Phrase("Action items", "Cose da fare")
READ_WHOLE = Phrase("The whole text is in View & edit.", "Il testo intero è in Vedi e modifica.")
DISCARD = Phrase("Discard", "Scarta")
READY_TEXT = Phrase("Your follow-up of {title} is ready.", "Il follow-up di {title} è pronto.")
TOOK = Phrase(
    "Version {number} · written in {seconds} s",
    "Versione {number} · scritta in {seconds} s",
)
