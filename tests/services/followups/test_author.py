"""Whatever the model answers is paid for, whether it can be used or not."""

from contextlib import suppress
from typing import Any, cast

import pytest

from db.store.session import Database
from integrations.claude.client import Claude
from integrations.claude.types import ModelAnswer, TokenUsage, UnusableAnswer
from integrations.errors import Unreachable
from services.budgets import BudgetSpent
from services.errors import DomainError, Temporary
from services.followups.author import PREVIEW, Author, PaidAuthor
from services.followups.written import DraftSchema, WrittenNote
from tests.kit.budget_stage import MODEL, BudgetStage

USAGE = TokenUsage(10, 20, 30, 40)
NOTE = WrittenNote(**dict.fromkeys(WrittenNote.model_fields, ""))
WRITTEN = DraftSchema(
    subject="S",
    body="B",
    summary="",
    action_items=[],
    crm_note=NOTE,
    next_meeting=None,
    evidence=[],
)
BROKEN = UnusableAnswer("malformed", "answer 1", USAGE, MODEL)


class Answers:
    """A model that gives these answers, one after the other."""

    def __init__(self, *answers: Exception | DraftSchema) -> None:
        self.answers = list(answers)

    async def answer(self, prompt: object, shape: object) -> ModelAnswer[Any]:
        """The next one."""
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return ModelAnswer(answer, USAGE, MODEL)


COSTS = {
    "good": ((WRITTEN,), 100),
    "second try": ((BROKEN, WRITTEN), 200),
    "never": ((BROKEN, BROKEN), 200),
    "away": ((Unreachable("claude"),), 0),
    "away at the second try": ((BROKEN, Unreachable("claude")), 100),
}


@pytest.mark.parametrize(("answers", "cost"), COSTS.values(), ids=COSTS)
async def test_every_answer_is_counted(
    database: Database, answers: tuple[Exception | DraftSchema, ...], cost: int
) -> None:
    stage = BudgetStage(database)
    author = PaidAuthor(Author(cast(Claude, Answers(*answers))), stage.calls)
    with suppress(DomainError, Temporary):
        await author.write(stage.member(), "document", "request")
    spent = await stage.budgets.spent(stage.workspace_id)
    assert (spent.spent_micro, spent.held_micro) == (cost, 0)


async def test_a_used_up_budget_asks_nothing_not_for_a_preview_either(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="0")
    model = Answers(WRITTEN)
    author = PaidAuthor(Author(cast(Claude, model)), stage.calls)
    with pytest.raises(BudgetSpent):
        await author.write(stage.member(), "document", "request", purpose=PREVIEW)
    assert model.answers == [WRITTEN]
