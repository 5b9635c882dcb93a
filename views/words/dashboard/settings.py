"""The words of the settings page."""

from services.phrases import Phrase

TITLE = Phrase("Settings", "Impostazioni")
LOOKS = Phrase("How pages look here", "Come appaiono le pagine qui")
LOOKS_LEAD = Phrase("Kept in this browser only.", "Valgono solo in questo browser.")
LANGUAGE = Phrase("Language", "Lingua")
BROWSERS = Phrase("As the browser says", "Come dice il browser")
THEME = Phrase("Colours", "Colori")
LIGHT = Phrase("Light", "Chiari")
DARK = Phrase("Dark", "Scuri")
KEYS = Phrase("Single keys (/ r ?) do something", "I tasti singoli (/ r ?) fanno qualcosa")
SAVE = Phrase("Save", "Salva")
SAVED = Phrase("Saved for this browser.", "Salvato per questo browser.")
SESSIONS = Phrase("Who is signed in", "Chi ha fatto l’accesso")
SESSIONS_NOTE = Phrase(
    "Sessions end after 30 minutes without use, and 8 hours after signing in.",
    "Le sessioni finiscono dopo 30 minuti senza uso, e 8 ore dopo l’accesso.",
)
ADMIN = Phrase("Admin", "Admin")
BROWSER = Phrase("Browser", "Browser")
FROM = Phrase("From", "Da")
BEGAN = Phrase("Signed in", "Accesso")
SEEN = Phrase("Last used", "Ultimo uso")
THIS_ONE = Phrase("this session", "questa sessione")
END = Phrase("Sign out there", "Disconnetti")
END_NAME = Phrase("Sign out {name} on {browser}", "Disconnetti {name} su {browser}")
ENDED = Phrase("{name} is signed out there.", "{name} è stato disconnesso lì.")
UNKNOWN_BROWSER = Phrase("unknown", "sconosciuto")
WAYS = {"slack": Phrase("Slack", "Slack"), "admin": Phrase("local account", "account locale")}
NOBODY = Phrase("Nobody is signed in", "Nessuno ha fatto l’accesso")
CHECK = Phrase("Check every setting", "Controlla ogni impostazione")
CHECK_AGAIN = Phrase("Check again", "Controlla di nuovo")
CHECKS = Phrase("Settings of the server", "Impostazioni del server")
CHECKED_FINE = Phrase(
    "Every credential that can be tried is accepted.",
    "Ogni credenziale che si può provare è accettata.",
)
CHECKED_WRONG = Phrase(
    "To be mended: {n}. Each line says how; set it where the server gets its environment.",
    "Da sistemare: {n}. Ogni riga dice come; impostalo dove il server prende il suo ambiente.",
)
