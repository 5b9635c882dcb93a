"""What somebody's Home shows, as values: connections, meetings, drafts, tasks, cost, operations."""

from dataclasses import dataclass
from datetime import date

from db.home import OpenDraft as OpenDraft
from db.home import OpenRollout as OpenRollout
from db.home import Operating as Operating
from db.home import OpsOperation as OpsOperation
from services.connections import ConnectionHealth
from services.meetings import Meeting
from services.people import Member
from services.reports import HealthCheck

MEETINGS, DRAFTS = "meetings", "drafts"
LISTS = (MEETINGS, DRAFTS)


@dataclass(frozen=True, slots=True)
class HomeTask:
    """A task in the CRM that is due today: `at` is HH:MM or "", `about` a name or a meeting."""

    text: str
    about: str
    url: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class HomeCost:
    """What the model has cost the workspace this month; micro-dollars, `limit` None for none."""

    month: date
    spent_micro: int
    limit_micro: int | None = None


@dataclass(frozen=True, slots=True)
class HomeOps:
    """What is under way and what is not well; `checks` None: they could not be read."""

    operating: Operating
    channel: str
    checks: tuple[HealthCheck, ...] | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """A Home as it is now.

    `further` names the lists of which there is more than is shown. `cost` is for the workspace's
    admins, `ops` for ops admins in the home workspace. `link` connects Gmail, once it was asked
    for. `indexed`: somebody has looked for this member's meetings.
    """

    member: Member
    health: tuple[ConnectionHealth, ...]
    meetings: tuple[Meeting, ...] = ()
    drafts: tuple[OpenDraft, ...] = ()
    tasks: tuple[HomeTask, ...] = ()
    further: tuple[str, ...] = ()
    indexed: bool = True
    cost: HomeCost | None = None
    ops: HomeOps | None = None
    link: str = ""

    def connection(self, *vendors: str) -> ConnectionHealth | None:
        """The first connection to one of these."""
        return next((one for one in self.health if one.vendor in vendors), None)
