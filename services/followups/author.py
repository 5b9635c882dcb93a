"""Asks the model for a follow-up: once more if the answer cannot be used, never a third time."""

from dataclasses import dataclass

from integrations.claude.client import Claude
from integrations.claude.types import Prompt
from integrations.errors import AuthExpired, RefusedByVendor
from services.errors import AWAY, DomainError, Temporary, translate_vendor_errors
from services.followups.prompting import system
from services.followups.written import DraftSchema
from services.phrases import Phrase

MODEL = "Claude"
TRIES = 2
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

    async def write(self, document: str, request: str) -> tuple[DraftSchema, Spent]:
        """One answer in our schema; raises DomainError, or Temporary when the model is away."""
        prompt = Prompt(system=self._system, document=document, request=request)
        code = ""
        for _ in range(TRIES):
            try:
                return await self._once(prompt)
            except RefusedByVendor as error:
                code = error.code
                if code in AS_IF_AWAY:
                    raise Temporary(AWAY, vendor=MODEL) from error
            except AuthExpired as error:
                raise Temporary(AWAY, vendor=MODEL) from error
        raise DomainError(DECLINED if code == "refusal" else BROKEN, code=code)

    async def _once(self, prompt: Prompt) -> tuple[DraftSchema, Spent]:
        with translate_vendor_errors(MODEL, let_through=(AuthExpired, RefusedByVendor)):
            answer = await self._claude.answer(prompt, DraftSchema)
        usage = answer.usage
        spent = Spent(
            answer.model,
            usage.input_tokens + usage.cache_write_tokens,
            usage.cached_tokens,
            usage.output_tokens,
        )
        return answer.value, spent
