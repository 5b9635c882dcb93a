"""What is asked of a model, what it answers, and how an answer is metered while it passes."""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from integrations.json_fields import Record

OPENAI = "openai"
ANTHROPIC = "anthropic"
DEEPSEEK = "deepseek"
PROVIDERS = (OPENAI, ANTHROPIC, DEEPSEEK)
# What they refuse is perhaps only our translation of it.
TRANSLATED = frozenset({ANTHROPIC, DEEPSEEK})


@dataclass(frozen=True, slots=True)
class Ask:
    """A conversation in OpenAI's words; `options` are its other fields, `size` its bytes.

    `keep_usage`: a stream shows the event with the usage to the client as well. `created` is when
    it was asked, in seconds since 1970, for answers whose provider does not say.
    """

    messages: tuple[Record, ...]
    max_tokens: int
    size: int
    stream: bool = False
    keep_usage: bool = True
    created: int = 0
    options: Record = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """Which model of which provider, with whose key, and how long it may answer at most."""

    provider: str
    model: str
    key: str = field(repr=False)
    max_tokens: int


class Usage(NamedTuple):
    """Tokens of one answer, as its provider counted them.

    `input_tokens` is everything that was read, cached and cache-writing parts included.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    cache_write_tokens: int = 0


class Reply(NamedTuple):
    """A whole answer: the provider's own bytes, and what we read in them.

    `completion` is the answer in OpenAI's form (the same bytes where the provider speaks it);
    `text_bytes` is the length of everything written, for an estimate when `usage` is None.
    """

    raw: bytes
    completion: bytes
    content: str
    model: str
    usage: Usage | None
    text_bytes: int


class Meter(Protocol):
    """Reads a stream as it passes; what it finds does not depend on where the bytes are cut."""

    finished: bool
    """The provider said that this was all."""
    failure: str
    """The provider's own word for what went wrong in mid-stream, "" while nothing has."""

    def feed(self, chunk: bytes) -> bytes:
        """What the client may see by now, in OpenAI's form: whole events only, or nothing."""

    def end(self) -> bytes:
        """The stream is over: what the client may see of what was left."""

    def usage(self) -> Usage | None:
        """What the provider counted; None when it has not said (yet)."""

    def input_seen(self) -> Usage | None:
        """What it said of the input alone, where that comes first; else None."""

    def text_bytes(self) -> int:
        """The length of everything the model has written so far."""
