"""What Home shows, read from our own tables alone: no vendor is asked, and no secret opened."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from db import home as table
from db import meetings as meeting_rows
from db.store.session import Database, Session
from services.budgets import Budgets
from services.clock import day_begins
from services.connections import Connections
from services.crm import CrmActivity, TaskEntry, tasks_of_day
from services.followups import tasks_due
from services.home.page import DRAFTS, MEETINGS, HomeCost, HomeOps, HomePage, HomeTask
from services.meetings import meeting_of
from services.ops import Ops
from services.people import Member
from services.ports import Clock
from services.reports import HealthChecks

SHORT, LONG = 5, 15
MOST_TASKS = 10
# What was left lying longer is found in the list of meetings, and is no reminder any more.
LATELY = timedelta(days=30)
MOST_OPERATIONS = 5


class HomeReading:
    """Reads a member's page: one transaction for what is theirs, others beside it for the rest."""

    def __init__(
        self,
        database: Database,
        connections: Connections,
        ops: Ops,
        checks: HealthChecks,
        budgets: Budgets,
        clock: Clock,
    ) -> None:
        self._database = database
        self._connections = connections
        self._ops = ops
        self._checks = checks
        self._budgets = budgets
        self._clock = clock

    async def page(self, member: Member) -> tuple[HomePage, str]:
        """The page as it is now, and Slack's hash as it was held before anything was read."""
        (own, held), cost, ops = await asyncio.gather(
            self._own(member), self._cost(member), self._operating(member)
        )
        return replace(own, cost=cost, ops=ops), held

    async def _own(self, member: Member) -> tuple[HomePage, str]:
        actor, now = member.actor, self._clock()
        owner, since = (actor.workspace_id, actor.member_id), now - LATELY
        async with self._database.transaction() as session:
            # The hash first: whoever publishes after this makes it old.
            kept = await table.find(session, *owner)
            longer = kept.expanded.split() if kept else ()
            wanted = {name: LONG if name in longer else SHORT for name in (MEETINGS, DRAFTS)}
            only = meeting_rows.MeetingFilter(show=meeting_rows.UNFOLLOWED, since=since)
            most = wanted[MEETINGS]
            rows = await meeting_rows.page(session, *owner, only=only, offset=0, limit=most + 1)
            drafts = await table.drafts(session, *owner, since, wanted[DRAFTS] + 1)
            counts = {MEETINGS: len(rows), DRAFTS: len(drafts)}
            page = HomePage(
                member=member,
                health=await self._connections.health_in(session, actor),
                meetings=tuple(meeting_of(row) for row in rows[:most]),
                drafts=tuple(drafts[: wanted[DRAFTS]]),
                tasks=await _tasks(session, member, now),
                further=tuple(one for one in counts if counts[one] > wanted[one]),
                indexed=await meeting_rows.reach(session, *owner) is not None,
            )
        return page, kept.hash if kept else ""

    async def _cost(self, member: Member) -> HomeCost | None:
        """For the workspace's admins, and ops admins at home, as the budgets have it."""
        if not (member.admin or self._ops.is_admin(member.actor)):
            return None
        found = await self._budgets.spent(member.actor.workspace_id)
        return HomeCost(found.month, found.spent_micro, found.limit_micro)

    async def _operating(self, member: Member) -> HomeOps | None:
        channel = self._ops.channel_for(member.actor)
        if not channel:
            return None
        begun = day_begins(self._clock().astimezone(member.zone).date(), member.zone)
        checks, operating = await asyncio.gather(self._checks.checks(), self._under_way(begun))
        return HomeOps(operating, channel, checks.value)

    async def _under_way(self, since: datetime) -> table.Operating:
        async with self._database.transaction() as session:
            return await table.operating(session, since, MOST_OPERATIONS)


async def _tasks(session: Session, member: Member, now: datetime) -> tuple[HomeTask, ...]:
    """Those that Seguito made: typed ones by their time, then those of follow-ups."""
    today = now.astimezone(member.zone).date()
    typed = await tasks_of_day(session, member.actor, today, MOST_TASKS)
    agreed = await tasks_due(session, member.actor, today, member.zone, MOST_TASKS)
    tasks = (
        *(_typed(one, one.wish) for one in typed if isinstance(one.wish, TaskEntry)),
        *(HomeTask(one.text, one.title, one.url) for one in agreed),
    )
    return tasks[:MOST_TASKS]


def _typed(activity: CrmActivity, wish: TaskEntry) -> HomeTask:
    url = activity.result.url if activity.result else ""
    return HomeTask(wish.subject, wish.about.name if wish.about else "", url, wish.at)
