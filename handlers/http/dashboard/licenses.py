"""Licenses: searched, issued, renewed, suspended, given new keys, transferred, cancelled."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services.errors import DomainError
from services.licensing import License, LicenseSearch
from views.dashboard import license_verbs as verbs
from views.dashboard import licenses as views
from views.dashboard.kit.frame import FlashNotice
from views.words.dashboard import licenses as say

LIMIT, LINES = 50, 15

Verb = Callable[[Visit, License], Awaitable[str]]


async def listed(visit: Visit) -> web.Response:
    """The newest first, or what is filtered."""
    search = LicenseSearch(
        words=visit.asked("q"),
        plan=visit.asked("plan"),
        status=visit.asked("status"),
        limit=LIMIT + 1,
        after=visit.asked("after"),
    )
    licensing = visit.services.licensing
    found, plans = await licensing.licenses.search(search), await licensing.plans.available()
    return visit.show(views.listed(found, LIMIT, plans, visit.address, visit.reader))


async def ask_new(visit: Visit) -> web.Response:
    """The form, for a customer perhaps."""
    plans = await visit.services.licensing.plans.available()
    return visit.show(views.new(plans, visit.asked("email"), visit.reader))


async def issue(visit: Visit) -> web.Response:
    """One license, once for the form that was drawn."""
    licensing, typed = visit.services.licensing, visit.typed
    plans = await licensing.plans.available()
    try:
        order = views.read_order(typed, plans)
        made = await licensing.licenses.issue(visit.operator, order, visit.request_id)
    except DomainError as error:
        return visit.refused(views.new(plans, "", visit.reader, typed, error), error)
    path = f"{views.PATH}/{made.license.id}"
    return visit.done(path, say.WAS_ISSUED, email=made.license.email)


async def one(visit: Visit) -> web.Response:
    """One with its sites and history."""
    license = await visit.services.licensing.licenses.find(visit.part("id"))
    sites = await visit.services.licensing.sites.listed(license.id)
    lines = await visit.services.audit.log.lines(subject_id=license.id, limit=LINES)
    return visit.show(views.one(license, sites, lines, visit.reader))


async def reveal(visit: Visit) -> web.Response:
    """The key itself; the audit log tells."""
    licenses = visit.services.licensing.licenses
    license = await licenses.find(visit.part("id"))
    key = await licenses.key(visit.operator, license.id)
    return visit.show(views.key_shown(license, key, visit.reader))


async def ask(visit: Visit) -> web.Response:
    """The form of a verb."""
    license = await visit.services.licensing.licenses.find(visit.part("id"))
    return visit.show(verbs.ask(license, visit.part("verb"), visit.reader))


async def act(visit: Visit) -> web.Response:
    """Do it, or say why not with what was typed."""
    license, verb = (
        await visit.services.licensing.licenses.find(visit.part("id")),
        visit.part("verb"),
    )
    try:
        told = await VERBS[verb](visit, license)
    except DomainError as error:
        if verb not in verbs.VERBS:
            raise
        return visit.refused(verbs.ask(license, verb, visit.reader, visit.typed, error), error)
    return visit.go_on(f"{views.PATH}/{license.id}", FlashNotice(told))


async def _renew(visit: Visit, license: License) -> str:
    months = visit.typed.number(verbs.MONTHS) or 0
    renewed = await visit.services.licensing.licenses.renew(visit.operator, license.id, months)
    day = visit.reader.day(renewed.expires_at) if renewed.expires_at else ""
    return visit.reader(say.RENEWED, day=day)


async def _suspend(visit: Visit, license: License) -> str:
    reason = visit.typed.text(verbs.REASON)
    await visit.services.licensing.licenses.suspend(visit.operator, license.id, reason)
    return visit.reader(say.WAS_SUSPENDED)


async def _reinstate(visit: Visit, license: License) -> str:
    await visit.services.licensing.licenses.reinstate(visit.operator, license.id)
    return visit.reader(say.REINSTATED)


async def _cancel(visit: Visit, license: License) -> str:
    visit.typed.confirm(verbs.CONFIRM, license.email)
    reason = visit.typed.text(verbs.REASON)
    await visit.services.licensing.licenses.cancel(visit.operator, license.id, reason)
    return visit.reader(say.WAS_CANCELLED)


async def _rotate(visit: Visit, license: License) -> str:
    overlap = timedelta(hours=visit.typed.wanted_number(verbs.OVERLAP))
    await visit.services.licensing.licenses.rotate(visit.operator, license.id, overlap)
    return visit.reader(say.ROTATED)


async def _transfer(visit: Visit, license: License) -> str:
    email = visit.typed.text(verbs.EMAIL)
    moved = await visit.services.licensing.licenses.transfer(visit.operator, license.id, email)
    return visit.reader(say.TRANSFERRED, email=moved.email)


async def _limit(visit: Visit, license: License) -> str:
    dollars = visit.typed.number(verbs.DOLLARS)
    budget = None if dollars is None else dollars * views.MICRO
    await visit.services.licensing.licenses.limit_budget(visit.operator, license.id, budget)
    return visit.reader(say.LIMITED)


async def _deliver(visit: Visit, license: License) -> str:
    await visit.services.licensing.licenses.deliver(
        visit.operator, license.id, request_id=visit.request_id
    )
    return visit.reader(say.DELIVERED, email=license.email)


VERBS: Mapping[str, Verb] = {
    "renew": _renew,
    "suspend": _suspend,
    "reinstate": _reinstate,
    "cancel": _cancel,
    "rotate": _rotate,
    "transfer": _transfer,
    "limit": _limit,
    "deliver": _deliver,
}
ONE = f"{views.PATH}/{{id}}"
ASKED, DONE = "|".join(verbs.VERBS), "|".join(VERBS)
DANGEROUS = "cancel|rotate"
PAGES = (
    Page("GET", views.PATH, listed),
    Page("POST", views.PATH, issue),
    Page("GET", views.NEW, ask_new),
    Page("GET", ONE, one),
    Page("POST", f"{ONE}/key", reveal),
    Page("GET", f"{ONE}/{{verb:{DANGEROUS}}}", ask, fresh=True),
    Page("POST", f"{ONE}/{{verb:{DANGEROUS}}}", act, fresh=True),
    Page("GET", f"{ONE}/{{verb:{ASKED}}}", ask),
    Page("POST", f"{ONE}/{{verb:{DONE}}}", act),
)
