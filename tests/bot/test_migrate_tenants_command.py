"""`migrate-tenants`: files rolled out one after the other, and an exit code a deploy can trust."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.migrate_tenants import Wished, migrate_tenants
from db.store.session import Database
from db.store.vault import Vault
from integrations.tenant_databases.outcomes import StatementFailed
from services import RolloutServices
from services.actors import Operator
from services.operations import NOWHERE, Place
from services.rollouts import Behind, MigrationFiles, RolloutOrder, RolloutProposals
from tests.conftest import NewDatabase
from tests.kit.rollout_stage import PlainReader, RolloutStage


class Driven(RolloutProposals):
    """What is proposed is driven at once: there is no engine here."""

    def __init__(self, stage: RolloutStage) -> None:
        super().__init__(
            stage.database, stage.operations, PlainReader(), stage.tenancy, stage.clock
        )
        self._stage = stage

    async def propose(
        self, operator: Operator, order: RolloutOrder, request: str, place: Place = NOWHERE
    ) -> str:
        """As far as it goes."""
        made = await super().propose(operator, order, request, place)
        await self._stage.drive(made)
        return made


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[RolloutStage]:
    """Three tenants."""
    database = Database(await migrated_database(), vault, pool_size=5)
    stage = RolloutStage(database, 3)
    yield stage
    await stage.close()
    await database.dispose()


@pytest.fixture
def rollouts(stage: RolloutStage, tmp_path: Path) -> RolloutServices:
    """The services, and two migrations in a directory."""
    for version in ("0002_b", "0001_a"):
        (tmp_path / f"{version}.up.sql").write_text(f"ALTER TABLE t ADD {version[-1]} int")
    (tmp_path / "0001_a.down.sql").write_text("ALTER TABLE t DROP COLUMN a")
    return RolloutServices(
        proposals=Driven(stage),
        controls=stage.controls,
        directory=stage.rollouts,
        files=MigrationFiles(tmp_path),
        behind=Behind(stage.catch_up, stage.tenancy),
        kinds=(),
    )


async def test_every_file_that_is_not_everywhere_is_rolled_out_in_order(
    stage: RolloutStage, rollouts: RolloutServices, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await migrate_tenants(rollouts, Wished()) == 0
    said = capsys.readouterr().out.splitlines()
    told = [line.split(":")[0] for line in said if line.startswith("000")]
    assert told == ["0001_a", "0002_b"]
    assert len(stage.tenancy.applied) == 6
    assert await migrate_tenants(rollouts, Wished()) == 0
    assert "Nothing to do" in capsys.readouterr().out


async def test_without_tenants_there_is_nothing_to_do_and_that_is_well(
    stage: RolloutStage, rollouts: RolloutServices, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.tenancy.members.clear()
    assert await migrate_tenants(rollouts, Wished("0001_a")) == 0
    assert "nothing to do" in capsys.readouterr().out


async def test_a_tenant_that_fails_is_told_and_ends_with_one(
    stage: RolloutStage, rollouts: RolloutServices, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = StatementFailed(1, "42P07", "relation “x” already exists")
    stage.tenancy.outcomes[stage.tenant(2)] = [failed]
    assert await migrate_tenants(rollouts, Wished()) == 1
    said = capsys.readouterr()
    assert "0001_a: halt" in said.out
    assert "already exists" in said.err
    assert "0002_b" not in said.out


async def test_only_one_tenant_or_a_file_that_is_not_there(
    stage: RolloutStage, rollouts: RolloutServices, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await migrate_tenants(rollouts, Wished("0001_a", (stage.tenant(2),))) == 0
    assert stage.tenancy.applied == [(stage.tenant(2), "up")]
    assert await migrate_tenants(rollouts, Wished("../../etc/passwd")) == 1
    assert "no migration ../../etc/passwd" in capsys.readouterr().err
