"""What applying a migration to one tenant's database can come to, and what is compared for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from integrations.tenant_databases.migrations import Direction, Migration


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A schema in one hash, comparable within a `major` version of PostgreSQL only.

    `order` is the hash of the columns' order, which is shown and fails nothing; `lines` are what
    was hashed, empty where they were not asked for; `cheap` is a quick hash that changes with every
    change of the catalog (and sometimes without one), comparable within the same database only.
    """

    major: int
    hash: str
    order: str = ""
    cheap: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemaDifference:
    """Lines of fingerprints: what is there and should not be, and what should be and is not."""

    unexpected: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    order_only: bool = False

    def __bool__(self) -> bool:
        return bool(self.unexpected or self.missing)


@dataclass(frozen=True, slots=True)
class Expectation:
    """The fingerprints before and after of one major version; None: whatever it is."""

    before: Fingerprint | None = None
    after: Fingerprint | None = None


# By major version of PostgreSQL. A tenant of a major that is not in it is not compared.
Expectations = Mapping[int, Expectation]


@dataclass(frozen=True, slots=True)
class TenantLimits:
    """How long a migration may hold up a tenant, and how often it is tried.

    Between tries it waits from `first_wait`, doubling up to `longest_wait`, with jitter.
    """

    lock_timeout: timedelta = timedelta(seconds=2)
    lock_timeout_alone: timedelta = timedelta(minutes=10)
    statement_timeout: timedelta = timedelta(seconds=60)
    statement_timeout_alone: timedelta = timedelta(hours=1)
    idle_timeout: timedelta = timedelta(seconds=10)
    connect_timeout: timedelta = timedelta(seconds=10)
    tries: int = 10
    first_wait: timedelta = timedelta(seconds=1)
    longest_wait: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class TenantOrder:
    """What is to be done to one tenant.

    `operation` is the key of this doing, the same when it is repeated and another for the way back:
    `rollout:version:up`. `expected` is by major version; empty: nothing is compared.
    """

    migration: Migration
    direction: Direction
    operation: str
    expected: Expectations
    limits: TenantLimits = TenantLimits()


@dataclass(frozen=True, slots=True)
class Applied:
    """It is done: committed, and the schema is what was expected."""

    before: Fingerprint
    after: Fingerprint


@dataclass(frozen=True, slots=True)
class AlreadyApplied:
    """Nothing to do: this tenant's journal says so (for down: it does not stand there).

    With more than one of `tries` it may have been our own, whose reply was lost. `after`: the
    fingerprint of then.
    """

    after: str = ""
    tries: int = 1


@dataclass(frozen=True, slots=True)
class TenantBusy:
    """Another runner, an export or a backup of ours works in this database; try again later."""

    tries: int = 1


@dataclass(frozen=True, slots=True)
class SchemaDrifted:
    """The schema is not what it should be `before` or `after`; nothing was changed.

    After a statement that runs alone nothing can be taken back: then `kept` says so.
    """

    when: Literal["before", "after"]
    found: Fingerprint
    difference: SchemaDifference
    kept: bool = False


@dataclass(frozen=True, slots=True)
class HistoryChanged:
    """The tenant's journal speaks against it, nothing was changed.

    `other_sql`: this version was applied with other SQL; `later_version`: `version` was applied
    after it and must be rolled back first; `half_applied`: a try of the other direction, or with
    other SQL, stopped between two statements and must be finished first.
    """

    reason: Literal["other_sql", "later_version", "half_applied"]
    version: str


@dataclass(frozen=True, slots=True)
class StatementFailed:
    """PostgreSQL refused a statement: its number (from 1), SQLSTATE, and the server's sentence.

    What ran in the same transaction was taken back. `sqlstate` is "" when the runner refused: a
    statement had ended the transaction (`hidden_commit`).
    """

    statement: int
    sqlstate: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TenantDeferred:
    """Not now, and no failure: the database was out of reach or its tables were locked."""

    reason: Literal["unreachable", "locked", "connections"]
    sqlstate: str = ""
    sentence: str = ""
    tries: int = 1


@dataclass(frozen=True, slots=True)
class ServerHalted:
    """The server itself is in trouble (disk full): nobody else should be tried on it."""

    sqlstate: str
    sentence: str


Outcome = (
    Applied
    | AlreadyApplied
    | TenantBusy
    | SchemaDrifted
    | HistoryChanged
    | StatementFailed
    | TenantDeferred
    | ServerHalted
)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One operation as the tenant's own journal tells it, oldest first.

    `operation` is the key it was applied under; `hash` the script's; `statements` how many are
    done; `ended` None while it is open.
    """

    operation: str
    version: str
    direction: Direction
    hash: str
    statements: int
    began: datetime
    ended: datetime | None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class TryOutFailure:
    """Which step of the try-out failed, and how PostgreSQL said so."""

    step: Literal["up", "down", "up_again"]
    statement: int
    sqlstate: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TryOutResult:
    """What trying on copies came to.

    `impossible` is "" or why it could not be tried (`no_pg_dump`, `no_scratch`, `other_major`,
    `copy_failed`, `no_reference`): then only the schema before is expected, nothing can be rolled
    back with a button, and a second admin must agree. `expected` is by major version; `changes` is
    what up does to the schema, readable; `down_returns` whether down brought the start's schema
    back (None: there is no down), `down_leaves` what it left if not. `on_empty`: whether the
    earlier versions and this one give a new tenant the same schema; `fails` and `differs` are told,
    and refuse nothing.
    """

    expected: Mapping[int, Expectation]
    changes: SchemaDifference = SchemaDifference()
    down_returns: bool | None = None
    down_leaves: SchemaDifference = SchemaDifference()
    on_empty: Literal["same", "differs", "fails", "untried"] = "untried"
    failure: TryOutFailure | None = None
    impossible: str = ""

    @property
    def can_roll_back(self) -> bool:
        """*Roll back* may be offered."""
        return self.down_returns is True and self.failure is None and not self.impossible


@dataclass(frozen=True, slots=True)
class Vitals:
    """How a database fares: its longest wait for a lock now, and counters since its start."""

    longest_lock_wait: timedelta
    commits: int
    rollbacks: int
