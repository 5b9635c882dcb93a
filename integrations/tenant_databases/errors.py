"""Why a tenant's database could not be connected to: one type, with a reason, never a fallback."""

import errno
import ssl
from enum import StrEnum
from typing import Any

from asyncpg import InterfaceError, PostgresError

from integrations.errors import Unreachable

VENDOR = "tenant database"


class Reason(StrEnum):
    """What stands in the way.

    NAME           its host's name cannot be resolved
    NOT_ALLOWED    its host leads to an address that we may not call
    ONLY_IPV6      it has IPv6 only and this machine has not
    NO_ANSWER      nobody listens there, or not in time
    TLS            no encrypted connection, or its certificate is not trusted
    NO_TENANT      the pooler does not know this project in this place
    LOGIN          user or password are not accepted
    MISSING        there is no such database
    CLOSED         it accepts no connections now: suspended, or being deleted
    FULL           no connection is free, there or among ours
    STARTING       the server starts or stops
    LOST           the connection broke off
    BUSY           a rollout or an export of ours works in it
    """

    NAME = "name"
    NOT_ALLOWED = "not_allowed"
    ONLY_IPV6 = "only_ipv6"
    NO_ANSWER = "no_answer"
    TLS = "tls"
    NO_TENANT = "no_tenant"
    LOGIN = "login"
    MISSING = "missing"
    CLOSED = "closed"
    FULL = "full"
    STARTING = "starting"
    LOST = "lost"
    BUSY = "busy"


# What a later try may cure by itself; the others wait for somebody.
PASSING = frozenset(
    {Reason.NAME, Reason.NO_ANSWER, Reason.FULL, Reason.STARTING}
    | {Reason.LOST, Reason.CLOSED, Reason.BUSY}
)
# SQLSTATEs, longest first. 55000 at login is `datallowconn = false`; PostgreSQL 18 says 42501 where
# CONNECT is not granted.
BY_STATE = {
    "3D000": Reason.MISSING,
    "42501": Reason.CLOSED,
    "55000": Reason.CLOSED,
    "53300": Reason.FULL,
    "57P03": Reason.STARTING,
    "57P": Reason.LOST,
    "28": Reason.LOGIN,
    "08": Reason.LOST,
    "53": Reason.FULL,
}
# Supavisor's own words for a project that is not in this pooler (contract B.2).
UNKNOWN_TO_POOLER = ("tenant or user not found", "tenant/user")
# Too many clients of a session pooler come as XX000, too.
POOLER_FULL = ("max clients reached", "maxclientsinsessionmode")
NO_WAY = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL))


class TenantUnreachable(Unreachable):
    """This tenant's database cannot be worked with now: a tenant is deferred, nothing else used.

    `reason` says why, `passing` whether a later try may cure it by itself.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(VENDOR, f"{reason}: {detail}" if detail else str(reason))
        self.args = (reason, detail)
        self.reason = reason

    @property
    def passing(self) -> bool:
        """Whether waiting may be enough."""
        return self.reason in PASSING


def unreachable(error: BaseException) -> TenantUnreachable | None:
    """What an error of asyncpg or of a socket says of the *connection*; None if it is no such.

    For errors while connecting and while at work: 57P01 and a cut wire are LOST.
    """
    if isinstance(error, TenantUnreachable):
        return error
    if isinstance(error, TimeoutError):
        return TenantUnreachable(Reason.NO_ANSWER, "no answer in time")
    if isinstance(error, ssl.SSLError):
        return TenantUnreachable(Reason.TLS, type(error).__name__)
    if isinstance(error, PostgresError):
        return _by_state(error)
    if isinstance(error, ConnectionError) and "SSL" in str(error):
        return TenantUnreachable(Reason.TLS, "the server wants no encryption")
    if isinstance(error, InterfaceError | ConnectionError) and not _refused(error):
        return TenantUnreachable(Reason.LOST, type(error).__name__)
    if isinstance(error, OSError):
        return TenantUnreachable(Reason.NO_ANSWER, errno.errorcode.get(error.errno or 0, "OSError"))
    return None


def no_route(error: BaseException) -> bool:
    """Whether this machine has no way to the address at all."""
    return isinstance(error, OSError) and error.errno in NO_WAY


def state_of(error: BaseException | None) -> str:
    """The SQLSTATE of PostgreSQL's error; "" of any other."""
    return str(getattr(error, "sqlstate", None) or "")


def _refused(error: BaseException) -> bool:
    return isinstance(error, ConnectionRefusedError)


def _by_state(error: Any) -> TenantUnreachable | None:
    said, state = str(error).lower(), state_of(error)
    if any(words in said for words in UNKNOWN_TO_POOLER):
        return TenantUnreachable(Reason.NO_TENANT, state)
    if any(words in said for words in POOLER_FULL):
        return TenantUnreachable(Reason.FULL, state)
    for beginning, reason in BY_STATE.items():
        if state.startswith(beginning):
            return TenantUnreachable(reason, state)
    return None
