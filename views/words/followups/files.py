"""The words of transcripts that people bring."""

from services.phrases import Phrase, Plural

USE = Phrase("Use a transcript", "Usa una trascrizione")
TITLE = Phrase("Use a transcript", "Usa una trascrizione")
FILE = Phrase("The transcript", "La trascrizione")
FILE_HINT = Phrase(
    "From Zoom, Teams, Meet, Webex, Otter or Fathom, as VTT, SRT, TXT, DOCX or JSON",
    "Di Zoom, Teams, Meet, Webex, Otter o Fathom, come VTT, SRT, TXT, DOCX o JSON",
)
READ = Phrase("Read it", "Leggi")
READING = Phrase("Reading “{name}”…", "Leggo “{name}”…")
NO_FILE = Phrase("Choose a file first.", "Prima scegli un file.")
NOT_YOURS = Phrase(
    "This file is somebody else’s. Open the menu of the message that has it, and choose “Follow up "
    "on this file”.",
    "Questo file è di un’altra persona. Apri il menu del messaggio che lo contiene e scegli "
    "“Follow up on this file”.",
)
NO_FILE_HERE = Phrase(
    "This message has no file. Use the menu of a message with a transcript in it.",
    "Questo messaggio non ha file. Usa il menu di un messaggio che contiene una trascrizione.",
)
WHICH = Phrase("Which file?", "Quale file?")

MEETING_TITLE = Phrase("About the meeting", "Sulla riunione")
NAME = Phrase("Title", "Titolo")
MEETING_WITH = Phrase("Meeting with {names}", "Riunione con {names}")
OWN = Phrase("Which speaker are you?", "Quale voce sei tu?")
OWN_CHOICE = Plural(
    Phrase("{name} ({n} line)", "{name} ({n} intervento)"),
    Phrase("{name} ({n} lines)", "{name} ({n} interventi)"),
)
CHOOSE = Phrase("Please choose", "Scegli")
NOT_I = Phrase("I do not speak in it", "Non parlo in questo file")
FIRST_WORDS = Phrase("{name}: “{words}”", "{name}: «{words}»")
DAY = Phrase("Day", "Giorno")
START = Phrase("Start ({zone})", "Inizio ({zone})")
ADDRESS_OF = Phrase("E-mail of {name}", "E-mail di {name}")
ALSO = Phrase("Other guests’ e-mail addresses", "Indirizzi e-mail di altri invitati")
GO_ON = Phrase("Go on", "Continua")
UNNAMED_LINES = Phrase(
    ":information_source: Some lines have no name in the file; they stand under “{name}”.",
    ":information_source: Alcune righe del file non hanno un nome; sono sotto “{name}”.",
)
KNOWN = Phrase(
    ":information_source: You used this file before; here is what you said of it.",
    ":information_source: Hai già usato questo file; ecco quello che avevi indicato.",
)
FROM = Phrase(":page_facing_up: from “{name}”", ":page_facing_up: da “{name}”")
SWAPPED = Phrase(
    ":warning: The speakers may be swapped: {name} says “{words}”.",
    ":warning: Le voci potrebbero essere scambiate: {name} dice «{words}».",
)
SWAP = Phrase("Swap", "Scambia")
