"""DATABASE_URL as providers and people write it: the same database for all three drivers."""

from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from db.store.postgres import DatabaseRefused, connect, require_session
from db.store.urls import BadDatabaseUrl, for_psycopg, parse, plain

SECRET = "s3cr3t"
# Each of libpq's, and of other programs', with a value that the tests' server can live with.
LIBPQS = (
    *("sslmode=prefer", "sslmode=disable", "connect_timeout=10", "options=-csearch_path%3Dpublic"),
    *("channel_binding=prefer", "target_session_attrs=read-write", "gssencmode=prefer"),
    *("keepalives=1", "keepalives_idle=30", "keepalives_interval=5", "keepalives_count=3"),
    *("tcp_user_timeout=5000", "application_name=x", "fallback_application_name=y"),
    *("load_balance_hosts=random", "sslcompression=0", "sslsni=1", "require_auth=scram-sha-256"),
    *("client_encoding=latin1", "krbsrvname=postgres", "ssl_min_protocol_version=TLSv1.2"),
    *(
        "sslnegotiation=postgres",
        "options=-csearch_path=public",
        "connect_timeout=0",
        "connect_timeout=",
        "replication=true",
    ),
)
FOREIGN = (
    *("pgbouncer=true", "connection_limit=5", "pool_timeout=0", "schema=public", "pool=5"),
    *("statement_cache_size=0", "prepared_statements=false", "supa=base-pooler.x", "encoding=utf8"),
    *("pool_max_conns=3", "uselibpqcompat=true", "ssl=false", "ssl=prefer", "prepareThreshold=0"),
)


async def everybody(url: str) -> set[tuple[Any, ...]]:
    """What both drivers see behind this URL; SQLAlchemy's way is asyncpg's and psycopg's."""
    seen = "SELECT current_database(), current_setting('search_path')"
    bare = await connect(url, {})
    async_row = await bare.fetchrow(seen)
    await bare.close()
    _, arguments = PGDialect_psycopg().create_connect_args(make_url(for_psycopg(url)))
    with psycopg.connect(**arguments) as sync:
        return {tuple(async_row or ()), sync.execute(seen).fetchone() or ()}


@pytest.mark.parametrize("parameter", [*LIBPQS, *FOREIGN])
async def test_every_parameter_works_with_every_driver(database_url: str, parameter: str) -> None:
    assert len(await everybody(f"{database_url}?{parameter}&application_name=all")) == 1


async def test_options_count_for_every_driver(database_url: str) -> None:
    seen = await everybody(f"{database_url}?options=-c%20search_path%3Dsomewhere")
    assert {row[1] for row in seen} == {"somewhere"}


async def test_the_next_of_several_hosts_is_tried(database_url: str) -> None:
    dead = database_url.replace("@127.0.0.1:", "@127.0.0.1:1,127.0.0.1:")
    assert len(await everybody(f"{dead}?target_session_attrs=primary")) == 1


async def test_a_name_given_in_the_url_comes_before_ours(database_url: str) -> None:
    connection = await connect(f"{database_url}?application_name=it", {"application_name": "us"})
    assert await connection.fetchval("SHOW application_name") == "it"
    await connection.close()


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        '"{}"',
        "'{}'\n",
        "\r\n  “{}”\r\n",
        "psql '{}'",
        "DATABASE_URL={}",
        'export DATABASE_URL="{}"',
    ],
)
@pytest.mark.parametrize("scheme", ["postgres", "postgresql+asyncpg", "postgresql+psycopg"])
def test_a_copied_url_may_bring_its_surroundings(written: str, scheme: str) -> None:
    url = f"{scheme}://u:p%40@h:1/d?sslmode=require"
    assert plain(written.format(url)) == "postgresql://u:p%40@h:1/d?sslmode=require"


@pytest.mark.parametrize(
    "parameter", ["channel_binding=require", "keepalives_idle=soon", "sslnegotiation=maybe"]
)
async def test_what_one_driver_cannot_keep_is_one_line(database_url: str, parameter: str) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        await require_session(f"{database_url}?{parameter}")
    assert "\n" not in str(refused.value)
    assert parse(database_url).parameters["password"] not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("postgres://u:p@[::1]/d", "postgresql://u:p@[::1]:5432/d"),
        ("postgres://u:p@a:1,b:2/d", "postgresql://u:p@a:1,b:2/d"),
        ("postgres://u@/d?host=/run/pg&port=3", "postgresql://u@/d?host=%2Frun%2Fpg&port=3"),
        ("postgres://u:p@%2Frun%2Fpg/d", "postgresql://u:p@/d?host=%2Frun%2Fpg"),
        ("host=h port=1 user=u password='a b' dbname=d", "postgresql://u:a%20b@h:1/d"),
        ("postgres://u:p@h:1/d?ssl=true", "postgresql://u:p@h:1/d?sslmode=require"),
        ("postgres://u:p@h:1/d?sslmode=no-verify", "postgresql://u:p@h:1/d?sslmode=require"),
        ("postgres://u:p@h:1", "postgresql://u:p@h:1/u"),
    ],
)
def test_other_ways_to_name_a_server(written: str, canonical: str) -> None:
    assert plain(written) == canonical == plain(canonical)
    assert parse(written).for_psycopg() == parse(canonical).for_psycopg() or "/run" not in canonical


@pytest.mark.parametrize("password", ["a b", "p%40?#x", "ü€:/@&=+", "'\"\\", SECRET, "100%"])
def test_no_password_is_too_odd(password: str) -> None:
    dsn = parse(f"postgres://u:{quote(password, safe='')}@h/d")
    _, arguments = PGDialect_psycopg().create_connect_args(make_url(for_psycopg(dsn.url)))
    assert dsn.for_asyncpg()["password"] == arguments["password"] == password
    assert parse(dsn.url).parameters["password"] == password
    assert password not in repr(dsn)


def test_a_hash_and_a_question_mark_may_stand_in_a_password_as_they_are() -> None:
    assert parse("postgres://u:a?b#c@h/d").parameters["password"] == "a?b#c"


def test_another_database_of_the_same_server_needs_no_cutting_of_strings() -> None:
    there = parse("postgres://u:p%2F@h:1/d?sslmode=require").at("ten ant/1")
    assert there.url == "postgresql://u:p%2F@h:1/ten%20ant%2F1?sslmode=require"
    assert there.for_psycopg().database == there.for_asyncpg()["database"] == "ten ant/1"


def test_the_systems_certificates_have_a_place_for_every_driver() -> None:
    parameters = parse("postgres://u@h/d?sslrootcert=system").parameters
    assert parameters["sslmode"] == "verify-full"
    assert parameters["sslrootcert"].startswith("/")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        (SECRET, "must look like"),
        (f"mysql://u:{SECRET}@h/d", "must look like"),
        (f"https://h/{SECRET}?a=b", "must look like"),
        (f"postgres://u:{SECRET}/x@h/d", "%2F"),
        (f"postgres://u:{SECRET}@x@h/d", "%40"),
        (f"postgres://u:{SECRET}%@h/d", "%25"),
        (f"postgres://u:x?{SECRET}=a/b@h/d", "%3F"),
        (f"postgres://u:{SECRET} \n@h/d", "blanks"),
        (f"postgres://u:{SECRET}@h:db/d", "port"),
        (f"postgres://u:{SECRET}@h:70000/d", "port"),
        (f"postgres://u:{SECRET}@/d?host=a,b,c&port=1,2", "port"),
        ("postgres://h", "no database"),
        (f"postgres://u:{SECRET}@h/d?foo=1", "“foo”"),
        (f"postgres://u:{SECRET}@h/d?sslmode={SECRET}", "sslmode"),
        (f"postgres://u:{SECRET}@h/d?target_session_attrs=x", "target_session_attrs"),
        (f"postgres://u:{SECRET}@h/d?gssencmode=require", "gssencmode"),
        (f"postgres://u:{SECRET}@h/d?connect_timeout=soon", "connect_timeout"),
        (f"postgres://u:{SECRET}@h/d?sslrootcert=/nowhere/{SECRET}", "sslrootcert"),
    ],
)
def test_what_nobody_can_use_is_one_line_without_its_secret(url: str, word: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refused:
        parse(url)
    assert word in str(refused.value)
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)
