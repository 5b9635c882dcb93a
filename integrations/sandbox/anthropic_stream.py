"""A message as the server-sent events of the Messages API."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.wire import FAULT

PIECE = 48  # characters a delta


async def stream_message(
    request: web.Request, message: Mapping[str, Any], request_id: str
) -> web.StreamResponse:
    """Sends the whole stream; with the fault `cut` it breaks off in the middle."""
    response = web.StreamResponse(headers={"request-id": request_id})
    response.content_type = "text/event-stream"
    await response.prepare(request)
    events = list(_events(message))
    fault = request.get(FAULT)
    if fault is not None and fault.kind == "cut":
        events = events[: len(events) // 2]
    for event in events:
        data = json.dumps(event, ensure_ascii=False)
        await response.write(f"event: {event['type']}\ndata: {data}\n\n".encode())
    if fault is not None and fault.kind == "cut" and request.transport:
        request.transport.close()
    return response


def _events(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    opening = {**message, "content": [], "stop_reason": None, "stop_details": None}
    opening["usage"] = {**message["usage"], "output_tokens": 1}
    yield {"type": "message_start", "message": opening}
    yield {"type": "ping"}
    for index, block in enumerate(message["content"]):
        empty = {"type": "text", "text": ""}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        text = block["text"]
        for start in range(0, len(text), PIECE):
            delta = {"type": "text_delta", "text": text[start : start + PIECE]}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ending = {name: message[name] for name in ("stop_reason", "stop_details", "stop_sequence")}
    yield {"type": "message_delta", "delta": ending, "usage": message["usage"]}
    yield {"type": "message_stop"}
