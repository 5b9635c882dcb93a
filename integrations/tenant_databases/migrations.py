"""A migration as it is applied to a tenant's database: statements, segments, hashes."""

import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from integrations.postgres_grammar.types import Mode, SqlStatement

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive statements that run together: one transaction, or one that runs alone.

    `first` is the number of its first statement within the script, from 1.
    """

    mode: Mode
    first: int
    statements: tuple[SqlStatement, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """One direction of a migration."""

    statements: tuple[SqlStatement, ...]

    @property
    def hashes(self) -> tuple[str, ...]:
        """Per statement the SHA-256 of all slices up to it, in hex: the history it stands on."""
        made, state = [], hashlib.sha256()
        for statement in self.statements:
            text = statement.sql.encode()
            state.update(len(text).to_bytes(8, "big") + text)
            made.append(state.hexdigest())
        return tuple(made)

    @property
    def hash(self) -> str:
        """Of all statements: equal for equal SQL, whatever comments stand between."""
        return self.hashes[-1] if self.statements else hashlib.sha256().hexdigest()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The script in parts: consecutive transactional statements together, others one by one."""
        made: list[Segment] = []
        number = 1
        for mode, group in groupby(self.statements, key=lambda one: one.mode):
            together = tuple(group)
            parts = [together] if mode == "transaction" else [(one,) for one in together]
            for part in parts:
                made.append(Segment(mode, number, part))
                number += len(part)
        return tuple(made)

    @property
    def transactional(self) -> bool:
        """One transaction at most: it may run through a transaction pooler."""
        return all(one.mode == "transaction" for one in self.statements)


@dataclass(frozen=True, slots=True)
class Migration:
    """A version and its SQL; `down` is None when there is no way back."""

    version: str
    up: Script
    down: Script | None = None

    def script(self, direction: Direction) -> Script | None:
        """The SQL of this direction, if there is any."""
        return self.up if direction == "up" else self.down
