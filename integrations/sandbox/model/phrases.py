"""The fixed words of an e-mail, in English and Italian, by tone and form of address."""

from dataclasses import dataclass

# One person addressed as a friend or with respect, and several people.
TU, LEI, VOI = "tu", "lei", "voi"


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's words; `{…}` are filled in by the letter.

    `address` has the words that follow the form of address, `{gave}` and the like elsewhere.
    """

    greeting: dict[str, str]
    hello: str
    everybody: str
    joiner: str
    address: dict[str, dict[str, str]]
    thanks: dict[str, str]
    recap: str
    discussed: str
    agreed: str
    said: tuple[str, ...]
    foreign: str
    my_promise: str
    your_promise: str
    named_promise: str
    promise: str
    ask: str
    named_ask: str
    next_meeting: dict[str, str]
    nothing: str
    about: str
    also: str
    closing: dict[str, str]
    subject_due: str
    subject_meeting: str
    subject: str
    untitled: str
    at: str
    met: str
    was_held: str
    steps: str


_ENGLISH_YOU = {"can": "could you"}
ENGLISH = Phrases(
    greeting={"friendly": "Hi {names},", "formal": "Dear {names},", "direct": "{names},"},
    hello="Hello,",
    everybody="all",
    joiner="and",
    address={TU: _ENGLISH_YOU, LEI: _ENGLISH_YOU, VOI: _ENGLISH_YOU},
    thanks={
        "friendly": "Thank you for your time, it was good to talk.",
        "formal": "Thank you for taking the time to meet with us.",
        "direct": "Thank you for your time.",
    },
    recap="Here is where we left it.",
    discussed="The main points",
    agreed="Next steps",
    said=("explained that", "told us that", "pointed out that", "said that"),
    foreign="said (in Italian)",
    my_promise="I will {act}.",
    your_promise="You will {act}.",
    named_promise="{name}, you will {act}.",
    promise="{name} will {act}.",
    ask="Could you {act}?",
    named_ask="{name}, could you {act}?",
    next_meeting={
        "friendly": "We speak again on {when}. I am looking forward to it!",
        "formal": "Our next meeting is on {when}.",
        "direct": "Next meeting: {when}.",
    },
    nothing="If I have missed anything, just reply to this message.",
    about="On {topic}: {text}.",
    also="One more thing: {text}.",
    closing={"friendly": "Best,", "formal": "Kind regards,", "direct": "Regards,"},
    subject_due="{thing} by {when}",
    subject_meeting="Our meeting on {when}",
    subject="Next steps after our conversation",
    untitled="Our meeting",
    at="at",
    met="{sender} met {guests} about “{title}”.",
    was_held="The meeting was “{title}”.",
    steps="Next steps: {steps}.",
)
ITALIAN = Phrases(
    greeting={
        "friendly": "Ciao {names},",
        "friendly.lei": "Buongiorno {names},",
        "formal": "Gentile {names},",
        "direct": "{names},",
    },
    hello="Buongiorno,",
    everybody="a tutti",
    joiner="e",
    address={
        TU: {"gave": "mi hai dedicato", "thank": "Ti", "can": "puoi", "yours": "tua"},
        LEI: {"gave": "mi ha dedicato", "thank": "La", "can": "può", "yours": "Sua"},
        VOI: {"gave": "ci avete dedicato", "thank": "Vi", "can": "potete", "yours": "vostra"},
    },
    thanks={
        "friendly": "grazie per il tempo che {gave}, è stato un piacere.",
        "formal": "{thank} ringrazio per il tempo che {gave}.",
        "direct": "grazie per il tempo che {gave}.",
    },
    recap="Ecco il riepilogo.",
    discussed="I punti principali",
    agreed="Prossimi passi",
    said=("ha spiegato che", "ci ha detto che", "ha fatto notare che", "ha raccontato che"),
    foreign="ha detto (in inglese)",
    my_promise="Da parte mia: {act}.",
    your_promise="Da parte {yours}: {act}.",
    named_promise="{name}: {act}.",
    promise="{name}: {act}.",
    ask="{can} {act}?",
    named_ask="{name}, {can} {act}?",
    next_meeting={
        "friendly": "Ci risentiamo {when}. A presto!",
        "formal": "Il prossimo incontro è fissato per {when}.",
        "direct": "Prossimo incontro: {when}.",
    },
    nothing="Se ho dimenticato qualcosa, basta rispondere a questo messaggio.",
    about="A proposito di {topic}: {text}.",
    also="Aggiungo una cosa: {text}.",
    closing={"friendly": "Un saluto,", "formal": "Cordiali saluti,", "direct": "Saluti,"},
    subject_due="{thing} entro {when}",
    subject_meeting="Il nostro incontro di {when}",
    subject="I prossimi passi dopo il nostro incontro",
    untitled="Il nostro incontro",
    at="alle",
    met="{sender} ha incontrato {guests} su “{title}”.",
    was_held="L’incontro era “{title}”.",
    steps="Prossimi passi: {steps}.",
)
PHRASES = {"en": ENGLISH, "it": ITALIAN}
