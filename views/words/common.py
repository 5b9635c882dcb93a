"""Words that several features use."""

from services.phrases import Phrase

CLOSE = Phrase("Close", "Chiudi")
CANCEL = Phrase("Cancel", "Annulla")
SAVE = Phrase("Save", "Salva")
BACK = Phrase("Back", "Indietro")
KEEP = Phrase("Keep it", "Tienilo")
LOADING = Phrase("One moment…", "Un momento…")
SOMETHING_WRONG = Phrase("Something went wrong", "Qualcosa è andato storto")
UNEXPECTED = Phrase(
    "Something went wrong on our side; nothing of yours is lost. Please try again. "
    "If it happens again, tell your admin this reference: {reference}",
    "Qualcosa è andato storto da parte nostra; non hai perso nulla. Riprova. "
    "Se succede ancora, comunica al tuo admin questo riferimento: {reference}",
)
CONNECT_FATHOM = Phrase("Connect Fathom", "Collega Fathom")
CONNECT_GMAIL = Phrase("Connect Gmail", "Collega Gmail")
NOT_YOURS = Phrase(
    "This belongs to somebody else; only they can use it.",
    "Questo appartiene a qualcun altro: solo chi l’ha creato può usarlo.",
)
RETRY = Phrase("Retry", "Riprova")
OPEN = Phrase("Open again", "Riapri")
REFERENCE = Phrase("Reference {reference}", "Riferimento {reference}")
PUT_AWAY = Phrase(
    "You closed the window while it was loading.",
    "Hai chiuso la finestra mentre si caricava.",
)
OLD_BUTTON = Phrase(
    "This button is from an older version and does nothing any more. Type /followup to go on.",
    "Questo pulsante è di una versione precedente e non fa più nulla. Scrivi /followup per "
    "continuare.",
)
