"""A message as the server-sent events of the Messages API."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.anthropic.errors import error_body
from integrations.sandbox.model.provider import send_stream

PIECE = 48  # characters a delta


async def stream_message(
    request: web.Request, message: Mapping[str, Any], request_id: str
) -> web.StreamResponse:
    """Sends the whole stream, unless a fault slows it, cuts it or ends it with an error."""
    events = [_event(event) for event in _events(message)]
    failure = _event(error_body(529, None, "Overloaded"))
    return await send_stream(request, events, {"request-id": request_id}, failure)


def _event(document: Mapping[str, Any]) -> str:
    return f"event: {document['type']}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n"


def _events(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    opening = {**message, "content": [], "stop_reason": None, "stop_details": None}
    if "usage" in message:
        opening["usage"] = {**message["usage"], "output_tokens": min(1, _output(message))}
    yield {"type": "message_start", "message": opening}
    yield {"type": "ping"}
    for index, block in enumerate(message["content"]):
        is_text = block["type"] == "text"
        empty = {**block, "text": ""} if is_text else {**block, "input": {}}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        # The arguments of a tool begin with an empty piece.
        text = block["text"] if is_text else json.dumps(block["input"])
        for piece in [*([] if is_text else [""]), *_pieces(text)]:
            delta = {"type": "text_delta", "text": piece}
            if not is_text:
                delta = {"type": "input_json_delta", "partial_json": piece}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ending = {name: message[name] for name in ("stop_reason", "stop_details", "stop_sequence")}
    usage = {"usage": message["usage"]} if "usage" in message else {}
    yield {"type": "message_delta", "delta": ending, **usage}
    yield {"type": "message_stop"}


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]


def _output(message: Mapping[str, Any]) -> int:
    return int(message["usage"]["output_tokens"])
