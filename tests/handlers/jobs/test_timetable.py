"""Every tick of the timetable starts a workflow that there is."""

from pathlib import Path

from bot.process.engine import TICKS, Engine
from db.store.session import Database
from handlers import jobs
from tests.kit.wired import foundation, wired


async def test_every_tick_names_a_registered_workflow(
    engine: Engine, jobs_database: Database
) -> None:
    async with wired(foundation(jobs_database)) as product:
        jobs.register(engine.runner, product.services)
    timetable = (*TICKS, *jobs.TIMETABLE)
    assert {tick.workflow for tick in timetable} <= engine.runner.workflows
    assert len({tick.name for tick in timetable}) == len(timetable)


def test_every_module_of_jobs_is_a_feature() -> None:
    folder = Path(jobs.__file__).parent
    modules = {f"{jobs.__name__}.{path.stem}" for path in folder.glob("[!_]*.py")}
    features = {feature.__name__ for feature in jobs.FEATURES}
    # The workflows of operations are made of their kinds.
    assert modules - features == {"handlers.jobs.operations"}
