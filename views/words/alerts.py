"""The words of alerts around what is wrong: since when, how often, what to do."""

from services.phrases import Phrase, Plural

SINCE = Phrase("since {day}, {time}", "da {day}, {time}")
SEEN = Phrase("seen {n} times", "visto {n} volte")
CAME_BACK = Phrase("came and went {n} times", "è andato e tornato {n} volte")
RUNBOOK = Phrase("What to do", "Che cosa fare")
WAS = Phrase("Earlier: {headline}", "Prima: {headline}")
LASTED = Plural(
    Phrase("It lasted a minute.", "È durato un minuto."),
    Phrase("It lasted {n} minutes.", "È durato {n} minuti."),
)
