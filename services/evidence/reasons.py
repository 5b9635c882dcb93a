"""Why a claim is marked, in one plain sentence for the person who sends the draft."""

from services.phrases import Phrase

NOT_FILLED = "not_filled"
NOWHERE = "nowhere"
OTHER_VALUE = "other_value"
OTHER_CURRENCY = "other_currency"
OTHER_UNIT = "other_unit"
OTHER_PERIOD = "other_period"
TAKEN_BACK = "taken_back"
VAT = "vat"
FROM_TO = "from_to"
ROUGHLY = "roughly"
NO_CURRENCY = "no_currency"
BETTER_FIT = "better_fit"
THEIR_PRICE = "their_price"
LAST_YEAR = "last_year"
WRONG_WEEKDAY = "wrong_weekday"
OTHER_TIME = "other_time"
TIME_NOT_SAID = "time_not_said"
TWO_READINGS = "two_readings"
NARROWED = "narrowed"
CONDITION = "condition"
OTHER_NAME = "other_name"
NEVER_TOGETHER = "never_together"
MISHEARD = "misheard"
SOMEBODY_ELSE = "somebody_else"
REFUSED = "refused"
NO_LINE = "no_line"
ONLY_ASKED = "only_asked"
ONE_MICROPHONE = "one_microphone"
NOT_DISCUSSED = "not_discussed"
UNREAD = "unread"

REASONS = {
    NOT_FILLED: Phrase("This is still to be filled in.", "Qui manca ancora qualcosa."),
    NOWHERE: Phrase("Nobody said this.", "Nessuno l’ha detto."),
    OTHER_VALUE: Phrase("Not said; {said} was.", "Non è stato detto; è stato detto {said}."),
    OTHER_CURRENCY: Phrase(
        "{said} was said, in another currency.", "È stato detto {said}, in un’altra valuta."
    ),
    OTHER_UNIT: Phrase("{said} was said, of something else.", "È stato detto {said}, di altro."),
    OTHER_PERIOD: Phrase(
        "{said} was said, for another period.", "È stato detto {said}, per un altro periodo."
    ),
    TAKEN_BACK: Phrase(
        "It was said, and denied or taken back.", "È stato detto, ma poi negato o corretto."
    ),
    VAT: Phrase("VAT was said the other way round.", "L’IVA è stata detta al contrario."),
    FROM_TO: Phrase(
        "It was said the other way round: {said}.", "È stato detto al contrario: {said}."
    ),
    ROUGHLY: Phrase("Only said roughly: {said}.", "Detto solo all’incirca: {said}."),
    NO_CURRENCY: Phrase("No currency was said.", "La valuta non è stata detta."),
    BETTER_FIT: Phrase(
        "It was said, but these words fit {said} better.",
        "È stato detto, ma queste parole si riferiscono piuttosto a {said}.",
    ),
    THEIR_PRICE: Phrase(
        "Only the other side named this price.", "Solo l’altra parte ha nominato questo prezzo."
    ),
    LAST_YEAR: Phrase("That was said about last year.", "È stato detto dell’anno scorso."),
    WRONG_WEEKDAY: Phrase("That day is a {said}.", "Quel giorno è un altro: {said}."),
    OTHER_TIME: Phrase("Another time was said: {said}.", "È stata detta un’altra ora: {said}."),
    TIME_NOT_SAID: Phrase("Nobody said this time.", "Nessuno ha detto quest’ora."),
    TWO_READINGS: Phrase(
        "“{said}” can mean two days. Make sure it is this one.",
        "«{said}» può essere due giorni. Controlla che sia questo.",
    ),
    NARROWED: Phrase(
        "Only “{said}” was said, no day.", "È stato detto solo «{said}», nessun giorno."
    ),
    CONDITION: Phrase(
        "It was said under a condition, which is missing here.",
        "È stato detto a una condizione, che qui manca.",
    ),
    OTHER_NAME: Phrase("No such name was said.", "Questo nome non è stato detto."),
    NEVER_TOGETHER: Phrase(
        "Both names were said, but never together.",
        "Entrambi i nomi sono stati detti, ma mai insieme.",
    ),
    MISHEARD: Phrase(
        "It was heard as “{said}”. Make sure of the spelling.",
        "È stato trascritto «{said}». Controlla come si scrive.",
    ),
    SOMEBODY_ELSE: Phrase("{said} said they would do it.", "L’ha promesso {said}."),
    REFUSED: Phrase("It was asked for, and not promised.", "È stato chiesto, ma non promesso."),
    NO_LINE: Phrase(
        "I found no line in which this was promised.",
        "Non ho trovato dove sia stato promesso.",
    ),
    ONLY_ASKED: Phrase("It was only asked for.", "È stato solo chiesto."),
    ONE_MICROPHONE: Phrase(
        "Several people shared one microphone: make sure who said it.",
        "Più persone con un solo microfono: controlla chi l’ha detto.",
    ),
    NOT_DISCUSSED: Phrase(
        "You wrote this yourself; it was not discussed.",
        "L’hai scritto tu; non se n’è parlato.",
    ),
    UNREAD: Phrase(
        "The transcript could not be read, so I could not check this.",
        "La trascrizione non era leggibile: non ho potuto controllare.",
    ),
}
