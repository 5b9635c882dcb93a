"""The prompt cache: which part of a request was read before, counted in tokens."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LEAST_PREFIX = 1024  # tokens; a shorter prefix is silently not cached (platform contract D.1)
TTL = {"5m": 300.0, "1h": 3600.0}  # seconds
CHARACTERS_A_TOKEN = 4
PICTURE_DIGESTS = 100  # of 64 characters: 1,600 tokens, as many as a large picture has


@dataclass(frozen=True, slots=True)
class Usage:
    """A prompt's tokens: neither read nor written, read from the cache, written to it."""

    fresh: int
    read: int
    written_5m: int
    written_1h: int


def tokens(text: str) -> int:
    """A good guess at the tokens of a text."""
    return -(-len(text) // CHARACTERS_A_TOKEN)


class PromptCache:
    """Remembers prefixes up to each breakpoint; the order is tools, system, messages."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def usage(self, body: Mapping[str, Any]) -> Usage:
        """Counts a request and stores its prefixes."""
        total = read = 0
        written = {"5m": 0, "1h": 0}
        last = 0
        digest = hashlib.sha256(str(body.get("model")).encode())
        for text, ttl in _pieces(body):
            digest.update(text.encode())
            total += tokens(text)
            if ttl is None or total < LEAST_PREFIX:
                continue
            key = digest.hexdigest()
            if self._until.get(key, 0.0) > self._clock():
                read, written = total, {"5m": 0, "1h": 0}
            else:
                written[ttl] += total - last
            self._until[key] = self._clock() + TTL[ttl]
            last = total
        fresh = total - read - sum(written.values())
        return Usage(fresh, read, written["5m"], written["1h"])


def _pieces(body: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Each block's text with the life its breakpoint asks for; None without a breakpoint."""
    blocks = [*(body.get("tools") or []), *_as_blocks(body.get("system"))]
    for message in body["messages"]:
        blocks += _as_blocks(message["content"])
    automatic = body.get("cache_control")
    for index, block in enumerate(blocks):
        mark = block.get("cache_control")
        if automatic and index == len(blocks) - 1:
            mark = mark or automatic
        bare = {name: value for name, value in block.items() if name != "cache_control"}
        text = bare["text"] if "text" in bare else json.dumps(bare, sort_keys=True)
        if bare.get("type") == "image":
            # However large it is in bytes.
            text = hashlib.sha256(text.encode()).hexdigest() * PICTURE_DIGESTS
        yield text, mark.get("ttl", "5m") if mark else None


def _as_blocks(content: object) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content) if isinstance(content, list) else []
