"""Crono's own words, what it can do, and its refusals as sentences."""

from services.crm.crono_fields import NOTE_LIMIT
from services.crm.port import GONE, Capabilities, CrmWords, Gone
from services.errors import DomainError, Invalid, NotAllowed
from services.phrases import Phrase

NAME = "Crono"
# Codes of contract B5, from the vendor's n8n node.
DELETED = frozenset({"EntityNotFound", "EntityDeleted"})
RIGHTS = frozenset({"Forbidden", "NotAllowedWithCurrentPlan", "NotAllowedWithCurrentRole"})
CRM_OWN_KEYS = frozenset({"HubspotTokenExpired", "SalesforceTokenExpired", "PipedriveTokenExpired"})

WORDS = CrmWords(
    account=Phrase("account", "account"),
    contact=Phrase("prospect", "prospect"),
    deal=Phrase("opportunity", "opportunità"),
)
CAPABILITIES = Capabilities(
    can_edit_note=False,
    can_undo_note=False,
    can_undo_task=False,
    task_owners=False,
    currency=False,
    note_limit=NOTE_LIMIT,
)
NO_STAGE = Phrase(
    "Crono has no such stage any more. Please choose another one.",
    "In Crono questa fase non c’è più. Scegline un’altra.",
)
NO_RIGHT = Phrase(
    "These Crono keys may not do this ({code}). Ask whoever manages Crono for keys of a Manager "
    "on the Ultra plan.",
    "Queste chiavi Crono non possono farlo ({code}). Chiedi a chi gestisce Crono le chiavi di un "
    "Manager con il piano Ultra.",
)
INNER_CRM = Phrase(
    "Crono lost its own connection to your CRM ({code}). Reconnect it in Crono › Settings › "
    "Integrations, then try again.",
    "Crono ha perso il proprio collegamento al tuo CRM ({code}). Ricollegalo in Crono › Settings › "
    "Integrations, poi riprova.",
)
SUBSCRIPTION = Phrase(
    "Your Crono subscription is not active ({code}). Ask whoever manages Crono.",
    "Il tuo abbonamento a Crono non è attivo ({code}). Chiedi a chi gestisce Crono.",
)


def refusal(code: str) -> DomainError | None:
    """The sentence for one of Crono's codes; None when there is no better one than the general."""
    if code in DELETED:
        return Gone(GONE, crm=NAME)
    if code == "EntityNotConsistent":
        return Invalid(NO_STAGE, field="stage")
    if code in RIGHTS:
        return NotAllowed(NO_RIGHT, code=code)
    if code in CRM_OWN_KEYS:
        return DomainError(INNER_CRM, code=code)
    if code.startswith("Subscription"):
        return DomainError(SUBSCRIPTION, code=code)
    return None
