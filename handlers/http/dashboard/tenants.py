"""Tenants: searched, made, suspended, resumed, deleted after their time, and kept."""

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit, or_drawn_again
from services.errors import DomainError
from services.tenants import STATES, Tenant
from views.dashboard import tenants as views
from views.words import tenants as words
from views.words.dashboard import tenants as say

LIMIT, LINES = 50, 10
TRIAL_DAYS = 14


async def listed(visit: Visit) -> web.Response:
    """The newest first, or what is searched for."""
    state = visit.asked("state")
    found = await visit.services.tenants.directory.list(
        state=state if state in STATES else "",
        words=visit.asked("q"),
        limit=LIMIT + 1,
        after=visit.asked("after"),
    )
    return visit.show(views.listed(found, LIMIT, visit.address, visit.reader))


async def ask_new(visit: Visit) -> web.Response:
    """The form."""
    return visit.show(views.new(visit.reader))


@or_drawn_again(views.new)
async def create(visit: Visit) -> web.Response:
    """A new one."""
    new = views.read_new(visit.typed)
    made = await visit.services.tenants.signups.create(visit.operator, new)
    return visit.done(f"{views.PATH}/{made.id}", say.CREATED, company=made.company)


async def one(visit: Visit) -> web.Response:
    """One with its latest operation and history."""
    tenant, tenants = await _tenant(visit), visit.services.tenants
    admin = await tenants.invitations.admin_of(tenant.id)
    operations, newest = visit.services.operations, tenant.operation_id
    operation = await operations.see(newest) if newest else None
    lines = await visit.services.audit.log.lines(subject_id=tenant.id, limit=LINES)
    return visit.show(views.one(tenant, admin, operation, lines, visit.reader))


async def ask_suspend(visit: Visit) -> web.Response:
    """Why."""
    return visit.show(views.suspend(await _tenant(visit), visit.reader))


async def suspend(visit: Visit) -> web.Response:
    """Close its database."""
    tenant, tenants = await _tenant(visit), visit.services.tenants.directory
    try:
        await tenants.suspend(visit.operator, tenant.id, visit.typed.text(views.REASON))
    except DomainError as error:
        return visit.refused(views.suspend(tenant, visit.reader, visit.typed, error), error)
    return _done(visit, tenant, "suspend")


async def resume(visit: Visit) -> web.Response:
    """Open its database."""
    tenants = visit.services.tenants.directory
    return _done(visit, await tenants.resume(visit.operator, visit.part("id")), "resume")


async def extend(visit: Visit) -> web.Response:
    """Two weeks more of trial."""
    tenants, who = visit.services.tenants.directory, visit.operator
    tenant = await tenants.extend_trial(who, visit.part("id"), TRIAL_DAYS)
    return _done(visit, tenant, "extend")


async def invite(visit: Visit) -> web.Response:
    """A new invitation in place of the old one."""
    tenant = await _tenant(visit)
    await visit.services.tenants.invitations.send_again(visit.operator, tenant.id)
    return _done(visit, tenant, "invite")


async def retry(visit: Visit) -> web.Response:
    """Go on with what failed."""
    tenants = visit.services.tenants.directory
    return _done(visit, await tenants.retry(visit.operator, visit.part("id")), "retry")


async def keep(visit: Visit) -> web.Response:
    """Take a deletion back."""
    tenants = visit.services.tenants.directory
    return _done(visit, await tenants.keep(visit.operator, visit.part("id")), "keep")


async def ask_delete(visit: Visit) -> web.Response:
    """What will happen."""
    return visit.show(views.delete(await _tenant(visit), visit.reader))


async def delete(visit: Visit) -> web.Response:
    """For whoever typed the short name."""
    tenant, tenants = await _tenant(visit), visit.services.tenants.directory
    try:
        await tenants.delete(visit.operator, tenant.id, visit.typed.text(views.CONFIRM))
    except DomainError as error:
        return visit.refused(views.delete(tenant, visit.reader, visit.typed, error), error)
    return _done(visit, tenant, "delete")


async def _tenant(visit: Visit) -> Tenant:
    return await visit.services.tenants.directory.get(visit.part("id"))


def _done(visit: Visit, tenant: Tenant, verb: str) -> web.Response:
    path = f"{views.PATH}/{tenant.id}"
    return visit.done(path, words.DONE[verb], company=tenant.company)


ONE = f"{views.PATH}/{{id}}"
PAGES = (
    Page("GET", views.PATH, listed),
    Page("POST", views.PATH, create),
    Page("GET", views.NEW, ask_new),
    Page("GET", ONE, one),
    Page("GET", f"{ONE}/suspend", ask_suspend),
    Page("POST", f"{ONE}/suspend", suspend),
    Page("POST", f"{ONE}/resume", resume),
    Page("POST", f"{ONE}/extend", extend),
    Page("POST", f"{ONE}/invite", invite),
    Page("POST", f"{ONE}/retry", retry),
    Page("POST", f"{ONE}/keep", keep),
    Page("GET", f"{ONE}/delete", ask_delete, fresh=True),
    Page("POST", f"{ONE}/delete", delete, fresh=True),
)
