"""What the imitated model vendors share: what they keep, whose key it is, streams, faults."""

import asyncio
import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from integrations.sandbox.kit.faults import STREAM_KINDS, Fault, FaultKind
from integrations.sandbox.kit.plugin import Key
from integrations.sandbox.kit.wire import FAULT
from integrations.sandbox.model.prompt_cache import PromptCache

Json = dict[str, Any]

KEPT_CALLS = 50
MODEL_KINDS = (
    FaultKind("refusal", "Model refuses"),
    FaultKind("truncated", "Model stops in the middle"),
    FaultKind("not_schema", "Model ignores the schema"),
    FaultKind("too_long", "Prompt does not fit"),
    *STREAM_KINDS,
    FaultKind("no_usage", "Usage is missing"),
    FaultKind("zero_usage", "Usage is all zeros"),
)
NOT_THE_SCHEMA = "Of course! Here is your follow-up: I think it went really well."


@dataclass(slots=True)
class ModelApi:
    """The prompt cache; for whoever tests, the last requests in full, and the keys with them."""

    cache: PromptCache = field(default_factory=PromptCache)
    calls: deque[Mapping[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    keys: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))


def is_key(key: str, ours: str) -> bool:
    """Whether it is the sandbox's key, or a customer's: the same with `-` and more behind it."""
    return key == ours or key.startswith(f"{ours}-")


def customers_key(vendor: str, ours: str) -> Key:
    """What a customer with an account of their own would paste; the vendor takes it."""
    return Key("A customer’s own AI accounts", vendor, f"{ours}-customer")


def spoiled(usage: Json, fault: Fault | None) -> Json | None:
    """The usage as the planned fault leaves it: withheld, all zeros, or as it is."""
    kind = fault.kind if fault else ""
    if kind == "no_usage":
        return None
    return zeroed(usage) if kind == "zero_usage" else usage


def zeroed(usage: Json) -> Json:
    """The same numbers, all zero; what is no number stays."""
    return {
        name: zeroed(value) if isinstance(value, dict) else 0 if isinstance(value, int) else value
        for name, value in usage.items()
    }


async def send_stream(
    request: web.Request, events: Sequence[str], headers: Mapping[str, str], failure: str
) -> web.StreamResponse:
    """Writes the events; the planned fault may slow them, cut them, or end them with `failure`."""
    fault: Fault | None = request.get(FAULT)
    kind = fault.kind if fault else ""
    response = web.StreamResponse(headers={**headers, "Cache-Control": "no-cache"})
    response.content_type = "text/event-stream"
    response.charset = "utf-8"
    pause = fault.seconds / len(events) if fault and kind == "slow_stream" else 0.0
    if kind in ("cut", "cut_stream", "error_mid_stream"):
        events = events[: len(events) // 2]
    try:
        await response.prepare(request)
        for text in events:
            await response.write(text.encode())
            await asyncio.sleep(pause)
        if kind == "error_mid_stream":
            await response.write(failure.encode())
    except ConnectionError:
        # The client went away; a vendor notices and stops.
        return response
    if kind in ("cut", "cut_stream") and request.transport:
        request.transport.close()
    return response
