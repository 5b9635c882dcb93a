"""Reads a migration's SQL, or says in one sentence why it is none."""

from typing import Protocol

from integrations.errors import IntegrationError
from integrations.postgres_grammar.types import SqlRefused, SqlStatement
from services.errors import Temporary
from services.phrases import Phrase
from services.rollouts.statements import refused

AWAY = Phrase(
    "The SQL could not be read in time. Please try again in a minute.",
    "Non è stato possibile leggere l’SQL in tempo. Riprova tra un minuto.",
)


class Grammar(Protocol):
    """PostgreSQL's own grammar."""

    async def read(self, sql: str) -> tuple[SqlStatement, ...]:
        """The statements; raises SqlRefused, or IntegrationError when it could not be asked."""

    async def warm(self) -> None:
        """Be quick at the next two readings."""


class MigrationReader:
    """A `SqlReader` whose refusals are sentences."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    async def warm(self) -> None:
        """Somebody is about to ask for a script and its way back: be quick then."""
        await self._grammar.warm()

    async def read(self, sql: str, *, field: str = "sql") -> tuple[SqlStatement, ...]:
        """The statements, in order; raises Invalid of that field, with line and column."""
        try:
            return await self._grammar.read(sql)
        except SqlRefused as error:
            raise refused(error, field=field) from error
        except IntegrationError as error:
            raise Temporary(AWAY) from error
