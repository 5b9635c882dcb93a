"""The model's tokens are counted for every answer, usable or not: all of them are paid for."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import BaseModel

from bot.process.metrics import Metrics
from integrations.claude.client import Claude
from integrations.claude.types import Prompt
from integrations.errors import RefusedByVendor


class Shape(BaseModel):
    """What is asked for."""

    word: str


@pytest.mark.parametrize(("stop", "said"), [("end_turn", "not JSON"), ("refusal", "{}")])
async def test_an_answer_that_cannot_be_used_is_counted_too(stop: str, said: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        usage = {"input_tokens": 7, "output_tokens": 5, "cache_read_input_tokens": 3}
        return web.json_response(
            {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": "claude-x",
                "content": [{"type": "text", "text": said}],
                "stop_reason": stop,
                "stop_sequence": None,
                "usage": usage | {"cache_creation_input_tokens": 11},
            }
        )

    metrics = Metrics()
    app = web.Application()
    app.add_routes([web.post("/v1/messages", answer)])
    async with TestServer(app) as server:
        claude = Claude("key", str(server.make_url("/")), "claude-x", meter=metrics.tokens)
        with pytest.raises(RefusedByVendor):
            await claude.answer(Prompt("s", "d", "r"), Shape)
        await claude.close()
    page = metrics.render().decode()
    for kind, count in {"input": 7, "output": 5, "cached": 3, "cache_write": 11}.items():
        line = f'seguito_model_tokens_total{{kind="{kind}",model="claude-x"}} {count}.0'
        assert line in page
