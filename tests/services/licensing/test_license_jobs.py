"""The timer's jobs reach the licenses' verbs, through the real engine."""

from datetime import timedelta
from types import SimpleNamespace
from typing import cast
from uuid import uuid4

from bot.process.engine import Engine
from db.store import jobs
from db.store.session import Database
from handlers.jobs import licensing
from services import LicensingServices, Services
from tests.kit.license_desk import LicenseStage
from tests.kit.waiting import until


async def test_a_tick_tells_what_is_over_and_writes_to_what_ends_soon(
    engine: Engine, jobs_database: Database
) -> None:
    stage = LicenseStage(jobs_database)
    over, soon = [(await stage.issue(months=months)).license for months in (1, 2)]
    stage.wait(timedelta(days=50))
    stage.heard.clear()
    bundle = LicensingServices(stage.plans, stage.customers, stage.licenses, stage.sites)
    services = cast(Services, SimpleNamespace(licensing=bundle))
    licensing.register(engine.runner, services)
    for workflow in (licensing.EXPIRE, licensing.NOTIFY):
        async with jobs_database.transaction() as session:
            slot = uuid4().hex
            await jobs.start(session, workflow, slot, slot, queue=jobs.CLOCK.name)
    await until(lambda: stage.heard and stage.letters)
    assert [(kind, data["license_id"]) for kind, data in stage.heard] == [
        ("license.expired", over.id)
    ]
    assert [(one.subject_id, one.kind) for one in stage.letters] == [(soon.id, "license.expiring")]
