"""Every tick of the timetable starts a workflow that there is."""

from bot.process.engine import PURGE, Engine
from db.store.session import Database
from handlers import jobs
from tests.handlers.http.conftest import building


async def test_every_tick_names_a_registered_workflow(
    engine: Engine, jobs_database: Database
) -> None:
    async with building(jobs_database) as product:
        jobs.register(engine.runner, product.services)
    assert {tick.workflow for tick in jobs.TIMETABLE} <= engine.runner.workflows
    assert PURGE in {tick.workflow for tick in jobs.TIMETABLE}
    assert len({tick.name for tick in jobs.TIMETABLE}) == len(jobs.TIMETABLE)
