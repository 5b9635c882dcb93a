"""Local admins: a name and a password, made on the command line, tried slowly."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from db import admins as table
from db.auth import AuthWindow, AuthWindows
from db.store.session import Database
from services.actors import Operator
from services.admins.sessions import (
    COMMAND_LINE,
    LOCAL,
    AdminSessions,
    Device,
    SignedInAdmin,
)
from services.audit import Change, Subject, note
from services.client_network import network_of
from services.errors import Invalid, NotAllowed, NotFound, Temporary
from services.phrases import Phrase
from services.ports import Clock

# Above OWASP's floor (19 MiB), below RFC 9106's 64: memory times concurrency must fit 512 MB.
MEMORY_KIB, TIME_COST, LANES, AT_ONCE = 46 * 1024, 2, 1, 2
LEAST, MOST = 12, 200
MAX_NAME = 60
FREE_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=15)
ALARM_AT = 10
BY_NETWORK, WITHIN = 20, timedelta(minutes=10)

REFUSED = Phrase(
    "Name and password do not fit, or there were too many tries. Wait a moment, then try again.",
    "Nome e password non corrispondono, o i tentativi sono troppi. Aspetta un momento e riprova.",
)
NO_NAME = Phrase(
    "A name has 1 to {limit} letters, digits, dots, dashes or underscores.",
    "Un nome ha da 1 a {limit} lettere, cifre, punti, trattini o trattini bassi.",
)
BAD_LENGTH = Phrase(
    "A password has {least} to {most} characters.", "Una password ha da {least} a {most} caratteri."
)
TAKEN = Phrase(
    "There is an admin named “{name}” already. Give a new password with --reset.",
    "C’è già un admin di nome “{name}”. Dai una nuova password con --reset.",
)
UNKNOWN = Phrase("There is no admin named “{name}”.", "Non c’è nessun admin di nome “{name}”.")

log = structlog.get_logger(__name__)
T = TypeVar("T")


class SignInAlarm(Protocol):
    """Who hears of many wrong passwords."""

    async def wrong_passwords(self, name: str, failures: int, address: str) -> None:
        """So many for one name, the last from this address; raises Temporary."""


@dataclass(frozen=True, slots=True)
class _Try:
    """One try that was let through: the row's key, and which try it was."""

    key: bytes
    failures: int


class LocalAdmins:
    """Makes them, and lets them in."""

    def __init__(
        self,
        database: Database,
        sessions: AdminSessions | None,
        windows: AuthWindows | None,
        alarm: SignInAlarm | None,
        clock: Clock,
    ) -> None:
        """`sessions`, `windows` and `alarm` are for signing in; the command line has none."""
        self._database = database
        self._sessions = sessions
        self._windows = windows
        self._alarm = alarm
        self._clock = clock
        self._hasher = PasswordHasher(TIME_COST, MEMORY_KIB, LANES)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._decoy = ""

    async def create(self, name: str, password: str) -> None:
        """A new admin; audited. Raises Invalid for a bad name or password, or a name in use."""
        hashed, now = await self._hashed(_checked_name(name), password), self._clock()
        async with self._database.transaction() as session:
            if await table.local_admin(session, name) is not None:
                raise Invalid(TAKEN, field="name", name=name)
            session.add(
                table.LocalAdminRow(name=name, password_hash=hashed, created_at=now, changed_at=now)
            )
            note(session, COMMAND_LINE, "admins.create", Subject("admin", name))

    async def reset(self, name: str, password: str) -> None:
        """Another password, which ends every session; audited. Raises Invalid, NotFound."""
        hashed, now = await self._hashed(_checked_name(name), password), self._clock()
        async with self._database.transaction() as session:
            row = await table.local_admin(session, name)
            if row is None:
                raise NotFound(UNKNOWN, name=name)
            row.password_hash, row.changed_at = hashed, now
            held = await table.of_operator(session, LOCAL, name)
            await table.end(session, [one.id for one in held])
            await table.forgive(session, _key(name))
            note(session, COMMAND_LINE, "admins.reset", Subject("admin", name))

    async def remove(self, name: str) -> None:
        """No admin any more, and signed out everywhere; audited. Raises NotFound."""
        async with self._database.transaction() as session:
            row = await table.local_admin(session, name)
            if row is None:
                raise NotFound(UNKNOWN, name=name)
            await session.delete(row)
            held = await table.of_operator(session, LOCAL, name)
            await table.end(session, [one.id for one in held])
            note(session, COMMAND_LINE, "admins.remove", Subject("admin", name))

    async def names(self) -> tuple[str, ...]:
        """Those there are."""
        async with self._database.transaction() as session:
            return tuple(row.name for row in await table.local_admins(session))

    async def sign_in(self, name: str, password: str, device: Device) -> SignedInAdmin:
        """A new session; raises NotAllowed, in one sentence whatever was wrong."""
        if self._sessions is None:
            raise NotAllowed(REFUSED)
        name = name.strip()[:MAX_NAME]
        await self._limit(device)
        tried = await self._counted(name)
        async with self._database.transaction() as session:
            row = await table.local_admin(session, name)
        known = row.password_hash if row else await self._decoy_hash()
        right = await self._fits(known, password[: MOST + 1])
        if row is None or not right:
            await self._failed(name, tried, device)
            raise NotAllowed(REFUSED)
        await self._welcome(row, password, tried)
        return await self._sessions.begin(Operator(LOCAL, row.name, row.name), device)

    async def _welcome(self, row: table.LocalAdminRow, password: str, tried: _Try) -> None:
        stale = self._hasher.check_needs_rehash(row.password_hash)
        hashed = await self._in_thread(lambda: self._hasher.hash(password)) if stale else ""
        async with self._database.transaction() as session:
            await table.forgive(session, tried.key)
            if hashed and (kept := await table.local_admin(session, row.name)):
                kept.password_hash = hashed

    async def _limit(self, device: Device) -> None:
        if self._windows is None:
            return
        key = hashlib.sha256(f"admin password from {network_of(device.address)}".encode()).digest()
        wait = await self._windows.take([AuthWindow(key, BY_NETWORK, WITHIN)], at=self._clock())
        if wait > timedelta(0):
            raise NotAllowed(REFUSED)

    async def _counted(self, name: str) -> _Try:
        """Count the try before the password is looked at, so that many at once are no way in."""
        key, now = _key(name), self._clock()
        async with self._database.transaction() as session:
            row = await table.throttle(session, key)
            if row is None:
                row = table.AdminThrottleRow(key=key, not_before=now, failed_at=now)
                session.add(row)
            elif now < row.not_before:
                raise NotAllowed(REFUSED)
            row.failures += 1
            row.failed_at, row.not_before = now, now + _wait(row.failures)
            return _Try(key, row.failures)

    async def _failed(self, name: str, tried: _Try, device: Device) -> None:
        operator = Operator(LOCAL, name, name)
        async with self._database.transaction() as session:
            note(
                session,
                operator,
                "admins.sign_in",
                Subject("admin", name),
                Change(after={"from": device.address}, outcome="refused"),
            )
        if tried.failures == ALARM_AT and self._alarm is not None:
            try:
                await self._alarm.wrong_passwords(name, tried.failures, device.address)
            except Temporary:
                log.warning("admins.alarm_not_told")

    async def _hashed(self, _: str, password: str) -> str:
        if not LEAST <= len(password) <= MOST:
            raise Invalid(BAD_LENGTH, field="password", least=LEAST, most=MOST)
        return await self._in_thread(lambda: self._hasher.hash(password))

    async def _decoy_hash(self) -> str:
        """What a name that does not exist is compared with, at the same cost."""
        if not self._decoy:
            self._decoy = await self._in_thread(lambda: self._hasher.hash("nobody has this one"))
        return self._decoy

    async def _fits(self, hashed: str, password: str) -> bool:
        try:
            return bool(await self._in_thread(lambda: self._hasher.verify(hashed, password)))
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        async with self._slots:
            return await asyncio.to_thread(work)


def _wait(failures: int) -> timedelta:
    if failures < FREE_TRIES:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _checked_name(name: str) -> str:
    if not 0 < len(name) <= MAX_NAME or not all(c.isalnum() or c in "._-" for c in name):
        raise Invalid(NO_NAME, field="name", limit=MAX_NAME)
    return name


def _key(name: str) -> bytes:
    return hashlib.sha256(f"admin {name}".encode()).digest()
