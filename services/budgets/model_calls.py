"""Every call of the model is held before it and settled after it, exactly, over all processes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from structlog import get_logger

from db import budgets as table
from db.store.session import Database, Session
from integrations.providers.types import Usage
from services.actors import Actor
from services.budgets.months import month_of
from services.budgets.over import OF_MEMBER, OF_WORKSPACE, BudgetSpent, OverBudget
from services.budgets.telling import BudgetNotices, Reached
from services.errors import DomainError
from services.people import Members
from services.ports import Clock

BYTES_PER_TOKEN = 4
# What a letter with its note and evidence usually takes.
USUAL_OUTPUT = 2_000
# The client gives up after 150 s, and an answer that cannot be used is asked for once more.
LONGEST_CALL = timedelta(minutes=15)
AT_ONCE = 200
KEEP_MONTHS = timedelta(days=400)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ModelPricing:
    """What calls of `model` cost; `cost` gives micro-dollars, 0 for a model without price."""

    model: str
    cost: Callable[[str, Usage], int]

    def of(self, model: str, usage: Usage) -> int:
        """Micro-dollars; a model that answers by a longer name costs what was asked for costs."""
        return self.cost(model, usage) or self.cost(self.model, usage)

    def likely(self, size: int) -> int:
        """What a prompt of so many bytes probably costs with its answer."""
        read = -(-size // BYTES_PER_TOKEN)
        return self.cost(self.model, Usage(read, USUAL_OUTPUT, cache_write_tokens=read))

    @property
    def is_known(self) -> bool:
        """Whether the price table knows the model at all."""
        return self.cost(self.model, Usage(1_000_000, 1_000_000)) > 0


class CallMeter:
    """Counts what the answers of one call took, of those as well that cannot be used."""

    def __init__(self, pricing: ModelPricing) -> None:
        self._pricing = pricing
        self.model = ""
        self.cost_micro = 0
        self.usage = Usage(0, 0)

    def count(self, model: str, usage: Usage) -> None:
        """One answer more."""
        self.model = model
        self.cost_micro += self._pricing.of(model, usage)
        self.usage = Usage(*(a + b for a, b in zip(self.usage, usage, strict=True)))


@dataclass(frozen=True, slots=True)
class LimitsOfMember:
    """The limits that hold for a member, None for none, and who set each."""

    workspace: table.ModelBudgetRow | None
    member: table.ModelBudgetRow | None


class ModelCalls:
    """The one way to the model: refused once a budget is used up."""

    def __init__(
        self,
        database: Database,
        pricing: ModelPricing,
        people: Members,
        zone: ZoneInfo,
        clock: Clock,
    ) -> None:
        self._database = database
        self._pricing = pricing
        self._people = people
        self._zone = zone
        self._clock = clock
        self._notices = BudgetNotices(clock)

    @asynccontextmanager
    async def call(self, actor: Actor, purpose: str, *, size: int) -> AsyncIterator[CallMeter]:
        """Ask the model inside; raises BudgetSpent before anything leaves.

        A call is let through while what is spent and held lies below every limit, and holds what it
        probably costs: so calls at the same moment go past a limit by one call at most, and by what
        the guess was wrong. One that ends by a DomainError costs what its answers took. A process
        that dies, or a task that is cancelled, leaves a held call; `expire` charges its guess.
        """
        held = await self._hold(actor, purpose, self._pricing.likely(size))
        meter = CallMeter(self._pricing)
        try:
            yield meter
        except DomainError:
            await self._end(actor.workspace_id, held, meter)
            raise
        await self._end(actor.workspace_id, held, meter)

    async def ensure_open(self, actor: Actor) -> None:
        """Return while a call would be let through; raises BudgetSpent. Holds nothing."""
        async with self._database.transaction() as session:
            over = await self._refusal(session, actor, self._month())
        if over is not None:
            raise await self._spent(actor, over)

    async def expire(self) -> int:
        """A step: charge what nobody ended by its guess; how many calls."""
        before = self._clock() - LONGEST_CALL
        async with self._database.transaction() as session:
            found = [
                (row.workspace_id, row.id)
                for row in await table.forgotten(session, before, AT_ONCE)
            ]
        for workspace_id, call_id in found:
            await self._lose(workspace_id, call_id)
        return len(found)

    async def forget(self) -> None:
        """A step: drop single calls of long ago; what months came to stays."""
        async with self._database.transaction() as session:
            await table.forget_before(session, month_of(self._clock() - KEEP_MONTHS, self._zone))

    async def _hold(self, actor: Actor, purpose: str, estimate: int) -> str:
        call_id, month = uuid4().hex, self._month()
        async with self._database.transaction() as session:
            over = await self._refusal(session, actor, month)
            if over is None:
                for sums in await _locked(session, actor, month):
                    sums.held_micro += estimate
                    session.add(sums)
                session.add(
                    table.ModelCallRow(
                        id=call_id,
                        workspace_id=actor.workspace_id,
                        month=month,
                        member_id=actor.member_id,
                        purpose=purpose,
                        estimate_micro=estimate,
                        held_at=self._clock(),
                    )
                )
        if over is not None:
            raise await self._spent(actor, over)
        return call_id

    async def _refusal(
        self, session: Session, actor: Actor, month: date
    ) -> table.ModelBudgetRow | None:
        """The limit that is reached, if one is; whoever is to be warned of it will be."""
        limits = await limits_of(session, actor)
        ours, own = await _locked(session, actor, month)
        for sums, limit in ((ours, limits.workspace), (own, limits.member)):
            if limit is None or limit.limit_micro is None:
                continue
            if sums.spent_micro + sums.held_micro >= limit.limit_micro:
                await self._notices.note(session, Reached(sums, limit.limit_micro, is_over=True))
                log.info("budgets.refused", kind=OF_MEMBER if sums.member_id else OF_WORKSPACE)
                return limit
        return None

    async def _spent(self, actor: Actor, limit: table.ModelBudgetRow) -> BudgetSpent:
        scope = OF_MEMBER if limit.member_id != table.WORKSPACE else OF_WORKSPACE
        admin = await self._people.who(Actor(actor.workspace_id, limit.set_by))
        return BudgetSpent(OverBudget(scope, admin.name))

    async def _end(self, workspace_id: str, call_id: str, meter: CallMeter) -> None:
        async with self._database.transaction() as session:
            row = await table.call(session, workspace_id, call_id)
            if row is None or row.state not in (table.HELD, table.LOST):
                return
            row.state = table.SETTLED if meter.model else table.FREE
            row.model = meter.model
            row.input_tokens = meter.usage.input_tokens
            row.cached_tokens = meter.usage.cached_tokens
            row.output_tokens = meter.usage.output_tokens
            await self._charge(session, row, meter.cost_micro)

    async def _lose(self, workspace_id: str, call_id: str) -> None:
        async with self._database.transaction() as session:
            row = await table.call(session, workspace_id, call_id)
            if row is not None and row.state == table.HELD:
                row.state = table.LOST
                await self._charge(session, row, row.estimate_micro)

    async def _charge(self, session: Session, row: table.ModelCallRow, cost: int) -> None:
        """The call's cost into its month's sums; what was charged before for it is taken back."""
        actor = Actor(row.workspace_id, row.member_id)
        held = row.estimate_micro if row.ended_at is None else 0
        is_new = row.ended_at is None
        limits = await limits_of(session, actor)
        for sums, limit in zip(
            await _locked(session, actor, row.month), (limits.workspace, limits.member), strict=True
        ):
            sums.held_micro -= held
            sums.spent_micro += cost - row.cost_micro
            sums.calls += is_new
            session.add(sums)
            if limit is not None and limit.limit_micro is not None:
                await self._notices.note(session, Reached(sums, limit.limit_micro))
        row.cost_micro, row.ended_at = cost, self._clock()
        session.add(row)

    def _month(self) -> date:
        return month_of(self._clock(), self._zone)


async def limits_of(session: Session, actor: Actor) -> LimitsOfMember:
    """What holds for this member: the workspace's limit, and their own or else the default."""
    rows = {row.member_id: row for row in await table.limits(session, actor.workspace_id)}
    own = rows.get(actor.member_id) or rows.get(table.DEFAULT)
    return LimitsOfMember(rows.get(table.WORKSPACE), own)


async def _locked(
    session: Session, actor: Actor, month: date
) -> tuple[table.ModelSpendingRow, table.ModelSpendingRow]:
    return await table.locked(session, actor.workspace_id, actor.member_id, month)
