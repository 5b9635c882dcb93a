"""What is asked of the model and what comes back, in our words."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from integrations.errors import RefusedByVendor

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question in three parts, from the most to the least constant.

    `system` (rules) and `document` (what it is about) are cached by the vendor for five minutes, so
    that a second `request` about the same document costs a tenth of them. An empty
    system or document is left out.
    """

    system: str = field(repr=False)
    document: str = field(repr=False)
    request: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of one call; everything read is the sum of the first three.

    `input_tokens` at the full price, `cached_tokens` read from the cache, `cache_write_tokens` put
    into it.
    """

    input_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    output_tokens: int


class UnusableAnswer(RefusedByVendor):
    """The model answered, at a price, but not with what was asked for; `code` says why."""

    def __init__(self, code: str, detail: str, usage: TokenUsage, model: str) -> None:
        super().__init__("claude", code, detail)
        self.args = (code, detail, usage, model)
        self.usage = usage
        self.model = model


@dataclass(frozen=True, slots=True)
class ModelAnswer(Generic[T]):
    """The validated answer, what it cost, and the model that gave it."""

    value: T
    usage: TokenUsage
    model: str
