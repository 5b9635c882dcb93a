"""What every provider of tenants' databases speaks of: parts, states, and what was found.

Each provider (Supabase, a PostgreSQL cluster, somebody's own server) answers in these types.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import SecretStr

from integrations.errors import RefusedByVendor


class ConnectionMode(StrEnum):
    """What stands between us and the server, which decides what a session may do."""

    DIRECT = "direct"
    SESSION = "session"
    # A transaction pooler: no session state, no prepared statements, no session locks.
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class ConnectionParts:
    """How to reach one database, in parts: a URL is never cut or glued.

    `sslmode` is libpq's word (`disable`, `require`, `verify-full` …); `address`, where it is given,
    is the IP address that `host` was resolved to and judged as: the only one to connect to.
    """

    host: str
    port: int
    database: str
    user: str
    password: SecretStr
    sslmode: str
    mode: ConnectionMode
    address: str = ""


class DatabaseState(StrEnum):
    """What a provider says of a database; a new word of a vendor is `unknown`."""

    COMING_UP = "coming_up"
    READY = "ready"
    # It will not come up by itself (Supabase: INIT_FAILED, REMOVED).
    BROKEN = "broken"
    PAUSING = "pausing"
    # New connections are refused by the database itself, and none is open.
    PAUSED = "paused"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """The state, and in `detail` the vendor's own word for it (`INIT_FAILED`)."""

    state: DatabaseState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ProvidedDatabase:
    """A database at its provider: `ref` is the provider's id, `name` what we called it."""

    ref: str
    name: str
    state: DatabaseState


class NeedsPerson(RefusedByVendor):
    """Declined for a reason only a person can mend (a cap, a bill); `sentence` is the vendor's."""

    def __init__(self, vendor: str, code: str, sentence: str) -> None:
        super().__init__(vendor, code, sentence)
        self.args = (vendor, code, sentence)
        self.sentence = sentence


class KnownDatabase(Protocol):
    """A database that we keep: the provider's id, our name of it, and how to reach it."""

    @property
    def ref(self) -> str:
        """The provider's id."""

    @property
    def name(self) -> str:
        """What we called it."""

    @property
    def parts(self) -> ConnectionParts:
        """How to reach it."""


@dataclass(frozen=True, slots=True)
class ListedDatabase:
    """One of all databases at a provider; `created_at` None where the provider does not say."""

    ref: str
    name: str
    state: DatabaseState
    created_at: datetime | None = None
