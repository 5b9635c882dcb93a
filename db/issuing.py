"""Licenses issued in bulk: one upload, and each of its lines with what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, func, insert, text
from sqlmodel import Field, SQLModel, col, delete, select

from db.operations import OperationRow
from db.store.session import Session
from db.store.types import Digest, UtcDateTime

OK = "ok"
BAD = "bad"
ISSUED = "issued"
KNOWN = "known"
OWNER = "bulk_issues.id"


class BulkIssue(SQLModel, table=True):
    """One upload and who asked for it; what came of it is an operation's, once it is confirmed.

    `noted_run` is the newest run of that operation whose end is in the audit log.
    """

    __tablename__ = "bulk_issues"

    id: str = Field(primary_key=True)
    operator_kind: str
    operator_id: str
    operator_name: str = ""
    workspace_id: str = ""
    channel_id: str = ""
    language: str = "en"
    send_email: bool = False
    digest: bytes = Field(sa_type=Digest)
    total: int
    noted_run: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


class BulkLineRow(SQLModel, table=True):
    """One line of the file, by its number there; `months` is None for a whole life.

    `fingerprint` is what makes two lines the same; only one line with it is ever `issued`.
    """

    __tablename__ = "bulk_lines"
    __table_args__ = (
        Index(
            "bulk_lines_fingerprint_idx",
            "fingerprint",
            unique=True,
            postgresql_where=text("state = 'issued'"),
        ),
    )

    bulk_id: str = Field(
        sa_column=Column(String, ForeignKey(OWNER, ondelete="CASCADE"), primary_key=True)
    )
    line: int = Field(primary_key=True)
    email: str
    plan: str
    months: int | None = None
    domain: str = ""
    name: str = ""
    fingerprint: str
    state: str = OK
    reason: str = ""
    license_id: str = ""


async def add_lines(session: Session, lines: Sequence[BulkLineRow]) -> None:
    """Global: write an upload’s lines in one go; they carry their upload’s id."""
    if lines:
        await session.execute(insert(BulkLineRow), [line.model_dump() for line in lines])


async def find(session: Session, bulk_id: str, *, lock: bool = False) -> BulkIssue | None:
    """Global: ops work, no workspace's own."""
    return await session.get(BulkIssue, bulk_id, with_for_update=lock)


async def counts(session: Session, bulk_id: str) -> Mapping[str, int]:
    """Global: how many of the upload's lines are in each state."""
    query = (
        select(BulkLineRow.state, func.count())
        .where(BulkLineRow.bulk_id == bulk_id)
        .group_by(col(BulkLineRow.state))
    )
    return {state: number for state, number in (await session.exec(query)).all()}


async def next_lines(session: Session, bulk_id: str, limit: int) -> list[BulkLineRow]:
    """Global: the first lines that still wait to be issued, in the file's order."""
    query = (
        select(BulkLineRow)
        .where(BulkLineRow.bulk_id == bulk_id, BulkLineRow.state == OK)
        .order_by(col(BulkLineRow.line))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def lock_line(session: Session, bulk_id: str, line: int) -> BulkLineRow | None:
    """Global: the line, alone with its fingerprint until the transaction ends."""
    row = await session.get(BulkLineRow, (bulk_id, line), with_for_update=True)
    if row is not None:
        await session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:print, 0))"),
            {"print": row.fingerprint},
        )
    return row


async def lines(session: Session, bulk_id: str, *, state: str = "") -> list[BulkLineRow]:
    """Global: the upload's lines in the file's order, of one state if named."""
    query = (
        select(BulkLineRow).where(BulkLineRow.bulk_id == bulk_id).order_by(col(BulkLineRow.line))
    )
    if state:
        query = query.where(BulkLineRow.state == state)
    return list((await session.exec(query)).all())


async def with_license(
    session: Session, bulk_id: str, *, after: int, limit: int
) -> list[BulkLineRow]:
    """Global: the upload's lines that have a license, those behind line `after`, in order."""
    query = (
        select(BulkLineRow)
        .where(
            BulkLineRow.bulk_id == bulk_id, BulkLineRow.line > after, BulkLineRow.license_id != ""
        )
        .order_by(col(BulkLineRow.line))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def issued(session: Session, fingerprints: Sequence[str]) -> Mapping[str, str]:
    """Global: license ids by fingerprint, of those that were issued in any upload."""
    query = select(BulkLineRow.fingerprint, BulkLineRow.license_id).where(
        BulkLineRow.state == ISSUED, col(BulkLineRow.fingerprint).in_(fingerprints)
    )
    return {
        fingerprint: license_id for fingerprint, license_id in (await session.exec(query)).all()
    }


async def purge(session: Session, kind: str, before: datetime) -> None:
    """Global: drop uploads before the given time that no operation of this kind came of."""
    confirmed = select(OperationRow.subject_id).where(OperationRow.kind == kind)
    await session.exec(
        delete(BulkIssue).where(
            col(BulkIssue.created_at) < before, col(BulkIssue.id).not_in(confirmed)
        )
    )
