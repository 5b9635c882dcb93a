"""What the endpoints of licenses say of themselves."""

from aiohttp import web

from handlers.http import licenses
from handlers.http.context import IDEMPOTENCY
from handlers.http.endpoints import Endpoint, routes_of
from views.api.licenses import (
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

REPEATS = {
    IDEMPOTENCY: "A word of your own (128 characters at most): the same request again "
    "with the same word does nothing again and gets the same answer"
}
ONE = "/api/licenses/{id}"

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
        "answer only. 409 when the plan is sold out or the customer blocked.",
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
        "GET", ONE, licenses.find, "One license", "licenses", "admin", answers={200: LicenseAnswer}
    ),
    Endpoint(
        "POST",
        f"{ONE}/renew",
        licenses.renew,
        "Add months",
        "licenses",
        "admin",
        RenewBody,
        {200: LicenseAnswer},
        description="From its end, or from now when it is over, by the plan's newest version.",
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        f"{ONE}/suspend",
        licenses.suspend,
        "Stop a license until it is reinstated",
        "licenses",
        "admin",
        ReasonBody,
        {200: LicenseAnswer},
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        f"{ONE}/reinstate",
        licenses.reinstate,
        "End a suspension",
        "licenses",
        "admin",
        answers={200: LicenseAnswer},
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        f"{ONE}/cancel",
        licenses.cancel,
        "End a license for good",
        "licenses",
        "admin",
        ReasonBody,
        {200: LicenseAnswer},
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        f"{ONE}/rotate",
        licenses.rotate,
        "Replace the key",
        "licenses",
        "admin",
        RotateBody,
        {200: IssuedAnswer},
        description="The old key goes on for `overlap_hours`. The new one is told here only.",
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        f"{ONE}/transfer",
        licenses.transfer,
        "Give a license to another customer",
        "licenses",
        "admin",
        TransferBody,
        {200: LicenseAnswer},
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        f"{ONE}/deliver",
        licenses.deliver,
        "E-mail the key to the customer",
        "licenses",
        "admin",
        answers={202: LicenseAnswer},
        description="Once a minute at most, or once per Idempotency-Key.",
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "PUT",
        f"{ONE}/budget",
        licenses.limit_budget,
        "Limit what AI requests may cost a month",
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
