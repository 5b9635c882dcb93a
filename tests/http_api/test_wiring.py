"""What is built for licensing arrives in Services under the same names, and ends as it began."""

from dataclasses import fields, replace
from typing import get_type_hints

from bot.messenger import SlackMessenger
from bot.metrics import Metrics
from bot.wiring_licensing import Licensing, build_licensing
from db.session import Database
from services import Services
from tests.http_api.conftest import nobody, settings_for


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
