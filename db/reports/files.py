"""Exports that were made by a job: their bytes, kept for a day."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Column, ForeignKey, String
from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import FileBytes, JsonText, UtcDateTime

OWNER = "report_files.id"


class ReportFileRow(SQLModel, table=True):
    """What was asked for and by whom; `rows` and `size` are None until the file is whole."""

    __tablename__ = "report_files"

    id: str = Field(default_factory=lambda: f"exp_{uuid4().hex}", primary_key=True)
    name: str
    wanted: str = Field(sa_type=JsonText)
    operator_kind: str
    operator_id: str
    operator_name: str = ""
    language: str
    rows: int | None = None
    size: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ReportPieceRow(SQLModel, table=True):
    """A piece of the file, about a megabyte, by its place."""

    __tablename__ = "report_pieces"

    file_id: str = Field(
        sa_column=Column(String, ForeignKey(OWNER, ondelete="CASCADE"), primary_key=True)
    )
    place: int = Field(primary_key=True)
    content: bytes = Field(sa_type=FileBytes)


async def find(session: Session, file_id: str, *, lock: bool = False) -> ReportFileRow | None:
    """Global: the file; `lock` holds its row until the transaction ends."""
    return await session.get(ReportFileRow, file_id, with_for_update=lock or None)


async def keep(session: Session, piece: ReportPieceRow) -> None:
    """Global: write a piece, and hold it in memory no longer."""
    session.add(piece)
    await session.flush()
    session.expunge(piece)


async def empty(session: Session, file_id: str) -> None:
    """Global: drop the pieces of an attempt that did not come to its end."""
    await session.exec(delete(ReportPieceRow).where(col(ReportPieceRow.file_id) == file_id))


async def piece(session: Session, file_id: str, place: int) -> bytes | None:
    """Global: the piece at this place; None behind the last one."""
    query = select(ReportPieceRow.content).where(
        ReportPieceRow.file_id == file_id, ReportPieceRow.place == place
    )
    return (await session.exec(query)).one_or_none()


async def forget_before(session: Session, moment: datetime) -> None:
    """Global: drop files that were asked for before then."""
    await session.exec(delete(ReportFileRow).where(col(ReportFileRow.created_at) < moment))
