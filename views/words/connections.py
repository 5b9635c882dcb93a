"""The words of connections, settings and help."""

from services.phrases import Phrase

TITLE = Phrase("Connections", "Collegamenti")
INTRO = Phrase(
    "What Seguito may use for you. Keys are encrypted and only ever used for what you ask.",
    "Che cosa Seguito può usare per te. Le chiavi sono cifrate e usate solo per ciò che chiedi.",
)
VENDORS = {
    "fathom": "Fathom",
    "google": "Gmail",
    "crm": "CRM",
    "crono": "Crono",
    "hubspot": "HubSpot",
    "slack": "Slack",
}
OF_CRM = Phrase("what the CRM knows of the company", "che cosa sa il CRM dell’azienda")
PURPOSE = {
    "fathom": Phrase("your meetings and transcripts", "le tue riunioni e trascrizioni"),
    "google": Phrase(
        "drafts in your mailbox; it never sends", "bozze nella tua casella; non invia mai"
    ),
}
CONNECTED = Phrase(":large_green_circle: connected", ":large_green_circle: collegato")
CONNECTED_AS = Phrase(
    ":large_green_circle: connected as {account}", ":large_green_circle: collegato come {account}"
)
EXPIRED = Phrase(":red_circle: not accepted any more", ":red_circle: non più accettato")
NOT_CONNECTED = Phrase(":white_circle: not connected", ":white_circle: non collegato")
CONNECT = Phrase("Connect", "Collega")
CHANGE = Phrase("Change key", "Cambia chiave")
CHANGE_ACCOUNT = Phrase("Change account", "Cambia account")
RECONNECT = Phrase("Connect again", "Ricollega")
DISCONNECT = Phrase("Disconnect", "Scollega")
SURE_FATHOM = Phrase(
    "Your key is deleted, and I no longer see your meetings.",
    "La tua chiave viene eliminata e non vedo più le tue riunioni.",
)
SURE_GOOGLE = Phrase(
    "The permission is revoked at Google. Drafts already made stay.",
    "Revoco il permesso presso Google. Le bozze già create restano.",
)

FATHOM_TITLE = Phrase("Connect Fathom", "Collega Fathom")
FATHOM_KEY = Phrase("Fathom API key", "Chiave API di Fathom")
FATHOM_HINT = Phrase(
    "In Fathom: Settings › API Access › Generate API key. It is tested, then kept encrypted.",
    "In Fathom: Settings › API Access › Generate API key. Viene provata e poi conservata cifrata.",
)
FATHOM_SAVED = Phrase(
    "Fathom is connected. Type /followup to pick a meeting.",
    "Fathom è collegato. Scrivi /followup per scegliere una riunione.",
)
TESTING = Phrase("Testing the key with Fathom…", "Provo la chiave con Fathom…")

GMAIL_LINK = Phrase(
    "Connect your Gmail, and follow-ups become drafts there. I never send anything.",
    "Collega il tuo Gmail e i follow-up diventano bozze. Non invio mai nulla.",
)
GMAIL_LINK_LIFE = Phrase(
    "This link is yours alone; it works once, within ten minutes.",
    "Questo link è solo tuo: funziona una sola volta, entro dieci minuti.",
)
GMAIL_FOLLOWED = Phrase(
    "Go on in your browser. If the page is gone, take a new link.",
    "Continua nel browser. Se la pagina non c’è più, prendi un nuovo link.",
)
NEW_LINK = Phrase("New link", "Nuovo link")
GMAIL_FIRST = Phrase(
    "Connect Gmail, and the draft is created by itself. This link is yours alone; it works once, "
    "within ten minutes.",
    "Collega Gmail e la bozza viene creata da sola. Questo link è solo tuo: funziona una sola "
    "volta, entro dieci minuti.",
)
GMAIL_ALREADY = Phrase(
    "Gmail is already connected as {account}. Connecting again replaces it.",
    "Gmail è già collegato come {account}. Ricollegandolo lo sostituisci.",
)
GMAIL_CONNECTED = Phrase(
    ":white_check_mark: Gmail is connected as {account}. Drafts will go there.",
    ":white_check_mark: Gmail è collegato come {account}. Le bozze andranno lì.",
)
GMAIL_EXPIRED = Phrase(
    ":warning: Gmail no longer accepts my access, so I cannot create drafts. Connect it again: "
    "nothing of yours is lost.",
    ":warning: Gmail non accetta più il mio accesso, quindi non posso creare bozze. Ricollegalo: "
    "non hai perso nulla.",
)
GMAIL_DISCONNECTED = Phrase("Gmail is disconnected ({account}).", "Gmail è scollegato ({account}).")
GMAIL_WAS_NOT = Phrase("Gmail was not connected.", "Gmail non era collegato.")

SETTINGS = Phrase("Settings", "Impostazioni")
SETTINGS_INTRO = Phrase(
    "What every new follow-up starts with; you can still change it each time.",
    "Da qui parte ogni nuovo follow-up; puoi comunque cambiarlo ogni volta.",
)
SIGNATURE = Phrase("Signature", "Firma")
SIGNATURE_HINT = Phrase(
    "Added below every draft. Left empty, it is your name.",
    "Aggiunta sotto ogni bozza. Se la lasci vuota, è il tuo nome.",
)
SAVED = Phrase("Settings saved.", "Impostazioni salvate.")

HELP_TITLE = Phrase("Seguito", "Seguito")
HELP = Phrase(
    "*What I do*\n"
    "I turn your recorded meetings into follow-ups: pick a meeting, check the draft, put it "
    "in Gmail.\n\n"
    "*Commands*\n"
    "• `/followup [words]` — pick a meeting and draft its follow-up (also `/meetings`)\n"
    "• `/crono-add-task` — a task for a contact or account in your CRM\n"
    "• `/gmail-connect` — connect your Gmail · `/gmail-connect disconnect`\n"
    "• `/seguito connections` — Fathom, Gmail, the CRM and their health\n"
    "• `/seguito settings` — language, tone, length, signature, templates\n"
    "• `/seguito budget` — what the model may cost a month, and has cost\n"
    "• `/seguito doctor` — check that everything works, and how to fix what does not",
    "*Che cosa faccio*\n"
    "Trasformo le tue riunioni registrate in follow-up: scegli una riunione, controlla la bozza, "
    "mettila in Gmail.\n\n"
    "*Comandi*\n"
    "• `/followup [parole]` — scegli una riunione e scrivi il follow-up (anche `/meetings`)\n"
    "• `/crono-add-task` — un’attività per un contatto o account del tuo CRM\n"
    "• `/gmail-connect` — collega il tuo Gmail · `/gmail-connect disconnect`\n"
    "• `/seguito connections` — Fathom, Gmail, il CRM e il loro stato\n"
    "• `/seguito settings` — lingua, tono, lunghezza, firma, modelli\n"
    "• `/seguito budget` — quanto può costare il modello al mese, e quanto è costato\n"
    "• `/seguito doctor` — verifica che tutto funzioni, e dice come rimediare",
)
OPS_HELP = Phrase(
    "*For operations*, only in <#{channel}>\n"
    "• `/license-issue` — issue a license, or many from a file; without words it opens a form\n"
    "• `/seguito why customer@example.com` — a customer’s access, and which rule made it so",
    "*Per le operazioni*, solo in <#{channel}>\n"
    "• `/license-issue` — emetti una licenza, o molte da un file; da solo apre un modulo\n"
    "• `/seguito why cliente@example.com` — l’accesso di un cliente, e quale regola lo decide",
)
UNKNOWN_WORD = Phrase(
    "There is no “{word}” here. You can type:", "“{word}” non esiste. Puoi scrivere:"
)
DOCTOR_TITLE = Phrase("Check-up", "Controllo")
DOCTOR_WORKSPACE = Phrase(
    "Your workspace (only admins see this)", "Il tuo workspace (lo vedono solo gli admin)"
)
DOCTOR_FINE = Phrase("Everything you need is connected.", "Tutto ciò che serve è collegato.")
