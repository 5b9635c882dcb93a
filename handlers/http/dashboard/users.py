"""Users of client apps: searched, made to try, provisioned again, given credits, revoked."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit, or_drawn_again
from services.errors import DomainError, NotFound
from services.users import User
from views.dashboard import users as views
from views.dashboard.kit.frame import FlashNotice
from views.words.dashboard import users as say

LIMIT, ENTRIES = 50, 20
PROVISIONED = {"true": True, "false": False}

Verb = Callable[[Visit, User], Awaitable[str]]


async def listed(visit: Visit) -> web.Response:
    """The newest first, with or without a key that works."""
    found = await visit.services.users.accounts.list(
        provisioned=PROVISIONED.get(visit.asked("provisioned")),
        words=visit.asked("q"),
        limit=LIMIT + 1,
        after=visit.asked("after"),
    )
    balances = await visit.services.credits.accounts.balances([one.id for one in found])
    return visit.show(views.listed(found, LIMIT, balances, visit.address, visit.reader))


async def ask_new(visit: Visit) -> web.Response:
    """The form."""
    return visit.show(views.new(visit.reader))


@or_drawn_again(views.new)
async def create(visit: Visit) -> web.Response:
    """A test user, who is provisioned while one looks on."""
    new = views.read_new(visit.typed)
    made = await visit.services.users.accounts.create_by_admin(visit.operator, new)
    return visit.done(f"{views.PATH}/{made.id}", say.CREATED, email=made.email)


async def one(visit: Visit) -> web.Response:
    """One with credits and the newest provisioning."""
    services, user_id = visit.services, visit.part("id")
    user = await services.users.accounts.get(user_id)
    balance = await services.credits.accounts.balance(user_id)
    entries = await services.credits.accounts.statement(user_id, limit=ENTRIES)
    try:
        operation = await services.operations.see(user.operation_id) if user.operation_id else None
    except NotFound:
        operation = None
    return visit.show(views.one(views.UserFile(user, balance, entries, operation), visit.reader))


async def ask(visit: Visit) -> web.Response:
    """The form of a verb."""
    user = await visit.services.users.accounts.get(visit.part("id"))
    return visit.show(views.ask(user, visit.part("verb"), visit.reader))


async def act(visit: Visit) -> web.Response:
    """Do it, or say why not with what was typed."""
    user, verb = await visit.services.users.accounts.get(visit.part("id")), visit.part("verb")
    try:
        told = await VERBS[verb](visit, user)
    except DomainError as error:
        if verb not in views.VERBS:
            raise
        return visit.refused(views.ask(user, verb, visit.reader, visit.typed, error), error)
    return visit.go_on(f"{views.PATH}/{user.id}", FlashNotice(told))


async def _provision(visit: Visit, user: User) -> str:
    await visit.services.users.accounts.provision(visit.operator, user.id)
    return visit.reader(say.PROVISIONING)


async def _book(visit: Visit, user: User) -> str:
    amount, accounts = visit.typed.number(views.AMOUNT) or 0, visit.services.credits.accounts
    await accounts.adjust(visit.operator, user.id, amount, visit.typed.text(views.REASON))
    balance = await accounts.balance(user.id)
    return visit.reader(say.BOOKED, balance=visit.reader.number(balance.available))


async def _change(visit: Visit, user: User) -> str:
    changes = views.read_changes(visit.typed)
    await visit.services.users.accounts.change(visit.operator, user.id, changes)
    return visit.reader(say.CHANGED)


async def _revoke(visit: Visit, user: User) -> str:
    visit.typed.confirm(views.CONFIRM, user.email)
    await visit.services.users.accounts.revoke(visit.operator, user.id)
    return visit.reader(say.REVOKED, email=user.email)


VERBS: Mapping[str, Verb] = {
    "credits": _book,
    "key": _change,
    "revoke": _revoke,
    "provision": _provision,
}
ONE = f"{views.PATH}/{{id}}"
PAGES = (
    Page("GET", views.PATH, listed),
    Page("POST", views.PATH, create),
    Page("GET", views.NEW, ask_new),
    Page("GET", ONE, one),
    Page("GET", f"{ONE}/{{verb:revoke}}", ask, fresh=True),
    Page("POST", f"{ONE}/{{verb:revoke}}", act, fresh=True),
    Page("GET", f"{ONE}/{{verb:credits|key}}", ask),
    Page("POST", f"{ONE}/{{verb:credits|key|provision}}", act),
)
