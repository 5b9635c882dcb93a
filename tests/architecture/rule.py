"""What a rule of the house is: a pain it prevents, where it holds, and how a breach is found."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from source import Source


@dataclass(frozen=True, slots=True)
class Breach:
    """One place that breaks a rule."""

    line: int
    says: str


class Rule(ABC):
    """A rule; the subclass's docstring tells the pain, `good` and `bad` show it as (path, text)."""

    good: ClassVar[tuple[str, str]]
    bad: ClassVar[tuple[str, str]]

    @abstractmethod
    def governs(self, source: Source) -> bool:
        """Whether the rule holds in this file at all."""

    @abstractmethod
    def breaches(self, source: Source) -> Iterator[Breach]:
        """Every place in the file that breaks the rule."""

    def look(self, source: Source) -> list[str]:
        """The file's breaches as `path:line: what is wrong`."""
        if not self.governs(source):
            return []
        return [f"{source.path}:{found.line}: {found.says}" for found in self.breaches(source)]
