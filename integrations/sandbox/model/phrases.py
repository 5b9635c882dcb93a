"""The fixed words of an e-mail, in English and Italian, by tone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's words; `{…}` are filled in by the letter."""

    greeting: dict[str, str]
    nobody: str
    joiner: str
    opening: dict[str, str]
    discussed: str
    agreed: str
    said: tuple[str, ...]
    mine: str
    aside: str
    foreign: str
    promise: str
    my_promise: str
    next_meeting: dict[str, str]
    nothing: str
    about: str
    also: str
    closing: dict[str, str]
    subject: dict[str, str]
    untitled: str
    at: str
    met: str
    steps: str


ENGLISH = Phrases(
    greeting={"friendly": "Hi {names},", "formal": "Dear {names},", "direct": "{names},"},
    nobody="all",
    joiner="and",
    opening={
        "friendly": "Thank you for your time, it was good to talk. Here is where we left it.",
        "formal": "Thank you for taking the time to meet with us. Please find below a summary of "
        "our conversation and of the steps agreed.",
        "direct": "Here is what we agreed.",
    },
    discussed="What we discussed",
    agreed="Next steps",
    said=("explained that", "told us that", "pointed out that", "said that"),
    mine="I mentioned that",
    aside="From our side:",
    foreign="said (in Italian)",
    promise="will",
    my_promise="I will",
    next_meeting={
        "friendly": "We speak again on {when}. I am looking forward to it!",
        "formal": "Our next meeting is on {when}.",
        "direct": "Next meeting: {when}.",
    },
    nothing="If I have missed anything, just reply to this message.",
    about="On {topic}: {text}.",
    also="One more thing: {text}.",
    closing={"friendly": "Best,", "formal": "Kind regards,", "direct": "Regards,"},
    subject={
        "friendly": "{title}: recap and next steps",
        "formal": "Summary of our meeting: {title}",
        "direct": "Next steps: {title}",
    },
    untitled="Our meeting",
    at="at",
    met="{sender} met {guests} about “{title}”.",
    steps="Next steps: {steps}.",
)
ITALIAN = Phrases(
    greeting={"friendly": "Ciao {names},", "formal": "Gentile {names},", "direct": "{names},"},
    nobody="a tutti",
    joiner="e",
    opening={
        "friendly": "grazie per il tempo che ci avete dedicato, è stato un piacere. Ecco il "
        "riepilogo.",
        "formal": "La ringraziamo per il tempo dedicatoci. Di seguito il riepilogo dell'incontro "
        "e dei passi concordati.",
        "direct": "ecco quanto abbiamo concordato.",
    },
    discussed="Di cosa abbiamo parlato",
    agreed="Prossimi passi",
    said=("ha spiegato che", "ci ha detto che", "ha fatto notare che", "ha raccontato che"),
    mine="Ho ricordato che",
    aside="Da parte nostra:",
    foreign="ha detto (in inglese)",
    promise=":",
    my_promise="Da parte mia:",
    next_meeting={
        "friendly": "Ci risentiamo {when}. A presto!",
        "formal": "Il prossimo incontro è fissato per {when}.",
        "direct": "Prossimo incontro: {when}.",
    },
    nothing="Se ho dimenticato qualcosa, basta rispondere a questo messaggio.",
    about="A proposito di {topic}: {text}.",
    also="Aggiungo una cosa: {text}.",
    closing={"friendly": "Un saluto,", "formal": "Cordiali saluti,", "direct": "Saluti,"},
    subject={
        "friendly": "{title}: riepilogo e prossimi passi",
        "formal": "Riepilogo del nostro incontro: {title}",
        "direct": "Prossimi passi: {title}",
    },
    untitled="Il nostro incontro",
    at="alle",
    met="{sender} ha incontrato {guests} su “{title}”.",
    steps="Prossimi passi: {steps}.",
)
PHRASES = {"en": ENGLISH, "it": ITALIAN}
