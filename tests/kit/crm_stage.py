"""A written follow-up before an imitated CRM, either of the two, and its CRM actions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlmodel import update

from db import meetings as table
from db.store.session import Database
from integrations.crono.client import Crono
from integrations.http import client
from integrations.hubspot.client import HubSpot
from integrations.sandbox.crono import vendor as crono
from integrations.sandbox.crono.api import KEYS
from integrations.sandbox.hubspot import vendor as hubspot
from integrations.sandbox.hubspot.store import HubSpotStore
from integrations.sandbox.hubspot.wire import KEY
from services.actors import Actor
from services.connections import CrmKeys, StoredKeys
from services.crm import CrmAccess, CrmIndex, CrmPort, CronoVendor, HubSpotVendor, Matching
from services.followups.crm_deal import CrmDealAction
from services.followups.crm_note import CrmNoteAction
from services.followups.crm_target import CrmTargets
from services.followups.crm_tasks import CrmTasksAction
from services.followups.drafts import ActionItem, Draft
from services.meetings.history import GUESTS, Guest
from tests.integrations.sandbox_vendors import Vendors, sandbox_vendors
from tests.kit.action_desk import ActionDesk
from tests.kit.desk import Desk
from tests.kit.desk import now as base_now

CRMS = ("crono", "hubspot")
GUEST = Guest("Paolo Valdoro", "paolo@caseificiovaldoro.example", is_external=True)
COLLEAGUE = Guest("Sam Okafor", "sam@seguito.example", is_external=False)
ITEMS = (
    ActionItem("Send the price list", "Ada", "2026-12-04"),
    ActionItem("Book the training", "Nobody Known", ""),
)
WRITTEN = Draft("Recap", "Words.", note="Pain points: handwritten lots", action_items=ITEMS)


class OneKey:
    """Everybody's CRM is the one whose keys are given; what is said of them is forgotten."""

    def __init__(self, vendor: str, keys: tuple[str, ...]) -> None:
        self.stored = StoredKeys(vendor, keys)

    async def of(self, actor: Actor) -> StoredKeys:
        """These."""
        return self.stored

    async def progress(self, workspace_id: str) -> None:
        """Nothing was read: the CRM itself is asked."""

    async def mark(self, workspace_id: str, stored: StoredKeys, *, works: bool) -> None:
        """Nothing."""


@dataclass
class CrmStage:
    """The desk, the CRM through our port, and the imitated vendors."""

    desk: ActionDesk
    colleague: ActionDesk
    keys: OneKey
    crm: CrmPort
    vendors: Vendors
    name: str

    @property
    def hubspot(self) -> HubSpotStore:
        """HubSpot's records."""
        return self.vendors.sandbox.of(hubspot.HubSpot).store

    async def written(
        self,
        draft: Draft = WRITTEN,
        *,
        guests: tuple[Guest, ...] = (GUEST,),
        shared: bool = True,
        by: ActionDesk | None = None,
    ) -> str:
        """A follow-up of a meeting with these guests."""
        desk = by or self.desk
        followup_id = await desk.written(draft)
        actor, row = desk.actor, table.MeetingRow
        values = {"invitees": GUESTS.dump_json(guests).decode(), "shared": shared}
        async with desk.desk.database.transaction() as session:
            where = (row.workspace_id == actor.workspace_id, row.member_id == actor.member_id)
            await session.execute(update(row).where(*where).values(**values))
        return followup_id

    async def order(
        self,
        followup_id: str,
        name: str,
        wish: str = "",
        *,
        times: int = 1,
        by: ActionDesk | None = None,
    ) -> None:
        """Ask for one action, and take it."""
        desk = by or self.desk
        await desk.actions.request(desk.actor, followup_id, {name: wish})
        await desk.take(followup_id, times=times)

    def spoil(self, operation: str, **fault: object) -> None:
        """A fault of the connected CRM; `operation` as HubSpot calls it."""
        theirs = {"deals.update": "opportunities.update"}.get(operation, operation)
        named = operation if self.name == "hubspot" else theirs
        self.vendors.spoil(vendor=self.name, operation=named, **fault)

    def count(self, kind: str) -> int:
        """How many notes or tasks the CRM holds."""
        if self.name == "hubspot":
            return sum(not item.archived for item in self.hubspot.items[kind].values())
        return len(getattr(self.vendors.sandbox.of(crono.Crono).store, kind))


@asynccontextmanager
async def crm_stage(database: Database, name: str) -> AsyncIterator[CrmStage]:
    """Both CRMs are imitated, `name` is connected."""
    async with (
        sandbox_vendors([crono.vendors, hubspot.vendors]) as vendors,
        client(f"{vendors.url}/crono", "crono") as first,
        client(f"{vendors.url}/hubspot", "hubspot") as second,
    ):
        all_keys = {"crono": KEYS, "hubspot": (KEY,)}
        keys = OneKey(name, all_keys[name])
        crms = (CronoVendor(Crono(first)), HubSpotVendor(HubSpot(second)))
        access, base = CrmAccess(cast(CrmKeys, keys), crms), Desk(database)
        vendors.sandbox.of(hubspot.HubSpot).store.lag = 0.0
        index, theirs = CrmIndex(database), cast(CrmKeys, keys)
        matching = Matching(database, index, access, theirs, base.members, base_now)
        targets = CrmTargets(access, matching, base.meetings, base.members)
        made: list[ActionDesk] = []

        def clock() -> datetime:
            return made[0].tick()

        actions = (
            CrmNoteAction(targets, clock),
            CrmDealAction(targets),
            CrmTasksAction(targets, clock),
        )
        made += [ActionDesk(database, actions) for _ in range(2)]
        crm = access.vendor(name).open(keys.stored.keys)
        yield CrmStage(made[0], made[1], keys, crm, vendors, name)
