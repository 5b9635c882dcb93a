"""Migrations of tenants over HTTP: run one, look at rollouts, steer one."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from aiohttp import web

from handlers.http.kit.context import REPEATS, operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read, read_query, routes_of
from services.actors import Operator
from services.rollouts import Controls
from views.api.rollouts import (
    ControlRolloutBody,
    MigrationStatusQuery,
    RolloutAnswer,
    RolloutPage,
    RunMigrationBody,
    read_order,
    rollout_answer,
    rollout_page,
)

PATH = "/api/admin/migrations"
# Two scripts of a megabyte at most, as JSON.
MAX_BODY = 4 * 1024 * 1024
Steer = Callable[[Controls, Operator, str], Awaitable[None]]
VERBS: Mapping[str, Steer] = {
    "start": Controls.start,
    "pause": Controls.pause,
    "resume": Controls.resume,
    "hold": Controls.hold,
    "abort": Controls.abort,
    "retry_failed": Controls.retry_failed,
    "finish_without": Controls.finish_without,
}


async def run_migration(request: web.Request) -> web.Response:
    """Check a migration and roll it out; 202, it goes on by itself."""
    who = await operator(request)
    order = read_order(await read(request, RunMigrationBody, limit=MAX_BODY))
    rollouts = services(request).rollouts
    made = await rollouts.proposals.propose(who, order, who.request or uuid4().hex)
    return answer(rollout_answer(await rollouts.directory.get(made)), 202)


async def migration_status(request: web.Request) -> web.Response:
    """The newest rollouts, or one with its tenants."""
    await operator(request)
    asked, directory = (
        read_query(request, MigrationStatusQuery),
        services(request).rollouts.directory,
    )
    if not asked.rollout:
        found = await directory.list(limit=asked.limit + 1, after=asked.cursor)
        return answer(rollout_page(found, asked.limit))
    one = await directory.get(asked.rollout)
    review, tenants = await directory.review(one.id), await directory.targets(one.id)
    return answer(RolloutPage(rollouts=[rollout_answer(one, review, tenants)], next=None))


async def control_rollout(request: web.Request) -> web.Response:
    """Pause it, let it go on, end it, or go back."""
    who, body = await operator(request), await read(request, ControlRolloutBody)
    rollout_id, rollouts = request.match_info["id"], services(request).rollouts
    if body.action == "roll_back":
        await rollouts.controls.roll_back(who, rollout_id, body.confirm)
    else:
        await VERBS[body.action](rollouts.controls, who, rollout_id)
    return answer(rollout_answer(await rollouts.directory.get(rollout_id)))


ENDPOINTS = (
    Endpoint(
        "POST",
        f"{PATH}/run",
        run_migration,
        "Roll a migration out",
        "rollouts",
        "admin",
        RunMigrationBody,
        {202: RolloutAnswer},
        description="The SQL is read by PostgreSQL's own grammar, linted and tried on copies; then "
        "it goes to every ready tenant in waves, by itself. What destroys data waits in state "
        "`proposed` for a second admin, who agrees in the ops channel or on the dashboard. A known "
        "version with other SQL is answered 409.",
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "GET",
        f"{PATH}/status",
        migration_status,
        "List rollouts, or get one",
        "rollouts",
        "admin",
        answers={200: RolloutPage},
        query=MigrationStatusQuery,
        errors=(404,),
    ),
    Endpoint(
        "POST",
        f"{PATH}/{{id}}/control",
        control_rollout,
        "Steer a rollout",
        "rollouts",
        "admin",
        ControlRolloutBody,
        {200: RolloutAnswer},
        description="Repeating an action changes nothing more. What the rollout does not allow as "
        "it stands is answered 409.",
        errors=(409,),
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/admin/migrations."""
    return routes_of(ENDPOINTS)
