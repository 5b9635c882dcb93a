"""The product as it is wired: one of each thing that remembers, and an end in the right order."""

import asyncio
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from db.store.session import Database
from integrations.providers.types import Ask
from services.audit import Audit
from services.gateway.chats import ChatRefused, Question
from services.people import Members
from tests.kit.wired import foundation, wired


class Part:
    """Says when it starts and ends."""

    def __init__(self, name: str, said: list[str]) -> None:
        self._name = name
        self._said = said

    async def start(self) -> None:
        self._said.append(f"start {self._name}")

    async def close(self) -> None:
        self._said.append(f"close {self._name}")


def inside(thing: object, seen: dict[int, object]) -> Iterator[object]:
    """The thing and whatever of ours it holds, each once."""
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    yield thing
    if is_dataclass(thing):
        held = [getattr(thing, field.name) for field in fields(thing)]
    else:
        held = list(getattr(thing, "__dict__", {}).values())
    for one in held:
        if type(one).__module__.partition(".")[0] in ("services", "handlers"):
            yield from inside(one, seen)


@pytest.mark.parametrize("kind", [Members, Audit])
async def test_there_is_one_of_those_who_remember(database: Database, kind: type) -> None:
    async with wired(foundation(database)) as product:
        found = [one for one in inside(product.services, {}) if isinstance(one, kind)]
    assert len(found) == 1


async def test_what_started_last_is_closed_first(database: Database) -> None:
    said: list[str] = []
    async with wired(foundation(database)) as built:
        product = replace(built, running=(Part("a", said), Part("b", said)))
        await product.start()
        await product.close()
    assert said == ["start a", "start b", "close b", "close a"]


async def test_those_who_stand_aside_are_the_gateway_s_chats(database: Database) -> None:
    question = Question(Ask(messages=(), max_tokens=1, size=0))
    async with wired(foundation(database)) as product:
        gateway = product.services.gateway
        with gateway.scheduler.priority():
            chat = asyncio.create_task(gateway.chats.answer("x", question))
            for _ in range(5):
                await asyncio.sleep(0)
            assert not chat.done()
        with pytest.raises(ChatRefused):
            await asyncio.wait_for(chat, 5)
