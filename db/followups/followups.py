"""Follow-ups: the job's state, every version of the draft, and receipts of what was done."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import BigInteger, Index, Text, and_, case, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import JsonText, UtcDateTime

# Keeps these advisory locks apart from others in the same database.
SEED = 2_026_112_102


class FollowUpRow(SQLModel, table=True):
    """One follow-up of one meeting by one member; JSON columns hold the service's own types."""

    __tablename__ = "followups"
    __table_args__ = (
        Index("ix_followups_meeting", "workspace_id", "member_id", "recording_id"),
        Index("ix_followups_request", "request_id", unique=True),
        Index("ix_followups_created_at", "created_at", "id"),
    )

    id: str = Field(default_factory=lambda: uuid4().hex, primary_key=True)
    workspace_id: str
    member_id: str
    request_id: str
    recording_id: int = Field(sa_type=BigInteger)
    title: str = Field(sa_type=Text)
    started_at: datetime = Field(sa_type=UtcDateTime)
    url: str = ""
    options: str = Field(sa_type=JsonText)
    status: str = "writing"
    run: int = 1
    instruction: str = Field(default="", sa_type=Text)
    # The operation that writes, or wrote last; an older one changes nothing any more.
    operation_id: str = ""
    crm: str = Field(default="null", sa_type=JsonText)
    version: int = 0
    problem: str = Field(default="", sa_type=Text)
    # The vendor whose connection the problem lacks, or "".
    missing: str = ""
    reference: str = ""
    view_id: str = ""
    # It began by itself and nobody has looked: `held` shows no card yet, `due` one at its end,
    # `told` has one. "": a person began it, or has taken it over.
    arrival: str = ""
    card_channel: str = ""
    card_ts: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Version(SQLModel, table=True):
    """One version of the draft; `run` ties a written one to its job, so a repeat adds none."""

    __tablename__ = "followup_versions"

    followup_id: str = Field(primary_key=True, foreign_key="followups.id")
    number: int = Field(primary_key=True)
    run: int
    origin: str
    instruction: str = Field(default="", sa_type=Text)
    content: str = Field(sa_type=JsonText)
    model: str = ""
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    # What the evidence gate found; null until it was audited.
    audit: str = Field(default="null", sa_type=JsonText)
    # Whose budget was used up when a plain letter was written instead; null for any other version.
    over_budget: str = Field(default="null", sa_type=JsonText)
    created_at: datetime = Field(sa_type=UtcDateTime)


class KeptClaimRow(SQLModel, table=True):
    """A claim its owner stands by; `key` is what it says, free of wording."""

    __tablename__ = "followup_kept_claims"

    followup_id: str = Field(primary_key=True, foreign_key="followups.id")
    key: str = Field(primary_key=True, sa_type=Text)
    sentence: str = Field(sa_type=Text)
    version: int
    member_id: str
    kept_at: datetime = Field(sa_type=UtcDateTime)


class ReceiptRow(SQLModel, table=True):
    """An action taken with a follow-up; the primary key lets each be taken once.

    `operation_id` is the operation that acts or acted; what belongs to another changes nothing.
    `wish` is what the person chose, `effect` what the action keeps of what it did, both in the
    action's own JSON. `attempt` counts the orders, `generation` the undone ones among them.
    """

    __tablename__ = "followup_receipts"

    followup_id: str = Field(primary_key=True, foreign_key="followups.id")
    action: str = Field(primary_key=True)
    version: int
    attempt: int = 1
    generation: int = 0
    status: str = "pending"
    operation_id: str = ""
    external_id: str = ""
    url: str = ""
    note: str = Field(default="", sa_type=Text)
    wish: str = Field(default="", sa_type=Text)
    effect: str = Field(default="", sa_type=Text)
    problem: str = Field(default="", sa_type=Text)
    missing: str = ""
    question: str = ""
    kept: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def find(
    session: Session, workspace_id: str, member_id: str, followup_id: str, *, lock: bool = False
) -> FollowUpRow | None:
    """The follow-up if it is this member's; `lock` holds its row until the transaction ends."""
    query = select(FollowUpRow).where(
        FollowUpRow.id == followup_id,
        FollowUpRow.workspace_id == workspace_id,
        FollowUpRow.member_id == member_id,
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def find_job(session: Session, followup_id: str, *, lock: bool = False) -> FollowUpRow | None:
    """Global: the follow-up a job was started for (the id comes from our own queue)."""
    query = select(FollowUpRow).where(FollowUpRow.id == followup_id)
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def of_request(session: Session, workspace_id: str, request_id: str) -> FollowUpRow | None:
    """The follow-up a Slack submission already started, if it is a repeat.

    Until the transaction ends, a repeat that comes at the same time waits here.
    """
    request = func.hashtextextended(request_id, SEED)
    await session.execute(select(func.pg_advisory_xact_lock(request)))
    query = select(FollowUpRow).where(
        FollowUpRow.workspace_id == workspace_id, FollowUpRow.request_id == request_id
    )
    return (await session.exec(query)).one_or_none()


async def latest(
    session: Session, workspace_id: str, member_id: str, recording_id: int
) -> FollowUpRow | None:
    """The member's newest follow-up of a meeting."""
    query = select(FollowUpRow).where(
        FollowUpRow.workspace_id == workspace_id,
        FollowUpRow.member_id == member_id,
        FollowUpRow.recording_id == recording_id,
    )
    newest = query.order_by(col(FollowUpRow.created_at).desc()).limit(1)
    return (await session.exec(newest)).one_or_none()


async def hold_meeting(
    session: Session, workspace_id: str, member_id: str, recording_id: int
) -> None:
    """Until the transaction ends, nobody else begins a follow-up of this member's meeting."""
    name = f"{workspace_id}:{member_id}:{recording_id}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, SEED))))


async def followed(
    session: Session, workspace_id: str, member_id: str, recording_ids: list[int]
) -> dict[int, str]:
    """Recording id → status of its newest follow-up, `drafted` once it is in Gmail."""
    in_gmail = and_(
        col(ReceiptRow.followup_id) == FollowUpRow.id,
        col(ReceiptRow.action) == "gmail",
        col(ReceiptRow.status) == "done",
    )
    state = case((col(ReceiptRow.status).is_not(None), "drafted"), else_=col(FollowUpRow.status))
    query = (
        select(FollowUpRow.recording_id, state)
        .outerjoin(ReceiptRow, in_gmail)
        .where(
            FollowUpRow.workspace_id == workspace_id,
            FollowUpRow.member_id == member_id,
            col(FollowUpRow.recording_id).in_(recording_ids),
        )
    )
    return dict((await session.exec(query.order_by(col(FollowUpRow.created_at)))).all())


async def versions(session: Session, followup_id: str) -> list[Version]:
    """Global by follow-up id (checked by the caller): every version, oldest first."""
    query = select(Version).where(Version.followup_id == followup_id)
    return list((await session.exec(query.order_by(col(Version.number)))).all())


async def version(session: Session, followup_id: str, number: int) -> Version | None:
    """Global by follow-up id (checked by the caller): one version."""
    return await session.get(Version, (followup_id, number))


async def receipt(
    session: Session, followup_id: str, action: str, *, lock: bool = False
) -> ReceiptRow | None:
    """Global by follow-up id (checked by the caller): the receipt of one action."""
    return await session.get(ReceiptRow, (followup_id, action), with_for_update=lock or None)


async def kept_claims(session: Session, followup_id: str) -> list[KeptClaimRow]:
    """Global by follow-up id (checked by the caller): the claims its owner stands by."""
    query = select(KeptClaimRow).where(KeptClaimRow.followup_id == followup_id)
    return list((await session.exec(query.order_by(col(KeptClaimRow.kept_at)))).all())


async def keep_claim(session: Session, row: KeptClaimRow) -> None:
    """Global by follow-up id (checked by the caller): keep a claim; who kept it first stays."""
    statement = insert(KeptClaimRow).values(**row.model_dump())
    await session.execute(statement.on_conflict_do_nothing())


async def receipts(session: Session, followup_id: str, *, lock: bool = False) -> list[ReceiptRow]:
    """Global by follow-up id (checked by the caller): what was done with it, oldest first."""
    query = select(ReceiptRow).where(ReceiptRow.followup_id == followup_id)
    query = query.order_by(col(ReceiptRow.created_at), col(ReceiptRow.action))
    if lock:
        query = query.with_for_update()
    return list((await session.exec(query)).all())


async def last_wish(session: Session, workspace_id: str, member_id: str, action: str) -> str:
    """What the member chose for their newest receipt of this action that is done; "" for none."""
    query = (
        select(ReceiptRow.wish)
        .join(FollowUpRow, col(FollowUpRow.id) == ReceiptRow.followup_id)
        .where(
            FollowUpRow.workspace_id == workspace_id,
            FollowUpRow.member_id == member_id,
            ReceiptRow.action == action,
            col(ReceiptRow.done_at).is_not(None),
            ReceiptRow.wish != "",
        )
        .order_by(col(ReceiptRow.done_at).desc())
        .limit(1)
    )
    return (await session.exec(query)).one_or_none() or ""


async def earlier(
    session: Session, workspace_id: str, member_id: str, action: str, *, beside: str, limit: int
) -> list[tuple[str, str]]:
    """Effect and options of the member's receipts of this action that are done, the newest first,
    `beside` those of one follow-up."""
    query = (
        select(ReceiptRow.effect, FollowUpRow.options)
        .join(FollowUpRow, col(FollowUpRow.id) == ReceiptRow.followup_id)
        .where(
            FollowUpRow.workspace_id == workspace_id,
            FollowUpRow.member_id == member_id,
            FollowUpRow.id != beside,
            ReceiptRow.action == action,
            col(ReceiptRow.done_at).is_not(None),
        )
        .order_by(col(ReceiptRow.done_at).desc())
        .limit(limit)
    )
    return [(effect, options) for effect, options in (await session.exec(query)).all()]


async def next_number(session: Session, followup_id: str) -> int:
    """Global by follow-up id (its row locked by the caller): the next version's number."""
    query = select(func.coalesce(func.max(Version.number), 0)).where(
        Version.followup_id == followup_id
    )
    return (await session.exec(query)).one() + 1
