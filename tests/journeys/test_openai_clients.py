"""OpenAI's own packages for Python and Node against the running product, whoever answers."""

import asyncio
import base64
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from tests.journeys.openai_client.client import day
from tests.kit.node import run_node
from tests.kit.product import Product

HERE = Path(__file__).parent / "openai_client"
MODELS = {
    "gpt-5.4-mini": "openai",
    "claude-haiku-5-5": "anthropic",
    "deepseek-flash": "deepseek",
}
PNG = b"\x89PNG\r\n\x1a\n"
SCENE: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "Answer in one sentence."},
        {"role": "user", "content": "What is the weather in Rome?"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "The weather of a town.",
                "parameters": {
                    "type": "object",
                    "properties": {"town": {"type": "string"}},
                    "required": ["town"],
                },
            },
        }
    ],
    "picture": f"data:image/png;base64,{base64.b64encode(PNG).decode()}",
}
# Whole, twice streamed, two calls of tools, one answered, a picture, one left in mid-stream.
CHATS = 8
SETTLED_SECONDS = 10
LOOK_SECONDS = 0.1

Day = Callable[[str, str, dict[str, Any]], Awaitable[dict[str, Any]]]


async def node_day(base_url: str, key: str, scene: dict[str, Any]) -> dict[str, Any]:
    """The day as client.mjs prints it."""
    return dict(json.loads(await run_node(HERE, base_url, key, json.dumps(scene))))


@pytest_asyncio.fixture
async def key(product: Product, environment: dict[str, str]) -> str:
    """A pro license."""
    admin = {"X-Admin-Key": environment["ADMIN_API_KEY"]}
    order = {"email": f"{uuid4().hex}@shop.example", "plan": "pro", "months": 12}
    async with httpx.AsyncClient(base_url=product.url, trust_env=False) as http:
        issued = await http.post("/api/create_license", json=order, headers=admin)
    return str(issued.json()["license_key"])


@pytest.mark.parametrize(
    "spend",
    [
        pytest.param(day, id="python"),
        pytest.param(
            node_day,
            id="node",
            marks=pytest.mark.skipif(shutil.which("npm") is None, reason="no Node here"),
        ),
    ],
)
@pytest.mark.parametrize("model", MODELS)
async def test_openais_packages_work_as_they_are(
    product: Product, key: str, spend: Day, model: str
) -> None:
    told = await spend(f"{product.url}/v1", key, {**SCENE, "model": model})
    assert set(MODELS) <= set(told["models"])
    assert told["owner"] == MODELS[model]
    assert "What is the weather in Rome?" in told["whole"]
    assert told["streamed"] == told["whole"]
    assert told["tokens"] == told["streamed_tokens"] > 0
    assert told["plain_usage"] is None
    assert told["finish"] == told["streamed_finish"] == "tool_calls"
    called = {"name": "get_weather", "arguments": {"town": "Rome"}}
    assert told["calls"] == told["streamed_calls"] == [called]
    assert "It is sunny." in told["answered"]
    assert "Pictures that came with it: 1." in told["seen"]
    month = await _month(product, key)
    assert (month["requests_used"], month["requests_held"]) == (CHATS, 0)


@pytest.mark.parametrize("model", MODELS)
async def test_a_picture_of_megabytes_reaches_the_model(
    product: Product, key: str, model: str
) -> None:
    picture = base64.b64encode(PNG + bytes(3_000_000)).decode()
    answer = await _chat(product, key, model=model, messages=[_shown("png", picture)])
    assert "Pictures that came with it: 1." in answer.json()["content"]


async def test_a_chat_with_a_picture_goes_on_with_another_provider(
    product: Product, key: str, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault("openai", kind="status", status=500))
    # These bytes are no JPEG: Claude refuses what it is told, and DeepSeek is asked.
    shown = _shown("jpg", base64.b64encode(PNG).decode())
    answer = await _chat(product, key, messages=[shown], tools=SCENE["tools"])
    assert answer.json()["provider"] == "deepseek"


async def _chat(product: Product, key: str, **body: object) -> httpx.Response:
    async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=60) as http:
        answer = await http.post("/api/chat", json=body, headers={"X-License-Key": key})
    assert answer.status_code == 200, answer.text
    return answer


def _shown(kind: str, data: str) -> dict[str, Any]:
    url = f"data:image/{kind};base64,{data}"
    return {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}


async def _month(product: Product, key: str) -> dict[str, Any]:
    """This month, once nothing is held any more."""
    month: dict[str, Any] = {"requests_held": 1}
    async with asyncio.timeout(SETTLED_SECONDS), httpx.AsyncClient(trust_env=False) as http:
        while month["requests_held"]:
            told = await http.get(f"{product.url}/api/usage", headers={"X-License-Key": key})
            month = told.json()["month"]
            await asyncio.sleep(LOOK_SECONDS)
    return month
