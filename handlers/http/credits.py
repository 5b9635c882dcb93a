"""A signed-in user's credits: what they have, what a call would take, what happened."""

from aiohttp import web

from handlers.http.kit.context import services, signed_in
from handlers.http.kit.endpoints import Endpoint, answer, read, read_query, routes_of
from handlers.http.kit.problems import HEADERS
from services.credits import credits_for
from views.api.credits import (
    BalanceAnswer,
    EstimateAnswer,
    EstimateBody,
    StatementAnswer,
    StatementQuery,
    balance_answer,
    estimate_answer,
    statement_answer,
    statement_csv,
)

PATH = "/core/v1/credits"
CSV = "text/csv"


async def balance(request: web.Request) -> web.Response:
    """What the user has."""
    who = await signed_in(request)
    return answer(balance_answer(await services(request).credits.accounts.balance(who.user_id)))


async def estimate(request: web.Request) -> web.Response:
    """What one call would take of it."""
    who = await signed_in(request)
    asked = await read(request, EstimateBody)
    estimates, accounts = services(request).gateway.estimates, services(request).credits.accounts
    if asked.text is not None:
        found = estimates.of_text(asked.model, asked.text, asked.output_tokens)
    else:
        found = estimates.of_tokens(asked.model, asked.input_tokens or 0, asked.output_tokens)
    has = await accounts.balance(who.user_id)
    return answer(estimate_answer(found, credits_for(found.cost_micro), has.available))


async def statement(request: web.Request) -> web.Response:
    """What changed it, newest first."""
    who = await signed_in(request)
    asked = read_query(request, StatementQuery)
    accounts = services(request).credits.accounts
    if asked.format == "csv":
        named = {**HEADERS, "Content-Disposition": 'attachment; filename="credits.csv"'}
        body = statement_csv(await accounts.export(who.user_id))
        return web.Response(body=body, content_type=CSV, charset="utf-8", headers=named)
    found = await accounts.statement(who.user_id, after=asked.cursor, limit=asked.limit + 1)
    return answer(statement_answer(found, asked.limit))


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{PATH}/balance",
        balance,
        "Get the balance of the signed-in user",
        "credits",
        "user",
        answers={200: BalanceAnswer},
        description="Zero for a user who was not given any yet. One credit is one US cent.",
    ),
    Endpoint(
        "POST",
        f"{PATH}/estimate",
        estimate,
        "Estimate the credits of a call",
        "credits",
        "user",
        EstimateBody,
        {200: EstimateAnswer},
        description="Takes nothing and sets nothing aside. Prices are those that calls through "
        "this server are counted with; a text is counted as four bytes a token.",
    ),
    Endpoint(
        "GET",
        f"{PATH}/statement",
        statement,
        "List the credit entries of the signed-in user",
        "credits",
        "user",
        query=StatementQuery,
        answers={200: (StatementAnswer, CSV)},
        description="Entries never change; a correction is an entry of its own. As CSV the newest "
        "10,000 come at once.",
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /core/v1/credits."""
    return routes_of(ENDPOINTS)
