"""What we use of dbos beyond what it promises: it is pinned, and a test watches every name."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dbos import DBOS
from dbos._datasource import DatasourceOptions as DatasourceOptions
from dbos._datasource_postgres import PostgresAsyncDatasource
from dbos._queue import queue_worker_thread as queue_worker_thread


class Datasource(PostgresAsyncDatasource):
    """The engine's exactly-once transactions, over our own pool and its driver."""

    def _is_serialization_error(self, error: Exception) -> bool:
        # The base class knows psycopg's errors only; deadlocks are run again.
        return getattr(getattr(error, "orig", None), "sqlstate", None) in ("40001", "40P01")


def is_launched(engine: DBOS) -> bool:
    """Whether this engine runs already: a second one is silently the first."""
    return engine._launched


def workflow_tasks(engine: DBOS) -> set[asyncio.Task[Any]]:
    """The workflows that run in the loop right now."""
    return set(engine._workflow_tasks)


def look_for_signals(engine: DBOS, *, every: timedelta) -> None:
    """How often a launched engine looks for signals whose notification it has missed."""
    engine._sys_db._notification_fallback_polling_interval = every.total_seconds()


def recover_workflows(executors: Sequence[str]) -> None:
    """Put back what these executors had in hand; blocks, needs a running engine."""
    DBOS._recover_pending_workflows(list(executors))
