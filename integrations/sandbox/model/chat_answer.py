"""From an OpenAI-shaped request to the model's text and its count of tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.model.answering import answer
from integrations.sandbox.model.chat_tools import called
from integrations.sandbox.model.chatting import converse
from integrations.sandbox.model.prompt_cache import CHARACTERS_A_TOKEN, PromptCache, tokens
from integrations.sandbox.model.provider import NOT_THE_SCHEMA

DECLINED = "I'm sorry, but I can't help with that."


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the model said, thought and counted; `finish` is stop, length or tool_calls.

    Of a tool that is called `text` is the arguments, and `tool` the name.
    """

    text: str
    reasoning: str
    finish: str
    prompt: int
    cached: int
    tool: str = ""

    @property
    def output(self) -> int:
        """Tokens of the answer and of the thinking before it."""
        return tokens(self.text) + tokens(self.reasoning)


def speak(
    body: Mapping[str, Any],
    cache: PromptCache,
    fault: Fault | None,
    *,
    limit: int | None,
    reasoning: str = "",
) -> Spoken:
    """Answers within `limit` tokens, thinking included."""
    call = called(body, texts_of(body["messages"][-1].get("content"))) if fault is None else None
    text = json.dumps(call.arguments, ensure_ascii=False) if call else _text(body, fault)
    most = len(text) if limit is None else max(0, limit - tokens(reasoning)) * CHARACTERS_A_TOKEN
    if fault is not None and fault.kind == "truncated":
        most = min(most, len(text) // 2)
    usage = cache.usage(_marked(body))
    total = usage.fresh + usage.read + usage.written_5m + usage.written_1h
    finish = "length" if most < len(text) else "tool_calls" if call else "stop"
    name = call.name if call else ""
    return Spoken(text[:most], _fitting(reasoning, limit), finish, total, usage.read, name)


def texts_of(content: object) -> str:
    """The text of one message, whatever its form."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    return "\n".join(str(part.get("text") or "") for part in parts)


def _fitting(reasoning: str, limit: int | None) -> str:
    return reasoning if limit is None else reasoning[: limit * CHARACTERS_A_TOKEN]


def _text(body: Mapping[str, Any], fault: Fault | None) -> str:
    if fault is not None and fault.kind == "refusal":
        return DECLINED
    if fault is not None and fault.kind == "not_schema":
        return NOT_THE_SCHEMA
    asked = _as_messages(body)
    if (body.get("response_format") or {}).get("type") == "json_object":
        return json.dumps({"answer": converse(asked)}, ensure_ascii=False)
    return answer(asked)


def _as_messages(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request as the model reads it: the system's words apart from the others'."""
    system = [m for m in body["messages"] if m["role"] in ("system", "developer")]
    spoken = [m for m in body["messages"] if m["role"] in ("user", "assistant", "tool")]
    form = body.get("response_format") or {}
    config: dict[str, Any] = {}
    if form.get("type") == "json_schema":
        config = {"format": {"type": "json_schema", "schema": form["json_schema"]["schema"]}}
    return {
        "system": [{"type": "text", "text": texts_of(m.get("content"))} for m in system],
        "messages": [{"role": m["role"], "content": _blocks(m.get("content"))} for m in spoken],
        "output_config": config,
    }


def _marked(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request with a breakpoint behind every message: these vendors cache by themselves."""
    mark = {"type": "ephemeral"}
    return {
        "model": body["model"],
        "messages": [
            {"content": [{**block, "cache_control": mark} for block in _blocks(m.get("content"))]}
            for m in body["messages"]
        ],
    }


def _blocks(content: object) -> list[dict[str, Any]]:
    """A content as the model reads it: its text, and the pictures before it."""
    parts = content if isinstance(content, list) else ()
    pictures = [
        {"type": "image", "source": part["image_url"]}
        for part in parts
        if part.get("type") == "image_url"
    ]
    return [*pictures, {"type": "text", "text": texts_of(content)}]
