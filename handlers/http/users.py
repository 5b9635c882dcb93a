"""Users of client apps for whoever runs the business: created, provisioned, changed, revoked."""

import re
from datetime import timedelta

from aiohttp import web

from handlers.http.kit.context import REPEATS, operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read, read_query, routes_of
from handlers.http.kit.problems import Problem
from services.users import PENDING, User, until_provisioned
from views.api.credits import StatementAnswer, statement_answer
from views.api.kit.wire import PageQuery
from views.api.users import (
    CreditsAnswer,
    CreditsBody,
    NewUserBody,
    UserAnswer,
    UserBody,
    UserListQuery,
    UserPage,
    UserQuery,
    credits_answer,
    read_new_user,
    read_user_changes,
    user_answer,
    user_page,
)

PATH = "/core/v1/admin/users"
# RFC 7240: how long the caller would rather wait than ask again.
PREFER, USUAL_WAIT = "Prefer", timedelta(seconds=10)
WAIT = re.compile(r"\bwait\s*=\s*(\d{1,3})\b")
AT_ONCE = "respond-async"
WAITS = {
    PREFER: "`wait=30` waits so many seconds at most for the provisioning (10 without it), "
    "`respond-async` not at all"
}
NO_KEY = "Send an Idempotency-Key, made before the first try: credits are then never booked twice."


async def search(request: web.Request) -> web.Response:
    """A page of users, newest first, with or without a key that works."""
    await operator(request)
    asked = read_query(request, UserListQuery)
    provisioned = None if asked.provisioned is None else asked.provisioned == "true"
    found = await services(request).users.accounts.list(
        provisioned=provisioned, words=asked.search, limit=asked.limit + 1, after=asked.cursor
    )
    balances = await services(request).credits.accounts.balances([one.id for one in found])
    return answer(user_page(found, balances, asked.limit))


async def create(request: web.Request) -> web.Response:
    """Create a user and provision them; 201 once that is over, 202 while it goes on."""
    who = await operator(request)
    new = read_new_user(await read(request, NewUserBody))
    made = await services(request).users.accounts.create_by_admin(who, new)
    return await _told(request, await _awaited(request, made.id), done=201)


async def find(request: web.Request) -> web.Response:
    """One user by id; 404 when there is none."""
    await operator(request)
    asked, user_id = read_query(request, UserQuery), request.match_info["id"]
    users = services(request).users
    user = await users.accounts.get(user_id)
    usage = await users.keys.usage(user_id) if asked.usage == "true" else None
    balance = await services(request).credits.accounts.balance(user_id)
    return answer(user_answer(user, balance, usage))


async def update(request: web.Request) -> web.Response:
    """Limit the key, switch it off or on."""
    who = await operator(request)
    changes = read_user_changes(await read(request, UserBody))
    user_id = request.match_info["id"]
    return await _told(
        request, await services(request).users.accounts.change(who, user_id, changes)
    )


async def revoke(request: web.Request) -> web.Response:
    """End the key for good."""
    who = await operator(request)
    return await _told(
        request, await services(request).users.accounts.revoke(who, request.match_info["id"])
    )


async def provision(request: web.Request) -> web.Response:
    """Provision again; 200 once that is over, 202 while it goes on."""
    who = await operator(request)
    user = await services(request).users.accounts.provision(who, request.match_info["id"])
    return await _told(request, await _awaited(request, user.id))


async def book(request: web.Request) -> web.Response:
    """Give credits or take them back, once for the caller's key."""
    who = await operator(request)
    if not who.request:
        raise Problem(400, "idempotency_key_missing", NO_KEY, param="Idempotency-Key")
    body, user_id = await read(request, CreditsBody), request.match_info["id"]
    await services(request).users.accounts.get(user_id)
    accounts = services(request).credits.accounts
    entry = await accounts.adjust(who, user_id, body.amount, body.reason)
    return answer(credits_answer(entry, await accounts.balance(user_id)))


async def statement(request: web.Request) -> web.Response:
    """What changed a user's credits, newest first."""
    await operator(request)
    asked, user_id = read_query(request, PageQuery), request.match_info["id"]
    await services(request).users.accounts.get(user_id)
    found = await services(request).credits.accounts.statement(
        user_id, after=asked.cursor, limit=asked.limit + 1
    )
    return answer(statement_answer(found, asked.limit))


async def _awaited(request: web.Request, user_id: str) -> User:
    prefers = ",".join(request.headers.getall(PREFER, ())).lower()
    wait = WAIT.search(prefers)
    patience = timedelta(seconds=int(wait[1])) if wait else USUAL_WAIT
    if AT_ONCE in prefers:
        patience = timedelta(0)
    return await until_provisioned(services(request).users.accounts, user_id, patience)


async def _told(request: web.Request, user: User, *, done: int = 200) -> web.Response:
    balance = await services(request).credits.accounts.balance(user.id)
    status = 202 if user.status == PENDING else done
    return answer(user_answer(user, balance), status)


ENDPOINTS = (
    Endpoint(
        "GET",
        PATH,
        search,
        "List and search users",
        "users",
        "admin",
        answers={200: UserPage},
        query=UserListQuery,
        description="`provisioned=false` are those without a key that works: they wait, failed or "
        "were revoked.",
    ),
    Endpoint(
        "POST",
        PATH,
        create,
        "Create and provision a user",
        "users",
        "admin",
        NewUserBody,
        {201: UserAnswer, 202: UserAnswer},
        description="Makes the account at Supabase Auth, confirmed and without an e-mail, gives "
        "the initial credits and a key at OpenRouter. 202 when that takes longer: it goes on by "
        "itself.",
        errors=(409,),
        headers={**REPEATS, **WAITS},
    ),
    Endpoint(
        "GET",
        f"{PATH}/{{id}}",
        find,
        "Get a user",
        "users",
        "admin",
        answers={200: UserAnswer},
        query=UserQuery,
    ),
    Endpoint(
        "PATCH",
        f"{PATH}/{{id}}",
        update,
        "Limit or switch off a user’s key",
        "users",
        "admin",
        UserBody,
        {200: UserAnswer, 202: UserAnswer},
        description="At OpenRouter first. A revoked user is answered 409: only provisioning again "
        "makes a new key. 202 while the user is still being provisioned: the key will be made so.",
        errors=(409,),
    ),
    Endpoint(
        "DELETE",
        f"{PATH}/{{id}}",
        revoke,
        "Revoke a user’s key for good",
        "users",
        "admin",
        answers={200: UserAnswer},
        description="The key ends at OpenRouter; while that does not answer, it is tried again. "
        "Credits and entries stay. Repeating it changes nothing.",
    ),
    Endpoint(
        "POST",
        f"{PATH}/{{id}}/provision",
        provision,
        "Provision a user again",
        "users",
        "admin",
        answers={200: UserAnswer, 202: UserAnswer},
        description="Goes on where it failed; a revoked user gets a new key. Credits are given "
        "once whatever happens. A user who has everything is answered 409.",
        errors=(409,),
        headers={**REPEATS, **WAITS},
    ),
    Endpoint(
        "POST",
        f"{PATH}/{{id}}/credits",
        book,
        "Give or take back credits",
        "users",
        "admin",
        CreditsBody,
        {200: CreditsAnswer},
        description="The Idempotency-Key is needed here and never forgotten. What was spent or set "
        "aside cannot be taken back: 409.",
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "GET",
        f"{PATH}/{{id}}/credits",
        statement,
        "List the credit entries of a user",
        "users",
        "admin",
        answers={200: StatementAnswer},
        query=PageQuery,
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /core/v1/admin/users."""
    return routes_of(ENDPOINTS)
