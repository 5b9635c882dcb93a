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
from services.errors import DomainError, NotFound
from services.rollouts import Controls, Rollout, RolloutTarget
from views.dashboard import rollout_questions as questions
from views.dashboard import rollouts as views
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import PageBlock
from views.dashboard.kit.reader import PageReader
from views.dashboard.rollout_parts import CONFIRM, PATH, path_of
from views.words.dashboard import rollouts as say

LIMIT = 50

Control = Callable[[Controls, Operator, str], Awaitable[None]]


async def listed(visit: Visit) -> web.Response:
    """The newest first."""
    found = await _page(visit.services, visit.asked("after"))
    return visit.show(views.listed(found, LIMIT, visit.address, visit.reader))


async def list_live(visit: Visit) -> web.StreamResponse:
    """The list as each of them goes."""
    after = visit.asked("after")
    # Viewers of one region share it: its links are those of the list itself.
    at = Address(PATH, {"after": after})
    source = LiveSource(
        partial(_page_version, visit.services, after),
        partial(_page_blocks, visit.services, at),
    )
    return await stream(visit, f"rollouts:{after}", source)


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
    return visit.show(questions.abort(await _rollout(visit), visit.reader))


async def ask_roll_back(visit: Visit) -> web.Response:
    """What it means, and the field for the version."""
    found = await _rollout(visit)
    review = await visit.services.rollouts.directory.review(found.id)
    return visit.show(questions.roll_back(found, review, visit.reader))


async def roll_back(visit: Visit) -> web.Response:
    """For whoever typed the version."""
    found = await _rollout(visit)
    review = await visit.services.rollouts.directory.review(found.id)
    try:
        visit.typed.confirm(CONFIRM, found.version)
        controls = visit.services.rollouts.controls
        await controls.roll_back(visit.operator, found.id, found.version)
    except DomainError as error:
        screen = questions.roll_back(found, review, visit.reader, visit.typed, error)
        return visit.refused(screen, error)
    return _done(visit, found, "roll_back")


async def ask_quarantine(visit: Visit) -> web.Response:
    """How the tenant's schema differs, and two ways out."""
    found, tenant = await _rollout(visit), await _tenant(visit)
    return visit.show(questions.quarantine(found, tenant, visit.reader))


async def leave_quarantine(visit: Visit) -> web.Response:
    """It was mended, or is taken as the admin was shown it."""
    found, tenant = await _rollout(visit), await _tenant(visit)
    controls, who = visit.services.rollouts.controls, visit.operator
    if visit.part("way") == "retry":
        await controls.retry_drifted(who, found.id, tenant.tenant_id)
    else:
        shown = visit.typed.text(questions.FOUND)
        await controls.take_as_baseline(who, found.id, tenant.tenant_id, shown)
    return visit.done(
        path_of(found), say.OUT_OF_QUARANTINE, tenant=tenant.name, version=found.version
    )


async def _tenant(visit: Visit) -> RolloutTarget:
    tenants = await visit.services.rollouts.directory.targets(visit.part("id"))
    wanted = visit.part("tenant")
    for one in tenants:
        if one.tenant_id == wanted and one.state == "drifted":
            return one
    raise NotFound(say.NOT_IN_QUARANTINE)


async def _rollout(visit: Visit) -> Rollout:
    return await visit.services.rollouts.directory.get(visit.part("id"))


async def _file(services: Services, rollout_id: str) -> views.RolloutFile:
    rollouts = services.rollouts.directory
    found = await rollouts.get(rollout_id)
    unchanged = found.state in views.UNCHANGED
    return views.RolloutFile(
        rollout=found,
        tenants=() if unchanged else await rollouts.targets(rollout_id),
        events=await rollouts.events(rollout_id),
        review=await rollouts.review(rollout_id) if unchanged else None,
    )


async def _page(services: Services, after: str) -> tuple[Rollout, ...]:
    return await services.rollouts.directory.list(limit=LIMIT + 1, after=after)


async def _page_version(services: Services, after: str) -> LiveVersion:
    return LiveVersion(_mark(await _page(services, after)), over=False)


async def _page_blocks(
    services: Services, at: Address, reader: PageReader
) -> tuple[PageBlock, ...]:
    found = await _page(services, at.text("after"))
    return views.list_blocks(found, LIMIT, at, reader)


async def _version(services: Services, rollout_id: str) -> LiveVersion:
    rollouts = services.rollouts.directory
    found, newest = await rollouts.get(rollout_id), await rollouts.events(rollout_id, 1)
    return LiveVersion(_mark((found, newest)), found.is_over)


def _mark(of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()[:20]


async def _blocks(services: Services, rollout_id: str, reader: PageReader) -> tuple[PageBlock, ...]:
    return views.rollout_blocks(await _file(services, rollout_id), reader)


def _done(visit: Visit, found: Rollout, verb: str) -> web.Response:
    return visit.done(path_of(found), say.DONE[verb], version=found.version)


VERBS: Mapping[str, Control] = {
    "pause": Controls.pause,
    "resume": Controls.resume,
    "hold": Controls.hold,
    "go_on": Controls.watched_enough,
    "retry": Controls.retry_failed,
    "finish": Controls.finish_without,
    "abort": Controls.abort,
}
ONE = f"{PATH}/{{id}}"
TENANT = f"{ONE}/tenants/{{tenant}}"
PAGES = (
    Page("GET", PATH, listed),
    Page("GET", f"{PATH}/live", list_live),
    Page("GET", ONE, one),
    Page("GET", f"{ONE}/live", live),
    Page("GET", f"{ONE}/abort", ask_abort),
    Page("GET", f"{ONE}/roll_back", ask_roll_back, fresh=True),
    Page("POST", f"{ONE}/roll_back", roll_back, fresh=True),
    Page("GET", TENANT, ask_quarantine),
    Page("POST", f"{TENANT}/{{way:retry|baseline}}", leave_quarantine),
    Page("POST", f"{ONE}/{{verb:{'|'.join(VERBS)}}}", act),
)
