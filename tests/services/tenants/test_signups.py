"""Sign-ups: one onboarding per company and mailbox, with limits, and nothing told of others."""

from uuid import uuid4

import pytest
from pydantic import SecretStr

from integrations.databases import ConnectionMode, ConnectionParts
from integrations.errors import RefusedByVendor, Unreachable
from services.errors import Conflict, Invalid, NotFound
from services.tenants import NewTenant, TooManySignUps
from services.tenants.slugs import slug_of
from tests.kit.tenant_desk import ADMIN, TenantDesk

URL = SecretStr("postgresql://acme:secret@db.acme.example/app")
PARTS = ConnectionParts(
    *("db.acme.example", 5432, "app", "acme", SecretStr("secret")),
    sslmode="require",
    mode=ConnectionMode.DIRECT,
    address="93.184.216.34",
)


async def test_the_same_company_with_the_same_mailbox_is_one_onboarding(desk: TenantDesk) -> None:
    address = f"{uuid4().hex}@example.com"
    spellings = (("Acme Ltd", address), (" ACME  ltd. ", address.upper()), ("Acme Ltd", address))
    ids = {
        await desk.signups.sign_up(NewTenant(email, company), uuid4().hex)
        for company, email in spellings
    }
    assert len(ids) == 1
    other = await desk.signups.sign_up(NewTenant(address, "Acme Two"), uuid4().hex)
    assert other not in ids


async def test_a_network_signs_up_so_often_an_hour_and_another_goes_on(desk: TenantDesk) -> None:
    network = uuid4().hex
    for n in range(10):
        email = f"{uuid4().hex}@example.com"
        await desk.signups.sign_up(NewTenant(email, f"Company {n}"), network)
    with pytest.raises(TooManySignUps) as refused:
        await desk.signups.sign_up(NewTenant("eleven@example.com", "Company 11"), network)
    assert refused.value.retry_after is not None
    await desk.sign_up()


@pytest.mark.parametrize(
    ("company", "email", "field"),
    [
        ("Acme", "no address", "email"),
        ("", "a@example.com", "company_name"),
        ("  ", "a@example.com", "company_name"),
        ("—…!", "a@example.com", "company_name"),
        ("A" * 101, "a@example.com", "company_name"),
        ("Acme\x00", "a@example.com", "company_name"),
    ],
)
async def test_what_cannot_be_used_is_refused_at_the_door(
    desk: TenantDesk, company: str, email: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.signups.sign_up(NewTenant(email, company), uuid4().hex)
    assert refused.value.field == field


async def test_an_unknown_onboarding_is_not_there(desk: TenantDesk) -> None:
    with pytest.raises(NotFound):
        await desk.signups.status("onb_" + uuid4().hex)


async def test_an_operator_is_told_which_tenant_it_is_already(desk: TenantDesk) -> None:
    tenant = await desk.ready("Known Ltd")
    with pytest.raises(Conflict) as refused:
        await desk.signups.create(ADMIN, NewTenant(tenant.email, "Known Ltd"))
    assert tenant.slug in refused.value.sentence("en")


async def test_a_database_of_their_own_is_used_when_it_is_empty(desk: TenantDesk) -> None:
    desk.servers.own = PARTS
    new = NewTenant(f"{uuid4().hex}@example.com", "Bring Ltd", database_url=URL)
    tenant = await desk.signups.create(ADMIN, new)
    await desk.run(tenant.id)
    seen = await desk.tenants.get(tenant.id)
    assert (seen.state, seen.provider) == ("ready", "own")
    assert await desk.tenants.parts(tenant.id) == PARTS
    assert desk.cluster.calls == []


async def test_a_database_of_their_own_that_holds_something_is_left_alone(
    desk: TenantDesk,
) -> None:
    desk.servers.own, desk.servers.filled = PARTS, True
    new = NewTenant(f"{uuid4().hex}@example.com", "Full Ltd", database_url=URL)
    tenant = await desk.signups.create(ADMIN, new)
    await desk.run(tenant.id)
    assert (await desk.tenants.get(tenant.id)).state == "needs_person"
    assert desk.servers.migrated == []


@pytest.mark.parametrize(
    "error", [RefusedByVendor("database", "private_address"), Unreachable("database", "dns")]
)
async def test_an_address_that_leads_inside_is_refused_before_anything_is_written(
    desk: TenantDesk, error: RefusedByVendor | Unreachable
) -> None:
    desk.servers.own = error
    email = f"{uuid4().hex}@example.com"
    with pytest.raises(Invalid) as refused:
        await desk.signups.create(ADMIN, NewTenant(email, "Inside Ltd", database_url=URL))
    assert refused.value.field == "database_url"
    assert await desk.tenants.list(words=email) == ()


@pytest.mark.parametrize(
    ("company", "slug"),
    [
        ("Müller & Söhne GmbH", "muller-sohne-gmbh"),
        ("L’Æronaute, S.r.l.", "laeronaute-s-r-l"),
        ("Straße", "strasse"),
        ("株式会社", "company"),
        ("--A--", "a"),
        ("x" * 80, "x" * 32),
    ],
)
def test_a_short_name_is_ascii_and_short(company: str, slug: str) -> None:
    assert slug_of(company) == slug
