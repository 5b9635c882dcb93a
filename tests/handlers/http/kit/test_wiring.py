"""What is built for licensing arrives in Services under the same names, and ends as it began."""

import asyncio
from dataclasses import fields, replace
from typing import get_type_hints

import pytest

from bot.process.metrics import Metrics
from bot.wiring.gateway import GatewayDeps, build_gateway
from bot.wiring.ledger import build_ledger
from bot.wiring.licensing import Licensing, build_licensing
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database
from handlers.slack.outbound.messenger import SlackMessenger
from integrations.providers.types import Ask
from services import Services
from services.gateway.chats import ChatRefused, Question
from tests.handlers.http.conftest import nobody, settings_for


def test_every_service_of_licensing_is_one_of_the_bundle() -> None:
    built, bundle = get_type_hints(Licensing), get_type_hints(Services)
    del built["running"]
    assert built.items() <= bundle.items()


async def test_every_part_is_there_and_of_its_type(database: Database) -> None:
    licensing = build_licensing(settings_for(database), database, Metrics(), SlackMessenger(nobody))
    hints = get_type_hints(Licensing)
    for name, part in licensing.parts().items():
        assert isinstance(part, hints[name]), name
    assert licensing.parts().keys() == {one.name for one in fields(Licensing)} - {"running"}
    await licensing.close()


class Part:
    """Says when it starts and ends."""

    def __init__(self, name: str, said: list[str]) -> None:
        self._name = name
        self._said = said

    async def start(self) -> None:
        self._said.append(f"start {self._name}")

    async def close(self) -> None:
        self._said.append(f"close {self._name}")


async def test_what_started_last_is_closed_first(database: Database) -> None:
    said: list[str] = []
    built = build_licensing(settings_for(database), database, Metrics(), SlackMessenger(nobody))
    await built.close()
    licensing = replace(built, running=(Part("a", said), Part("b", said)))
    await licensing.start()
    await licensing.close()
    assert said == ["start a", "start b", "close b", "close a"]


async def test_those_who_stand_aside_are_the_gateway_s_chats(database: Database) -> None:
    async def stranger(_: str) -> None:
        """Nobody knows the key."""

    settings, hot = settings_for(database), AsyncpgPool(database.url)
    ground = GatewayDeps(database, hot, build_ledger(settings, hot), stranger)
    gates = build_gateway(settings, Metrics(), ground)
    question = Question(Ask(messages=(), max_tokens=1, size=0))
    with gates.pacing.priority():
        chat = asyncio.create_task(gates.gateway.answer("x", question))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not chat.done()
    with pytest.raises(ChatRefused):
        await asyncio.wait_for(chat, 5)
