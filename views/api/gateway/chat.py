"""The chat endpoints: what may be asked in OpenAI's words, and how answers are written down."""

from collections.abc import Mapping
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from services.gateway import Ask, ChatRefused, ChatResult, Limits, Question, headers
from views.api.kit.errors import error_json

MOST_MESSAGES = 2_000
MOST_TOKENS = 10_000_000
LONGEST_NAME = 100
MOST_STOPS = 4
JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}
EVENTS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
# Beside messages, model and length: handed on to the providers that know them.
OPTIONS = frozenset(
    {"temperature", "top_p", "stop", "seed", "tools", "tool_choice", "parallel_tool_calls"}
    | {"response_format", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs"}
    | {"top_logprobs", "reasoning_effort", "verbosity", "thinking"}
)
# What every provider does anyway, though not all of them take it.
ASKS_FOR_NOTHING: Mapping[str, tuple[object, ...]] = {
    "tools": ([],),
    "stop": ("", []),
    "logprobs": (False,),
    "logit_bias": ({},),
    "response_format": ({"type": "text"},),
}
NEEDS_TOOLS: Mapping[str, tuple[object, ...]] = {
    "tool_choice": ("none", "auto"),
    "parallel_tool_calls": (True, False),
}
Role = Literal["system", "developer", "user", "assistant", "tool"]
Provider = Literal["openai", "anthropic", "deepseek"]


class _Role(TypedDict):
    role: Role


class ChatMessage(_Role, total=False):
    """Something said: a text, or OpenAI's list of parts, pictures among them.

    A provider that cannot be told a part or a role is passed over; when it was named, the part is.
    Anthropic knows no `name` and no picture's `detail`.
    """

    __pydantic_config__ = ConfigDict(extra="allow", strict=True)  # type: ignore[misc]  # pydantic's

    content: str | list[dict[str, JsonValue]] | None


class StreamOptions(BaseModel):
    """Options of a stream."""

    model_config = ConfigDict(strict=True)

    include_usage: bool | None = None


class ChatBody(BaseModel):
    """A conversation in OpenAI's words; fields that are not listed are not handed on."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    model: str | None = Field(
        None,
        max_length=LONGEST_NAME,
        description="Model of the plan; the plan’s default without it",
    )
    provider: Provider | None = Field(
        None, description="Preferred provider; the plan’s order without it"
    )
    stream: bool | None = Field(
        None, description="Whether the answer is a stream of OpenAI’s chunks"
    )
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(
        None, ge=1, le=MOST_TOKENS, description="Maximum tokens of the answer, up to the plan’s cap"
    )
    max_completion_tokens: int | None = Field(None, ge=1, le=MOST_TOKENS)
    n: Literal[1] | None = Field(None, description="Number of answers, always one")
    temperature: float | None = Field(
        None, ge=0, le=2, description="Sampling temperature, ignored by Anthropic"
    )
    top_p: float | None = Field(
        None, ge=0, le=1, description="Nucleus sampling share, ignored by Anthropic"
    )
    stop: str | list[str] | None = Field(
        None,
        max_length=MOST_STOPS * LONGEST_NAME,
        description="Sequences that end the answer; no white space alone with Anthropic",
    )
    seed: int | None = Field(None, description="Seed for sampling, a hint for OpenAI only")
    tools: list[dict[str, JsonValue]] | None = Field(
        None, description="Functions, in OpenAI’s form for every provider"
    )
    tool_choice: str | dict[str, JsonValue] | None = None
    parallel_tool_calls: bool | None = None
    response_format: dict[str, JsonValue] | None = Field(
        None,
        description="Format of the answer: no JSON with Anthropic, no JSON schema with DeepSeek",
    )
    presence_penalty: float | None = Field(
        None, ge=-2, le=2, description="Penalty for repeated tokens, not with Anthropic"
    )
    frequency_penalty: float | None = Field(
        None, ge=-2, le=2, description="Penalty for frequent tokens, not with Anthropic"
    )
    logit_bias: dict[str, float] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = Field(None, ge=0, le=20)
    reasoning_effort: str | None = Field(
        None,
        max_length=LONGEST_NAME,
        description="Effort of reasoning models, ignored by Anthropic",
    )
    verbosity: str | None = Field(
        None, max_length=LONGEST_NAME, description="Length of answers, a hint for OpenAI only"
    )
    thinking: dict[str, JsonValue] | None = Field(
        None, description="Reasoning switch of DeepSeek’s models"
    )


class ChatUsage(BaseModel):
    """Metered tokens of a request."""

    input_tokens: int
    output_tokens: int
    total_tokens: int
    estimated: bool = Field(description="Whether tokens are estimated at four bytes each")


class ChatAnswer(BaseModel):
    """A whole answer."""

    content: str
    usage: ChatUsage
    model: str
    provider: Provider
    response: dict[str, JsonValue] = Field(description="Original answer of the provider")


class CompletionAnswer(BaseModel):
    """OpenAI’s chat completion, whoever answered."""

    model_config = ConfigDict(extra="allow")

    choices: list[dict[str, JsonValue]]


class Model(BaseModel):
    """A model, in OpenAI’s form."""

    id: str
    object: Literal["model"] = "model"
    created: int = Field(0, description="Time of creation, always 0 here")
    owned_by: Provider


class ModelList(BaseModel):
    """The models that may be asked."""

    object: Literal["list"] = "list"
    data: list[Model]


def model_list(owners: Mapping[str, str]) -> ModelList:
    """Models by name, each with its provider."""
    return ModelList(
        data=[Model.model_validate({"id": m, "owned_by": o}) for m, o in owners.items()]
    )


def question(body: ChatBody, *, size: int, created: int, shows_usage: bool) -> Question:
    """What was asked; `size` bytes in all, at `created` (seconds since 1970).

    `shows_usage`: a stream tells its usage though the client did not ask for it.
    """
    options = body.stream_options
    asked = body.max_completion_tokens or body.max_tokens or MOST_TOKENS
    ask = Ask(
        messages=tuple(body.messages),
        max_tokens=asked,
        size=size,
        stream=bool(body.stream),
        keep_usage=shows_usage or bool(options and options.include_usage),
        created=created,
        options=_options(body),
    )
    return Question(ask, body.model or "", body.provider or "")


def _options(body: ChatBody) -> dict[str, Any]:
    named = body.model_fields_set & OPTIONS
    given = {name: value for name in named if (value := getattr(body, name)) is not None}
    idle = ASKS_FOR_NOTHING if given.get("tools") else {**ASKS_FOR_NOTHING, **NEEDS_TOOLS}
    return {name: value for name, value in given.items() if value not in idle.get(name, ())}


def answer_json(answer: ChatResult) -> bytes:
    """Our own form; the provider's bytes are put in as they are."""
    usage = answer.counted.usage
    told: dict[str, Any] = {
        "content": answer.content,
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "total_tokens": usage.input_tokens + usage.output_tokens,
            "estimated": answer.counted.estimated,
        },
        "model": answer.model,
        "provider": answer.provider,
    }
    return b'%s,"response":%s}' % (orjson.dumps(told)[:-1], answer.raw)


def answer_headers(now: Limits) -> dict[str, str]:
    """What a whole answer says beside itself."""
    return {**JSON, **headers(now)}


def stream_headers(now: Limits) -> dict[str, str]:
    """The same of a stream; no proxy shall hold it back to compress or to collect it."""
    return {**EVENTS, "X-Accel-Buffering": "no", **headers(now)}


def broken_off(error: ChatRefused) -> bytes:
    """The last events of a stream that was not finished: OpenAI's form of an error."""
    return b"data: %s\n\ndata: [DONE]\n\n" % error_json(error.status, error.code, str(error))
