"""Server-sent events as bytes: where they end, what they carry, and counting what they say."""

import re

import orjson

from integrations.json_fields import Record
from integrations.providers.errors import BrokeOff
from integrations.providers.types import Usage

# What the model writes, in all providers' events; escapes count as they are written.
WRITTEN = re.compile(
    rb'"(?:content|reasoning_content|refusal|arguments|text|thinking|partial_json)":\s*'
    rb'"((?:[^"\\]|\\.)*)"'
)
# Text is counted when somebody asks, or when this much has passed.
KEPT_BYTES = 65_536
LARGEST_EVENT = 4_194_304
DONE = b"data: [DONE]\n\n"


class Splitter:
    """Cuts a stream after its last whole event and keeps the rest for the next chunk."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, chunk: bytes) -> bytes:
        """All whole events that are there by now; raises BrokeOff for an endless one."""
        stream = self._rest + chunk if self._rest else chunk
        if stream.endswith((b"\n\n", b"\n\r\n")):
            self._rest = b""
            return stream
        cut = max(_after(stream, b"\n\n"), _after(stream, b"\n\r\n"))
        self._rest = stream[cut:]
        if len(self._rest) > LARGEST_EVENT:
            raise BrokeOff("models", "an event without end")
        return stream[:cut]

    def end(self) -> bytes:
        """The last event when only its blank line is missing; half an event is nothing."""
        rest, self._rest = self._rest.rstrip(b"\r\n") + b"\n\n", b""
        return rest if rest == DONE or payload(rest) is not None else b""


class OutputCounter:
    """How much the model wrote, counted as late as possible: mostly nobody needs to know."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._held = 0
        self._counted = 0

    def add(self, events: bytes) -> None:
        """Whole events, to be counted later."""
        self._kept.append(events)
        self._held += len(events)
        if self._held > KEPT_BYTES:
            self.bytes()

    def bytes(self) -> int:
        """Bytes of text so far."""
        for events in self._kept:
            self._counted += sum(map(len, WRITTEN.findall(events)))
        self._kept.clear()
        self._held = 0
        return self._counted


def events(block: bytes) -> list[bytes]:
    """Whole events of a block, each with the blank line that ends it."""
    return re.findall(rb".*?\n\r?\n", block, re.DOTALL)


def around(block: bytes, place: int) -> tuple[int, int]:
    """Where the event begins and ends that has this place of the block in it."""
    begin = max(_after(block, b"\n\n", until=place), _after(block, b"\n\r\n", until=place))
    ends = [
        found + len(mark) for mark in (b"\n\n", b"\n\r\n") if (found := block.find(mark, place)) > 0
    ]
    return begin, min(ends, default=len(block))


def ends(block: bytes) -> bool:
    """Whether `data: [DONE]` is among these events, and not just in what the model wrote."""
    place = block.find(b"[DONE]")
    while place >= 0:
        if block[block.rfind(b"\n", 0, place) + 1 : place].strip() == b"data:":
            return True
        place = block.find(b"[DONE]", place + 1)
    return False


def payload(event: bytes) -> Record | None:
    """The JSON object an event carries; None for comments, `[DONE]` and what is not JSON."""
    lines = [line[5:].strip() for line in event.splitlines() if line.startswith(b"data:")]
    try:
        return table(orjson.loads(b"\n".join(lines))) if lines else None
    except orjson.JSONDecodeError:
        return None


def table(value: object) -> Record:
    """The value if it is a JSON object, else empty: asking an ABC takes ten times as long."""
    return value if isinstance(value, dict) else {}


def count(row: Record, key: str) -> int | None:
    """A number of tokens; None when it is missing or cannot be one."""
    value = row.get(key)
    # Not isinstance: True is an int as well.
    return value if type(value) is int and value >= 0 else None


def openai_usage(value: object) -> Usage | None:
    """OpenAI's or DeepSeek's `usage` object; None when it does not say both numbers."""
    usage = table(value)
    read, written = count(usage, "prompt_tokens"), count(usage, "completion_tokens")
    if read is None or written is None:
        return None
    details = table(usage.get("prompt_tokens_details"))
    cached = count(details, "cached_tokens") or count(usage, "prompt_cache_hit_tokens") or 0
    return Usage(read, written, min(cached, read), count(details, "cache_write_tokens") or 0)


def _after(stream: bytes, mark: bytes, until: int | None = None) -> int:
    found = stream.rfind(mark, 0, until)
    return 0 if found < 0 else found + len(mark)
