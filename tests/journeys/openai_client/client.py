"""The same day as client.mjs, with OpenAI's own package for Python."""

import json
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from openai import AsyncOpenAI

Scene = Mapping[str, Any]


async def day(base_url: str, key: str, scene: Scene) -> dict[str, Any]:
    """What a customer got: whole and streamed answers, calls of tools, a picture's description."""
    async with AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0) as client:
        return await _Day(client, scene).results()


class _Day:
    def __init__(self, client: AsyncOpenAI, scene: Scene) -> None:
        self._client = client
        self._model, self._messages = scene["model"], scene["messages"]
        self._tools, self._picture = scene["tools"], scene["picture"]

    async def results(self) -> dict[str, Any]:
        models = [one.id async for one in self._client.models.list()]
        found = await self._client.models.retrieve(self._model)
        whole = await self._chat()
        text, _, _, usage = await self._streamed(stream_options={"include_usage": True})
        *_, no_usage = await self._streamed()
        calling = (await self._chat(tools=self._tools)).choices[0]
        _, calls, finish, _ = await self._streamed(tools=self._tools)
        seen = {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": self._picture}}],
        }
        answered = await self._chat(messages=self._history(calls), tools=self._tools)
        described = await self._chat(messages=[*self._messages, seen])
        async with aclosing(await self._chat(stream=True)) as left:
            await anext(aiter(left))
        return {
            "models": models,
            "owner": found.owned_by,
            "whole": whole.choices[0].message.content,
            "tokens": whole.usage.total_tokens,
            "streamed": text,
            "streamed_tokens": usage.total_tokens,
            "plain_usage": no_usage,
            "finish": calling.finish_reason,
            "calls": [_called(call.model_dump()) for call in calling.message.tool_calls],
            "streamed_finish": finish,
            "streamed_calls": [_called(call) for call in calls],
            "answered": answered.choices[0].message.content,
            "seen": described.choices[0].message.content,
        }

    async def _chat(self, **more: Any) -> Any:
        asked = {"model": self._model, "messages": self._messages, **more}
        return await self._client.chat.completions.create(**asked)

    async def _streamed(self, **more: Any) -> tuple[str, list[dict[str, Any]], str, Any]:
        """Text, calls, why it ended, and the usage if it was told."""
        chunks = [chunk async for chunk in await self._chat(stream=True, **more)]
        choices = [choice for chunk in chunks for choice in chunk.choices]
        text = "".join(choice.delta.content or "" for choice in choices)
        usage = next((chunk.usage for chunk in chunks if chunk.usage), None)
        return text, _joined(choices), choices[-1].finish_reason, usage

    def _history(self, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answers = [
            {"role": "tool", "tool_call_id": call["id"], "content": "It is sunny."}
            for call in calls
        ]
        called = {"role": "assistant", "content": None, "tool_calls": calls}
        return [*self._messages, called, *answers]


def _joined(choices: list[Any]) -> list[dict[str, Any]]:
    """The calls of tools whose pieces these are."""
    calls: list[dict[str, Any]] = []
    for piece in [one for choice in choices for one in choice.delta.tool_calls or ()]:
        if piece.index == len(calls):
            function = {"name": piece.function.name, "arguments": ""}
            calls.append({"id": piece.id, "type": "function", "function": function})
        calls[piece.index]["function"]["arguments"] += piece.function.arguments or ""
    return calls


def _called(call: Mapping[str, Any]) -> dict[str, Any]:
    function = call["function"]
    return {"name": function["name"], "arguments": json.loads(function["arguments"])}
