"""Customers' own keys of the providers, for plans that use them."""

from aiohttp import web

from handlers.http.kit.context import license_key, licensed, services
from handlers.http.kit.endpoints import Endpoint, answer, read, routes_of
from services.licensing import Facts
from views.api.gateway.provider_keys import (
    ProviderKeyAnswer,
    ProviderKeyBody,
    ProviderKeyList,
    provider_key_answer,
    provider_key_list,
)

PATH = "/api/provider-keys"


async def listed(request: web.Request) -> web.Response:
    """Every key, without the keys."""
    holder = await _holder(request)
    return answer(provider_key_list(await services(request).gateway.provider_keys.listed(holder)))


async def find(request: web.Request) -> web.Response:
    """One key, without the key."""
    holder = await _holder(request)
    provider = request.match_info["provider"]
    return answer(
        provider_key_answer(await services(request).gateway.provider_keys.find(holder, provider))
    )


async def save(request: web.Request) -> web.Response:
    """Keep a key, in place of the one before."""
    holder = await _holder(request)
    body = await read(request, ProviderKeyBody)
    provider = request.match_info["provider"]
    saved = await services(request).gateway.provider_keys.save(holder, provider, body.key)
    return answer(provider_key_answer(saved))


async def forget(request: web.Request) -> web.Response:
    """Delete a key."""
    holder = await _holder(request)
    await services(request).gateway.provider_keys.forget(holder, request.match_info["provider"])
    return web.Response(status=204)


async def _holder(request: web.Request) -> Facts:
    await licensed(request)
    return await services(request).gateway.chats.holder(license_key(request))


ENDPOINTS = (
    Endpoint(
        "GET",
        PATH,
        listed,
        "List your provider keys",
        "gateway",
        "license",
        answers={200: ProviderKeyList},
        errors=(403,),
    ),
    Endpoint(
        "GET",
        PATH + "/{provider}",
        find,
        "Get one of your provider keys",
        "gateway",
        "license",
        answers={200: ProviderKeyAnswer},
        errors=(403, 422),
    ),
    Endpoint(
        "PUT",
        PATH + "/{provider}",
        save,
        "Save a provider key",
        "gateway",
        "license",
        ProviderKeyBody,
        answers={200: ProviderKeyAnswer},
        errors=(403,),
        description="Requests to this provider are then paid by you; it is never shown again.",
    ),
    Endpoint(
        "DELETE",
        PATH + "/{provider}",
        forget,
        "Delete a provider key",
        "gateway",
        "license",
        answers={204: ""},
        errors=(403, 422),
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/provider-keys."""
    return routes_of(ENDPOINTS)
