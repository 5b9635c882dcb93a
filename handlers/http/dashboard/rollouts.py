"""Rollouts: followed wave by wave, paused, resumed, aborted, retried, rolled back."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web

from handlers.http.dashboard.kit.live import LiveSource, LiveVersion, stream
from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services import Services
from services.actors import Operator
from services.errors import DomainError
from services.rollouts import Controls, Rollout
from views.dashboard import rollouts as views
from views.dashboard.kit.blocks import PageBlock
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import rollouts as say

LIMIT = 50

Control = Callable[[Controls, Operator, str], Awaitable[None]]


async def listed(visit: Visit) -> web.Response:
    """The newest first."""
    after = visit.asked("after")
    found = await visit.services.rollouts.directory.list(limit=LIMIT + 1, after=after)
    return visit.show(views.listed(found, LIMIT, visit.address, visit.reader))


async def one(visit: Visit) -> web.Response:
    """One, with its tenants, its history and its SQL."""
    file = await _file(visit.services, visit.part("id"))
    order = await visit.services.rollouts.directory.order(file.rollout.id)
    return visit.show(views.one(file, order, visit.reader))


async def live(visit: Visit) -> web.StreamResponse:
    """It as it goes."""
    rollout_id = visit.part("id")
    source = LiveSource(
        partial(_version, visit.services, rollout_id), partial(_blocks, visit.services, rollout_id)
    )
    return await stream(visit, f"rollout:{rollout_id}", source)


async def act(visit: Visit) -> web.Response:
    """A verb that needs no more than its button."""
    found, verb = await _rollout(visit), visit.part("verb")
    await VERBS[verb](visit.services.rollouts.controls, visit.operator, found.id)
    return _done(visit, found, verb)


async def ask_abort(visit: Visit) -> web.Response:
    """What it means."""
    return visit.show(views.abort(await _rollout(visit), visit.reader))


async def ask_roll_back(visit: Visit) -> web.Response:
    """What it means, and the field for the version."""
    found = await _rollout(visit)
    review = await visit.services.rollouts.directory.review(found.id)
    return visit.show(views.roll_back(found, review, visit.reader))


async def roll_back(visit: Visit) -> web.Response:
    """For whoever typed the version."""
    found = await _rollout(visit)
    review = await visit.services.rollouts.directory.review(found.id)
    try:
        visit.typed.confirm(views.CONFIRM, found.version)
        controls = visit.services.rollouts.controls
        await controls.roll_back(visit.operator, found.id, found.version)
    except DomainError as error:
        screen = views.roll_back(found, review, visit.reader, visit.typed, error)
        return visit.refused(screen, error)
    return _done(visit, found, "roll_back")


async def _rollout(visit: Visit) -> Rollout:
    return await visit.services.rollouts.directory.get(visit.part("id"))


async def _file(services: Services, rollout_id: str) -> views.RolloutFile:
    rollouts = services.rollouts.directory
    return views.RolloutFile(
        rollout=await rollouts.get(rollout_id),
        tenants=await rollouts.targets(rollout_id),
        events=await rollouts.events(rollout_id),
    )


async def _version(services: Services, rollout_id: str) -> LiveVersion:
    rollouts = services.rollouts.directory
    found, newest = await rollouts.get(rollout_id), await rollouts.events(rollout_id, 1)
    mark = hashlib.sha256(repr((found, newest)).encode()).hexdigest()[:20]
    return LiveVersion(mark, found.is_over)


async def _blocks(services: Services, rollout_id: str, reader: PageReader) -> tuple[PageBlock, ...]:
    return views.rollout_blocks(await _file(services, rollout_id), reader)


def _done(visit: Visit, found: Rollout, verb: str) -> web.Response:
    return visit.done(f"{views.PATH}/{found.id}", say.DONE[verb], version=found.version)


VERBS: Mapping[str, Control] = {
    "pause": Controls.pause,
    "resume": Controls.resume,
    "hold": Controls.hold,
    "go_on": Controls.watched_enough,
    "retry": Controls.retry_failed,
    "finish": Controls.finish_without,
    "abort": Controls.abort,
}
ONE = f"{views.PATH}/{{id}}"
PAGES = (
    Page("GET", views.PATH, listed),
    Page("GET", ONE, one),
    Page("GET", f"{ONE}/live", live),
    Page("GET", f"{ONE}/abort", ask_abort),
    Page("GET", f"{ONE}/roll_back", ask_roll_back, fresh=True),
    Page("POST", f"{ONE}/roll_back", roll_back, fresh=True),
    Page("POST", f"{ONE}/{{verb:{'|'.join(VERBS)}}}", act),
)
