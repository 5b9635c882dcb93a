"""DATABASE_URL in parts: read by libpq's own rules, told to each driver in its own words."""

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from psycopg import ProgrammingError, pq
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL

# What comes along when a URL is copied from a shell, a .env file or a provider's page.
COPIED = re.compile(r"^(?:export\s+)?(?:DATABASE_URL\s*=|psql\s)?\s*")
EDGES = " \t\r\n\ufeff\u200b\"'`“”‘’"
SCHEME = re.compile(r"^postgres(?:ql)?(?:\+\w+)?://")
# Other programs' own words, which no server and no driver of ours knows: Prisma, Rails, Django,
# node-postgres, pgx, SQLAlchemy, Supabase, JDBC.
FOREIGN = re.compile(
    r"pgbouncer|connection_limit|pool(_\w+)?|socket_timeout|schema|sslaccept|sslidentity"
    r"|statement_cache_(size|capacity)|prepared?_?statements?(_cache_size)?|max_overflow"
    r"|reaping_frequency|checkout_timeout|idle_timeout|encoding|min_messages|conn_\w+"
    r"|uselibpqcompat|default_query_exec_mode|async_fallback|supa|workaround"
    r"|currentschema|applicationname|preparethreshold|sslfactory",
    re.IGNORECASE,
)
# `ssl=` and `sslmode=` as asyncpg, JDBC and node-postgres write them.
SSL_MODES = {"true": "require", "1": "require", "false": "disable", "0": "disable"} | {
    "no-verify": "require"
}
CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": (
        *("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    ),
    # Our drivers cannot keep it, and without it everything would travel in clear.
    "gssencmode": ("disable", "prefer"),
}
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
# Would change what a connection is for, or what its texts mean.
DROPPED = frozenset({"replication", "client_encoding"})
# asyncpg reads these from a URL only.
IN_ASYNCPGS_URL = (
    *("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs"),
    *("passfile", "service", "krbsrvname", "gsslib"),
)
TO_THE_SERVER = ("application_name", "options")
LAST_PORT = 65535

SHAPE = "must look like postgresql://user:password@host:5432/database"
ESCAPE = "write @ : / ? # % in user and password as %40 %3A %2F %3F %23 %25"


class BadDatabaseUrl(ValueError):
    """It cannot be used; the text says the cure and holds nothing of the URL but names."""


@dataclass(frozen=True, slots=True)
class Dsn:
    """How to reach one database: libpq's keywords and their values, `dbname` always among them."""

    # Not in any message: one of them is the password.
    parameters: Mapping[str, str] = field(repr=False)

    @property
    def url(self) -> str:
        """As libpq, PostgreSQL's tools and bare asyncpg read it; with the password."""
        rest = dict(self.parameters)
        user, password = (quote(rest.pop(name, ""), safe="") for name in ("user", "password"))
        login = f"{user}:{password}@" if password else f"{user}@" if user else ""
        place, database = "", quote(rest.pop("dbname"), safe="")
        if "/" not in rest.get("host", "/"):
            place = ",".join(_together(host, port) for host, port in self._places())
            del rest["host"]
            rest.pop("port", None)
        query = f"?{urlencode(rest, quote_via=quote)}" if rest else ""
        return f"postgresql://{login}{place}/{database}{query}"

    def at(self, database: str) -> "Dsn":
        """The same way to another database of the server."""
        return Dsn({**self.parameters, "dbname": database})

    def for_psycopg(self) -> URL:
        """For SQLAlchemy with psycopg, whose libpq reads all of it."""
        query = dict(self.parameters)
        user, password = query.pop("user", None), query.pop("password", None)
        database = query.pop("dbname")
        return URL.create("postgresql+psycopg", user, password, database=database, query=query)

    def for_asyncpg(self) -> dict[str, Any]:
        """Arguments of `asyncpg.connect`; it does without what it does not know of libpq's."""
        given = self.parameters
        known = {name: given[name] for name in IN_ASYNCPGS_URL if name in given}
        arguments: dict[str, Any] = {
            "dsn": f"postgresql://?{urlencode(known, quote_via=quote)}" if known else None,
            "user": given.get("user"),
            "password": given.get("password"),
            "database": given["dbname"],
            "server_settings": {name: given[name] for name in TO_THE_SERVER if name in given},
        }
        if places := self._places():
            arguments["host"], arguments["port"] = (list(one) for one in zip(*places, strict=True))
        # As for libpq, 0 is for ever; then whoever connects has a limit of their own.
        if seconds := int(given.get("connect_timeout", "0")):
            arguments["timeout"] = seconds
        return arguments

    def _places(self) -> list[tuple[str, int]]:
        hosts = _hosts(self.parameters)
        ports = self.parameters.get("port", "").split(",")
        if len(ports) == 1:
            ports *= len(hosts)
        return [
            (host, int(port or "5432")) for host, port in zip(hosts, ports, strict=True) if host
        ]


def parse(text: str) -> Dsn:
    """The parts of a URL, however it was copied, or of libpq's `host=… dbname=…`.

    Raises BadDatabaseUrl. What no driver of ours knows, but other programs do, is ignored.
    """
    try:
        given = conninfo_to_dict(_without_foreign(SCHEME.sub("postgresql://", _bare(text))))
    except ProgrammingError:
        # libpq's own words would show the part that it cannot read.
        raise BadDatabaseUrl(f"{SHAPE}; {ESCAPE}") from None
    parameters = {
        name: str(value) for name, value in given.items() if value and name not in DROPPED
    }
    if not parameters.setdefault("dbname", parameters.get("user", "")):
        raise BadDatabaseUrl(f"names no database; it {SHAPE}")
    _check(parameters)
    if parameters.get("sslrootcert") == "system":
        parameters |= {"sslrootcert": _certificates(), "sslmode": "verify-full"}
    return Dsn(parameters)


def plain(url: str) -> str:
    """For PostgreSQL's own tools and for bare asyncpg."""
    return parse(url).url


def for_psycopg(url: str) -> str:
    """For the durable engine, which reads it by SQLAlchemy with psycopg."""
    return parse(url).for_psycopg().render_as_string(hide_password=False)


def _bare(text: str) -> str:
    # libpq's other form has quotes of its own.
    return COPIED.sub("", text.strip(EDGES)).strip(EDGES) if "://" in text else text.strip()


def _without_foreign(url: str) -> str:
    if not url.startswith("postgresql://"):
        return url
    login, at, rest = url.removeprefix("postgresql://").partition("@")
    if (at and ("/" in login or "@" in rest)) or re.search(r"\s", url):
        raise BadDatabaseUrl(f"{SHAPE}, without blanks; {ESCAPE}")
    place, mark, query = rest.partition("?") if at else login.partition("?")
    kept = []
    for name, value in _pairs(query):
        if name in _libpqs_names():
            # libpq wants it escaped: options=-csearch_path=x
            kept.append(f"{name}={value.replace('=', '%3D')}")
        elif not FOREIGN.fullmatch(name):
            raise BadDatabaseUrl(f"nobody knows its parameter “{name}”; take it out")
    return f"postgresql://{login + at if at else ''}{place}{mark}{'&'.join(kept)}"


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name in ("ssl", "sslmode"):
            yield "sslmode", SSL_MODES.get(value.lower(), value)
        else:
            yield name, value


def _libpqs_names() -> frozenset[str]:
    return frozenset(one.keyword.decode() for one in pq.Conninfo.get_defaults())


def _check(parameters: Mapping[str, str]) -> None:
    for name, choices in CHOICES.items():
        if parameters.get(name, choices[0]) not in choices:
            raise BadDatabaseUrl(f"its {name} must be one of {', '.join(choices)}")
    ports = parameters.get("port", "").split(",")
    if len(ports) not in (1, len(_hosts(parameters))) or not all(map(_is_port, ports)):
        raise BadDatabaseUrl(f"its port must be a number from 1 to {LAST_PORT}; it {SHAPE}")
    if not parameters.get("connect_timeout", "0").isdecimal():
        raise BadDatabaseUrl("its connect_timeout must be a number of seconds")
    for name in FILES:
        path = parameters.get(name, "")
        if path and not Path(path).is_file() and (name, path) != ("sslrootcert", "system"):
            raise BadDatabaseUrl(f"its {name} names a file that is not here")


def _hosts(parameters: Mapping[str, str]) -> list[str]:
    return (parameters.get("host") or parameters.get("hostaddr", "")).split(",")


def _is_port(text: str) -> bool:
    return not text or (text.isdecimal() and 0 < int(text) <= LAST_PORT)


def _certificates() -> str:
    # libpq in a wheel looks where its builder's system kept them.
    if (found := ssl.get_default_verify_paths().cafile) is None:
        raise BadDatabaseUrl(
            "says sslrootcert=system, but this machine has no certificates: install"
            " ca-certificates, or name a file"
        )
    return found


def _together(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
