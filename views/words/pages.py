"""The words of the pages in a browser."""

from services.phrases import Phrase

CONNECTED = Phrase("Gmail is connected", "Gmail è collegato")
CONNECTED_AS = Phrase(
    "Follow-ups will become drafts in {account}. Seguito never sends anything.",
    "I follow-up diventeranno bozze in {account}. Seguito non invia mai nulla.",
)
NOT_CONNECTED = Phrase("That did not work", "Non ha funzionato")
CLOSE_TAB = Phrase(
    "You can close this tab and go back to Slack.", "Puoi chiudere questa scheda e tornare a Slack."
)
