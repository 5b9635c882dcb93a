"""OpenAI's chat completions, strict (platform contract D.2)."""

import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.kit.wire import FAULT
from integrations.sandbox.model.chat_answer import Spoken, speak
from integrations.sandbox.model.chat_wire import (
    DONE,
    Completion,
    Json,
    Refused,
    chunk,
    deltas,
    event,
    read_object,
    with_usage,
)
from integrations.sandbox.model.provider import ModelApi, is_key, send_stream, spoiled
from integrations.sandbox.openai.checks import MODELS, check_model, check_request
from integrations.sandbox.openai.errors import error_body

KEY = "sk-sandbox-openai"
ROOT = "/openai/v1"
VERSION = {"openai-version": "2020-10-01"}
FINGERPRINT = "fp_sandbox"
NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header "
    "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
)
NO_JSON = "We could not parse the JSON body of your request."
TOO_LONG = "This model's maximum context length is 1000000 tokens. Please reduce the messages."
PADDING = "aQ4zK9mXw2Lr7TnB"  # what include_obfuscation adds to hide the length of a delta


class OpenAiApi(ModelApi):
    """The handlers."""

    async def completions(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/chat/completions, streaming or not."""
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
            return web.json_response(completion.whole(), headers=headers)
        events = [*map(event, _chunks(completion, body.get("stream_options") or {})), DONE]
        failure = event(error_body(500, None, "The server had an error."))
        return await send_stream(request, events, headers, failure)

    async def models(self, request: web.Request) -> web.Response:
        """GET /v1/models, or one of them: what a check of the key asks for."""
        headers = self._headers()
        name = request.match_info.get("model")
        try:
            self._authorize(request)
            if name:
                check_model(name)
        except Refused as error:
            return error.response(headers)
        listed = [{"id": m, "object": "model", "created": 1, "owned_by": "openai"} for m in MODELS]
        if name:
            found = next(item for item in listed if item["id"] == name)
            return web.json_response(found, headers=headers)
        return web.json_response({"object": "list", "data": listed}, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"x-request-id": f"req_sandbox_{next(self.numbers):06}", **VERSION}

    def _authorize(self, request: web.Request) -> None:
        kind, _, key = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not key:
            raise Refused(401, NO_KEY)
        if not is_key(key, KEY):
            text = f"Incorrect API key provided: {key[:3]}****{key[-2:]}."
            raise Refused(401, text, code="invalid_api_key")
        self.keys.append(key)

    def _completion(self, body: Mapping[str, Any], fault: Fault | None) -> Completion:
        if fault is not None and fault.kind == "too_long":
            raise Refused(400, TOO_LONG, param="messages", code="context_length_exceeded")
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        spoken = speak(body, self.cache, fault, limit=limit)
        head = {
            "id": f"chatcmpl-sandbox{next(self.numbers):06}",
            "created": int(time.time()),
            "model": body["model"],
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        }
        extra: Json = {"refusal": None, "annotations": []}
        usage = spoiled(_usage(spoken), fault)
        return Completion(head, spoken.text, spoken.finish, usage, extra=extra, tool=spoken.tool)


def _chunks(completion: Completion, options: Mapping[str, Any]) -> list[Json]:
    opening = {"role": "assistant", "content": "", "refusal": None}
    chunks = [chunk(completion, opening)]
    chunks += [chunk(completion, delta) for delta in deltas(completion)]
    chunks.append(chunk(completion, {}, completion.finish))
    told = with_usage(chunks, completion, asked=bool(options.get("include_usage")))
    if options.get("include_obfuscation") is False:
        return told
    return [{**part, "obfuscation": PADDING[: 2 + i % 14]} for i, part in enumerate(told)]


def _usage(spoken: Spoken) -> Json:
    return {
        "prompt_tokens": spoken.prompt,
        "completion_tokens": spoken.output,
        "total_tokens": spoken.prompt + spoken.output,
        "prompt_tokens_details": {"cached_tokens": spoken.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
