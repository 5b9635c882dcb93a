"""Processes that apply one migration to one database each, to be killed at any moment.

They are forked from a server that has imported everything: dozens of kills, each a real process.
"""

import asyncio
import multiprocessing
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess

from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.migrations import Direction, Migration
from integrations.tenant_databases.runner import MigrationRunner
from tests.kit.tenant_migrations import ordered
from tests.kit.tenant_parts import parts_of


def forker() -> ForkServerContext:
    """Where such processes come from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def migrating(url: str, what: Migration, direction: Direction, operation: str) -> BaseProcess:
    """A started process that applies this, with three tries."""
    process = forker().Process(target=_apply, args=(url, what, direction, operation))
    process.start()
    return process


def _apply(url: str, what: Migration, direction: Direction, operation: str) -> None:
    order = ordered(what, direction, operation=operation)
    asyncio.run(MigrationRunner(TenantConnections()).apply(parts_of(url), order))
