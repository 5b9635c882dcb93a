"""What admins see and set: limits of the workspace, of everybody, of single members; and spent."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from db import budgets as table
from db.store.session import Database, Session
from services.actors import Actor, Operator
from services.audit import Change, Subject, note
from services.budgets.amounts import dollars
from services.budgets.model_calls import ModelPricing, limits_of
from services.budgets.months import month_of
from services.errors import Invalid, NotAllowed
from services.people import WorkspaceAdmins
from services.phrases import Phrase
from services.ports import Clock

MAX_EXCEPTIONS = 60

ONLY_ADMINS = Phrase(
    "Only an admin of this Slack workspace can see and set its budgets. Ask one of them.",
    "Solo un admin di questo workspace Slack può vedere e impostare i budget. Chiedi a uno di "
    "loro.",
)
NOBODY = Phrase("Choose whom it is for.", "Scegli per chi è.")
TOO_MANY = Phrase(
    "There are {limit} exceptions already. Remove one, or change the budget for everybody.",
    "Ci sono già {limit} eccezioni. Togline una, o cambia il budget per tutti.",
)


@dataclass(frozen=True, slots=True)
class MemberBudget:
    """What one member has spent in a month, and their limit; micro-dollars, None is no limit.

    `is_exception`: the limit is this member's own, else the one for everybody.
    """

    member_id: str
    spent_micro: int = 0
    calls: int = 0
    limit_micro: int | None = None
    is_exception: bool = False


@dataclass(frozen=True, slots=True)
class WorkspaceSpending:
    """A month of a workspace; `held_micro` is what calls under way probably cost."""

    month: date
    spent_micro: int
    held_micro: int
    calls: int
    limit_micro: int | None
    members: tuple[MemberBudget, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class BudgetSheet:
    """All that an admin sees; `is_priced` False: the model has no price, so nothing is counted."""

    spending: WorkspaceSpending
    default_micro: int | None
    zone: str
    is_priced: bool


@dataclass(frozen=True, slots=True)
class OwnBudget:
    """What a member sees of their own; of the workspace's limit only whether it is used up."""

    month: date
    own: MemberBudget
    workspace_is_spent: bool


class Budgets:
    """Reads and changes budgets."""

    def __init__(
        self,
        database: Database,
        admins: WorkspaceAdmins,
        pricing: ModelPricing,
        zone: ZoneInfo,
        clock: Clock,
    ) -> None:
        self._database = database
        self._admins = admins
        self._pricing = pricing
        self._zone = zone
        self._clock = clock

    async def spent(self, workspace_id: str, month: date | None = None) -> WorkspaceSpending:
        """What a month has cost so far (its first day; None is this one), the dearest member first.

        Not for everybody's eyes: the caller sees to it that an admin asks (`may_see`).
        """
        first = month or self._month()
        async with self._database.transaction() as session:
            sums = {one.member_id: one for one in await table.sums(session, workspace_id, first)}
            limits = {one.member_id: one for one in await table.limits(session, workspace_id)}
        default = limits.get(table.DEFAULT)
        people = (sums.keys() | limits.keys()) - {table.WORKSPACE, table.DEFAULT}
        members = (_member(one, sums.get(one), limits.get(one), default) for one in people)
        total = sums.get(table.WORKSPACE)
        ours = limits.get(table.WORKSPACE)
        return WorkspaceSpending(
            month=first,
            spent_micro=total.spent_micro if total else 0,
            held_micro=total.held_micro if total else 0,
            calls=total.calls if total else 0,
            limit_micro=ours.limit_micro if ours else None,
            members=tuple(sorted(members, key=lambda one: (-one.spent_micro, one.member_id))),
        )

    async def may_see(self, actor: Actor) -> bool:
        """Whether this person is an admin of the workspace; raises Temporary."""
        return await self._admins.includes(actor)

    async def sheet(self, actor: Actor) -> BudgetSheet:
        """Limits and this month's spending; raises NotAllowed."""
        await self._check(actor)
        async with self._database.transaction() as session:
            rows = {row.member_id: row for row in await table.limits(session, actor.workspace_id)}
        default = rows.get(table.DEFAULT)
        return BudgetSheet(
            spending=await self.spent(actor.workspace_id),
            default_micro=default.limit_micro if default else None,
            zone=self._zone.key,
            is_priced=self._pricing.is_known,
        )

    async def own(self, actor: Actor) -> OwnBudget:
        """This month of the person who asks."""
        month = self._month()
        async with self._database.transaction() as session:
            limits = await limits_of(session, actor)
            sums = {
                row.member_id: row for row in await table.sums(session, actor.workspace_id, month)
            }
        total, ours = sums.get(table.WORKSPACE), limits.workspace
        limit = ours.limit_micro if ours else None
        spent = total.spent_micro if total else 0
        return OwnBudget(
            month,
            _member(actor.member_id, sums.get(actor.member_id), limits.member, None),
            workspace_is_spent=limit is not None and spent >= limit,
        )

    async def set(self, actor: Actor, *, workspace: str, default: str) -> None:
        """The workspace's limit and the one for everybody, as typed; raises Invalid, NotAllowed."""
        typed = {
            table.WORKSPACE: dollars(workspace, field="workspace"),
            table.DEFAULT: dollars(default, field="default"),
        }
        await self._check(actor)
        async with self._database.transaction() as session:
            for owner, limit in typed.items():
                await self._keep(session, actor, owner, limit)

    async def set_member(self, actor: Actor, member_id: str, typed: str) -> None:
        """A single member's limit, none when nothing is typed; raises Invalid, NotAllowed."""
        if not member_id:
            raise Invalid(NOBODY, field="member")
        limit = dollars(typed, field="amount")
        await self._check(actor)
        async with self._database.transaction() as session:
            rows = {row.member_id for row in await table.limits(session, actor.workspace_id)}
            others = rows - {table.WORKSPACE, table.DEFAULT, member_id}
            if len(others) >= MAX_EXCEPTIONS:
                raise Invalid(TOO_MANY, field="member", limit=MAX_EXCEPTIONS)
            await self._keep(session, actor, member_id, limit, is_exception=True)

    async def forget_member(self, actor: Actor, member_id: str) -> None:
        """The limit for everybody holds for this member again; raises NotAllowed."""
        await self._check(actor)
        async with self._database.transaction() as session:
            await self._keep(session, actor, member_id, None)

    async def _keep(
        self,
        session: Session,
        actor: Actor,
        owner: str,
        limit: int | None,
        *,
        is_exception: bool = False,
    ) -> None:
        rows = {row.member_id: row for row in await table.limits(session, actor.workspace_id)}
        before = rows.get(owner)
        if limit is None and not is_exception:
            if before is None:
                return
            await table.drop_limit(session, actor.workspace_id, owner)
        elif before is not None and before.limit_micro == limit:
            return
        else:
            row = table.ModelBudgetRow(
                workspace_id=actor.workspace_id,
                member_id=owner,
                limit_micro=limit,
                set_by=actor.member_id,
                set_at=self._clock(),
            )
            await table.keep_limit(session, actor.workspace_id, row)
        who = Operator("slack", f"{actor.workspace_id}:{actor.member_id}")
        change = Change(
            {"limit_micro": before.limit_micro if before else None}, {"limit_micro": limit}
        )
        note(
            session, who, "budgets.set", Subject("budget", f"{actor.workspace_id}:{owner}"), change
        )

    async def _check(self, actor: Actor) -> None:
        if not await self._admins.includes(actor):
            raise NotAllowed(ONLY_ADMINS)

    def _month(self) -> date:
        return month_of(self._clock(), self._zone)


def _member(
    member_id: str,
    sums: table.ModelSpendingRow | None,
    own: table.ModelBudgetRow | None,
    default: table.ModelBudgetRow | None,
) -> MemberBudget:
    limit = own or default
    return MemberBudget(
        member_id=member_id,
        spent_micro=sums.spent_micro if sums else 0,
        calls=sums.calls if sums else 0,
        limit_micro=limit.limit_micro if limit else None,
        is_exception=own is not None and own.member_id == member_id,
    )
