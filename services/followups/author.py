"""Asks the model for a follow-up: once more if the answer cannot be used, never a third time."""

from dataclasses import dataclass

from integrations.claude.client import Claude
from integrations.claude.types import Prompt, TokenUsage, UnusableAnswer
from integrations.errors import AuthExpired, RefusedByVendor
from integrations.providers.types import Usage
from services.actors import Actor
from services.budgets import CallMeter, ModelCalls
from services.errors import AWAY, DomainError, Temporary, translate_vendor_errors
from services.followups.prompting import system
from services.followups.written import DraftSchema
from services.phrases import Phrase

MODEL = "Claude"
TRIES = 2
# What calls of the model are for, as they are counted.
DRAFT, PREVIEW = "draft", "preview"
# Nobody in Slack can mend these, and asking again changes nothing: the model counts as away.
AS_IF_AWAY = frozenset({"billing", "spend_limit", "too_long"})

DECLINED = Phrase(
    "The model declined to write about this meeting. You can retry with more context.",
    "Il modello ha rifiutato di scrivere di questa riunione. Puoi riprovare con più contesto.",
)
BROKEN = Phrase(
    "The model’s answer could not be used ({code}). Please retry; your choices are kept.",
    "La risposta del modello non era utilizzabile ({code}). Riprova: le tue scelte sono salve.",
)


@dataclass(frozen=True, slots=True)
class Spent:
    """What an answer took, in tokens; `input` counts the uncached ones."""

    model: str = ""
    input: int = 0
    cached: int = 0
    output: int = 0


class Author:
    """Writes with Claude; what the model refuses or garbles is told in words."""

    def __init__(self, claude: Claude) -> None:
        self._claude = claude
        self._system = system()

    def size(self, document: str, request: str) -> int:
        """How many bytes the model would read."""
        return sum(len(part.encode()) for part in (self._system, document, request))

    async def write(
        self, document: str, request: str, meter: CallMeter
    ) -> tuple[DraftSchema, Spent]:
        """One answer in our schema, every answer counted by `meter`.

        Raises DomainError, or Temporary when the model is away.
        """
        prompt = Prompt(system=self._system, document=document, request=request)
        code = ""
        for _ in range(TRIES):
            try:
                return await self._once(prompt, meter)
            except RefusedByVendor as error:
                code = error.code
                if isinstance(error, UnusableAnswer):
                    meter.count(error.model, _usage(error.usage))
                if code in AS_IF_AWAY:
                    raise Temporary(AWAY, vendor=MODEL) from error
            except AuthExpired as error:
                raise Temporary(AWAY, vendor=MODEL) from error
        raise DomainError(DECLINED if code == "refusal" else BROKEN, code=code)

    async def _once(self, prompt: Prompt, meter: CallMeter) -> tuple[DraftSchema, Spent]:
        with translate_vendor_errors(MODEL, let_through=(AuthExpired, RefusedByVendor)):
            answer = await self._claude.answer(prompt, DraftSchema)
        usage = answer.usage
        meter.count(answer.model, _usage(usage))
        spent = Spent(
            answer.model,
            usage.input_tokens + usage.cache_write_tokens,
            usage.cached_tokens,
            usage.output_tokens,
        )
        return answer.value, spent


class PaidAuthor:
    """Writes at the cost of a member's and the workspace's budget; the product knows no other."""

    def __init__(self, author: Author, calls: ModelCalls) -> None:
        self._author = author
        self._calls = calls

    async def write(
        self, actor: Actor, document: str, request: str, *, purpose: str = DRAFT
    ) -> tuple[DraftSchema, Spent]:
        """What Author.write does; raises BudgetSpent before anything is asked."""
        size = self._author.size(document, request)
        async with self._calls.call(actor, purpose, size=size) as meter:
            return await self._author.write(document, request, meter)


def _usage(tokens: TokenUsage) -> Usage:
    read = tokens.input_tokens + tokens.cached_tokens + tokens.cache_write_tokens
    return Usage(read, tokens.output_tokens, tokens.cached_tokens, tokens.cache_write_tokens)
