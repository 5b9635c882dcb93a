"""The words of evidence: what was heard, what was not, and what its owner keeps."""

from services.phrases import Phrase, Plural

TITLE = Phrase("Evidence", "Riscontri")
SHOW = Phrase("Evidence", "Riscontri")
KEEP = Phrase("I said this, keep it", "L’ho detto io, tienilo")
NOT_HEARD = Plural(
    Phrase(
        ":no_entry: *Not heard in the meeting:* {what}",
        ":no_entry: *Non detto nella riunione:* {what}",
    ),
    Phrase(
        ":no_entry: *{n} things not heard in the meeting:* {what}",
        ":no_entry: *{n} cose non dette nella riunione:* {what}",
    ),
)
TO_CHECK = Plural(
    Phrase(":mag: *Check this:* {what}", ":mag: *Da controllare:* {what}"),
    Phrase(":mag: *Check these {n}:* {what}", ":mag: *{n} da controllare:* {what}"),
)
ALL_HEARD = Plural(
    Phrase(
        ":ballot_box_with_check: {n} fact in it, found in the meeting.",
        ":ballot_box_with_check: {n} fatto, trovato nella riunione.",
    ),
    Phrase(
        ":ballot_box_with_check: {n} facts in it, all found in the meeting.",
        ":ballot_box_with_check: {n} fatti, tutti trovati nella riunione.",
    ),
)
NO_FACTS = Phrase(
    ":ballot_box_with_check: No dates, amounts, names or promises to check.",
    ":ballot_box_with_check: Nessuna data, cifra, nome o promessa da controllare.",
)
UNREAD = Phrase(
    ":mag: The transcript could not be read, so nothing was checked. Look it over yourself.",
    ":mag: La trascrizione non era leggibile: nulla è stato controllato. Rileggi tu la bozza.",
)
MORE = Plural(Phrase("and one more", "e un altro"), Phrase("and {n} more", "e altri {n}"))
BLOCKED = Phrase(
    ":no_entry: Nothing was sent yet. Change what was not heard, or keep it if you said it; then "
    "go on.",
    ":no_entry: Non è ancora partito nulla. Correggi ciò che non è stato detto, o tienilo se "
    "l’hai detto tu; poi prosegui.",
)
CLEARED = Phrase(
    ":white_check_mark: Nothing stands in the way any more. Go back to the draft and go on.",
    ":white_check_mark: Non c’è più nulla che blocchi. Torna alla bozza e prosegui.",
)
HEAD_NOT_HEARD = Phrase("Not heard", "Non detto")
HEAD_TO_CHECK = Phrase("Check this", "Da controllare")
HEAD_KEPT = Phrase("Kept by you", "Tenuto da te")
HEAD_SUPPORTED = Phrase("Found", "Trovato")
KEPT_AT = Phrase("You kept this: {day}, {time}", "L’hai tenuto: {day}, {time}")
LINE = Phrase("line {number}", "intervento {number}")
SOURCES = {
    "transcript": Phrase("heard in the meeting", "detto nella riunione"),
    "crm": Phrase("from the CRM", "dal CRM"),
    "meeting": Phrase("from the meeting’s own data", "dai dati della riunione"),
    "own_words": Phrase("you wrote this", "l’hai scritto tu"),
}
PARTS = {
    "subject": Phrase("Subject", "Oggetto"),
    "body": Phrase("Text", "Testo"),
    "summary": Phrase("Summary", "Riassunto"),
    "note": Phrase("CRM note", "Nota CRM"),
    "items": Phrase("Action item", "Attività"),
    "next": Phrase("Next meeting", "Prossimo incontro"),
}
NOT_SHOWN = Plural(
    Phrase("One more is not shown here.", "Un altro non è mostrato qui."),
    Phrase("{n} more are not shown here.", "Altri {n} non sono mostrati qui."),
)
