"""Rollouts: who reads SQL, who works at tenants' databases, and who draws the card."""

from dataclasses import dataclass
from pathlib import Path

from bot.wiring.billing import billing_time
from bot.wiring.databases import build_dumps, cluster_parts
from bot.wiring.foundation import Foundation
from bot.wiring.tenants import TenantDeps, build_tenants
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.ops_room import SlackOpsRoom
from handlers.slack.outbound.rollouts import SlackRolloutDisplay, SlackRolloutRoom
from integrations.squawk.client import Squawk
from integrations.tenant_databases.runner import MigrationRunner
from integrations.tenant_databases.tryout import ScratchTryOut
from integrations.tenant_databases.vitals import TenantVitals
from services import RolloutServices, TenantServices
from services.billing import Payers
from services.operations import NOWHERE, Operations
from services.rollouts import (
    Behind,
    CatchUp,
    Checking,
    CheckPorts,
    Controls,
    Driver,
    DriverHands,
    Gates,
    MigrationFiles,
    MigrationReader,
    RolloutProposals,
    Rollouts,
    Starting,
    TargetPool,
    TenantFleet,
    kinds,
)


def build_tenants_and_rollouts(
    base: Foundation, vendors: Vendors, beneath: TenantDeps
) -> tuple[TenantServices, RolloutServices]:
    """Together: a tenant is caught up before it is ready, and rollouts go over those that are."""
    reader = MigrationReader(vendors.grammar)
    runner = MigrationRunner(vendors.tenant_connections)
    catch_up = CatchUp(base.database, reader, runner, base.clock)
    tenants = build_tenants(base, beneath, catch_up)
    fleet = TenantFleet(tenants.directory, Payers(base.database, billing_time(base)))
    parts = RolloutParts(reader, runner, catch_up, fleet)
    return tenants, build_rollouts(base, vendors, parts, beneath.operations, beneath.room)


@dataclass(frozen=True, slots=True)
class RolloutParts:
    """Who reads SQL, works at a tenant, catches one up, and knows them all."""

    reader: MigrationReader
    runner: MigrationRunner
    catch_up: CatchUp
    fleet: TenantFleet


def build_rollouts(
    base: Foundation,
    vendors: Vendors,
    parts: RolloutParts,
    operations: Operations,
    room: SlackOpsRoom,
) -> RolloutServices:
    """Their operations are registered, and drawn on a card of their own."""
    database, clock, directory = base.database, base.clock, base.settings.migrations_directory
    fleet, reader, runner, rollouts = parts.fleet, parts.reader, parts.runner, Rollouts(database)
    ports = CheckPorts(reader, Squawk(), _copies(base, vendors), runner, fleet)
    hands = DriverHands(
        pool=TargetPool(database, fleet, runner, reader, clock),
        gates=Gates(fleet, TenantVitals(vendors.tenant_connections), vendors.sites),
        notices=SlackRolloutRoom(room, rollouts),
    )
    controls = Controls(database, operations, fleet, clock)
    known = kinds(
        Checking(database, ports, clock),
        Starting(database, fleet, clock),
        Driver(database, operations, fleet, hands, clock),
        controls,
    )
    display = SlackRolloutDisplay(base.messenger.clients, rollouts)
    for kind in known:
        operations.register(kind, display)
    home = room.place or NOWHERE
    return RolloutServices(
        proposals=RolloutProposals(database, operations, reader, fleet, clock, home),
        controls=controls,
        directory=rollouts,
        files=MigrationFiles(Path(directory) if directory else None),
        behind=Behind(parts.catch_up, fleet),
        kinds=known,
    )


def _copies(base: Foundation, vendors: Vendors) -> ScratchTryOut:
    """Copies live on the cluster of the settings; without one nothing can be tried."""
    settings, connections = base.settings, vendors.tenant_connections
    there = settings.given("tenant_cluster_url")
    dumps = build_dumps(settings, connections)
    return ScratchTryOut(cluster_parts(settings) if there else None, connections, dumps)
