"""That a budget is used up: whose, and who can raise it."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from services.errors import DomainError
from services.phrases import Phrase

OF_WORKSPACE, OF_MEMBER = "workspace", "member"

WORKSPACE_SPENT = Phrase(
    "This workspace’s model budget for this month is used up. {name}, or another admin of this "
    "Slack workspace, can raise it with /seguito budget.",
    "Il budget del modello di questo workspace per questo mese è esaurito. {name}, o un altro "
    "admin di questo workspace Slack, può alzarlo con /seguito budget.",
)
MEMBER_SPENT = Phrase(
    "Your model budget for this month is used up. {name}, or another admin of this Slack "
    "workspace, can raise it with /seguito budget.",
    "Il tuo budget del modello per questo mese è esaurito. {name}, o un altro admin di questo "
    "workspace Slack, può alzarlo con /seguito budget.",
)
WORKSPACE_SPENT_UNNAMED = Phrase(
    "This workspace’s model budget for this month is used up. An admin of this Slack workspace "
    "can raise it with /seguito budget.",
    "Il budget del modello di questo workspace per questo mese è esaurito. Un admin di questo "
    "workspace Slack può alzarlo con /seguito budget.",
)
MEMBER_SPENT_UNNAMED = Phrase(
    "Your model budget for this month is used up. An admin of this Slack workspace can raise it "
    "with /seguito budget.",
    "Il tuo budget del modello per questo mese è esaurito. Un admin di questo workspace Slack può "
    "alzarlo con /seguito budget.",
)
SENTENCES = {
    (OF_WORKSPACE, True): WORKSPACE_SPENT,
    (OF_WORKSPACE, False): WORKSPACE_SPENT_UNNAMED,
    (OF_MEMBER, True): MEMBER_SPENT,
    (OF_MEMBER, False): MEMBER_SPENT_UNNAMED,
}


@dataclass(frozen=True, slots=True)
class OverBudget:
    """Whose budget is used up, and the name of the admin who set it, "" when unknown."""

    scope: str
    name: str = ""


OVER: TypeAdapter[OverBudget | None] = TypeAdapter(OverBudget | None)


class BudgetSpent(DomainError):
    """The model is not asked: a budget is used up."""

    def __init__(self, over: OverBudget) -> None:
        super().__init__(SENTENCES[over.scope, bool(over.name)], name=over.name)
        self.over = over


def why(over: OverBudget, language: str) -> str:
    """The sentence that says whose budget is used up and who can raise it."""
    return BudgetSpent(over).sentence(language)
