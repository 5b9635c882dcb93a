"""Outlines for follow-ups: a member's own, and those of the whole workspace (member "")."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Index, Text, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete, or_, select

from db.store.session import Session
from db.store.types import UtcDateTime

EVERYBODY = ""
# Keeps these advisory locks apart from others in the same database.
SEED = 2_026_112_901


class TemplateRow(SQLModel, table=True):
    """A named outline the model is asked to follow."""

    __tablename__ = "templates"
    __table_args__ = (Index("ix_templates_owner", "workspace_id", "member_id"),)

    id: str = Field(default_factory=lambda: uuid4().hex[:12], primary_key=True)
    workspace_id: str
    member_id: str
    name: str
    outline: str = Field(sa_type=Text)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class TemplateDefaultRow(SQLModel, table=True):
    """The template that a member's new follow-ups begin with."""

    __tablename__ = "template_defaults"

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    template_id: str


async def lock(session: Session, workspace_id: str) -> None:
    """Whoever else changes templates of this workspace waits until the transaction ends."""
    key = func.hashtextextended(workspace_id, SEED)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def default(session: Session, workspace_id: str, member_id: str) -> str:
    """The id of the member's default; "" for none. It may have been deleted since."""
    row = await session.get(TemplateDefaultRow, (workspace_id, member_id))
    return row.template_id if row else ""


async def keep_default(
    session: Session, workspace_id: str, member_id: str, template_id: str
) -> None:
    """The member's new follow-ups begin with this one, "" for none."""
    if not template_id:
        await session.exec(
            delete(TemplateDefaultRow).where(
                col(TemplateDefaultRow.workspace_id) == workspace_id,
                col(TemplateDefaultRow.member_id) == member_id,
            )
        )
        return
    statement = insert(TemplateDefaultRow).values(
        workspace_id=workspace_id, member_id=member_id, template_id=template_id
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "member_id"], set_={"template_id": template_id}
        )
    )


async def of_member(session: Session, workspace_id: str, member_id: str) -> list[TemplateRow]:
    """The workspace's templates and the member's own, by name."""
    query = select(TemplateRow).where(
        TemplateRow.workspace_id == workspace_id,
        or_(TemplateRow.member_id == member_id, TemplateRow.member_id == EVERYBODY),
    )
    return sorted((await session.exec(query)).all(), key=lambda row: row.name.lower())


async def find(
    session: Session, workspace_id: str, member_id: str, template_id: str
) -> TemplateRow | None:
    """The template, if it is the member's own or the workspace's."""
    query = select(TemplateRow).where(
        col(TemplateRow.id) == template_id,
        TemplateRow.workspace_id == workspace_id,
        or_(TemplateRow.member_id == member_id, TemplateRow.member_id == EVERYBODY),
    )
    return (await session.exec(query)).one_or_none()
