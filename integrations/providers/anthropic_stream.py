"""Anthropic's events as OpenAI's chunks, metered on the way."""

import orjson

from integrations.json_fields import Record, record, text
from integrations.providers import sse
from integrations.providers.anthropic import finish_of, openai_usage, tool_call, usage_of
from integrations.providers.types import Ask, Usage

USAGE_FIELDS = (
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
)


class AnthropicMeter:
    """One write per read: every event of a chunk is translated, the pieces are joined."""

    def __init__(self, ask: Ask) -> None:
        self.finished = False
        self.failure = ""
        self._ask = ask
        self._splitter = sse.Splitter()
        self._written = 0
        self._counted: dict[str, object] = {}
        self._is_final = False
        # Calls of tools that have begun, and whether the last of them waits for its arguments.
        self._calls = 0
        self._lacks_arguments = False
        self._bare_head = b""
        self._head = self._chunk_head("", "")

    def feed(self, chunk: bytes) -> bytes:
        """See `types.Meter`."""
        return self._translated(self._splitter.take(chunk))

    def end(self) -> bytes:
        """See `types.Meter`."""
        return self._translated(self._splitter.end())

    def usage(self) -> Usage | None:
        """See `types.Meter`: only the last event's output counts."""
        return usage_of(self._counted) if self._is_final else None

    def input_seen(self) -> Usage | None:
        """See `types.Meter`: the first event tells the input."""
        return usage_of(self._counted)

    def text_bytes(self) -> int:
        """See `types.Meter`."""
        return self._written

    def _translated(self, block: bytes) -> bytes:
        pieces = []
        for event in sse.events(block):
            if self.failure or self.finished:
                break
            said = sse.payload(event)
            if said is not None:
                pieces.append(self._event(said))
        return b"".join(pieces)

    def _event(self, said: Record) -> bytes:
        kind = said.get("type")
        if kind == "content_block_delta":
            return self._delta(record(said.get("delta")))
        if kind == "content_block_start":
            return self._call(record(said.get("content_block")))
        if kind == "content_block_stop":
            return self._arguments("{}") if self._lacks_arguments else b""
        if kind == "message_start":
            return self._start(record(said.get("message")))
        if kind == "message_delta":
            usage = record(said.get("usage"))
            self._count(usage)
            self._is_final = sse.count(usage, "output_tokens") is not None
            reason = orjson.dumps(finish_of(record(said.get("delta")).get("stop_reason")))
            return b'%s{},"finish_reason":%s}]}\n\n' % (self._head, reason)
        if kind == "message_stop":
            return self._stop()
        if kind == "error":
            self.failure = text(record(said.get("error")), "type") or "error"
        return b""

    def _start(self, message: Record) -> bytes:
        self._count(record(message.get("usage")))
        self._head = self._chunk_head(text(message, "id"), text(message, "model"))
        return b'%s{"role":"assistant","content":""},"finish_reason":null}]}\n\n' % self._head

    def _call(self, block: Record) -> bytes:
        """A tool is called; its arguments follow."""
        if block.get("type") != "tool_use":
            return b""
        self._calls += 1
        self._lacks_arguments = True
        call = {**tool_call(block), "index": self._calls - 1}
        call["function"] = {**record(call["function"]), "arguments": ""}
        return self._chunk(b'"tool_calls":[%s]' % orjson.dumps(call))

    def _delta(self, delta: Record) -> bytes:
        kind = delta.get("type")
        if kind == "text_delta" and isinstance(delta.get("text"), str):
            written = orjson.dumps(delta["text"])
            self._written += len(written) - 2
            return self._chunk(b'"content":%s' % written)
        if kind == "input_json_delta":
            return self._arguments(delta.get("partial_json"))
        # What it thinks is paid for, and not shown.
        thought = delta.get("thinking")
        self._written += len(thought.encode()) if isinstance(thought, str) else 0
        return b""

    def _arguments(self, piece: object) -> bytes:
        if not isinstance(piece, str) or not piece:
            return b""
        self._lacks_arguments = False
        self._written += len(piece.encode())
        call = {"index": self._calls - 1, "function": {"arguments": piece}}
        return self._chunk(b'"tool_calls":[%s]' % orjson.dumps(call))

    def _chunk(self, delta: bytes) -> bytes:
        return b'%s{%s},"finish_reason":null}]}\n\n' % (self._head, delta)

    def _stop(self) -> bytes:
        self.finished = True
        usage = self.usage()
        if usage is None or not self._ask.keep_usage:
            return sse.DONE
        said = orjson.dumps(openai_usage(usage))
        return b'%s"choices":[],"usage":%s}\n\n%s' % (self._bare_head, said, sse.DONE)

    def _count(self, usage: Record) -> None:
        # The numbers are cumulative, and those that are null or missing say nothing new.
        for name in USAGE_FIELDS:
            number = sse.count(usage, name)
            if number is not None:
                self._counted[name] = number

    def _chunk_head(self, message_id: str, model: str) -> bytes:
        head: dict[str, object] = {"id": message_id, "object": "chat.completion.chunk"}
        head |= {"created": self._ask.created, "model": model}
        self._bare_head = b"data: %s," % orjson.dumps(head)[:-1]
        return self._bare_head + b'"choices":[{"index":0,"delta":'
