"""What rollouts need of a grammar, a linter, scratch servers, and the tenants' databases.

`Parts` is how a tenant's database is reached (`ConnectionParts`). Classes that do
this are in `integrations/postgres_grammar`, `integrations/squawk`, `integrations/tenant_databases`.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from integrations.postgres_grammar.types import SqlStatement
from integrations.squawk.types import LintReport
from integrations.tenant_databases.migrations import Migration
from integrations.tenant_databases.outcomes import (
    Fingerprint,
    JournalEntry,
    Outcome,
    TenantOrder,
    TryOutResult,
)

Parts = TypeVar("Parts", contravariant=True)


class SqlReader(Protocol):
    """Reads a migration's SQL."""

    async def warm(self) -> None:
        """Be quick at the next two readings, those of a script and its way back."""

    async def read(self, sql: str) -> tuple[SqlStatement, ...]:
        """Its statements, in order; raises Invalid with one sentence, line and column.

        A parser in a process of its own reads it: some tenths of a second.
        """


class Linter(Protocol):
    """Advises about locks and repeats."""

    async def lint(self, sql: str, *, major: int) -> LintReport:
        """What it says of this SQL on that major version; never raises for bad SQL."""


class TryOut(Protocol[Parts]):
    """Tries a migration on copies that nobody uses."""

    async def try_out(
        self,
        migration: Migration,
        references: Sequence[Parts],
        earlier: Sequence[Migration] = (),
    ) -> TryOutResult:
        """Up, compare, down, compare, up again, on a schema-only copy of each reference tenant.

        Also up on an empty database that got the `earlier` finished versions, as a new tenant does.
        One reference per major version: the canary, and for other majors whoever stands for them.
        Raises Unreachable (`integrations.errors`) when a reference or the scratch server is away.
        """


class TenantRunner(Protocol[Parts]):
    """Applies migrations to one tenant's database, and tells what it holds."""

    async def apply(self, parts: Parts, order: TenantOrder) -> Outcome:
        """Apply it once, whoever else tries and however often it is called; never raises for
        what a tenant's database may do. Takes seconds; with retries, `limits.tries` of them."""

    async def journal(self, parts: Parts) -> tuple[JournalEntry, ...]:
        """The tenant's own journal, oldest first; raises Unreachable."""

    async def fingerprint(self, parts: Parts, *, lines: bool = False) -> Fingerprint:
        """The schema as it is now, with its lines if wanted; raises Unreachable."""

    async def quick_hash(self, parts: Parts) -> str:
        """Equal to an earlier one of this database: its schema is what it was then (milliseconds).

        Otherwise take the whole fingerprint: TRUNCATE and temporary tables change it, too.
        """
