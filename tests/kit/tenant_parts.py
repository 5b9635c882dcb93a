"""Connection parts of the test server's databases."""

from dataclasses import replace
from typing import Any

from pydantic import SecretStr

from db.store.urls import parse
from integrations.databases import ConnectionMode, ConnectionParts


def parts_of(url: str, **changed: Any) -> ConnectionParts:
    """The parts of a URL, some of them changed: `host`, `port`, `database`, `user`, `sslmode` …"""
    given = parse(url).parameters
    parts = ConnectionParts(
        host=given["host"],
        port=int(given.get("port", "5432")),
        database=given["dbname"],
        user=given["user"],
        password=SecretStr(given.get("password", "")),
        sslmode="disable",
        mode=ConnectionMode.DIRECT,
    )
    return replace(parts, **changed)
