"""What a stream used is read from its bytes, wherever the network happened to cut them."""

import orjson
import pytest

from integrations.providers import anthropic, anthropic_stream, openai, sse
from integrations.providers.client import meter_of
from integrations.providers.types import Ask, Meter, Target, Usage
from tests.integrations.model_streams import (
    ANTHROPIC,
    ANTHROPIC_START,
    DEEPSEEK,
    OPENAI,
    data,
    event,
    openai_usage,
    piece,
    words,
)

ASK = Ask(messages=(), max_tokens=100, size=0, stream=True, created=1_790_000_000)
QUIET = Ask(messages=(), max_tokens=100, size=0, stream=True, keep_usage=False)
STREAMS = {
    "openai": (OPENAI, Usage(20, 7, 12)),
    "deepseek": (DEEPSEEK, Usage(30, 9, 10)),
    "anthropic": (ANTHROPIC, Usage(1105, 12, 1000, 100)),
}


def fed(meter: Meter, *chunks: bytes) -> bytes:
    """Everything the client sees."""
    return b"".join(meter.feed(chunk) for chunk in chunks) + meter.end()


def told(meter: Meter) -> tuple[Usage | None, bool, str, int]:
    return meter.usage(), meter.finished, meter.failure, meter.text_bytes()


def said(shown: bytes) -> str:
    """The text of OpenAI's chunks."""
    choices = [
        choice
        for one in sse.events(shown)
        if (chunk := sse.payload(one))
        for choice in chunk.get("choices", [])
    ]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


@pytest.mark.parametrize("provider", STREAMS)
def test_every_cut_in_two_gives_the_same_usage_and_bytes(provider: str) -> None:
    stream, usage = STREAMS[provider]
    whole = meter_of(provider, ASK)
    shown = fed(whole, stream)
    assert told(whole)[:3] == (usage, True, "")
    for cut in range(len(stream) + 1):
        meter = meter_of(provider, ASK)
        assert fed(meter, stream[:cut], stream[cut:]) == shown, cut
        assert told(meter) == told(whole), cut


@pytest.mark.parametrize("provider", STREAMS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_small_pieces_give_the_same_usage_and_bytes(provider: str, size: int) -> None:
    stream, usage = STREAMS[provider]
    meter = meter_of(provider, ASK)
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert fed(meter, *pieces) == fed(meter_of(provider, ASK), stream)
    assert meter.usage() == usage


@pytest.mark.parametrize("provider", STREAMS)
def test_a_stream_cut_off_anywhere_shows_whole_events_only(provider: str) -> None:
    stream, _ = STREAMS[provider]
    for cut in range(len(stream)):
        meter = meter_of(provider, ASK)
        shown = fed(meter, stream[:cut])
        assert not shown or shown.endswith(b"\n\n"), cut
        assert all(one.startswith((b"data: ", b":", b"\n")) for one in sse.events(shown)), cut
        assert not meter.finished or cut >= len(stream) - 2, cut


@pytest.mark.parametrize("stream", [OPENAI, DEEPSEEK])
def test_openai_bytes_pass_untouched(stream: bytes) -> None:
    assert fed(openai.OpenAIMeter(ASK), stream) == stream


def test_the_usage_event_is_left_out_for_a_client_that_did_not_ask() -> None:
    meter = openai.OpenAIMeter(QUIET)
    shown = fed(meter, OPENAI)
    assert b'"choices":[]' not in shown
    assert shown.endswith(b"data: [DONE]\n\n")
    assert meter.usage() == Usage(20, 7, 12)


def test_a_usage_inside_the_text_is_no_usage() -> None:
    meter = openai.OpenAIMeter(ASK)
    fed(meter, data(piece('"usage": {"prompt_tokens": 1, "completion_tokens": 1}')))
    assert meter.usage() is None


@pytest.mark.parametrize(
    "usage",
    [
        {},
        {"prompt_tokens": 3},
        {"prompt_tokens": None, "completion_tokens": 4},
        {"prompt_tokens": -1, "completion_tokens": 4},
        {"prompt_tokens": "3", "completion_tokens": 4},
    ],
)
def test_half_a_usage_is_none(usage: dict[str, object]) -> None:
    meter = openai.OpenAIMeter(ASK)
    fed(meter, data(piece("x")), openai_usage(**usage), b"data: [DONE]\n\n")
    assert meter.usage() is None


def test_an_explicit_zero_is_zero() -> None:
    meter = openai.OpenAIMeter(ASK)
    fed(meter, openai_usage(prompt_tokens=0, completion_tokens=0), b"data: [DONE]\n\n")
    assert meter.usage() == Usage(0, 0)


def test_without_usage_the_written_text_is_counted() -> None:
    meter = openai.OpenAIMeter(ASK)
    fed(meter, data(piece("four")), data(piece("five!")))
    assert meter.usage() is None
    assert meter.text_bytes() == 9


def test_much_text_is_counted_without_being_kept() -> None:
    meter = openai.OpenAIMeter(ASK)
    for _ in range(2000):
        meter.feed(data(piece("x" * 100)))
    assert meter.text_bytes() == 200_000


@pytest.mark.parametrize("cut", range(0, 120, 3))
def test_an_error_in_mid_stream_is_not_handed_on(cut: int) -> None:
    stream = data(piece("so far")) + data({"error": {"message": "key sk-abc", "code": "boom"}})
    meter = openai.OpenAIMeter(ASK)
    shown = fed(meter, stream[:-cut] if cut else stream, stream[-cut:] if cut else b"")
    assert shown == data(piece("so far"))
    assert meter.failure == "boom"


def test_windows_line_ends_are_understood() -> None:
    meter = openai.OpenAIMeter(ASK)
    fed(meter, OPENAI.replace(b"\n\n", b"\r\n\r\n"))
    assert told(meter)[:2] == (Usage(20, 7, 12), True)


def test_a_missing_last_line_end_is_forgiven() -> None:
    meter = openai.OpenAIMeter(ASK)
    assert fed(meter, OPENAI.rstrip()) == OPENAI
    assert meter.finished


def test_anthropic_speaks_openai() -> None:
    meter = anthropic_stream.AnthropicMeter(ASK)
    shown = fed(meter, ANTHROPIC)
    assert said(shown) == 'Ciao è "quoted"\n\n'
    first, *_, last, done = sse.events(shown)
    assert sse.payload(first)["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert sse.payload(first)["created"] == ASK.created
    assert sse.payload(last)["usage"]["prompt_tokens"] == 1105
    assert done == sse.DONE
    assert b'"finish_reason":"length"' in shown


def test_anthropics_first_count_is_not_the_last() -> None:
    meter = anthropic_stream.AnthropicMeter(ASK)
    fed(meter, ANTHROPIC_START, words("abcd"))
    assert meter.usage() is None
    assert meter.input_seen() == Usage(1105, 1, 1000, 100)
    assert meter.text_bytes() == 4


def test_anthropics_end_without_usage_is_none() -> None:
    meter = anthropic_stream.AnthropicMeter(ASK)
    end = event("message_delta", delta={"stop_reason": "end_turn"}) + event("message_stop")
    shown = fed(meter, ANTHROPIC_START, words("abcd"), end)
    assert meter.usage() is None
    assert shown.endswith(sse.DONE)


def test_anthropics_error_in_mid_stream_ends_it() -> None:
    meter = anthropic_stream.AnthropicMeter(ASK)
    wrong = event("error", error={"type": "overloaded_error", "message": "Overloaded"})
    shown = fed(meter, ANTHROPIC_START, words("abcd"), wrong, words("more"))
    assert said(shown) == "abcd"
    assert meter.failure == "overloaded_error"


def test_a_whole_answer_of_anthropic_reads_like_openais() -> None:
    raw = orjson.dumps(
        {
            "id": "msg_1",
            "model": "claude-haiku-5-5",
            "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Yes. "}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 3, "output_tokens": 2, "cache_read_input_tokens": None},
        }
    )
    reply = anthropic.reply("anthropic", raw, ASK)
    completion = orjson.loads(reply.completion)
    assert (reply.content, reply.usage) == ("Yes. ", Usage(3, 2))
    assert completion["choices"][0]["message"]["content"] == "Yes. "
    assert completion["usage"]["total_tokens"] == 5


def test_a_called_tool_of_anthropic_reads_like_openais() -> None:
    use = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"town": "Rome"}}
    raw = orjson.dumps(
        {
            "id": "msg_1",
            "model": "claude-haiku-5-5",
            "content": [use],
            "stop_reason": "tool_use",
            "usage": None,
        }
    )
    reply = anthropic.reply("anthropic", raw, ASK)
    (choice,) = orjson.loads(reply.completion)["choices"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    (call,) = choice["message"]["tool_calls"]
    function = {"name": "weather", "arguments": '{"town":"Rome"}'}
    assert call == {"id": "toolu_1", "type": "function", "function": function}
    # Without usage it is estimated by what was written.
    assert reply.text_bytes > len('{"town":"Rome"}')


def test_called_tools_of_anthropics_stream_read_like_openais() -> None:
    start = {"type": "content_block_start", "index": 1}
    delta = {"type": "content_block_delta", "index": 1}
    stop = {"type": "content_block_stop", "index": 1}
    first = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}
    events = [
        {**start, "index": 0, "content_block": {"type": "text", "text": ""}},
        {**delta, "index": 0, "delta": {"type": "text_delta", "text": "Let me look."}},
        {**stop, "index": 0},
        {**start, "content_block": first},
        {**delta, "delta": {"type": "input_json_delta", "partial_json": ""}},
        {**delta, "delta": {"type": "input_json_delta", "partial_json": '{"town":'}},
        {**delta, "delta": {"type": "input_json_delta", "partial_json": '"Rome"}'}},
        stop,
        {**start, "content_block": {**first, "id": "toolu_2", "name": "today"}},
        stop,
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {}},
    ]
    meter = anthropic_stream.AnthropicMeter(ASK)
    shown = meter.feed(b"".join(b"data: %s\n\n" % orjson.dumps(event) for event in events))
    choices = [orjson.loads(line[6:])["choices"][0] for line in shown.split(b"\n\n") if line]
    assert choices[0]["delta"] == {"content": "Let me look."}
    calls = [call for one in choices for call in one["delta"].get("tool_calls", ())]
    assert [(call["index"], call.get("id")) for call in calls if "id" in call] == [
        (0, "toolu_1"),
        (1, "toolu_2"),
    ]
    arguments = ["", ""]
    for call in calls:
        arguments[call["index"]] += call["function"]["arguments"]
    # One without arguments has an empty object: OpenAI's clients read JSON there.
    assert arguments == ['{"town":"Rome"}', "{}"]
    assert choices[-1]["finish_reason"] == "tool_calls"
    assert meter.text_bytes() == len("Let me look.") + len('{"town":"Rome"}{}')


def test_anthropics_request_has_the_system_on_top() -> None:
    ask = Ask(
        messages=(
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            {"role": "developer", "content": "In Italian."},
        ),
        max_tokens=50,
        size=0,
        options={"stop": "END", "temperature": 0.2},
    )
    body = orjson.loads(anthropic.request(ask, Target("anthropic", "claude-haiku-5-5", "sk", 50)))
    assert body == {
        "model": "claude-haiku-5-5",
        "max_tokens": 50,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
        "system": "Be brief.\n\nIn Italian.",
        "stop_sequences": ["END"],
    }
