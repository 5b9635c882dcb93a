"""Tenants for whoever runs the business: listed, created, suspended, resumed, exported, deleted."""

from aiohttp import web

from handlers.http.kit.context import REPEATS, operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read, read_query, routes_of
from handlers.http.kit.problems import HEADERS
from services.actors import Operator
from services.errors import DomainError
from services.tenants import Tenant, Tenants
from views.api.tenants import (
    DeleteTenantBody,
    ExtendTrialBody,
    ModulesBody,
    NewTenantBody,
    SuspendTenantBody,
    TenantAnswer,
    TenantBody,
    TenantListQuery,
    TenantPage,
    read_new_tenant,
    tenant_answer,
    tenant_page,
)

PATH = "/api/admin/tenants"
ONE = f"{PATH}/{{id}}"
DUMP = "application/octet-stream"


async def search_tenants(request: web.Request) -> web.Response:
    """A page of tenants, newest first."""
    await operator(request)
    asked = read_query(request, TenantListQuery)
    found = await services(request).tenants.directory.list(
        state=asked.state or "", words=asked.search, limit=asked.limit + 1, after=asked.cursor
    )
    return answer(tenant_page(found, asked.limit))


async def create_tenant(request: web.Request) -> web.Response:
    """Onboard a company, also with a database of its own."""
    who = await operator(request)
    new = read_new_tenant(await read(request, NewTenantBody))
    made = await services(request).tenants.signups.create(who, new)
    return answer(tenant_answer(made), 202)


async def find_tenant(request: web.Request) -> web.Response:
    """One tenant by id; 404 when there is none."""
    await operator(request)
    tenant = await services(request).tenants.directory.get(request.match_info["id"])
    return await _told(request, tenant, 200)


async def update_tenant(request: web.Request) -> web.Response:
    """Another plan, or who pays."""
    who, tenants, tenant_id = await _asked(request)
    body, tenant = await read(request, TenantBody), await tenants.get(tenant_id)
    if body.plan is not None:
        tenant = await tenants.set_plan(who, tenant_id, body.plan)
    if body.customer_id is not None:
        tenant = await tenants.set_customer(who, tenant_id, body.customer_id)
    return await _told(request, tenant, 200)


async def suspend_tenant(request: web.Request) -> web.Response:
    """Refuse connections and end the open ones."""
    who, tenants, tenant_id = await _asked(request)
    body = await read(request, SuspendTenantBody)
    return await _told(request, await tenants.suspend(who, tenant_id, body.reason))


async def resume_tenant(request: web.Request) -> web.Response:
    """Accept connections again."""
    who, tenants, tenant_id = await _asked(request)
    return await _told(request, await tenants.resume(who, tenant_id))


async def extend_trial(request: web.Request) -> web.Response:
    """So many days more."""
    who, tenants, tenant_id = await _asked(request)
    body = await read(request, ExtendTrialBody)
    return await _told(request, await tenants.extend_trial(who, tenant_id, body.days), 200)


async def override_modules(request: web.Request) -> web.Response:
    """Modules switched on or off whatever the plan says."""
    who, tenants, tenant_id = await _asked(request)
    body = await read(request, ModulesBody)
    return await _told(request, await tenants.override_modules(who, tenant_id, body.overrides), 200)


async def export_tenant(request: web.Request) -> web.StreamResponse:
    """The whole database as a dump; what breaks off is no whole file."""
    who, tenants = await operator(request), services(request).tenants
    tenant = await tenants.directory.get(request.match_info["id"])
    pieces = await tenants.lifecycle.export(who, tenant.id)
    name = f'attachment; filename="{tenant.slug}.dump"'
    response = web.StreamResponse(headers={**HEADERS, "Content-Disposition": name})
    response.content_type = DUMP
    await response.prepare(request)
    try:
        async for piece in pieces:
            await response.write(piece)
    except DomainError:
        # Half a file must not look like a whole one.
        if request.transport is not None:
            request.transport.abort()
    return response


async def retry_tenant(request: web.Request) -> web.Response:
    """Go on with what failed."""
    who, tenants, tenant_id = await _asked(request)
    return await _told(request, await tenants.retry(who, tenant_id))


async def invite_admin(request: web.Request) -> web.Response:
    """A new invitation by e-mail, in place of the old one."""
    who, tenants, tenant_id = await _asked(request)
    await services(request).tenants.invitations.send_again(who, tenant_id)
    return await _told(request, await tenants.get(tenant_id), 200)


async def revoke_invitation(request: web.Request) -> web.Response:
    """Withdraw the open invitation."""
    who, tenants, tenant_id = await _asked(request)
    await services(request).tenants.invitations.revoke(who, tenant_id)
    return await _told(request, await tenants.get(tenant_id), 200)


async def delete_tenant(request: web.Request) -> web.Response:
    """Suspend it now and delete it after the cool-off."""
    who, tenants, tenant_id = await _asked(request)
    body = await read(request, DeleteTenantBody)
    return await _told(request, await tenants.delete(who, tenant_id, body.confirm))


async def keep_tenant(request: web.Request) -> web.Response:
    """Take a deletion back."""
    who, tenants, tenant_id = await _asked(request)
    return await _told(request, await tenants.keep(who, tenant_id))


async def _asked(request: web.Request) -> tuple[Operator, Tenants, str]:
    """Who asks, where tenants are kept, and the id of the one it is about."""
    who = await operator(request)
    return who, services(request).tenants.directory, request.match_info["id"]


async def _told(request: web.Request, tenant: Tenant, status: int = 202) -> web.Response:
    admin = await services(request).tenants.invitations.admin_of(tenant.id)
    return answer(tenant_answer(tenant, admin), status)


ENDPOINTS = (
    Endpoint(
        "GET",
        PATH,
        search_tenants,
        "List and search tenants",
        "tenants",
        "admin",
        answers={200: TenantPage},
        query=TenantListQuery,
    ),
    Endpoint(
        "POST",
        PATH,
        create_tenant,
        "Create a tenant",
        "tenants",
        "admin",
        NewTenantBody,
        {202: TenantAnswer},
        description="Like a company's own sign-up, without its limits; with `database_url` on a "
        "database that the customer brings, which must be empty. A company and address that are "
        "known are answered 409.",
        errors=(404, 409),
        headers=REPEATS,
    ),
    Endpoint(
        "GET", ONE, find_tenant, "Get a tenant", "tenants", "admin", answers={200: TenantAnswer}
    ),
    Endpoint(
        "PATCH",
        ONE,
        update_tenant,
        "Change a tenant’s plan or customer",
        "tenants",
        "admin",
        TenantBody,
        {200: TenantAnswer},
    ),
    Endpoint(
        "POST",
        f"{ONE}/suspend",
        suspend_tenant,
        "Suspend a tenant",
        "tenants",
        "admin",
        SuspendTenantBody,
        {202: TenantAnswer},
        description="The database itself refuses connections and ends the open ones; the operation "
        "tells when. Repeating it changes nothing.",
        errors=(409,),
    ),
    Endpoint(
        "POST",
        f"{ONE}/resume",
        resume_tenant,
        "Resume a tenant",
        "tenants",
        "admin",
        answers={202: TenantAnswer},
        description="Repeating it changes nothing.",
        errors=(409,),
    ),
    Endpoint(
        "POST",
        f"{ONE}/extend-trial",
        extend_trial,
        "Extend a tenant’s trial",
        "tenants",
        "admin",
        ExtendTrialBody,
        {200: TenantAnswer},
        description="From its end, or from today when it is over.",
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "PUT",
        f"{ONE}/modules",
        override_modules,
        "Set a tenant’s modules",
        "tenants",
        "admin",
        ModulesBody,
        {200: TenantAnswer},
        description="Replaces all overrides; an empty object leaves every module to the plan.",
    ),
    Endpoint(
        "GET",
        f"{ONE}/export",
        export_tenant,
        "Export a tenant’s database",
        "tenants",
        "admin",
        answers={200: DUMP},
        description="A dump in the custom format of pg_dump, for pg_restore. A connection that "
        "breaks off means that the file is not whole.",
        errors=(409,),
    ),
    Endpoint(
        "POST",
        f"{ONE}/retry",
        retry_tenant,
        "Retry a tenant’s operation",
        "tenants",
        "admin",
        answers={202: TenantAnswer},
        description="Goes on with what failed; short name and password are kept.",
        errors=(409,),
    ),
    Endpoint(
        "POST",
        f"{ONE}/invitation",
        invite_admin,
        "Send a tenant’s invitation again",
        "tenants",
        "admin",
        answers={200: TenantAnswer},
        description="A new link by e-mail; the old one stops working.",
        errors=(409,),
    ),
    Endpoint(
        "DELETE",
        f"{ONE}/invitation",
        revoke_invitation,
        "Withdraw a tenant’s invitation",
        "tenants",
        "admin",
        answers={200: TenantAnswer},
        errors=(409,),
    ),
    Endpoint(
        "POST",
        f"{ONE}/delete",
        delete_tenant,
        "Delete a tenant",
        "tenants",
        "admin",
        DeleteTenantBody,
        {202: TenantAnswer},
        description="Suspends it at once and deletes its database for ever after seven days; until "
        "then `keep` takes it back.",
    ),
    Endpoint(
        "POST",
        f"{ONE}/keep",
        keep_tenant,
        "Take a tenant’s deletion back",
        "tenants",
        "admin",
        answers={202: TenantAnswer},
        errors=(409,),
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/admin/tenants."""
    return routes_of(ENDPOINTS)
