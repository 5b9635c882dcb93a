"""Outlines for follow-ups: a member's own, and those of the whole workspace (member "")."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel, col, or_, select

from db.store.session import Session
from db.store.types import UtcDateTime

EVERYBODY = ""


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
