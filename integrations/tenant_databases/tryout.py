"""Tries a migration on copies: up, compare, down, compare, up again; and on a new tenant."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from asyncpg import PostgresError

from integrations.databases import ConnectionParts
from integrations.errors import RefusedByVendor
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.fingerprint import difference
from integrations.tenant_databases.migrations import Direction, Migration
from integrations.tenant_databases.outcomes import (
    Applied,
    Expectation,
    Fingerprint,
    StatementFailed,
    TenantLimits,
    TenantOrder,
    TryOutFailure,
    TryOutResult,
)
from integrations.tenant_databases.runner import MigrationRunner
from integrations.tenant_databases.scratch import SchemaCopy, Scratch

Step = Literal["up", "down", "up_again"]
OnEmpty = Literal["same", "differs", "fails", "untried"]
LIMITS = TenantLimits(
    statement_timeout=timedelta(minutes=2), statement_timeout_alone=timedelta(minutes=2), tries=1
)
# Not of the migrations: what a provider grants on the schemas of a new database.
OF_THE_PROVIDER = "grant schema "
OTHER_END = "The second time it does not end with the same schema."


class ScratchTryOut:
    """A `TryOut` on a cluster of ours of the tenants' own major version."""

    def __init__(
        self, cluster: ConnectionParts | None, connections: TenantConnections, dumps: PgDump
    ) -> None:
        """`cluster`: a database of it, as a role that may create databases; None: there is none."""
        self._cluster = cluster
        self._connections = connections
        self._dumps = dumps
        self._runner = MigrationRunner(connections)

    async def try_out(
        self,
        migration: Migration,
        references: Sequence[ConnectionParts],
        earlier: Sequence[Migration] = (),
    ) -> TryOutResult:
        """Up, down and up again on a copy of each reference's schema; nothing of theirs changes.

        Where a reference cannot be copied only its fingerprint before is expected. Raises
        Unreachable when a reference or the cluster is away. Takes seconds.
        """
        results = [await self._one(migration, one, earlier) for one in references]
        if not results:
            return TryOutResult({}, impossible="no_reference")
        worst = min(results, key=lambda one: (one.failure is None, not one.impossible))
        expected = {major: one for result in results for major, one in result.expected.items()}
        returned = [one.down_returns for one in results]
        return TryOutResult(
            expected=expected,
            changes=results[0].changes,
            down_returns=None if migration.down is None else all(returned),
            down_leaves=worst.down_leaves or results[0].down_leaves,
            on_empty=worst.on_empty,
            failure=worst.failure,
            impossible=worst.impossible,
        )

    async def _one(
        self, migration: Migration, reference: ConnectionParts, earlier: Sequence[Migration]
    ) -> TryOutResult:
        found = await self._runner.fingerprint(reference, lines=True)
        known = {found.major: Expectation(before=found)}
        if self._cluster is None:
            return TryOutResult(known, impossible="no_scratch")
        async with Scratch(self._cluster, self._connections, self._dumps) as scratch:
            if await scratch.major() != found.major:
                return TryOutResult(known, impossible="other_major")
            try:
                schema = await scratch.schema_of(reference)
                template = await scratch.template(schema)
            except RefusedByVendor as error:
                return TryOutResult(known, impossible=error.code)
            except PostgresError:
                return TryOutResult(known, impossible="copy_failed")
            trial = _Trial(self._runner, migration, scratch)
            result = await trial.there_and_back(await scratch.copy(template), found)
            if result.failure is not None:
                return result
            return await trial.on_empty(result, schema, earlier)


@dataclass(frozen=True, slots=True)
class _Trial:
    runner: MigrationRunner
    migration: Migration
    scratch: Scratch

    async def there_and_back(self, copy: ConnectionParts, reference: Fingerprint) -> TryOutResult:
        start = await self._seen(copy)
        known = {reference.major: Expectation(before=reference)}
        if failure := await self._step(copy, "up", "up"):
            return TryOutResult(known, failure=failure)
        end = await self._seen(copy)
        changes = difference(end, start)
        expected = {reference.major: Expectation(reference, _carried_over(reference, start, end))}
        if self.migration.down is None:
            return TryOutResult(expected, changes)
        if failure := await self._step(copy, "down", "down"):
            return TryOutResult(expected, changes, down_returns=False, failure=failure)
        back = await self._seen(copy)
        leaves = difference(back, start)
        if leaves:
            return TryOutResult(expected, changes, down_returns=False, down_leaves=leaves)
        failure = await self._step(copy, "up", "up_again")
        if failure is None and (await self._seen(copy)).hash != end.hash:
            failure = TryOutFailure("up_again", 0, "", OTHER_END)
        return TryOutResult(
            expected, changes, down_returns=failure is None, down_leaves=leaves, failure=failure
        )

    async def on_empty(
        self, result: TryOutResult, schema: SchemaCopy, earlier: Sequence[Migration]
    ) -> TryOutResult:
        empty = await self.scratch.empty(schema)
        (expectation,) = result.expected.values()
        verdict: OnEmpty = "same"
        for one in (*earlier, self.migration):
            order = TenantOrder(one, "up", f"try:{one.version}", {}, LIMITS)
            if not isinstance(await self.runner.apply(empty, order), Applied):
                verdict = "fails"
                break
        if verdict == "same" and expectation.after is not None:
            ours = _of_migrations(await self._seen(empty))
            verdict = "same" if ours == _of_migrations(expectation.after) else "differs"
        return TryOutResult(
            result.expected,
            result.changes,
            result.down_returns,
            result.down_leaves,
            on_empty=verdict,
        )

    async def _step(
        self, copy: ConnectionParts, direction: Direction, step: Step
    ) -> TryOutFailure | None:
        order = TenantOrder(self.migration, direction, f"try:{step}", {}, LIMITS)
        outcome = await self.runner.apply(copy, order)
        if isinstance(outcome, Applied):
            return None
        if isinstance(outcome, StatementFailed):
            return TryOutFailure(step, outcome.statement, outcome.sqlstate, outcome.sentence)
        state = getattr(outcome, "sqlstate", "")
        return TryOutFailure(step, 0, state, getattr(outcome, "sentence", type(outcome).__name__))

    async def _seen(self, parts: ConnectionParts) -> Fingerprint:
        return await self.runner.fingerprint(parts, lines=True)


def _carried_over(reference: Fingerprint, start: Fingerprint, end: Fingerprint) -> Fingerprint:
    """The fingerprint that a tenant like the reference has after the same change.

    A copy differs from it where an owner's rights or extensions cannot be copied; the change is the
    same.
    """
    lines = Counter(reference.lines)
    lines.subtract(Counter(start.lines))
    lines.update(Counter(end.lines))
    return hashed(reference.major, tuple(lines.elements()), end.order)


def hashed(major: int, lines: Sequence[str], order: str = "") -> Fingerprint:
    """The fingerprint of these lines, as the server makes it."""
    ordered = sorted(lines, key=str.encode)
    made = hashlib.sha256("\n".join(ordered).encode()).hexdigest()
    return Fingerprint(major, made, order, lines=tuple(ordered))


def _of_migrations(found: Fingerprint) -> list[str]:
    return [line for line in found.lines if not line.startswith(OF_THE_PROVIDER)]
