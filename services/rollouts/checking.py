"""The first step of a rollout: its tenants surveyed, its SQL linted and tried on copies."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from db.rollouts import migrations
from db.rollouts import rollouts as table
from db.store.session import Database
from integrations.databases import ConnectionParts
from integrations.errors import Unreachable
from integrations.tenant_databases.migrations import Migration
from integrations.tenant_databases.outcomes import Fingerprint, TryOutResult
from services.errors import NotFound, translate_vendor_errors
from services.operations import Done, Outcome, Work
from services.ports import Clock
from services.rollouts.fleet import Fleet, FleetTenant
from services.rollouts.pool import migration_of
from services.rollouts.ports import Linter, SqlReader, TenantRunner, TryOut
from services.rollouts.refusals import NO_ROLLOUT
from services.rollouts.settling import record
from services.rollouts.state import (
    BREACHES,
    CANARIES,
    EXPECTED,
    NAMES,
    NO_CANARY,
    REVIEW,
    Breach,
    RolloutReview,
)
from services.rollouts.waves import Watches, choose_canary, plan

TRY_OUT = "try_out"
AT_ONCE = 8
# What is linted for when no tenant says which version it runs.
NEWEST_MAJOR = 18
DATABASE = "A tenant’s database"


@dataclass(frozen=True, slots=True)
class CheckPorts:
    """What a check asks: who reads, lints, tries, and who looks at tenants."""

    reader: SqlReader
    linter: Linter
    try_out: TryOut[ConnectionParts]
    runner: TenantRunner[ConnectionParts]
    fleet: Fleet


@dataclass(frozen=True, slots=True)
class Survey:
    """The chosen tenants, the schema of each that answered, and how to reach it."""

    tenants: tuple[FleetTenant, ...]
    waits: tuple[str, ...]
    schemas: Mapping[str, Fingerprint]
    parts: Mapping[str, ConnectionParts]

    def common(self) -> Mapping[int, str]:
        """By major version the schema that most have."""
        counted: dict[int, Counter[str]] = {}
        for one in self.schemas.values():
            counted.setdefault(one.major, Counter())[one.hash] += 1
        return {major: found.most_common(1)[0][0] for major, found in counted.items()}

    def is_common(self, tenant_id: str) -> bool:
        """Whether the tenant has the schema of most."""
        found = self.schemas.get(tenant_id)
        return found is not None and self.common()[found.major] == found.hash


class Checking:
    """Looks, tries, writes down what was found; changes no tenant."""

    def __init__(self, database: Database, ports: CheckPorts, clock: Clock) -> None:
        self._database = database
        self._ports = ports
        self._clock = clock

    async def check(self, work: Work) -> Outcome:
        """Find everything the preview shows; raises Temporary while a copy cannot be made."""
        async with self._database.transaction() as session:
            row = await table.find(session, work.subject_id)
            earlier = await migrations.finished(session)
        if row is None:
            raise NotFound(NO_ROLLOUT)
        if row.state != table.CHECKING:
            return Done()
        read = self._ports.reader
        migration = await migration_of(read, row.version, row.up_sql, row.down_sql)
        before = [
            await migration_of(read, one.version, one.up_sql, one.down_sql)
            for one in earlier
            if one.version != row.version
        ]
        survey = await self._survey(NAMES.validate_json(row.tenants))
        canary = self._canary(row, survey)
        tried = await self._tried(migration, before, survey, canary)
        major = max((one.major for one in survey.schemas.values()), default=NEWEST_MAJOR)
        sizes = plan(
            row.id, [one.id for one in survey.tenants], row.strategy, canary, watches=Watches()
        )
        names = {one.id: one.name for one in survey.tenants}
        review = RolloutReview(
            up=migration.up.statements,
            down=migration.down.statements if migration.down else (),
            lint=await self._ports.linter.lint(row.up_sql, major=major),
            try_out=tried,
            sizes=tuple(len(wave.tenants) for wave in sizes),
            canary=names.get(canary, ""),
            surveyed=len(survey.tenants),
            away=_named(one for one in survey.tenants if one.id not in survey.schemas),
            odd=_named(
                one
                for one in survey.tenants
                if one.id in survey.schemas and not survey.is_common(one.id)
            ),
            waits=survey.waits,
            named=bool(row.canary),
        )
        await self._keep(row.id, review, canary)
        return Done()

    async def _survey(self, chosen: tuple[str, ...]) -> Survey:
        everybody = await self._ports.fleet.paying()
        wanted = [one for one in everybody if not chosen or {one.id, one.name} & set(chosen)]
        ready = tuple(one for one in wanted if one.ready)
        room = asyncio.Semaphore(AT_ONCE)

        async def schema(tenant: FleetTenant) -> tuple[str, Fingerprint, ConnectionParts] | None:
            async with room:
                found = await self._ports.fleet.find(tenant.id)
                if found is None or found.parts is None:
                    return None
                try:
                    seen = await self._ports.runner.fingerprint(found.parts)
                except Unreachable:
                    return None
                return tenant.id, seen, found.parts

        seen = [one for one in await asyncio.gather(*(schema(one) for one in ready)) if one]
        return Survey(
            tenants=ready,
            waits=tuple(sorted(one.name for one in wanted if not one.ready and not one.gone)),
            schemas={tenant_id: found for tenant_id, found, _ in seen},
            parts={tenant_id: parts for tenant_id, _, parts in seen},
        )

    def _canary(self, row: table.RolloutRow, survey: Survey) -> str:
        if row.strategy not in CANARIES:
            return ""
        if row.canary:
            return next((t.id for t in survey.tenants if row.canary in (t.id, t.name)), "")
        return choose_canary(
            row.id,
            [one.candidate(fit=survey.is_common(one.id)) for one in survey.tenants],
            self._clock(),
        )

    async def _tried(
        self, migration: Migration, earlier: list[Migration], survey: Survey, canary: str
    ) -> TryOutResult:
        common = survey.common()
        chosen: dict[int, str] = {}
        # The canary stands for its version unless its schema is an odd one.
        for tenant_id in (canary, *survey.schemas):
            found = survey.schemas.get(tenant_id)
            if found is not None and found.hash == common[found.major]:
                chosen.setdefault(found.major, tenant_id)
        with translate_vendor_errors(DATABASE):
            return await self._ports.try_out.try_out(
                migration, [survey.parts[one] for one in chosen.values()], earlier
            )

    async def _keep(self, rollout_id: str, review: RolloutReview, canary: str) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            row = await table.find(session, rollout_id, lock=True)
            if row is None or row.state != table.CHECKING:
                return
            kept = table.RolloutReviewRow(
                rollout_id=rollout_id,
                review=REVIEW.dump_json(review).decode(),
                expected=EXPECTED.dump_json(review.try_out.expected).decode(),
            )
            await table.keep_review(session, kept)
            row.canary, row.waves = canary, len(review.sizes)
            row.needs_approval = review.needs_approval
            row.can_roll_back = review.try_out.can_roll_back
            row.destroys_on_way_back = bool(review.destroyed_on_way_back)
            row.updated_at = now
            breaches = _problems(row, review)
            row.breaches = BREACHES.dump_json(breaches).decode()
            row.state = table.REFUSED if breaches else table.PROPOSED
            if row.dry_run and not breaches:
                row.state = table.REHEARSED
            if row.state != table.PROPOSED:
                row.ended_at = now
            record(session, rollout_id, now, row.state)


def _problems(row: table.RolloutRow, review: RolloutReview) -> tuple[Breach, ...]:
    if (failure := review.try_out.failure) is not None:
        facts = {"step": failure.step, "statement": failure.statement}
        detail = orjson.dumps({**facts, "sentence": failure.sentence}).decode()
        return (Breach(TRY_OUT, detail=detail),)
    if row.strategy in CANARIES and review.surveyed and not review.canary:
        return (Breach(NO_CANARY),)
    return ()


def _named(tenants: Iterable[FleetTenant]) -> tuple[str, ...]:
    return tuple(sorted(one.name for one in tenants))
