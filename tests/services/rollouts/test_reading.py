"""Refusals of SQL as people read them."""

import re
from pathlib import Path

import pytest

from integrations.postgres_grammar.client import PostgresGrammar
from integrations.postgres_grammar.concerns import concerns
from integrations.postgres_grammar.types import Concern, TableLock
from services.errors import Invalid
from services.rollouts import statements as words
from services.rollouts.reading import MigrationReader


async def test_a_refusal_says_what_is_wrong_where_and_what_to_do() -> None:
    with pytest.raises(Invalid) as refused:
        await MigrationReader(PostgresGrammar()).read(
            "SELECT 1;\n SET LOCAL lock_timeout = 0", field="down"
        )
    assert refused.value.field == "down"
    assert str(refused.value) == (
        "The rollout sets lock_timeout, statement_timeout and the idle time-out itself. Remove it, "
        "and choose a longer limit as an option of the rollout. (line 2, column 2)"
    )
    assert "(riga 2, colonna 2)" in refused.value.sentence("it")


async def test_broken_sql_is_quoted_in_both_languages() -> None:
    with pytest.raises(Invalid) as refused:
        await MigrationReader(PostgresGrammar()).read("SELEC {x} FROM t")
    assert 'syntax error at or near "SELEC"' in refused.value.sentence("it")


def test_every_code_of_the_grammar_has_words() -> None:
    module = Path(concerns.__code__.co_filename)
    named = re.compile(
        r'"((?:drops|empties|deletes|updates|changes|disables|grants|opaque)_\w+|cascades|unlogged)"'
    )
    assert set(named.findall(module.read_text())) == words.CONCERNS.keys()
    refusing = (
        module.with_name("refusals.py").read_text() + module.with_name("statements.py").read_text()
    )
    assert [code for code in words.REFUSALS if f'"{code}"' not in refusing] == [
        *("too_long", "not_text"),
    ]


def test_what_a_second_admin_and_an_author_read() -> None:
    assert words.concern(Concern("drops_column", "t.a"), "en") == "drops column t.a"
    assert words.lock(TableLock("t", "SHARE", "writes_wait"), "it") == (
        "t: le scritture aspettano, le letture no (lock SHARE)"
    )
