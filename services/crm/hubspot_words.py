"""HubSpot's own words, what it can do, and its refusals as sentences."""

from integrations.hubspot.errors import RefusedByHubSpot
from services.crm.port import GONE, Capabilities, CrmWords, Gone
from services.errors import DomainError, Invalid, NotAllowed
from services.phrases import Phrase

NAME = "HubSpot"
NOTE_LIMIT = 60_000  # of 65,536 characters, the rest for HTML and the marker
DELETED = frozenset({"OBJECT_NOT_FOUND", "INVALID_OBJECT_IDS"})
RIGHTS = frozenset({"MISSING_SCOPES", "USER_DOES_NOT_HAVE_PERMISSIONS"})
DEMANDS = frozenset({"MISSING_REQUIRED_PROPERTY", "MISSING_CONDITIONAL_REQUIRED_PROPERTY"})

WORDS = CrmWords(
    account=Phrase("company", "azienda"),
    contact=Phrase("contact", "contatto"),
    deal=Phrase("deal", "trattativa"),
)
CAPABILITIES = Capabilities(
    can_edit_note=True,
    can_undo_note=True,
    can_undo_task=True,
    task_owners=True,
    currency=True,
    note_limit=NOTE_LIMIT,
)
# Properties by the names people see, as fields of a DealChange.
FIELDS = {
    "dealstage": "stage",
    "pipeline": "stage",
    "amount": "amount",
    "closedate": "closes_on",
    "description": "description",
    "dealname": "name",
}
LABELS = {
    "amount": Phrase("Amount", "Importo"),
    "closedate": Phrase("Close date", "Data di chiusura"),
    "description": Phrase("Description", "Descrizione"),
    "closed_lost_reason": Phrase("Closed lost reason", "Motivo della perdita"),
    "closed_won_reason": Phrase("Closed won reason", "Motivo della vincita"),
}
NO_STAGE = Phrase(
    "HubSpot has no such stage any more. Please choose another one.",
    "In HubSpot questa fase non c’è più. Scegline un’altra.",
)
BAD_VALUE = Phrase(
    "HubSpot does not take this value for “{name}”. Please correct it.",
    "HubSpot non accetta questo valore per «{name}». Correggilo.",
)
DEMANDED = Phrase(
    "Your HubSpot asks for “{name}” here: fill it in there first, then save again.",
    "Il tuo HubSpot qui richiede «{name}»: compilalo prima lì, poi salva di nuovo.",
)
NO_SCOPE = Phrase(
    "This HubSpot key may not do this: it lacks the scope {scope}. An admin adds it in HubSpot › "
    "Development › Keys › Service keys.",
    "Questa chiave HubSpot non può farlo: le manca lo scope {scope}. Un admin lo aggiunge in "
    "HubSpot › Development › Keys › Service keys.",
)
NO_PERMISSION = Phrase(
    "Whoever made this HubSpot key may not do this any more. Ask an admin for a key of somebody "
    "who may.",
    "Chi ha creato questa chiave HubSpot non può più farlo. Chiedi a un admin la chiave di una "
    "persona che può.",
)


def refusal(error: RefusedByHubSpot) -> DomainError | None:
    """The sentence for a refusal (contract §7); None when there is no better one."""
    if error.code in DELETED:
        return Gone(GONE, crm=NAME)
    if error.code == "MISSING_SCOPES":
        return NotAllowed(NO_SCOPE, scope=error.subject or "crm.objects")
    if error.code in RIGHTS:
        return NotAllowed(NO_PERMISSION)
    if error.code == "INVALID_OPTION" and error.subject in ("dealstage", "pipeline"):
        return Invalid(NO_STAGE, field="stage")
    if not error.subject:
        return None
    field, name = FIELDS.get(error.subject, ""), _label(error.subject)
    return Invalid(DEMANDED if error.code in DEMANDS else BAD_VALUE, field=field, name=name)


def _label(name: str) -> str:
    """HubSpot's English label; the property's own name in words for one we do not know."""
    known = LABELS.get(name)
    return known.en if known else name.removeprefix("hs_").replace("_", " ")
