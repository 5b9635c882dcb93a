"""Webhooks at Fathom: one for each member whose key is known, and none that nobody wants."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from db.arrivals import watches as table
from db.connections import connections
from db.store.session import Database, Session, seal, unseal
from integrations.errors import AuthExpired, IntegrationError, RateLimited, RefusedByVendor
from integrations.fathom.client import Fathom
from integrations.fathom.types import NewHook
from services.arrivals.ports import ArrivalRoom
from services.connections import FATHOM
from services.operations import Backoff
from services.ports import Clock

# Longer than any call to Fathom takes: after that whoever was at it is dead.
CLAIM = timedelta(minutes=2)
AT_ONCE = 100
# A webhook that could not be made or deleted is tried again; meanwhile lists are compared.
LATER = Backoff(tries=50, first=timedelta(minutes=1), longest=timedelta(hours=12))
# Fathom refused: the plan has none, or the address will not do. Asked again now and then.
REFUSED = timedelta(days=1)
GIVEN_UP = 40
NO_TIME = timedelta(0)
# No webhook is possible, for Fathom cannot reach us.
NO_ADDRESS = "no_address"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Doomed:
    """A webhook to delete, with the keys that may be able to, its own first."""

    id: str
    hook_id: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done at Fathom for one member; `make` is our id of the webhook to make."""

    make: str = ""
    address: str = ""
    key: str = ""
    delete: tuple[_Doomed, ...] = ()


class FathomHooks:
    """Makes the webhooks at Fathom what they should be; safe to ask at any time and again.

    `origin` is where Fathom reaches us, "" when it cannot.
    """

    def __init__(
        self, database: Database, fathom: Fathom, room: ArrivalRoom, origin: str, clock: Clock
    ) -> None:
        self._database = database
        self._fathom = fathom
        self._room = room
        self._origin = origin
        self._clock = clock

    async def settle(self, workspace_id: str, member_id: str) -> None:
        """A step: one webhook while the member's key is known and the app installed, else none.

        A new key gets a new webhook, the old one is deleted with the key that made it.
        """
        if (there := await self._room.installed(workspace_id)) is None:
            return
        async with self._database.transaction() as session:
            plan = await self._plan(session, workspace_id, member_id, there=there)
        if plan.make:
            await self._make(plan)
        for doomed in plan.delete:
            await self._delete(doomed)

    async def unsettled(self) -> list[tuple[str, str]]:
        """A step: workspace and member of those whose webhook is not as it should be."""
        async with self._database.transaction() as session:
            found = await table.unsettled(session, self._clock(), AT_ONCE)
            known = await table.workspaces(session)
        moved = [workspace for workspace, away in known if await self._moved(workspace, away)]
        for workspace_id in moved:
            async with self._database.transaction() as session:
                rows = await table.of_workspace(session, workspace_id)
            found += [(row.workspace_id, row.member_id) for row in rows]
        return list(dict.fromkeys(found))

    async def _moved(self, workspace_id: str, away: bool) -> bool:
        """Whether the app was installed or removed since we last knew."""
        there = await self._room.installed(workspace_id)
        return there is not None and there is away

    async def _plan(
        self, session: Session, workspace_id: str, member_id: str, *, there: bool
    ) -> _Plan:
        """What to do, written down before it is done; the member's rows are held meanwhile."""
        now, owner = self._clock(), (workspace_id, member_id)
        connection = await connections.find(session, *owner, FATHOM, lock=True)
        key = unseal(session, connection, "secret") if connection else ""
        hooks = await table.hooks(session, *owner)
        if connection is None:
            await table.forget(session, *owner)
        watch = await self._watch(session, connection, there=there) if connection else None
        current = None
        for hook in hooks:
            of_this = connection is not None and hook.connection_id == connection.id
            wanted = there and of_this and unseal(session, hook, "key") == key
            if hook.state in table.IN_USE and wanted and not _is_dead(hook, now):
                current = hook
            elif hook.state in table.IN_USE:
                hook.state = table.UNWANTED
        await session.flush()
        doomed = [found for hook in hooks if (found := await _doom(session, hook, key, now))]
        if watch is None or connection is None or current is not None or not there:
            return _Plan(delete=tuple(doomed))
        if connection.status != connections.CONNECTED or (watch.retry_at or now) > now:
            return _Plan(delete=tuple(doomed))
        if not self._origin:
            watch.problem, watch.retry_at = NO_ADDRESS, None
            return _Plan(delete=tuple(doomed))
        made = table.HookRow(
            connection_id=connection.id,
            workspace_id=workspace_id,
            member_id=member_id,
            key=b"",
            claimed_until=now + CLAIM,
            created_at=now,
        )
        seal(session, made, "key", key)
        session.add(made)
        address = f"{self._origin}/webhooks/fathom/{connection.id}?hook={made.id}"
        return _Plan(made.id, address, key, tuple(doomed))

    async def _watch(
        self, session: Session, connection: connections.Connection, *, there: bool
    ) -> table.WatchRow:
        """The member's watch as of now; what was missed before it began is no news."""
        now = self._clock()
        watch = await table.watch(session, connection.workspace_id, connection.member_id, lock=True)
        if watch is None:
            watch = table.WatchRow(
                workspace_id=connection.workspace_id,
                member_id=connection.member_id,
                since=now,
                next_poll_at=now,
            )
            session.add(watch)
        elif watch.settled_for != connection.connected_at:
            watch.since, watch.retry_at, watch.attempts = now, None, 0
        elif watch.away and there:
            watch.since, watch.next_poll_at = now, now
        watch.settled_for, watch.away = connection.connected_at, not there
        return watch

    async def _make(self, plan: _Plan) -> None:
        """Have it made; what comes of it is written down, also that the key is another now.

        A reply that got lost leaves one at Fathom that is told 410: it is no hook of ours.
        """
        made: NewHook | None = None
        problem, pause = "", REFUSED
        try:
            made = await self._fathom.create_webhook(plan.key, plan.address)
        except IntegrationError as error:
            problem, pause = _reason(error)
        async with self._database.transaction() as session:
            hook = await table.hook(session, plan.make, lock=True)
            if hook is None:
                return
            owner = (hook.workspace_id, hook.member_id)
            watch = await table.watch(session, *owner, lock=True)
            if made is None:
                await session.delete(hook)
                if watch is not None:
                    self._later(watch, problem, pause)
                return
            hook.hook_id, hook.claimed_until = made.id, None
            seal(session, hook, "secret", made.secret)
            if hook.state == table.MAKING:
                hook.state = table.ACTIVE
            if watch is not None:
                watch.problem, watch.retry_at, watch.attempts = "", None, 0
        log.info("arrivals.watched", workspace_id=owner[0], member_id=owner[1])

    def _later(self, watch: table.WatchRow, problem: str, pause: timedelta) -> None:
        watch.problem, watch.attempts = problem, watch.attempts + 1
        watch.retry_at = self._clock() + max(pause, LATER.pause(watch.attempts) or REFUSED)
        log.warning("arrivals.no_webhook", reason=problem, workspace_id=watch.workspace_id)

    async def _delete(self, doomed: _Doomed) -> None:
        """Delete it with the key that made it, or with the member's new one; again if need be."""
        problem = ""
        for key in doomed.keys:
            try:
                await self._fathom.delete_webhook(key, doomed.hook_id)
            except AuthExpired:
                problem = "key_refused"
                continue
            except IntegrationError as error:
                problem = type(error).__name__
            else:
                problem = ""
            break
        async with self._database.transaction() as session:
            hook = await table.hook(session, doomed.id, lock=True)
            if hook is None:
                return
            hook.attempts += 1
            if problem and hook.attempts < GIVEN_UP:
                pause = LATER.pause(hook.attempts) or LATER.longest
                hook.claimed_until = self._clock() + pause
                log.warning("arrivals.not_deleted", reason=problem, attempts=hook.attempts)
                return
            await session.delete(hook)


def _reason(error: IntegrationError) -> tuple[str, timedelta]:
    """A word for why there is no webhook, and how long at least to wait before the next try."""
    if isinstance(error, RateLimited):
        return "busy", error.retry_after
    if isinstance(error, RefusedByVendor):
        return error.code, REFUSED
    return ("key_refused", REFUSED) if isinstance(error, AuthExpired) else ("away", NO_TIME)


def _is_dead(hook: table.HookRow, now: datetime) -> bool:
    """Whether the process that was making it died: nobody will ever know its secret."""
    return hook.state == table.MAKING and (hook.claimed_until or now) <= now


async def _doom(session: Session, hook: table.HookRow, key: str, now: datetime) -> _Doomed | None:
    """Claim an unwanted webhook for deleting; one that Fathom does not have is gone at once."""
    if hook.state != table.UNWANTED or (hook.claimed_until or now) > now:
        return None
    if not hook.hook_id:
        await session.delete(hook)
        return None
    own = unseal(session, hook, "key")
    hook.claimed_until = now + CLAIM
    return _Doomed(hook.id, hook.hook_id, tuple(dict.fromkeys(filter(None, (own, key)))))
