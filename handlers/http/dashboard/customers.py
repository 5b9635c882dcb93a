"""Customers: searched, made, changed, blocked, deleted with everything they own."""

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit, or_drawn_again
from services.errors import DomainError
from services.licensing import CustomerChanges, License, LicenseSearch
from views.dashboard import customers as views
from views.dashboard.access import access
from views.words.dashboard import customers as say

LIMIT = 50
LICENSES, LINES = 200, 10


async def listed(visit: Visit) -> web.Response:
    """The newest first, or what is searched for."""
    found = await visit.services.licensing.customers.search(
        visit.asked("q"), limit=LIMIT + 1, after=visit.asked("after")
    )
    return visit.show(views.listed(found, LIMIT, visit.address, visit.reader))


async def ask_new(visit: Visit) -> web.Response:
    """The form."""
    return visit.show(views.new(visit.reader))


@or_drawn_again(views.new)
async def create(visit: Visit) -> web.Response:
    """A new one."""
    new = views.read_new(visit.typed)
    made = await visit.services.licensing.customers.create(visit.operator, new)
    return visit.done(f"{views.PATH}/{made.id}", say.CREATED, name=made.name)


async def one(visit: Visit) -> web.Response:
    """One with licenses, history, and why their access is what it is."""
    customer = await visit.services.licensing.customers.find(visit.part("id"))
    reason = await visit.services.billing.explaining.of_customer(customer.id)
    lines = await visit.services.audit.log.lines(subject_id=customer.id, limit=LINES)
    licenses = await _licenses(visit, customer.id)
    why = access(reason, visit.reader)
    return visit.show(views.one(customer, licenses, lines, visit.reader, why))


async def ask_edit(visit: Visit) -> web.Response:
    """The form."""
    customer = await visit.services.licensing.customers.find(visit.part("id"))
    return visit.show(views.edit(customer, visit.reader))


async def edit(visit: Visit) -> web.Response:
    """Address, name, notes."""
    customers = visit.services.licensing.customers
    customer, changes = await customers.find(visit.part("id")), views.read_changes(visit.typed)
    try:
        await customers.update(visit.operator, customer.id, changes)
    except DomainError as error:
        return visit.refused(views.edit(customer, visit.reader, visit.typed, error), error)
    return visit.done(f"{views.PATH}/{customer.id}", say.SAVED)


async def block(visit: Visit) -> web.Response:
    """Suspend all of theirs."""
    changes = CustomerChanges(status="blocked")
    customer = await visit.services.licensing.customers.update(
        visit.operator, visit.part("id"), changes
    )
    return visit.done(f"{views.PATH}/{customer.id}", say.BLOCKED_NOW, name=customer.name)


async def unblock(visit: Visit) -> web.Response:
    """Let theirs work again."""
    changes = CustomerChanges(status="active")
    customer = await visit.services.licensing.customers.update(
        visit.operator, visit.part("id"), changes
    )
    return visit.done(f"{views.PATH}/{customer.id}", say.UNBLOCKED_NOW, name=customer.name)


async def ask_delete(visit: Visit) -> web.Response:
    """What would be gone."""
    customer = await visit.services.licensing.customers.find(visit.part("id"))
    licenses = len(await _licenses(visit, customer.id))
    return visit.show(views.delete(customer, licenses, visit.reader))


async def delete(visit: Visit) -> web.Response:
    """All of it, for whoever typed the address."""
    customer = await visit.services.licensing.customers.find(visit.part("id"))
    try:
        visit.typed.confirm(views.CONFIRM, customer.email)
        await visit.services.billing.desk.delete(visit.operator, customer.id)
    except DomainError as error:
        licenses = len(await _licenses(visit, customer.id))
        screen = views.delete(customer, licenses, visit.reader, visit.typed, error)
        return visit.refused(screen, error)
    return visit.done(views.PATH, say.DELETED, name=customer.name)


async def _licenses(visit: Visit, customer_id: str) -> tuple[License, ...]:
    search = LicenseSearch(customer_id=customer_id, limit=LICENSES)
    return await visit.services.licensing.licenses.search(search)


ONE = f"{views.PATH}/{{id}}"
PAGES = (
    Page("GET", views.PATH, listed),
    Page("POST", views.PATH, create),
    Page("GET", views.NEW, ask_new),
    Page("GET", ONE, one),
    Page("GET", f"{ONE}/edit", ask_edit),
    Page("POST", f"{ONE}/edit", edit),
    Page("POST", f"{ONE}/block", block),
    Page("POST", f"{ONE}/unblock", unblock),
    Page("GET", f"{ONE}/delete", ask_delete, fresh=True),
    Page("POST", f"{ONE}/delete", delete, fresh=True),
)
