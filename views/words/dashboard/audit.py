"""The words of the audit log's page."""

from services.phrases import Phrase

TITLE = Phrase("Audit log", "Registro")
LEAD = Phrase(
    "Every change: who, when, what was before and after. Nobody can change a line of it.",
    "Ogni modifica: chi, quando, prima e dopo. Nessuno può cambiarne una riga.",
)
SEARCH_HELP = Phrase("Action, name or id", "Azione, nome o id")
ACTION = Phrase("Action", "Azione")
SUBJECT = Phrase("Of what", "Di cosa")
WHO = Phrase("Who", "Chi")
WHEN = Phrase("When", "Quando")
OUTCOME = Phrase("Outcome", "Esito")
CHANGE = Phrase("Before and after", "Prima e dopo")
FROM = Phrase("From", "Dal")
UNTIL = Phrase("Until", "Al")
NONE = Phrase("Nothing was done yet", "Non è stato ancora fatto nulla")
NONE_TEXT = Phrase(
    "The first license, customer or plan change will stand here.",
    "La prima modifica a licenze, clienti o piani comparirà qui.",
)
KINDS = {
    "slack": Phrase("Slack", "Slack"),
    "admin": Phrase("local admin", "admin locale"),
    "admin_key": Phrase("admin key", "chiave di amministrazione"),
    "license": Phrase("license holder", "titolare di licenza"),
    "timer": Phrase("timer", "timer"),
    "command": Phrase("command line", "riga di comando"),
}
