"""The words of installing Seguito, of leaving, and of people from elsewhere."""

from services.phrases import Phrase

INSTALLED = Phrase("Seguito is in {team}", "Seguito è in {team}")
INSTALLED_TEXT = Phrase(
    "I wrote to you in Slack what comes next: connect Fathom and Gmail, then type /followup. "
    "Every colleague does the same for themselves.",
    "Ti ho scritto in Slack i prossimi passi: collega Fathom e Gmail, poi scrivi /followup. "
    "Ogni collega fa lo stesso per sé.",
)
OPEN_SLACK = Phrase("Open Slack", "Apri Slack")
NOT_INSTALLED = Phrase("Seguito was not installed", "Seguito non è stato installato")
DENIED = Phrase(
    "You did not allow it in Slack, so nothing was changed. You can start again at any time.",
    "Non l’hai autorizzato in Slack, quindi non è cambiato nulla. Puoi ricominciare quando vuoi.",
)
SLACK_SAID_NO = Phrase(
    "Slack refused the install ({code}). Start again; if it stays so, ask an admin of your "
    "workspace whether apps may be installed.",
    "Slack ha rifiutato l’installazione ({code}). Ricomincia; se continua, chiedi a un admin del "
    "workspace se si possono installare app.",
)
SPENT = Phrase(
    "This install was begun in another browser, more than ten minutes ago, or is done already. "
    "If Seguito is not in your Slack, start again.",
    "Questa installazione è iniziata in un altro browser, più di dieci minuti fa, oppure è già "
    "conclusa. Se Seguito non è nel tuo Slack, ricomincia.",
)
SLACK_AWAY = Phrase(
    "Slack does not answer right now. Start again in a minute.",
    "Slack non risponde in questo momento. Ricomincia tra un minuto.",
)
NO_OAUTH = Phrase(
    "Installs are not set up on this server: its operator sets SLACK_CLIENT_ID and "
    "SLACK_CLIENT_SECRET.",
    "Le installazioni non sono configurate su questo server: il gestore imposta SLACK_CLIENT_ID "
    "e SLACK_CLIENT_SECRET.",
)
START_AGAIN = Phrase("Start again", "Ricomincia")

WELCOME = Phrase(
    ":wave: Seguito is installed, and turns your meetings into follow-ups. Two steps and you can "
    "begin:",
    ":wave: Seguito è installato e trasforma le tue riunioni in follow-up. Due passi e puoi "
    "cominciare:",
)
STEPS = Phrase(
    "1. Connect Fathom, where your meetings are.\n"
    "2. Connect Gmail, where follow-ups become drafts. I never send anything.\n"
    "Then type `/followup`.",
    "1. Collega Fathom, dove sono le tue riunioni.\n"
    "2. Collega Gmail, dove i follow-up diventano bozze. Non invio mai nulla.\n"
    "Poi scrivi `/followup`.",
)
COLLEAGUES = Phrase(
    "Your colleagues type `/seguito` and connect their own accounts; nobody sees another’s "
    "meetings. Admins connect the CRM for everybody under `/seguito connections`.",
    "I colleghi scrivono `/seguito` e collegano i propri account; nessuno vede le riunioni "
    "altrui. Gli admin collegano il CRM per tutti con `/seguito connections`.",
)

STRANGER = Phrase(
    "Only people of the workspace where Seguito is installed can use this. Ask your own admin to "
    "install it for you.",
    "Solo chi fa parte del workspace in cui Seguito è installato può usarlo. Chiedi al tuo admin "
    "di installarlo per voi.",
)
