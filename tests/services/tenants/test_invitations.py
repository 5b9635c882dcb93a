"""Invitations: one open at a time, accepted once, and every other link says what to do."""

import asyncio
from datetime import timedelta

import pytest

from db.store.session import unseal
from db.tenants import invitations as table
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.tenants import InvitationExpired, Tenant
from services.tenants.invitations import REPLACED, REVOKED, USED
from tests.kit.tenant_desk import ADMIN, TenantDesk


async def token_of(desk: TenantDesk, tenant: Tenant) -> str:
    """What the e-mail carries."""
    async with desk.database.transaction() as session:
        row = await table.newest(session, tenant.id)
        assert row is not None
        return unseal(session, row, "token")


async def test_an_invitation_makes_one_administrator_and_works_once(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    token = await token_of(desk, tenant)
    for _ in range(2):
        assert (await desk.invitations.see(token)).email == tenant.email
    admin = await desk.invitations.accept(token, "  Ada   Lovelace ")
    assert admin.name == "Ada Lovelace"
    assert await desk.invitations.admin_of(tenant.id) == admin
    with pytest.raises(Conflict) as refused:
        await desk.invitations.accept(token, "Mallory")
    assert refused.value.phrase == USED


async def test_of_two_who_accept_at_the_same_moment_one_is_the_administrator(
    desk: TenantDesk,
) -> None:
    tenant = await desk.ready()
    token = await token_of(desk, tenant)
    accepted = [desk.invitations.accept(token, name) for name in ("Ada", "Bob", "Cleo")]
    answers = await asyncio.gather(*accepted, return_exceptions=True)
    assert sum(not isinstance(one, Conflict) for one in answers) == 1


async def test_the_token_is_kept_sealed_and_is_gone_once_it_was_used(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    token = await token_of(desk, tenant)
    await desk.invitations.accept(token, "Ada")
    async with desk.database.transaction() as session:
        row = await table.newest(session, tenant.id)
    assert row is not None
    assert row.token is None
    assert token.encode() not in row.token_digest


async def test_one_that_is_too_old_can_be_renewed_by_its_holder(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    old = await token_of(desk, tenant)
    desk.now += timedelta(days=7, seconds=1)
    for attempt in (desk.invitations.see(old), desk.invitations.accept(old, "Ada")):
        with pytest.raises(InvitationExpired):
            await attempt
    await desk.invitations.renew(old)
    assert len(desk.room.letters) == 2
    with pytest.raises(Conflict) as refused:
        await desk.invitations.see(old)
    assert refused.value.phrase == REPLACED
    await desk.invitations.accept(await token_of(desk, tenant), "Ada")


async def test_a_newer_invitation_takes_the_place_of_the_old(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    old = await token_of(desk, tenant)
    await desk.invitations.send_again(ADMIN, tenant.id)
    with pytest.raises(Conflict) as refused:
        await desk.invitations.accept(old, "Ada")
    assert refused.value.phrase == REPLACED
    await desk.invitations.accept(await token_of(desk, tenant), "Ada")
    with pytest.raises(Conflict):
        await desk.invitations.send_again(ADMIN, tenant.id)


async def test_a_withdrawn_invitation_says_so(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    token = await token_of(desk, tenant)
    await desk.invitations.revoke(ADMIN, tenant.id)
    with pytest.raises(Conflict) as refused:
        await desk.invitations.see(token)
    assert refused.value.phrase == REVOKED


@pytest.mark.parametrize("token", ["", "x", "a" * 500, "\udcff", "ü"])
async def test_a_link_that_is_not_ours_is_unknown(desk: TenantDesk, token: str) -> None:
    with pytest.raises(NotFound):
        await desk.invitations.see(token)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "A\x07da"])
async def test_a_name_has_to_be_one(desk: TenantDesk, name: str) -> None:
    tenant = await desk.ready()
    with pytest.raises(Invalid):
        await desk.invitations.accept(await token_of(desk, tenant), name)
    assert await desk.invitations.admin_of(tenant.id) is None


async def test_an_invitation_to_what_is_being_deleted_is_withdrawn(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    token = await token_of(desk, tenant)
    await desk.tenants.delete(ADMIN, tenant.id, tenant.slug)
    with pytest.raises(DomainError):
        await desk.invitations.accept(token, "Ada")
