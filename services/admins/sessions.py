"""Sessions of the dashboard: found by their cookie, listed, ended here and from elsewhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from db import admins as table
from db.store.session import Database, Session
from services.actors import Actor, Operator
from services.audit import Change, Subject, note
from services.errors import NotFound
from services.ops import Ops
from services.phrases import Phrase
from services.ports import Clock

SLACK, LOCAL = "slack", "admin"
SECRET_BYTES = 32
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
# Dangerous verbs want a sign-in younger than this.
FRESH = timedelta(minutes=10)
# Looking at pages writes at most so often.
SEEN_EVERY = timedelta(minutes=1)
THROTTLES_KEPT = timedelta(days=1)
MAX_AGENT = 300
COMMAND_LINE = Operator("command", "admin", "python -m bot admin")

GONE = Phrase("That session is over already.", "Quella sessione è già finita.")


@dataclass(frozen=True, slots=True)
class Device:
    """Where a request comes from: the client's address and what its browser calls itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class AdminSession:
    """One browser that is signed in; times are UTC."""

    id: str
    operator: Operator
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    device: Device

    @property
    def idle_ends_at(self) -> datetime:
        """When it ends unless it is used."""
        return min(self.seen_at + IDLE, self.ends_at)

    def fresh(self, now: datetime) -> bool:
        """Whether its admin signed in so lately that dangerous verbs may follow."""
        return now - self.began_at <= FRESH


@dataclass(frozen=True, slots=True)
class SignedInAdmin:
    """A new session, its cookie's text, which is nowhere else, and the page that was wanted."""

    session: AdminSession
    token: str
    next_path: str = ""


class AdminSessions:
    """Begins, finds and ends them. Whether somebody is an admin is asked each time."""

    def __init__(self, database: Database, ops: Ops, clock: Clock) -> None:
        self._database = database
        self._ops = ops
        self._clock = clock

    async def begin(self, operator: Operator, device: Device) -> SignedInAdmin:
        """A new session under a new id; audited."""
        now, token = self._clock(), secrets.token_urlsafe(SECRET_BYTES)
        row = table.AdminSessionRow(
            id=uuid4().hex,
            digest=_digest(token),
            operator_kind=operator.kind,
            operator_id=operator.id,
            operator_name=operator.name,
            began_at=now,
            seen_at=now,
            ends_at=now + ABSOLUTE,
            address=device.address,
            agent=_plain(device.agent),
        )
        async with self._database.transaction() as session:
            await table.purge(session, now, now - THROTTLES_KEPT)
            session.add(row)
            note(session, operator, "admins.sign_in", Subject("admin_session", row.id))
        return SignedInAdmin(_seen(row), token)

    async def find(self, token: str) -> AdminSession | None:
        """The session of this cookie, which counts as used now; None when it is over."""
        async with self._database.transaction() as session:
            row = await self._live(session, token)
            if row is None:
                return None
            now = self._clock()
            if now - row.seen_at >= SEEN_EVERY:
                await table.touch(session, row.id, now)
        return _seen(row)

    async def watch(self, token: str) -> AdminSession | None:
        """As `find`, but looking on, as an open live page does, does not keep a session alive."""
        async with self._database.transaction() as session:
            row = await self._live(session, token)
        return None if row is None else _seen(row)

    async def listed(self) -> tuple[AdminSession, ...]:
        """Every session that goes on, the newest first."""
        now = self._clock()
        async with self._database.transaction() as session:
            rows = await table.live(session, now - IDLE, now)
            allowed = [row for row in rows if await self._is_admin(session, row)]
        return tuple(map(_seen, allowed))

    async def end(self, operator: Operator, session_id: str) -> None:
        """End one, wherever it is; audited. Raises NotFound when it is over already."""
        async with self._database.transaction() as session:
            row = await session.get(table.AdminSessionRow, session_id)
            if row is None:
                raise NotFound(GONE)
            await table.end(session, [session_id])
            change = Change(before={"of": row.operator_id, "name": row.operator_name})
            note(session, operator, "admins.end_session", Subject("admin_session", row.id), change)

    async def sign_out(self, token: str) -> None:
        """End the session of this cookie; nothing when it is over."""
        async with self._database.transaction() as session:
            row = await table.of_digest(session, _digest(token))
            if row is not None:
                await table.end(session, [row.id])
                subject = Subject("admin_session", row.id)
                note(session, _seen(row).operator, "admins.sign_out", subject)

    async def _live(self, session: Session, token: str) -> table.AdminSessionRow | None:
        if not token:
            return None
        row, now = await table.of_digest(session, _digest(token)), self._clock()
        if row is None or now >= row.ends_at or now - row.seen_at >= IDLE:
            return None
        return row if await self._is_admin(session, row) else None

    async def _is_admin(self, session: Session, row: table.AdminSessionRow) -> bool:
        if row.operator_kind == SLACK:
            team, _, member = row.operator_id.partition(":")
            return self._ops.is_admin(Actor(team, member))
        admin = await table.local_admin(session, row.operator_id)
        return admin is not None and admin.changed_at <= row.began_at


def _seen(row: table.AdminSessionRow) -> AdminSession:
    return AdminSession(
        id=row.id,
        operator=Operator(row.operator_kind, row.operator_id, row.operator_name),
        began_at=row.began_at,
        seen_at=row.seen_at,
        ends_at=row.ends_at,
        device=Device(row.address, row.agent),
    )


def _plain(agent: str) -> str:
    return "".join(one if one.isprintable() else " " for one in agent)[:MAX_AGENT]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
