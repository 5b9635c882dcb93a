"""A chat in OpenAI's words as the body of Anthropic's POST /v1/messages: turns, pictures, tools.

What has no counterpart that means the same is Untranslatable, and named: nothing is left out that
was said. Sampling parameters stay behind, because version 2026-10-21 refuses them altogether.
"""

import re
from collections.abc import Iterable, Sequence

import orjson

from integrations.json_fields import Record, text
from integrations.providers.sse import table
from integrations.providers.types import Ask, Target

# Options without a counterpart; tools have one.
UNABLE = ("response_format", "logprobs", "logit_bias")
SYSTEM_ROLES = ("system", "developer")
# A conversation begins and ends with the user. OpenAI's models take one that does not, and go on.
OPENING, CONTINUE = "…", "Continue."
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
SAME_PICTURE = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}
TOOL_CHOICES = {"auto": "auto", "none": "none", "required": "any"}
NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_-]")

Block = dict[str, object]


class Untranslatable(Exception):
    """What Anthropic cannot be told: `field` is its place in the request."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def request(ask: Ask, target: Target) -> bytes:
    """The body of POST /v1/messages; raises Untranslatable (see `unable`)."""
    body: dict[str, object] = {"model": target.model, "max_tokens": target.max_tokens}
    body |= _conversation(ask.messages)
    body |= _tools(ask)
    stop = ask.options.get("stop") or ()
    sequences = [stop] if isinstance(stop, str) else stop
    # White space alone is refused.
    if isinstance(sequences, list) and (kept := [one for one in sequences if _has_words(one)]):
        body["stop_sequences"] = kept
    if ask.stream:
        body["stream"] = True
    return orjson.dumps(body)


def unable(ask: Ask) -> str:
    """The field this provider cannot serve; "" when it can do everything."""
    field = next((name for name in UNABLE if ask.options.get(name)), "")
    has_tools = ask.options.get("tools") or ask.options.get("tool_choice")
    # Asked of nearly every chat, which is nearly always mere text.
    if field or (not has_tools and all(map(_is_plain, ask.messages))):
        return field
    try:
        _conversation(ask.messages)
        _tools(ask)
    except Untranslatable as error:
        return error.field
    return ""


def _is_plain(message: Record) -> bool:
    """Whether it is a text and nothing else: that can be told."""
    return (
        len(message) == 2 and message.get("role") != "tool" and _has_words(message.get("content"))
    )


def _conversation(messages: Sequence[Record]) -> dict[str, object]:
    """`messages` and `system`: system messages move to the top."""
    told = [
        words
        for place, message in enumerate(messages)
        if message.get("role") in SYSTEM_ROLES and (words := _words(message, f"messages.{place}"))
    ]
    system = "\n\n".join(told)
    turns = _turns(messages)
    if not turns:
        if not system:
            raise Untranslatable("messages without text")
        return {"messages": [{"role": "user", "content": system}]}
    if turns[0]["role"] != "user":
        turns.insert(0, {"role": "user", "content": [_text(OPENING)]})
    if turns[-1]["role"] != "user":
        turns.append({"role": "user", "content": [_text(CONTINUE)]})
    return {"messages": turns, "system": system} if system else {"messages": turns}


def _turns(messages: Sequence[Record]) -> list[dict[str, object]]:
    """User and assistant in turn: results of tools are the user's, empty messages left out."""
    turns: list[dict[str, object]] = []
    blocks: list[Block] = []
    called: frozenset[str] = frozenset()
    for place, message in enumerate(messages):
        role, where = message.get("role"), f"messages.{place}"
        if role in SYSTEM_ROLES:
            continue
        if role == "tool":
            said = [_result(message, where, called)]
        elif role == "assistant":
            said = [*_spoken(message, where), *_calls(message, where)]
            called = frozenset(str(one["id"]) for one in said if one["type"] == "tool_use")
        else:
            said = list(_parts(message, where))
        speaker = "assistant" if role == "assistant" else "user"
        if said and (not turns or turns[-1]["role"] != speaker):
            blocks = []
            turns.append({"role": speaker, "content": blocks})
        blocks += said
    return turns


def _words(message: Record, where: str) -> str:
    """A text, or the texts of its parts; raises Untranslatable for another part."""
    return "\n".join(str(block["text"]) for block in _texts(message, where))


def _spoken(message: Record, where: str) -> list[Block]:
    """What the assistant said, its refusals included."""
    for name in ("audio", "function_call"):
        if message.get(name):
            raise Untranslatable(f"{where}.{name}")
    refusal = message.get("refusal")
    said = _texts(message, where)
    return [*said, _text(str(refusal))] if _has_words(refusal) else said


def _texts(message: Record, where: str) -> list[Block]:
    blocks = list(_parts(message, where))
    for block in blocks:
        if block["type"] != "text":
            raise Untranslatable(f"{where}.content: {block['type']}")
    return blocks


def _parts(message: Record, where: str) -> Iterable[Block]:
    """The blocks of a content: those without words are left out."""
    content = message.get("content")
    if isinstance(content, str):
        return [_text(content)] if _has_words(content) else []
    parts = content if isinstance(content, list) else ()
    found = (_part(table(part), f"{where}.content.{n}") for n, part in enumerate(parts))
    return [block for block in found if block]


def _part(part: Record, where: str) -> Block | None:
    kind = part.get("type")
    if kind == "image_url":
        return {"type": "image", "source": _picture(part.get("image_url"), where)}
    if kind not in ("text", "refusal"):
        raise Untranslatable(f"{where}: {kind}")
    words = part.get(kind)
    return _text(str(words)) if _has_words(words) else None


def _picture(given: object, where: str) -> Block:
    """Where a picture is: an https address, or a data URL of a type that is known."""
    url = given if isinstance(given, str) else table(given).get("url")
    if not isinstance(url, str) or not url:
        raise Untranslatable(f"{where}.image_url")
    scheme, _, rest = url.partition(":")
    if scheme.lower() == "https":
        return {"type": "url", "url": url}
    head, comma, data = rest.partition(",")
    kind, *parameters = head.lower().replace(" ", "").split(";")
    kind = SAME_PICTURE.get(kind, kind)
    if scheme.lower() != "data":
        raise Untranslatable(f"{where}.image_url: {scheme[:10]}")
    if not comma or parameters[-1:] != ["base64"] or kind not in PICTURES:
        raise Untranslatable(f"{where}.image_url: {kind[:100]}")
    return {"type": "base64", "media_type": kind, "data": data}


def _calls(message: Record, where: str) -> list[Block]:
    """The assistant's calls of tools."""
    calls = message.get("tool_calls")
    return [
        _call(table(call), f"{where}.tool_calls.{n}")
        for n, call in enumerate(calls if isinstance(calls, list) else ())
    ]


def _call(call: Record, where: str) -> Block:
    function, call_id = table(call.get("function")), _id(call.get("id"))
    name = text(function, "name")
    if not name or not call_id:
        raise Untranslatable(where)
    given = function.get("arguments") or "{}"
    try:
        given = orjson.loads(given) if isinstance(given, str) else None
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise Untranslatable(f"{where}.function.arguments")
    return {"type": "tool_use", "id": call_id, "name": name, "input": given}


def _result(message: Record, where: str, called: frozenset[str]) -> Block:
    """What a tool answered; only a call of the turn before can have an answer."""
    call_id = _id(message.get("tool_call_id"))
    if call_id not in called:
        raise Untranslatable(f"{where}.tool_call_id")
    content = list(_parts(message, where))
    block: Block = {"type": "tool_result", "tool_use_id": call_id}
    return {**block, "content": content} if content else block


def _tools(ask: Ask) -> dict[str, object]:
    """`tools` and `tool_choice`; calls in the history need them even when no more may follow."""
    given, choice = ask.options.get("tools"), ask.options.get("tool_choice")
    if not isinstance(given, list) or not given:
        if choice:
            raise Untranslatable("tool_choice")
        names = sorted(set(_called(ask.messages)))
        known = [{"name": name, "input_schema": {"type": "object"}} for name in names]
        return {"tools": known, "tool_choice": {"type": "none"}} if known else {}
    tools = [_tool(table(tool), f"tools.{n}") for n, tool in enumerate(given)]
    chosen = _choice(choice)
    if ask.options.get("parallel_tool_calls") is False and chosen["type"] != "none":
        chosen["disable_parallel_tool_use"] = True
    return {"tools": tools, "tool_choice": chosen}


def _called(messages: Sequence[Record]) -> Iterable[str]:
    for message in messages:
        calls = message.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            yield text(table(table(call).get("function")), "name")


def _tool(tool: Record, where: str) -> Block:
    function = table(tool.get("function"))
    if tool.get("type") != "function" or not text(function, "name"):
        raise Untranslatable(f"{where}: {tool.get('type')}")
    schema = {"type": "object", **table(function.get("parameters"))}
    told: Block = {"name": text(function, "name"), "input_schema": schema}
    if description := text(function, "description"):
        told["description"] = description
    return {**told, "strict": True} if function.get("strict") is True else told


def _choice(choice: object) -> Block:
    if choice is None:
        return {"type": "auto"}
    if isinstance(choice, str) and choice in TOOL_CHOICES:
        return {"type": TOOL_CHOICES[choice]}
    name = text(table(table(choice).get("function")), "name")
    if not name:
        raise Untranslatable("tool_choice")
    return {"type": "tool", "name": name}


def _text(words: str) -> Block:
    return {"type": "text", "text": words}


def _has_words(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not value.isspace()


def _id(value: object) -> str:
    """Anthropic's ids have no dots and colons, as some models' have."""
    return NOT_IN_AN_ID.sub("_", value) if isinstance(value, str) else ""
