"""OpenAI's chat completions: the request it takes, its whole answer, its stream."""

import re
from collections.abc import Iterator

import orjson

from integrations.errors import Unreachable
from integrations.json_fields import text
from integrations.providers import sse
from integrations.providers.types import Ask, Reply, Target, Usage

PATH = "/chat/completions"
# What of a client's request is handed on; the rest (n, store, metadata …) is ours to decide.
TAKEN = frozenset(
    {"temperature", "top_p", "stop", "seed", "tools", "tool_choice", "parallel_tool_calls"}
    | {"response_format", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs"}
    | {"top_logprobs", "reasoning_effort", "verbosity"}
)
USAGE = re.compile(rb'"usage":\s*\{')
ERROR = re.compile(rb'"error":\s*[{"]')


def request(ask: Ask, target: Target) -> bytes:
    """The body of POST /chat/completions."""
    body: dict[str, object] = {"model": target.model, "messages": ask.messages}
    if ask.options:
        body |= {name: value for name, value in ask.options.items() if name in TAKEN}
    body["max_completion_tokens"] = target.max_tokens
    return orjson.dumps(body | streaming(ask))


def streaming(ask: Ask) -> dict[str, object]:
    """The fields that ask for a stream with its usage at the end."""
    return {"stream": True, "stream_options": {"include_usage": True}} if ask.stream else {}


def unable(ask: Ask) -> str:
    """The field this provider cannot serve; "" when it can do everything."""
    return ""


def reply(provider: str, raw: bytes, ask: Ask) -> Reply:
    """A whole answer; raises Unreachable when it is none."""
    try:
        answer = sse.table(orjson.loads(raw))
    except orjson.JSONDecodeError:
        raise Unreachable(provider, "the answer is not JSON") from None
    choices = answer.get("choices")
    if not isinstance(choices, list) or not choices:
        raise Unreachable(provider, "the answer has no choices")
    content = sse.table(sse.table(choices[0]).get("message")).get("content")
    model = answer.get("model")
    usage = sse.openai_usage(answer.get("usage"))
    return Reply(
        raw=raw,
        completion=raw,
        content=content if isinstance(content, str) else "",
        model=model if isinstance(model, str) else "",
        usage=usage,
        text_bytes=0 if usage else sum(map(len, sse.WRITTEN.findall(raw))),
    )


class OpenAIMeter:
    """OpenAI's stream: passes untouched, and is looked into only where something is to be found."""

    def __init__(self, ask: Ask) -> None:
        self.finished = False
        self.failure = ""
        self._keep_usage = ask.keep_usage
        self._splitter = sse.Splitter()
        self._written = sse.OutputCounter()
        self._usage: Usage | None = None

    def feed(self, chunk: bytes) -> bytes:
        """See `types.Meter`."""
        block = self._splitter.take(chunk)
        return self._look(block) if block else b""

    def end(self) -> bytes:
        """See `types.Meter`."""
        return self._look(self._splitter.end())

    def usage(self) -> Usage | None:
        """See `types.Meter`."""
        return self._usage

    def input_seen(self) -> Usage | None:
        """See `types.Meter`: it comes with the output."""
        return self._usage

    def text_bytes(self) -> int:
        """See `types.Meter`."""
        return self._written.bytes()

    def _look(self, block: bytes) -> bytes:
        if self.failure:
            return b""
        self._written.add(block)
        # Plain words are found ten times faster than patterns, and mostly they are not there.
        if b'"usage"' in block or b'"error"' in block:
            places = [*_places(block, b'"usage"', USAGE), *_places(block, b'"error"', ERROR)]
            block = self._closely(block, sorted(places)) if places else block
        if b"[DONE]" in block:
            self.finished = self.finished or sse.ends(block)
        return block

    def _closely(self, block: bytes, places: list[int]) -> bytes:
        """What the client sees: nothing after a failure, and no usage it did not ask for."""
        shown: list[bytes] = []
        at = 0
        for place in places:
            begin, end = sse.around(block, place)
            said = sse.payload(block[begin:end]) if begin >= at else None
            if said is None:
                continue
            if said.get("error"):
                self.failure = text(sse.table(said.get("error")), "code", "type") or "error"
                return b"".join((*shown, block[at:begin]))
            found = sse.openai_usage(said.get("usage"))
            self._usage = found or self._usage
            if found and not self._keep_usage and not said.get("choices"):
                shown.append(block[at:begin])
                at = end
        return b"".join((*shown, block[at:])) if at else block


def _places(block: bytes, word: bytes, pattern: re.Pattern[bytes]) -> Iterator[int]:
    place = block.find(word)
    while place >= 0:
        if pattern.match(block, place):
            yield place
        place = block.find(word, place + 1)
