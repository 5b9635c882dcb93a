"""The one question we put to the model: answer about a document in a given shape."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from json import JSONDecodeError

import anthropic
from anthropic.types import Message, OutputConfigParam, TextBlockParam
from pydantic import BaseModel, ValidationError

from integrations.claude.errors import CUT_SHORT, VENDOR, failure, status_of
from integrations.claude.types import ModelAnswer, Prompt, T, TokenUsage, UnusableAnswer
from integrations.errors import Unreachable
from integrations.http import ClientOptions, credential, is_loopback, observed, retry_after

DEADLINE = timedelta(seconds=150)
CONNECT = 5.0  # seconds
MAX_TOKENS = 16_000
RETRIES = 2
PATIENCE = timedelta(seconds=15)  # the longest Retry-After waited for inside a call

OnTokens = Callable[[str, str, int], None]


def unmetered(model: str, kind: str, count: int) -> None:
    """Told of tokens by kind: input, cached, cache_write, output."""


class Claude:
    """Asks one model with one key; `close()` it at the end."""

    def __init__(
        self,
        api_key: str,
        base_url: str,
        model: str,
        *,
        max_tokens: int = MAX_TOKENS,
        options: ClientOptions | None = None,
        meter: OnTokens = unmetered,
    ) -> None:
        """`meter` hears of every answer's tokens, of those as well that cannot be used."""
        options = options or ClientOptions()
        self._meter = meter
        self._key = api_key
        self._model = model
        self._max_tokens = max_tokens
        self._observe = options.observe
        self._seconds = (options.deadline or DEADLINE).total_seconds()
        # It writes whole prompts into its debug log.
        logging.getLogger("anthropic").setLevel(logging.INFO)
        self._sdk = anthropic.AsyncAnthropic(
            api_key=api_key,
            base_url=base_url,
            max_retries=RETRIES,
            timeout=anthropic.Timeout(self._seconds, connect=CONNECT),
            http_client=anthropic.DefaultAsyncHttpxClient(
                event_hooks={"response": [_no_long_waits]}, trust_env=not is_loopback(base_url)
            ),
        )

    async def answer(self, prompt: Prompt, shape: type[T]) -> ModelAnswer[T]:
        """The model's answer as `shape`, whose docstring and field descriptions it reads.

        One call; 429, 5xx and lost connections are repeated inside a deadline of 150 s. Raises
        Unreachable, RateLimited, AuthExpired, or Refused with `refusal` (the model declined),
        `truncated` (longer than max_tokens), `malformed` (not the shape), `too_long` (the prompt
        does not fit), `spend_limit`, `billing`; the first three are UnusableAnswer, which says what
        it took. Shapes may not contain free-form dicts: the vendor
        closes every object.
        """
        message = await self._ask(prompt, shape)
        usage = _usage(message)
        self._meter(message.model, "input", usage.input_tokens)
        self._meter(message.model, "cached", usage.cached_tokens)
        self._meter(message.model, "cache_write", usage.cache_write_tokens)
        self._meter(message.model, "output", usage.output_tokens)
        if message.stop_reason in CUT_SHORT:
            code = CUT_SHORT[message.stop_reason]
            raise UnusableAnswer(code, f"answer {message.id}", usage, message.model)
        return ModelAnswer(_read(message, shape), usage, message.model)

    async def close(self) -> None:
        """Close the connections."""
        await self._sdk.close()

    async def _ask(self, prompt: Prompt, shape: type[BaseModel]) -> Message:
        credential(VENDOR, self._key)
        with observed(self._observe, VENDOR, "answer") as outcome:
            try:
                async with asyncio.timeout(self._seconds):
                    message = await self._sdk.messages.create(
                        model=self._model,
                        max_tokens=self._max_tokens,
                        system=_cached(prompt.system) or anthropic.omit,
                        messages=[{"role": "user", "content": _content(prompt)}],
                        output_config=_format(shape),
                    )
            except TimeoutError:
                raise Unreachable(VENDOR, "no answer before the deadline") from None
            except JSONDecodeError:
                raise Unreachable(VENDOR, "the answer is not JSON") from None
            except anthropic.APIError as error:
                outcome.status = status_of(error)
                # Not chained: the cause may quote the request's headers.
                raise failure(error) from None
            outcome.status = 200
        return _whole(message)


async def _no_long_waits(response: object) -> None:
    """The SDK sleeps as long as Retry-After says, days if need be; we would rather tell the job."""
    headers = getattr(response, "headers", {})
    wait = retry_after(headers)
    if wait is not None and wait > PATIENCE:
        headers["x-should-retry"] = "false"


def _content(prompt: Prompt) -> list[TextBlockParam]:
    return [*_cached(prompt.document), {"type": "text", "text": prompt.request}]


def _cached(text: str) -> list[TextBlockParam]:
    """The end of a cached prefix; no block at all for a blank text, which the API refuses."""
    if not text.strip():
        return []
    return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]


@cache
def _format(shape: type[BaseModel]) -> OutputConfigParam:
    """The SDK closes every object and moves keywords the API does not know into descriptions."""
    return {"format": {"type": "json_schema", "schema": anthropic.transform_schema(shape)}}


def _whole(message: object) -> Message:
    """The SDK validates nothing: a proxy's page comes back as text, an empty object as Message."""
    whole = isinstance(message, Message) and message.content is not None and message.usage
    if not isinstance(message, Message) or not whole:
        raise Unreachable(VENDOR, "the answer is not a message")
    return message


def _read(message: Message, shape: type[T]) -> T:
    written = "".join(block.text or "" for block in message.content if block.type == "text")
    try:
        return shape.model_validate_json(written)
    except ValidationError as error:
        # Only where and what: the values are somebody's conversation.
        faults = [(fault["loc"], fault["type"]) for fault in error.errors(include_input=False)]
        detail = f"answer {message.id}: {faults[:5]}"
        raise UnusableAnswer("malformed", detail, _usage(message), message.model) from None


def _usage(message: Message) -> TokenUsage:
    usage = message.usage
    return TokenUsage(
        input_tokens=usage.input_tokens or 0,
        cached_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
        output_tokens=usage.output_tokens or 0,
    )
