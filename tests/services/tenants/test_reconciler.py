"""The daily comparison with the providers: it tells, closes what is open, and deletes nothing."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest

from integrations.databases import DatabaseState, ListedDatabase
from integrations.errors import IntegrationError, Unreachable
from services.tenants import TenantFindings, TenantReconciler
from tests.kit.tenant_desk import TenantDesk

DAYS = timedelta(days=2)


@dataclass(frozen=True)
class Entered:
    """A role that may go where it should not."""

    role: str
    database: str


@dataclass
class Provider:
    """What one lists. It has no verb that deletes."""

    databases: list[ListedDatabase] = field(default_factory=list)
    open: list[Entered] = field(default_factory=list)
    fails: IntegrationError | None = None

    async def listed(self) -> tuple[ListedDatabase, ...]:
        if self.fails:
            raise self.fails
        return tuple(self.databases)

    async def breaches(self) -> tuple[Entered, ...]:
        return tuple(self.open)


@dataclass
class Told:
    """The ops channel as a list."""

    said: list[TenantFindings] = field(default_factory=list)

    async def findings(self, found: TenantFindings) -> None:
        self.said.append(found)


@dataclass(frozen=True)
class Stage:
    desk: TenantDesk
    provider: Provider
    room: Told
    reconciler: TenantReconciler

    def list(self, name: str, ref: str = "", age: timedelta = DAYS) -> ListedDatabase:
        """One more at the provider."""
        made = self.desk.now - age
        one = ListedDatabase(ref or uuid4().hex, name, DatabaseState.READY, made)
        self.provider.databases.append(one)
        return one


@pytest.fixture
def stage(desk: TenantDesk) -> Stage:
    provider, room, prefix = Provider(), Told(), desk.terms.name_prefix
    reconciler = TenantReconciler(desk.database, {"supabase": provider}, room, prefix, desk.clock)
    return Stage(desk, provider, room, reconciler)


async def test_what_is_stored_and_there_is_nothing_to_tell(stage: Stage) -> None:
    tenant = await stage.desk.ready(f"Acme {uuid4().hex}")
    row = await stage.desk.row(tenant.id)
    stage.list(row.project_name, row.ref)
    found = await stage.reconciler.look()
    assert not found.orphans
    assert not [one for one in found.missing if one.startswith(row.slug)]


async def test_an_orphan_is_ours_by_name_unknown_by_id_and_old(stage: Stage) -> None:
    prefix = stage.desk.terms.name_prefix
    stage.list(f"{prefix}left-behind")
    stage.list(f"{prefix}just-made", age=timedelta(hours=23))
    stage.list("somebody-elses-project")
    found = await stage.reconciler.look()
    assert found.orphans == (f"supabase: {prefix}left-behind",)


async def test_one_whose_answer_was_lost_is_no_orphan(stage: Stage) -> None:
    tenant = await stage.desk.sign_up(f"Lost {uuid4().hex}")
    await stage.desk.until(tenant.id, "create")
    row = await stage.desk.row(tenant.id)
    stage.list(row.project_name)
    assert (await stage.reconciler.look()).orphans == ()


async def test_a_tenant_whose_database_is_gone_is_told(stage: Stage) -> None:
    tenant = await stage.desk.ready(f"Gone {uuid4().hex}")
    row = await stage.desk.row(tenant.id)
    assert f"{row.slug} (supabase)" in (await stage.reconciler.look()).missing


async def test_a_failed_list_ends_it_with_a_line_and_nothing_else(stage: Stage) -> None:
    tenant = await stage.desk.ready(f"Unseen {uuid4().hex}")
    stage.list(f"{stage.desk.terms.name_prefix}left-behind")
    stage.provider.fails = Unreachable("supabase", "500 on the second page")
    await stage.reconciler.tick("today")
    assert stage.room.said == [TenantFindings(unseen=("supabase",))]
    assert (await stage.desk.row(tenant.id)).state == "ready"


async def test_open_doors_between_tenants_are_told(stage: Stage) -> None:
    stage.provider.open.append(Entered("seguito-a", "postgres"))
    await stage.reconciler.tick("today")
    assert stage.room.said[0].breaches == ("seguito-a → postgres",)
