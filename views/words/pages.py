"""The words of the pages in a browser."""

from services.phrases import Phrase

CONNECTED = Phrase("Gmail is connected", "Gmail è collegato")
CONNECTED_AS = Phrase(
    "Follow-ups will become drafts in {account}. Seguito never sends anything.",
    "I follow-up diventeranno bozze in {account}. Seguito non invia mai nulla.",
)
OTHER_ACCOUNT = Phrase(
    "If it is the wrong one, type /gmail-connect in Slack and choose another.",
    "Se è quella sbagliata, scrivi /gmail-connect in Slack e scegline un’altra.",
)
CONFIRM = Phrase("Are you {name}?", "Sei {name}?")
CONFIRM_TEXT = Phrase(
    "This link connects a Gmail mailbox to {person} in Slack. "
    "Follow-ups will become drafts in the mailbox you choose.",
    "Questo link collega una casella Gmail a {person} in Slack. "
    "I follow-up diventeranno bozze nella casella che scegli.",
)
CONTINUE = Phrase("Continue to Google", "Continua su Google")
NOT_YOU = Phrase(
    "If that is not you, close this tab: somebody sent you their own link.",
    "Se non sei tu, chiudi questa scheda: qualcuno ti ha mandato il suo link.",
)
NOT_CONNECTED = Phrase("That did not work", "Non ha funzionato")
CLOSE_TAB = Phrase(
    "You can close this tab and go back to Slack.", "Puoi chiudere questa scheda e tornare a Slack."
)
