"""The words of meetings that arrive by themselves."""

from services.phrases import Phrase, Plural

READY = Phrase("Your meeting with {whom} is ready.", "La riunione con {whom} è pronta.")
READY_TITLED = Phrase("Your meeting “{title}” is ready.", "La riunione “{title}” è pronta.")
ENDED = Phrase("Your meeting with {whom} has ended.", "La riunione con {whom} è finita.")
ENDED_TITLED = Phrase("Your meeting “{title}” has ended.", "La riunione “{title}” è finita.")
AND_OTHERS = Plural(
    Phrase("{whom} and one more", "{whom} e un’altra persona"),
    Phrase("{whom} and {n} more", "{whom} e altre {n} persone"),
)
BY_ITSELF = Phrase(
    "I wrote this on my own after the meeting. `/seguito settings` changes that.",
    "L’ho scritto da solo dopo la riunione. `/seguito settings` lo cambia.",
)
ASK = Phrase(
    "Shall I write the follow-up? Nothing is sent: it becomes a draft.",
    "Scrivo il follow-up? Nulla viene inviato: diventa una bozza.",
)
WHY = {
    "silent": Phrase(
        "Fathom has no transcript of it yet.", "Fathom non ne ha ancora la trascrizione."
    ),
    "short": Phrase(
        "Very little was said, so I wrote nothing on my own.",
        "È stato detto molto poco, quindi non ho scritto nulla da solo.",
    ),
    "nobody": Phrase(
        "Nobody from outside spoke, so I wrote nothing on my own.",
        "Nessun esterno ha parlato, quindi non ho scritto nulla da solo.",
    ),
}
AGAIN_AT = Phrase("I look again at {time}.", "Ricontrollo alle {time}.")
NO_MORE_LOOKS = Phrase(
    "I have stopped looking. Press Try again, or use /followup later.",
    "Ho smesso di controllare. Premi Riprova, o usa /followup più tardi.",
)
WRITE = Phrase("Write the follow-up", "Scrivi il follow-up")
TRY_AGAIN = Phrase("Try again", "Riprova")
NOT_THIS_ONE = Phrase("Not this one", "Non questa")
PUT_AWAY = Phrase(
    "Put away. /followup still has this meeting.", "Messa via. /followup ha ancora la riunione."
)
REMINDER = Phrase(
    "The draft about {title} is still unused. It stays on this card; I will not remind you again.",
    "La bozza su {title} non è ancora stata usata. Resta su questa scheda; non lo ricorderò più.",
)
