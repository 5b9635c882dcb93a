"""What the endpoints of licenses say of themselves."""

from aiohttp import web
from pydantic import BaseModel

from handlers.http.kit.context import REPEATS
from handlers.http.kit.endpoints import Endpoint, Handle, routes_of
from handlers.http.licensing import licenses
from views.api.kit.openapi import Answers
from views.api.licensing.licenses import (
    BudgetBody,
    IssuedAnswer,
    LicenseAnswer,
    LicensePage,
    LicenseQuery,
    OrderBody,
    ReasonBody,
    RenewBody,
    RotateBody,
    TransferBody,
)

ONE = "/api/licenses/{id}"
LICENSE: Answers = {200: LicenseAnswer}


def _verb(
    verb: str,
    handler: Handle,
    summary: str,
    *,
    body: type[BaseModel] | None = None,
    answers: Answers = LICENSE,
    description: str = "",
) -> Endpoint:
    """Something done to one license: it may not be possible now, and a repeat does it once."""
    return Endpoint(
        "POST",
        f"{ONE}/{verb}",
        handler,
        summary,
        "licenses",
        "admin",
        body,
        answers,
        description=description,
        errors=(409,),
        headers=REPEATS,
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/create_license",
        licenses.create,
        "Issue a license",
        "licenses",
        "admin",
        OrderBody,
        {201: IssuedAnswer},
        description="The customer is found by e-mail or made with it. The key is told in this "
        "answer, and to a repeat of this request, only. 409 when the plan is sold out or the "
        "customer blocked.",
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "GET",
        "/api/licenses",
        licenses.search,
        "List and search licenses",
        "licenses",
        "admin",
        answers={200: LicensePage},
        query=LicenseQuery,
    ),
    Endpoint(
        "GET",
        ONE,
        licenses.find,
        "Get a license",
        "licenses",
        "admin",
        answers={200: LicenseAnswer},
    ),
    _verb(
        "renew",
        licenses.renew,
        "Renew a license",
        body=RenewBody,
        description="From its end, or from now when it is over, by the plan's newest version.",
    ),
    _verb("suspend", licenses.suspend, "Suspend a license", body=ReasonBody),
    _verb("reinstate", licenses.reinstate, "Reinstate a license"),
    _verb("cancel", licenses.cancel, "Cancel a license for good", body=ReasonBody),
    _verb(
        "rotate",
        licenses.rotate,
        "Rotate the license key",
        body=RotateBody,
        answers={200: IssuedAnswer},
        description="The old key goes on for `overlap_hours`. The new one is told here only, and "
        "to a repeat of this request, whatever became of the license meanwhile.",
    ),
    _verb(
        "transfer", licenses.transfer, "Transfer a license to another customer", body=TransferBody
    ),
    _verb(
        "deliver",
        licenses.deliver,
        "E-mail the key to the customer",
        answers={202: LicenseAnswer},
        description="Once a minute at most, or once per Idempotency-Key.",
    ),
    Endpoint(
        "PUT",
        f"{ONE}/budget",
        licenses.limit_budget,
        "Set the monthly limit of AI costs",
        "licenses",
        "admin",
        BudgetBody,
        {200: LicenseAnswer},
        errors=(409,),
        headers=REPEATS,
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything about single licenses."""
    return routes_of(ENDPOINTS)
