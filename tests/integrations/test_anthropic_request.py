"""OpenAI's chats as Anthropic takes them: every form of a message, or the name of what is not."""

from typing import Any

import orjson
import pytest

from integrations.providers.anthropic_request import CONTINUE, OPENING, request, unable
from integrations.providers.types import Ask, Target

TARGET = Target("anthropic", "claude-haiku-5-5", "sk", 50)
USER = {"role": "user", "content": "Hi"}
TOOL = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"properties": {"town": {"type": "string"}}}},
}
DECLARED = {
    "name": "weather",
    "input_schema": {"type": "object", "properties": {"town": {"type": "string"}}},
}
CALL = {"id": "call.1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
CALLED = {"role": "assistant", "content": None, "tool_calls": [CALL]}


def ask(*messages: dict[str, Any], **options: Any) -> Ask:
    return Ask(messages=messages, max_tokens=50, size=0, options=options)


def body(*messages: dict[str, Any], **options: Any) -> dict[str, Any]:
    asked = ask(*messages, **options)
    assert unable(asked) == ""
    return dict(orjson.loads(request(asked, TARGET)))


def said(*messages: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The turns, each with its texts."""
    turns = body(*messages)["messages"]
    return [(turn["role"], [part["text"] for part in turn["content"]]) for turn in turns]


def picture(image_url: object) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "image_url", "image_url": image_url}]}


@pytest.mark.parametrize("empty", ["", " \n", None, [], [{"type": "text", "text": ""}]])
def test_what_says_nothing_is_left_out(empty: object) -> None:
    silent = {"role": "assistant", "content": empty}
    assert said(USER, silent, {"role": "user", "content": "b"}) == [("user", ["Hi", "b"])]


def test_neighbours_of_one_role_are_one_turn() -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "text", "text": ""}]
    assert said(USER, {"role": "user", "content": parts}) == [("user", ["Hi", "one"])]


def test_a_history_begins_and_ends_with_the_user() -> None:
    greeting = {"role": "assistant", "content": "How can I help?"}
    turns = [("user", [OPENING]), ("assistant", ["How can I help?"]), ("user", ["Hi"])]
    assert said(greeting, USER) == turns
    assert said(greeting, USER, greeting)[-1] == ("user", [CONTINUE])


def test_a_system_message_alone_is_the_users() -> None:
    told = body({"role": "system", "content": "Write a haiku."}, {"role": "user", "content": ""})
    assert told["messages"] == [{"role": "user", "content": "Write a haiku."}]
    assert "system" not in told


def test_a_refusal_is_something_that_was_said() -> None:
    as_field = {"role": "assistant", "content": None, "refusal": "No."}
    as_part = {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}
    for refused in (as_field, as_part):
        assert said(USER, refused, USER)[1] == ("assistant", ["No."])


@pytest.mark.parametrize(
    ("stop", "sent"),
    [
        ("END", ["END"]),
        ("\n", None),
        (["\n"], None),
        (["END", "\n", ""], ["END"]),
        ([], None),
    ],
)
def test_white_space_stops_nothing(stop: object, sent: list[str] | None) -> None:
    assert body(USER, stop=stop).get("stop_sequences") == sent


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("data:image/png;base64,AAAA", "image/png"),
        ("data:image/jpg;base64,AAAA", "image/jpeg"),
        ("DATA:image/JPEG;base64,AAAA", "image/jpeg"),
        ("data:image/webp;charset=utf-8;base64,AAAA", "image/webp"),
        ("data:image/gif; base64,AAAA", "image/gif"),
    ],
)
def test_pictures_come_in_every_form_of_a_data_url(url: str, kind: str) -> None:
    source = {"type": "base64", "media_type": kind, "data": "AAAA"}
    for image_url in (url, {"url": url, "detail": "low"}):
        (turn,) = body(picture(image_url))["messages"]
        assert turn["content"] == [{"type": "image", "source": source}]


def test_a_pictures_address_may_be_a_bare_text() -> None:
    for image_url in ("https://x.example/a.png", {"url": "https://x.example/a.png"}):
        (turn,) = body(picture(image_url))["messages"]
        assert turn["content"][0]["source"] == {"type": "url", "url": "https://x.example/a.png"}


def test_tools_are_declared_called_and_answered() -> None:
    answer = {"role": "tool", "tool_call_id": "call.1", "content": "sunny"}
    told = body(USER, CALLED, answer, USER, tools=[TOOL], tool_choice="required")
    assert told["tools"] == [DECLARED]
    assert told["tool_choice"] == {"type": "any"}
    use = {"type": "tool_use", "id": "call_1", "name": "weather", "input": {}}
    assert told["messages"][1] == {"role": "assistant", "content": [use]}
    result = {"type": "tool_result", "tool_use_id": "call_1"}
    words = [{"type": "text", "text": "sunny"}]
    assert told["messages"][2]["content"][0] == {**result, "content": words}
    # What the user says next is of the same turn, behind the results.
    assert told["messages"][2]["content"][1] == {"type": "text", "text": "Hi"}
    assert body(USER, CALLED, {**answer, "content": ""})["messages"][2]["content"] == [result]


def test_a_history_with_tools_needs_them_though_none_may_be_called() -> None:
    told = body(USER, CALLED, {"role": "tool", "tool_call_id": "call.1", "content": "x"})
    assert told["tools"] == [{"name": "weather", "input_schema": {"type": "object"}}]
    assert told["tool_choice"] == {"type": "none"}


@pytest.mark.parametrize(
    ("options", "choice"),
    [
        ({}, {"type": "auto"}),
        ({"tool_choice": "none"}, {"type": "none"}),
        (
            {"tool_choice": {"type": "function", "function": {"name": "weather"}}},
            {"type": "tool", "name": "weather"},
        ),
        (
            {"parallel_tool_calls": False},
            {"type": "auto", "disable_parallel_tool_use": True},
        ),
    ],
)
def test_the_choice_of_tools_is_translated(options: dict[str, Any], choice: object) -> None:
    assert body(USER, tools=[TOOL], **options)["tool_choice"] == choice


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (ask(USER, response_format={"type": "json_object"}), "response_format"),
        (ask(USER, logit_bias={"1": 1}), "logit_bias"),
        (ask(USER, tool_choice="required"), "tool_choice"),
        (ask(USER, tools=[{"type": "custom", "custom": {"name": "x"}}]), "tools.0: custom"),
        (ask({"role": "user", "content": ""}), "messages without text"),
        (ask(picture("data:image/tiff;base64,AAAA")), "messages.0.content.0.image_url: image/tiff"),
        (ask(picture("data:image/png,AAAA")), "messages.0.content.0.image_url: image/png"),
        (ask(picture("http://x.example/a")), "messages.0.content.0.image_url: http"),
        (ask(picture({})), "messages.0.content.0.image_url"),
        (
            ask({"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}),
            "messages.0.content.0: input_audio",
        ),
        (
            ask({"role": "user", "content": [{"type": "file", "file": {"file_id": "x"}}]}),
            "messages.0.content.0: file",
        ),
        (
            ask(USER, {**picture("https://x.example/a"), "role": "assistant"}),
            "messages.1.content: image",
        ),
        (
            ask({**picture("https://x.example/a"), "role": "system"}, USER),
            "messages.0.content: image",
        ),
        (ask(USER, {"role": "assistant", "audio": {"id": "a"}}), "messages.1.audio"),
        (ask(USER, {"role": "tool", "content": "sunny"}), "messages.1.tool_call_id"),
        (ask(USER, {**CALLED, "tool_calls": [{}]}), "messages.1.tool_calls.0"),
        (
            ask(
                USER,
                {"role": "assistant", "tool_calls": [{**CALL, "function": {"name": "x"}}]},
                {"role": "tool", "tool_call_id": "another", "content": "x"},
            ),
            "messages.2.tool_call_id",
        ),
        (
            ask(
                USER,
                {**CALLED, "tool_calls": [{**CALL, "function": {"name": "x", "arguments": "["}}]},
            ),
            "messages.1.tool_calls.0.function.arguments",
        ),
    ],
)
def test_what_cannot_be_told_is_named(asked: Ask, field: str) -> None:
    assert unable(asked) == field
