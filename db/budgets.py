"""Budgets of the model: limits, every call, what a month came to, and who was warned of it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import Money, UtcDateTime

# Whose rows these are, beside single members': the whole workspace, and members without their own.
WORKSPACE = ""
DEFAULT = "*"
HELD, SETTLED, FREE, LOST = "held", "settled", "free", "lost"


class ModelBudgetRow(SQLModel, table=True):
    """A monthly limit in micro-dollars; NULL lets a single member do without one."""

    __tablename__ = "model_budgets"

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    limit_micro: int | None = Field(default=None, sa_type=Money)
    set_by: str
    set_at: datetime = Field(sa_type=UtcDateTime)


class ModelSpendingRow(SQLModel, table=True):
    """What a month has cost a member, or the whole workspace; held is what calls under way may."""

    __tablename__ = "model_spending"

    workspace_id: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    spent_micro: int = Field(default=0, sa_type=Money)
    held_micro: int = Field(default=0, sa_type=Money)
    calls: int = 0


class ModelCallRow(SQLModel, table=True):
    """A call of the model: held, then settled, free (no answer came) or lost (nobody ended it)."""

    __tablename__ = "model_calls"
    __table_args__ = (Index("model_calls_held_at_idx", "state", "held_at"),)

    id: str = Field(primary_key=True)
    workspace_id: str
    month: date
    member_id: str
    purpose: str
    state: str = HELD
    model: str = ""
    estimate_micro: int = Field(sa_type=Money)
    cost_micro: int = Field(default=0, sa_type=Money)
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    held_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BudgetNoticeRow(SQLModel, table=True):
    """That somebody is told of a limit reached to so many percent: once a month and limit."""

    __tablename__ = "model_budget_notices"

    workspace_id: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    level: int = Field(primary_key=True)
    limit_micro: int = Field(primary_key=True, sa_type=Money)
    noted_at: datetime = Field(sa_type=UtcDateTime)


async def limits(session: Session, workspace_id: str) -> list[ModelBudgetRow]:
    """Every limit of the workspace; its own first, then the default, then members'."""
    query = select(ModelBudgetRow).where(ModelBudgetRow.workspace_id == workspace_id)
    return list((await session.exec(query.order_by(ModelBudgetRow.member_id))).all())


async def keep_limit(session: Session, workspace_id: str, row: ModelBudgetRow) -> None:
    """Set a limit of the workspace's; the newest wins."""
    values = row.model_dump()
    changed = {name: values[name] for name in ("limit_micro", "set_by", "set_at")}
    statement = insert(ModelBudgetRow).values(**values | {"workspace_id": workspace_id})
    await session.execute(
        statement.on_conflict_do_update(index_elements=["workspace_id", "member_id"], set_=changed)
    )


async def drop_limit(session: Session, workspace_id: str, member_id: str) -> None:
    """There is no such limit any more."""
    await session.exec(
        delete(ModelBudgetRow).where(
            col(ModelBudgetRow.workspace_id) == workspace_id,
            col(ModelBudgetRow.member_id) == member_id,
        )
    )


async def locked(
    session: Session, workspace_id: str, member_id: str, month: date
) -> tuple[ModelSpendingRow, ModelSpendingRow]:
    """The sums of the workspace and of the member, locked until the transaction ends.

    Always in this order, so that nobody waits for each other.
    """
    for owner in (WORKSPACE, member_id):
        row = ModelSpendingRow(workspace_id=workspace_id, month=month, member_id=owner)
        statement = insert(ModelSpendingRow).values(**row.model_dump())
        await session.execute(statement.on_conflict_do_nothing())
    found = [
        await session.get_one(
            ModelSpendingRow,
            (workspace_id, month, owner),
            with_for_update=True,
            populate_existing=True,
        )
        for owner in (WORKSPACE, member_id)
    ]
    return found[0], found[1]


async def sums(session: Session, workspace_id: str, month: date) -> list[ModelSpendingRow]:
    """What the month came to: of the whole workspace and of each member."""
    query = select(ModelSpendingRow).where(
        ModelSpendingRow.workspace_id == workspace_id, ModelSpendingRow.month == month
    )
    return list((await session.exec(query)).all())


async def call(session: Session, workspace_id: str, call_id: str) -> ModelCallRow | None:
    """One call of the workspace, locked until the transaction ends."""
    found = await session.get(ModelCallRow, call_id, with_for_update=True)
    return found if found is not None and found.workspace_id == workspace_id else None


async def forgotten(session: Session, before: datetime, most: int) -> Sequence[ModelCallRow]:
    """Global: calls that were held before then and that nobody ended; locked, others' left out."""
    query = (
        select(ModelCallRow)
        .where(ModelCallRow.state == HELD, col(ModelCallRow.held_at) < before)
        .order_by(col(ModelCallRow.held_at))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).all()


async def forget_before(session: Session, month: date) -> None:
    """Global: drop single calls of months before this one; their sums stay."""
    await session.exec(
        delete(ModelCallRow).where(col(ModelCallRow.month) < month, col(ModelCallRow.state) != HELD)
    )


async def first_notice(session: Session, workspace_id: str, row: BudgetNoticeRow) -> bool:
    """Note that it is told; whether it was not noted before."""
    values = row.model_dump() | {"workspace_id": workspace_id}
    statement = insert(BudgetNoticeRow).values(**values).on_conflict_do_nothing()
    done = await session.execute(statement.returning(col(BudgetNoticeRow.level)))
    return done.first() is not None
