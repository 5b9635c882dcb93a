"""Rollouts before they start: asked for, changed, started, agreed to, put away."""

from dataclasses import replace

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.rollouts import Rollout, RolloutOrder, RolloutReview
from views.dashboard import rollout_form as forms
from views.dashboard import rollout_questions as views
from views.dashboard.rollout_parts import CONFIRM, PATH, path_of
from views.words.dashboard import rollouts as say

# Two scripts of a megabyte at most, as a browser encodes them.
MAX_BYTES = 8 * 1024 * 1024
MOST_FILES = 50


async def ask_new(visit: Visit) -> web.Response:
    """The form: empty, or with the files of the version in the address."""
    version = visit.asked("version")
    up_sql, down_sql = await visit.services.rollouts.files.read(version) if version else ("", "")
    order = replace(forms.BEGUN, version=version, up_sql=up_sql, down_sql=down_sql)
    return visit.show(forms.new(order, await _files(visit), visit.reader))


async def create(visit: Visit) -> web.Response:
    """Its check begins."""
    try:
        return await _propose(visit, await _typed(visit))
    except DomainError as error:
        told = _beside(error)
        screen = forms.new(forms.BEGUN, await _files(visit), visit.reader, visit.typed, told)
        return visit.refused(screen, told)


async def ask_change(visit: Visit) -> web.Response:
    """The form with all that was asked for."""
    found = await _rollout(visit)
    return visit.show(forms.change(found, await _order(visit, found), visit.reader))


async def change(visit: Visit) -> web.Response:
    """Another proposal in place of this one."""
    found = await _rollout(visit)
    try:
        answer = await _propose(visit, await _typed(visit))
    except DomainError as error:
        told, order = _beside(error), await _order(visit, found)
        return visit.refused(forms.change(found, order, visit.reader, visit.typed, told), told)
    await _put_away(visit, found)
    return answer


async def ask_start(visit: Visit) -> web.Response:
    """Whom it reaches, and the field for the version."""
    found = await _rollout(visit)
    return visit.show(views.start(found, await _review(visit, found), visit.reader))


async def start(visit: Visit) -> web.Response:
    """For whoever typed the version."""
    found = await _rollout(visit)
    try:
        visit.typed.confirm(CONFIRM, found.version)
        await visit.services.rollouts.controls.start(visit.operator, found.id)
    except DomainError as error:
        review = await _review(visit, found)
        return visit.refused(views.start(found, review, visit.reader, visit.typed, error), error)
    return visit.done(path_of(found), say.DONE["start"], version=found.version)


async def ask_approve(visit: Visit) -> web.Response:
    """What is agreed to; whoever proposed it reads that it needs another."""
    found, who = await _rollout(visit), visit.operator
    if (found.operator.kind, found.operator.id) == (who.kind, who.id):
        return visit.show(views.own(found, visit.reader))
    return visit.show(views.approve(found, await _proposal(visit, found), visit.reader))


async def approve(visit: Visit) -> web.Response:
    """As the second admin, to just the SQL that was shown."""
    found = await _rollout(visit)
    try:
        visit.typed.confirm(CONFIRM, found.version)
        shown = visit.typed.text(views.HASH)
        await visit.services.rollouts.controls.approve(visit.operator, found.id, shown)
    except DomainError as error:
        proposal = await _proposal(visit, found)
        screen = views.approve(found, proposal, visit.reader, visit.typed, error)
        return visit.refused(screen, error)
    return visit.done(path_of(found), say.DONE["approve"], version=found.version)


async def withdraw(visit: Visit) -> web.Response:
    """Put a proposal away."""
    found = await _rollout(visit)
    await visit.services.rollouts.controls.withdraw(visit.operator, found.id)
    return visit.done(path_of(found), say.DONE["withdraw"], version=found.version)


async def _propose(visit: Visit, order: RolloutOrder) -> web.Response:
    proposals = visit.services.rollouts.proposals
    made = await proposals.propose(visit.operator, order, visit.request_id)
    return visit.done(f"{PATH}/{made}", say.CHECKING, version=order.version)


async def _put_away(visit: Visit, found: Rollout) -> None:
    if found.state in ("checking", "proposed"):
        try:
            await visit.services.rollouts.controls.withdraw(visit.operator, found.id)
        except Conflict:
            # Somebody started it meanwhile: it goes on, and the new one waits for it.
            return


async def _typed(visit: Visit) -> RolloutOrder:
    """What was typed; empty SQL stands for the version's files."""
    order = forms.read(visit.typed, visit.reader.language)
    if order.up_sql or not order.version or not await _files(visit):
        return order
    try:
        up_sql, down_sql = await visit.services.rollouts.files.read(order.version)
    except NotFound as error:
        raise Invalid(error.phrase, field=forms.SQL, **error.values) from error
    return replace(order, up_sql=up_sql, down_sql=order.down_sql or down_sql)


async def _files(visit: Visit) -> tuple[str, ...]:
    """Versions of the directory that not every tenant has; none without a directory."""
    rollouts = visit.services.rollouts
    try:
        versions = await rollouts.files.versions()
    except NotFound:
        return ()
    finished = await rollouts.directory.finished()
    return tuple(one for one in versions if one not in finished)[:MOST_FILES]


async def _rollout(visit: Visit) -> Rollout:
    return await visit.services.rollouts.directory.get(visit.part("id"))


async def _review(visit: Visit, found: Rollout) -> RolloutReview:
    review = await visit.services.rollouts.directory.review(found.id)
    if review is None:
        raise Conflict(say.NOT_CHECKED)
    return review


async def _order(visit: Visit, found: Rollout) -> RolloutOrder:
    """As it was asked for; who goes first is named, be it chosen by a person or by us."""
    directory = visit.services.rollouts.directory
    order, review = await directory.order(found.id), await directory.review(found.id)
    return replace(order, canary=review.canary) if review is not None else order


async def _proposal(visit: Visit, found: Rollout) -> tuple[RolloutReview, RolloutOrder]:
    order = await visit.services.rollouts.directory.order(found.id)
    return await _review(visit, found), order


def _beside(error: DomainError) -> DomainError:
    """A version that is known with other SQL is told beside the version."""
    if isinstance(error, Conflict):
        return Invalid(error.phrase, field=forms.VERSION, **error.values)
    return error


ONE = f"{PATH}/{{id}}"
PAGES = (
    Page("GET", forms.NEW, ask_new),
    Page("POST", PATH, create, limit=MAX_BYTES),
    Page("GET", f"{ONE}/change", ask_change),
    Page("POST", f"{ONE}/change", change, limit=MAX_BYTES),
    Page("GET", f"{ONE}/start", ask_start, fresh=True),
    Page("POST", f"{ONE}/start", start, fresh=True),
    Page("GET", f"{ONE}/approve", ask_approve, fresh=True),
    Page("POST", f"{ONE}/approve", approve, fresh=True),
    Page("POST", f"{ONE}/withdraw", withdraw),
)
