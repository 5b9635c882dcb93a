"""The words of the tenants' pages, beside those that Slack uses too."""

from services.phrases import Phrase

TITLE = Phrase("Tenants", "Tenant")
LEAD = Phrase("Companies with a database of their own.", "Aziende con un database tutto loro.")
NEW = Phrase("New tenant", "Nuovo tenant")
SEARCH_HELP = Phrase("Company, e-mail or short name", "Azienda, e-mail o nome breve")
STATUS = Phrase("State", "Stato")
ALL = Phrase("All", "Tutti")
SINCE = Phrase("Since", "Da")
NONE_YET = Phrase("No tenants yet", "Ancora nessun tenant")
NONE_YET_TEXT = Phrase(
    "Companies sign up by themselves, or you create one here.",
    "Le aziende si iscrivono da sole, oppure creane una qui.",
)
SLUG = Phrase("Short name", "Nome breve")
CREATED = Phrase(
    "{company} is being set up, step by step, below.",
    "{company} è in preparazione, passo per passo, qui sotto.",
)
DETAILS = Phrase("Details", "Dettagli")
SERVER = Phrase("PostgreSQL", "PostgreSQL")
SUSPEND = Phrase("Suspend", "Sospendi")
DELETE = Phrase("Delete", "Elimina")
STEPS = Phrase("Latest operation", "Ultima operazione")
STEP = Phrase("Step", "Passo")
NOTE = Phrase("What came of it", "Esito")
NO_STEPS = Phrase("Nothing was done yet", "Non è stato ancora fatto nulla")
