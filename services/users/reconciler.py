"""The reconciler: looks for what sign-ups left half-done, mends what is safe, lists the rest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from db import operations as operation_table
from db.store import jobs
from db.store.session import Database
from db.users import keys as key_table
from db.users import signups
from db.users import users as table
from integrations.errors import IntegrationError
from integrations.openrouter.client import OpenRouter
from integrations.openrouter.types import OpenRouterKey
from services.actors import TIMER, Operator
from services.audit import Subject, note
from services.credits import CreditProofs
from services.errors import Conflict
from services.operations import revive
from services.ops import COMMAND
from services.ports import Clock
from services.users.commands import PROVISION_USER
from services.users.keys import UserKeys
from services.users.mirror import Mirror
from services.users.ports import Accounts
from services.users.provisioning import PROVISION
from services.users.state import FAILED, ProvisioningTerms, SignedUp
from services.users.users import Users

RECONCILE, ASKED = "users.reconcile", "users.reconcile_asked"
# What is younger may be in hand.
SETTLED = timedelta(minutes=5)
# An unknown key that is younger may be one whose row is not committed yet, somewhere.
OLD_KEY = timedelta(hours=24)
# Supabase's clock and ours.
SKEW = timedelta(minutes=5)
AT_ONCE = 200
KEPT_INTENTS = timedelta(days=30)
USER_FAILED, KEY_GONE, BALANCE = "failed", "key_gone", "balance"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What a person must decide: `kind` is `failed`, `key_gone` or `balance`."""

    kind: str
    user_id: str
    email: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was mended, by kind, and what was not.

    `restarted` users and `revived` operations go on; `adopted` sign-ups had lost their answer;
    `revoked` keys belonged to nobody; `behind` are what other systems would not take yet.
    `incomplete`: a list could not be read to its end, so nothing was deleted by it.
    """

    restarted: int = 0
    revived: int = 0
    adopted: int = 0
    revoked: int = 0
    behind: int = 0
    incomplete: str = ""
    left: tuple[Discrepancy, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether there is nothing to tell that was not told before."""
        mended = self.restarted + self.revived + self.adopted + self.revoked
        return not (mended or self.left or self.incomplete)


class ReconciliationRoom(Protocol):
    """Where the findings go."""

    async def reconciled(self, found: Reconciliation) -> None:
        """A card with a button for each thing that is left; raises Temporary."""


@dataclass(slots=True)
class _Tally:
    """A reconciliation while it is under way."""

    restarted: int = 0
    revived: int = 0
    adopted: int = 0
    revoked: int = 0
    behind: int = 0
    incomplete: str = ""
    left: list[Discrepancy] = field(default_factory=list)

    def done(self) -> Reconciliation:
        """As it ended."""
        return Reconciliation(
            self.restarted,
            self.revived,
            self.adopted,
            self.revoked,
            self.behind,
            self.incomplete,
            tuple(self.left),
        )


@dataclass(frozen=True, slots=True)
class ReconcilerPorts:
    """What it compares: our rows, OpenRouter's keys, Supabase's accounts, the ledger."""

    database: Database
    openrouter: OpenRouter
    accounts: Accounts | None
    proofs: CreditProofs
    room: ReconciliationRoom


class Reconciler:
    """Safe to run at any time, in several processes, and again."""

    def __init__(
        self,
        ports: ReconcilerPorts,
        users: Users,
        keys: UserKeys,
        mirror: Mirror,
        terms: ProvisioningTerms,
    ) -> None:
        self._ports = ports
        self._database = ports.database
        self._users = users
        self._keys = keys
        self._mirror = mirror
        self._prefix = terms.key_prefix
        self._clock: Clock = users.clock

    async def start(self, operator: Operator, request: str) -> None:
        """Have a job look now and tell what came of it; the same request starts one."""
        async with self._database.transaction() as session:
            job_id = f"{RECONCILE}:{operator.id}:{request}"
            await jobs.start(session, ASKED, job_id, request, queue=jobs.CLOCK.name)
            note(session, operator, RECONCILE, Subject(COMMAND, PROVISION_USER))

    async def tick(self, slot: str) -> None:
        """A step: look, and tell the ops channel when there is something."""
        found = await self.look()
        if not found.silent:
            await self._ports.room.reconciled(found)

    async def asked(self, slot: str) -> None:
        """A step: look, and tell the ops channel whatever came of it."""
        await self._ports.room.reconciled(await self.look())

    async def look(self) -> Reconciliation:
        """Mend what is safe, in an order in which one repair does not hide another."""
        found = _Tally()
        now = self._clock()
        await self._sign_ups(found, now)
        async with self._database.transaction() as session:
            found.revived = await revive(session, now - SETTLED)
        await self._without_key(found, now)
        await self._at_openrouter(found, now)
        await self._balances(found)
        found.behind = await self._keys.revoke_due() + await self._mirror.catch_up()
        async with self._database.transaction() as session:
            await signups.purge(session, now - KEPT_INTENTS)
        log.info(
            "users.reconciled",
            count=found.restarted + found.revived + found.adopted + found.revoked,
            reason=found.incomplete,
        )
        return found.done()

    async def _sign_ups(self, found: _Tally, now: datetime) -> None:
        """Intents of which nobody knows what came: Supabase is asked."""
        if self._ports.accounts is None:
            return
        async with self._database.transaction() as session:
            open_ones = await signups.unresolved(session, now - SETTLED, AT_ONCE)
        for intent in open_ones:
            try:
                account = await self._ports.accounts.user_by_email(intent.email)
            except IntegrationError as error:
                found.incomplete = str(error)
                return
            made = account.created_at if account else None
            if account is None or (made is not None and made < intent.created_at - SKEW):
                await self._users.not_signed_up(intent.id)
                continue
            who = SignedUp(account.id, account.email, account.confirmed_at)
            await self._users.signed_up(intent.id, who)
            found.adopted += 1

    async def _without_key(self, found: _Tally, now: datetime) -> None:
        """Users who wait and for whom nothing is under way; those who failed need a person."""
        async with self._database.transaction() as session:
            waiting = await table.without_key(session, now - SETTLED, AT_ONCE)
        for user in waiting:
            async with self._database.transaction() as session:
                newest = await operation_table.of_subject(session, PROVISION, user.id)
                profile = await table.profile(session, user.id)
            if newest is not None and newest.state == operation_table.RUNNING:
                continue
            if profile is not None and profile.openrouter_provisioning_status == FAILED:
                reason = profile.openrouter_provisioning_error
                found.left.append(Discrepancy(USER_FAILED, user.id, user.email, reason))
                continue
            try:
                await self._users.provision(TIMER, user.id)
            except Conflict:
                continue
            found.restarted += 1

    async def _at_openrouter(self, found: _Tally, now: datetime) -> None:
        """Our keys there against our rows; a list that failed proves nothing, so nothing ends."""
        if not self._ports.openrouter.ready:
            return
        async with self._database.transaction() as session:
            mappings = await key_table.working(session)
        try:
            there = await self._ports.openrouter.keys()
        except IntegrationError as error:
            found.incomplete = str(error)
            return
        hashes = {key.hash for key in there}
        for row in mappings:
            if row.key_hash not in hashes:
                async with self._database.transaction() as session:
                    user = await table.find(session, row.user_id)
                found.left.append(Discrepancy(KEY_GONE, row.user_id, user.email if user else ""))
        await self._unknown(found, there, now)

    async def _unknown(
        self, found: _Tally, there: tuple[OpenRouterKey, ...], now: datetime
    ) -> None:
        """Keys of this installation that no row knows: nobody can hold their secrets."""
        ours = [key for key in there if key.name.startswith(self._prefix)]
        async with self._database.transaction() as session:
            known = await key_table.known(session, [key.hash for key in ours])
        for key in ours:
            old = key.created_at is not None and key.created_at < now - OLD_KEY
            if key.hash in known or not old:
                continue
            try:
                await self._ports.openrouter.delete(key.hash)
            except IntegrationError as error:
                found.incomplete = str(error)
                return
            found.revoked += 1

    async def _balances(self, found: _Tally) -> None:
        after = ""
        while True:
            breaches, after = await self._ports.proofs.breaches(after)
            for breach in breaches:
                async with self._database.transaction() as session:
                    user = await table.find(session, breach.user_id)
                email, broken = user.email if user else "", ", ".join(breach.broken)
                found.left.append(Discrepancy(BALANCE, breach.user_id, email, broken))
            if not after:
                return
