"""Anthropic's Messages API, strict about version 2026-10-21 (platform contract D.1)."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.anthropic.checks import check_request
from integrations.sandbox.anthropic.content import Invalid, blocks_of
from integrations.sandbox.anthropic.errors import error_body
from integrations.sandbox.anthropic.stream import stream_message
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.kit.wire import FAULT
from integrations.sandbox.model.answering import answer
from integrations.sandbox.model.calling import Call, Tool, call
from integrations.sandbox.model.planting import PLANTED_KINDS, planted
from integrations.sandbox.model.prompt_cache import Usage, tokens
from integrations.sandbox.model.provider import NOT_THE_SCHEMA, ModelApi, is_key, zeroed

KEY = "sk-ant-sandbox"
ROOT = "/anthropic/v1"
PLANTED = frozenset(kind.name for kind in PLANTED_KINDS)


class AnthropicApi(ModelApi):
    """The handlers."""

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/messages, streaming or not."""
        request_id = f"req_sandbox_{next(self.numbers):06}"
        try:
            self._authorize(request)
            body = await _body(request)
            check_request(body, request.headers)
        except Invalid as error:
            return _error(error, request_id)
        self.calls.append(body)
        fault = request.get(FAULT)
        if fault is not None and fault.kind == "too_long":
            return _error(
                Invalid(400, "prompt is too long: 1203441 tokens > 1000000 maximum"), request_id
            )
        message = self._message(body, fault)
        if body.get("stream"):
            return await stream_message(request, message, request_id)
        return web.json_response(message, headers={"request-id": request_id})

    async def model(self, request: web.Request) -> web.Response:
        """GET /v1/models/{id}: what a check of the key asks for."""
        request_id = f"req_sandbox_{next(self.numbers):06}"
        try:
            self._authorize(request)
        except Invalid as error:
            return _error(error, request_id)
        name = request.match_info["model"]
        found = {
            "id": name,
            "type": "model",
            "display_name": name,
            "created_at": "2026-01-01T00:00:00Z",
        }
        return web.json_response(found, headers={"request-id": request_id})

    def _authorize(self, request: web.Request) -> None:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        key = request.headers.get("x-api-key") or bearer
        if not is_key(key, KEY):
            raise Invalid(401, "invalid x-api-key")
        self.keys.append(key)

    def _message(self, body: Mapping[str, Any], fault: Fault | None) -> dict[str, Any]:
        text, stop_reason = answer(body), "end_turn"
        if fault is not None and fault.kind == "not_schema":
            text = NOT_THE_SCHEMA
        if fault is not None and fault.kind in PLANTED:
            text = planted(text, fault.kind)
        limit = min(body["max_tokens"], tokens(text))
        if fault is not None and fault.kind == "truncated":
            limit = min(limit, tokens(text) // 2)
        if limit < tokens(text):
            text, stop_reason = text[: limit * 4], "max_tokens"
        details = None
        if fault is not None and fault.kind == "refusal":
            text, stop_reason = "", "refusal"
            details = {"type": "refusal", "category": None, "explanation": "Declined."}
        content = [{"type": "text", "text": text}] if text else []
        called = None if fault is not None or stop_reason == "max_tokens" else _call(body)
        if called is not None:
            text, stop_reason = json.dumps(called.arguments), "tool_use"
            content = [self._use(called)]
        message = {
            "id": f"msg_sandbox_{next(self.numbers):06}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": stop_reason,
            "stop_details": details,
            "stop_sequence": None,
            "usage": _usage(self.cache.usage(body), tokens(text)),
            "container": None,
        }
        return _spoiled(message, fault)

    def _use(self, called: Call) -> dict[str, Any]:
        name = f"toolu_sandbox_{next(self.numbers):06}"
        return {"type": "tool_use", "id": name, "name": called.name, "input": called.arguments}


def _call(body: Mapping[str, Any]) -> Call | None:
    """The tool that is called now, if any."""
    tools = [Tool(tool["name"], tool["input_schema"]) for tool in body.get("tools") or ()]
    choice = body.get("tool_choice") or {"type": "auto"}
    last = blocks_of(body["messages"][-1]["content"])
    is_answered = any(block["type"] == "tool_result" for block in last)
    asked = " ".join(str(block.get("text") or "") for block in last)
    return call(tools, choice.get("name") or choice["type"], "" if is_answered else asked)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise Invalid(400, "The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Invalid(400, "Input should be an object")
    return body


def _error(error: Invalid, request_id: str) -> web.Response:
    body = error_body(error.status, None, str(error))
    body["request_id"] = request_id
    return web.json_response(body, status=error.status, headers={"request-id": request_id})


def _spoiled(message: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
    kind = fault.kind if fault else ""
    if kind == "no_usage":
        return {name: value for name, value in message.items() if name != "usage"}
    return {**message, "usage": zeroed(message["usage"])} if kind == "zero_usage" else message


def _usage(usage: Usage, output: int) -> dict[str, Any]:
    return {
        "input_tokens": usage.fresh,
        "cache_creation_input_tokens": usage.written_5m + usage.written_1h,
        "cache_read_input_tokens": usage.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.written_5m,
            "ephemeral_1h_input_tokens": usage.written_1h,
        },
        "output_tokens": output,
        "service_tier": "standard",
    }
