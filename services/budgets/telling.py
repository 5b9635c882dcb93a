"""Warnings: at 80 and 100 percent, once a month and limit, to whoever the budget concerns."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from db import budgets as table
from db.store.jobs import start
from db.store.session import Database, Session
from services.actors import Actor
from services.people import Member, Members, WorkspaceAdmins
from services.ports import Clock

TELL = "budgets.tell"
WARNING, USED_UP = 80, 100
LEVELS = (WARNING, USED_UP)


@dataclass(frozen=True, slots=True)
class Reached:
    """A sum beside its limit in micro-dollars; `is_over`: a call was refused for it."""

    sums: table.ModelSpendingRow
    limit_micro: int
    is_over: bool = False

    @property
    def level(self) -> int:
        """100, 80, or 0 when there is nothing to tell."""
        spent = self.sums.spent_micro
        if self.is_over or spent >= self.limit_micro:
            return USED_UP
        return WARNING if spent * USED_UP >= self.limit_micro * WARNING else 0


@dataclass(frozen=True, slots=True)
class BudgetNews:
    """A budget at 80 or 100 percent of its limit; `own`: of the person who is told."""

    level: int
    month: date
    spent_micro: int
    limit_micro: int
    own: bool

    @property
    def is_used_up(self) -> bool:
        """Whether the model is not asked any more."""
        return self.level >= USED_UP


class BudgetRoom(Protocol):
    """Where people are told."""

    async def tell_budget(self, member: Member, news: BudgetNews) -> None:
        """In a direct message; raises Temporary while Slack is away."""


class BudgetNotices:
    """Notes what is to be told, and starts the jobs that tell it, in the caller's transaction."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def note(self, session: Session, reached: Reached) -> None:
        """The highest level reached, if it was not told before; a jump to 100 tells only that."""
        new = [
            one
            for one in LEVELS
            if one <= reached.level and await self._first(session, reached, one)
        ]
        if not new or max(new) < reached.level:
            return
        sums = reached.sums
        for recipient in await _recipients(session, sums):
            ids = (
                sums.workspace_id,
                recipient,
                sums.member_id,
                sums.month.isoformat(),
                str(reached.level),
                str(reached.limit_micro),
            )
            await start(session, TELL, f"{TELL}:{':'.join(ids)}", *ids, partition=sums.workspace_id)

    async def _first(self, session: Session, reached: Reached, level: int) -> bool:
        sums = reached.sums
        row = table.BudgetNoticeRow(
            workspace_id=sums.workspace_id,
            month=sums.month,
            member_id=sums.member_id,
            level=level,
            limit_micro=reached.limit_micro,
            noted_at=self._clock(),
        )
        return await table.first_notice(session, sums.workspace_id, row)


class BudgetTelling:
    """Tells one person of one level; a job of its own, so that nobody's trouble is another's."""

    def __init__(
        self, database: Database, room: BudgetRoom, people: Members, admins: WorkspaceAdmins
    ) -> None:
        self._database = database
        self._room = room
        self._people = people
        self._admins = admins

    async def tell(
        self,
        workspace_id: str,
        recipient: str,
        member_id: str,
        month: str,
        level: str,
        limit_micro: str,
    ) -> None:
        """A step: the message; of the workspace's budget only to who is still an admin."""
        actor, first = Actor(workspace_id, recipient), date.fromisoformat(month)
        if not member_id and not await self._is_admin(actor):
            return
        async with self._database.transaction() as session:
            rows = await table.sums(session, workspace_id, first)
        spent = next((row.spent_micro for row in rows if row.member_id == member_id), 0)
        news = BudgetNews(int(level), first, spent, int(limit_micro), own=bool(member_id))
        await self._room.tell_budget(await self._people.who(actor), news)

    async def _is_admin(self, actor: Actor) -> bool:
        return await self._admins.includes(actor)


async def _recipients(session: Session, sums: table.ModelSpendingRow) -> tuple[str, ...]:
    """A member of their own budget; of the workspace's, the admins who set budgets."""
    if sums.member_id:
        return (sums.member_id,)
    rows = await table.limits(session, sums.workspace_id)
    return tuple(dict.fromkeys(row.set_by for row in rows))
