"""DeepSeek's chat completions, strict (platform contract D.3): thinking is on unless turned off."""

import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.deepseek.checks import MODELS, check_request
from integrations.sandbox.deepseek.errors import error_body
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.kit.wire import FAULT
from integrations.sandbox.model.chat_answer import Spoken, speak, texts_of
from integrations.sandbox.model.chat_wire import (
    DONE,
    Completion,
    Json,
    Refused,
    chunk,
    deltas,
    event,
    pieces,
    read_object,
    with_usage,
)
from integrations.sandbox.model.prompt_cache import tokens
from integrations.sandbox.model.provider import ModelApi, is_key, send_stream, spoiled

KEY = "sk-sandbox-deepseek"
ROOT = "/deepseek"
# While a request waits its turn: comments in a stream, blank lines before a whole answer.
KEEP_ALIVE = ": keep-alive\n\n"
BLANK_LINE = "\n"
NO_JSON = "Failed to parse the request body as JSON."
TOO_LONG = "This model's maximum context length is 1000000 tokens. Please reduce the messages."
THOUGHT = "The message is about “{about}”. I shall answer from what was sent and add nothing."
LONGEST_ABOUT = 60  # characters


class DeepSeekApi(ModelApi):
    """The handlers."""

    async def completions(self, request: web.Request) -> web.StreamResponse:
        """POST /chat/completions, streaming or not."""
        headers = self._headers()
        try:
            self._authorize(request)
            body = await read_object(request, NO_JSON)
            check_request(body)
            self.calls.append(body)
            completion = self._completion(body, request.get(FAULT))
        except Refused as error:
            return error.response(headers)
        if not body.get("stream"):
            text = BLANK_LINE + json.dumps(completion.whole())
            return web.Response(text=text, content_type="application/json", headers=headers)
        events = [KEEP_ALIVE, *map(event, _chunks(completion, body)), DONE]
        failure = event(error_body(500, None, "Server error."))
        return await send_stream(request, events, headers, failure)

    async def models(self, request: web.Request) -> web.Response:
        """GET /models: what a check of the key asks for."""
        headers = self._headers()
        try:
            self._authorize(request)
        except Refused as error:
            return error.response(headers)
        listed = [{"id": name, "object": "model", "owned_by": "deepseek"} for name in MODELS]
        return web.json_response({"object": "list", "data": listed}, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"x-ds-trace-id": f"sandbox{next(self.numbers):06}"}

    def _authorize(self, request: web.Request) -> None:
        kind, _, key = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not is_key(key, KEY):
            text = f"Authentication Fails, Your api key: ****{key[-4:]} is invalid"
            raise Refused(401, text, kind="authentication_error", code="invalid_request_error")
        self.keys.append(key)

    def _completion(self, body: Mapping[str, Any], fault: Fault | None) -> Completion:
        if fault is not None and fault.kind == "too_long":
            raise Refused(400, TOO_LONG, code="invalid_request_error")
        thought = _thought(body)
        spoken = speak(body, self.cache, fault, limit=body.get("max_tokens"), reasoning=thought)
        head = {
            "id": f"{next(self.numbers):08x}-5a4d-4b0e-9c1a-5e6d1b7c0f9a",
            "created": int(time.time()),
            "model": body["model"],
            "system_fingerprint": "fp_sandbox_ds",
        }
        usage = spoiled(_usage(spoken), fault)
        return Completion(
            head, spoken.text, spoken.finish, usage, reasoning=spoken.reasoning, tool=spoken.tool
        )


def _thought(body: Mapping[str, Any]) -> str:
    if (body.get("thinking") or {}).get("type") == "disabled":
        return ""
    about = texts_of(body["messages"][-1].get("content")).strip().replace("\n", " ")
    return THOUGHT.format(about=about[:LONGEST_ABOUT])


def _chunks(completion: Completion, body: Mapping[str, Any]) -> list[Json]:
    """Thinking first: each delta says one of the two and null for the other."""
    thinks = bool(completion.reasoning)
    opening: Json = {"role": "assistant", "content": None if thinks else ""}
    if thinks:
        opening["reasoning_content"] = ""
    chunks = [chunk(completion, opening)]
    for piece in pieces(completion.reasoning):
        chunks.append(chunk(completion, {"content": None, "reasoning_content": piece}))
    silent = {"reasoning_content": None} if thinks else {}
    chunks += [chunk(completion, {**delta, **silent}) for delta in deltas(completion)]
    chunks.append(chunk(completion, {"content": "", **silent}, completion.finish))
    options = body.get("stream_options") or {}
    return with_usage(chunks, completion, asked=bool(options.get("include_usage")))


def _usage(spoken: Spoken) -> Json:
    usage: Json = {
        "prompt_tokens": spoken.prompt,
        "completion_tokens": spoken.output,
        "total_tokens": spoken.prompt + spoken.output,
        "prompt_tokens_details": {"cached_tokens": spoken.cached},
        "prompt_cache_hit_tokens": spoken.cached,
        "prompt_cache_miss_tokens": spoken.prompt - spoken.cached,
    }
    if spoken.reasoning:
        thinking = {"reasoning_tokens": tokens(spoken.reasoning)}
        usage["completion_tokens_details"] = thinking
    return usage
