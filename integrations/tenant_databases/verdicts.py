"""What an error met while migrating means: try again, put off, halt, or a failure."""

from asyncpg import InterfaceError, PostgresError

from integrations.tenant_databases import journal
from integrations.tenant_databases.errors import Reason, TenantUnreachable, state_of
from integrations.tenant_databases.outcomes import (
    AlreadyApplied,
    HistoryChanged,
    Outcome,
    ServerHalted,
    StatementFailed,
    TenantBusy,
    TenantDeferred,
)

# What asyncpg raises while at work; everything else is a bug of ours.
FAILURES = (PostgresError, InterfaceError, OSError, TenantUnreachable)
LONGEST_SENTENCE = 500
# Lock timeout, deadlock, serialization.
LOCKED = frozenset({"55P03", "40P01", "40001"})
TOO_MANY_CONNECTIONS = "53300"
# Disk full, and its kin: the server's trouble, not this tenant's.
SERVERS_TROUBLE = frozenset({"53100", "58030"})
# The session ended: by an admin, a crash, a start, an idle time-out; 08: the connection itself.
ENDED = ("57P0", "25P03", "08")


def verdict(error: BaseException, statement: int) -> Outcome:
    """The outcome of an error at this statement (from 1; 0: none of the migration's)."""
    state, sentence = state_of(error), str(error)[:LONGEST_SENTENCE]
    detail = str(getattr(error, "detail", None) or "")
    if state.startswith("SG"):
        return _ours(state, detail)
    if isinstance(error, TenantUnreachable):
        full = error.reason is Reason.FULL
        return TenantDeferred("connections" if full else "unreachable", "", sentence)
    if state in LOCKED:
        return TenantDeferred("locked", state, sentence)
    if state == TOO_MANY_CONNECTIONS:
        return TenantDeferred("connections", state, sentence)
    if state in SERVERS_TROUBLE:
        return ServerHalted(state, sentence)
    if not state or state.startswith(ENDED):
        return TenantDeferred("unreachable", state, sentence or type(error).__name__)
    return StatementFailed(statement, state, sentence)


def worth_another_try(outcome: Outcome, error: BaseException | None) -> bool:
    """Whether the same, a little later, may end better."""
    if isinstance(error, TenantUnreachable) and not error.passing:
        return False
    return isinstance(outcome, TenantBusy | TenantDeferred)


def _ours(state: str, detail: str) -> Outcome:
    if state == journal.BUSY:
        return TenantBusy()
    if state == journal.ALREADY:
        return AlreadyApplied(detail)
    if state == journal.OTHER_SQL:
        return HistoryChanged("other_sql", detail)
    if state == journal.LATER_VERSION:
        return HistoryChanged("later_version", detail)
    return HistoryChanged("half_applied", detail)
