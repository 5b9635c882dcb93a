"""A statement of SQL as PostgreSQL's grammar reads it, and what it does to a database."""

from dataclasses import dataclass
from typing import Literal

# `transaction`: runs inside one; `alone`: PostgreSQL refuses it there (CREATE INDEX CONCURRENTLY).
Mode = Literal["transaction", "alone"]
# How a statement that runs alone is found half done, and mended.
Repair = Literal["create_index", "drop_index", "reindex", "detach", "repeat"]
# What others feel: nothing; a moment without access; as long as the table is read; or is rewritten;
# writes wait.
Effect = Literal["nothing", "instant", "scan", "rewrite", "writes_wait"]


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a second admin must agree: `code` names the rule, `name` what it is about ("" if none).

    Codes of what destroys begin with a verb (`drops_column`), of what cannot be read through
    `opaque_`. Their sentences are in `services/rollouts/statements.py`.
    """

    code: str
    name: str = ""

    @property
    def opaque(self) -> bool:
        """It may do things that its text does not show."""
        return self.code.startswith("opaque_")


@dataclass(frozen=True, slots=True)
class TableLock:
    """A lock as `pg_locks` shows it (`ACCESS EXCLUSIVE`), on the table (or view) of that name."""

    table: str
    mode: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """What a half-done statement leaves: `name` is the index, partition or table, as written.

    `schema` is "" when the SQL names none; `table` is the table of an index; of a partition the
    parent, with its schema and quoted.
    """

    how: Repair
    name: str = ""
    schema: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class SqlStatement:
    """One statement: exactly the slice that the grammar made, and where it stood.

    `kind` is the command in PostgreSQL's words ("ALTER TABLE"); `line` and `column` count from 1,
    columns in characters.
    """

    sql: str
    kind: str
    line: int
    column: int
    mode: Mode = "transaction"
    concerns: tuple[Concern, ...] = ()
    locks: tuple[TableLock, ...] = ()
    repair: RepairPlan | None = None

    @property
    def destructive(self) -> tuple[Concern, ...]:
        """What is lost, or opened to everybody, when it runs."""
        return tuple(one for one in self.concerns if not one.opaque)

    @property
    def opaque(self) -> tuple[Concern, ...]:
        """Why its text does not show what it does."""
        return tuple(one for one in self.concerns if one.opaque)

    @property
    def needs_approval(self) -> bool:
        """A second admin must agree."""
        return bool(self.concerns)


class SqlRefused(Exception):
    """The text is no migration; `code` names the rule, `name` what it is about.

    `line` and `column` count from 1, columns in characters; 0 where no place can be named.
    """

    def __init__(self, code: str, line: int = 0, column: int = 0, name: str = "") -> None:
        super().__init__(code, line, column, name)
        self.code = code
        self.line = line
        self.column = column
        self.name = name


@dataclass(frozen=True, slots=True)
class SqlReading:
    """What reading a text came to: its statements, or the arguments of SqlRefused."""

    statements: tuple[SqlStatement, ...]
    refused: tuple[str, int, int, str] | None = None
