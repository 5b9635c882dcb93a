"""The words of licenses from a CSV."""

from services.phrases import Phrase

TITLE = Phrase("Licenses from a CSV", "Licenze da un CSV")
LEAD = Phrase(
    "A first line with the names email,plan,months,domain,name, then a line for each license. Good "
    "lines are issued at once, bad ones are told with their reasons; the same line is never issued "
    "twice.",
    "Una prima riga con i nomi email,plan,months,domain,name, poi una riga per licenza. Le righe "
    "buone si emettono subito, le altre sono elencate con il motivo; la stessa riga non si emette "
    "mai due volte.",
)
FILE = Phrase("CSV file", "File CSV")
FILE_HELP = Phrase("Up to 10,000 lines and 10 MB.", "Fino a 10.000 righe e 10 MB.")
SEND = Phrase("E-mail every customer their key", "Invia a ogni cliente la sua chiave")
START = Phrase("Issue the good lines", "Emetti le righe buone")
NO_FILE = Phrase("Choose a file first.", "Prima scegli un file.")
STARTED = Phrase("The lines are being issued.", "Le righe si stanno emettendo.")
ISSUED = Phrase("Issued", "Emesse")
KNOWN = Phrase("Known already", "Già emesse")
BAD = Phrase("Bad", "Da correggere")
WAITING = Phrase("Waiting", "In attesa")
LINES = Phrase("Lines", "Righe")
LINE = Phrase("Line", "Riga")
EMAIL = Phrase("E-mail", "E-mail")
PLAN = Phrase("Plan", "Piano")
STATE = Phrase("State", "Stato")
REASON = Phrase("Reason", "Motivo")
STATES = {
    "ok": WAITING,
    "issued": ISSUED,
    "known": KNOWN,
    "bad": BAD,
}
RESULTS = Phrase("All lines as CSV", "Tutte le righe in CSV")
SHOWN = Phrase(
    "The first {n}, the bad ones before the others; the CSV has all.",
    "Le prime {n}, prima quelle da correggere; il CSV le ha tutte.",
)
NO_LINES = Phrase("No lines", "Nessuna riga")
