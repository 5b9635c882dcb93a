"""Companies sign up, and see how far their onboarding is."""

from aiohttp import web

from handlers.http.kit.callers import address_of
from handlers.http.kit.context import language, services
from handlers.http.kit.endpoints import Endpoint, answer, read, routes_of
from services.client_network import network_of
from views.api.tenants import (
    OnboardingAnswer,
    OnboardingStarted,
    SignUpTenantBody,
    onboarding_answer,
    read_sign_up,
)

MAX_BYTES = 16 * 1024


async def sign_up_tenant(request: web.Request) -> web.Response:
    """Begin an onboarding, or find the one that this company and address began before."""
    body = await read(request, SignUpTenantBody, limit=MAX_BYTES)
    new = read_sign_up(body, request.headers.get("Accept-Language", ""))
    network = network_of(address_of(request))
    onboarding_id = await services(request).tenants.signups.sign_up(new, network)
    return answer(OnboardingStarted(id=onboarding_id), 202)


async def onboarding(request: web.Request) -> web.Response:
    """The steps of an onboarding, as they are now."""
    signups = services(request).tenants.signups
    tenant, operation = await signups.status(request.match_info["id"])
    return answer(onboarding_answer(tenant, operation, language(request)))


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/onboarding/signup",
        sign_up_tenant,
        "Sign a company up",
        "tenants",
        body=SignUpTenantBody,
        answers={202: OnboardingStarted},
        description="Begins an onboarding: a database of its own, its migrations, and an "
        "invitation by e-mail. The same company with the same address gets the same onboarding. "
        "The answer does not tell whether an address is known.",
        errors=(404, 429),
    ),
    Endpoint(
        "GET",
        "/api/onboarding/{id}",
        onboarding,
        "Get an onboarding",
        "tenants",
        answers={200: OnboardingAnswer},
        description="`delayed` means that somebody here has to help; nothing has to be done by "
        "whoever signed up.",
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/onboarding."""
    return routes_of(ENDPOINTS)
