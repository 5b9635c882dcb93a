"""Every tick of the timetable starts a workflow that there is."""

from dataclasses import fields
from types import SimpleNamespace
from typing import cast

from bot.process.engine import PURGE, Engine
from handlers import jobs
from services import Services
from services.operations import Kind


async def nothing(*_: object) -> None:
    """What a job that gives up would call."""


async def test_every_tick_names_a_registered_workflow(engine: Engine) -> None:
    verbs = SimpleNamespace(failed=nothing, kind=Kind("tests.nothing", ()))
    every = SimpleNamespace(**{service.name: verbs for service in fields(Services)})
    jobs.register(engine.runner, cast(Services, every))
    assert {tick.workflow for tick in jobs.TIMETABLE} <= engine.runner.workflows
    assert PURGE in {tick.workflow for tick in jobs.TIMETABLE}
    assert len({tick.name for tick in jobs.TIMETABLE}) == len(jobs.TIMETABLE)
