"""A user's key at OpenRouter: one at most that works, and none that nobody knows of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from db.store.session import Database, Session, seal
from db.users import keys as table
from db.users import users
from integrations.errors import AuthExpired, IntegrationError, RateLimited, RefusedByVendor
from integrations.openrouter.client import KeyWish, OpenRouter
from integrations.openrouter.types import MadeKey, OpenRouterKey
from services.errors import Conflict, Temporary, translate_vendor_errors
from services.phrases import Phrase
from services.ports import Clock
from services.users.state import KeyUsage, ProvisioningTerms

VENDOR = "OpenRouter"
SOON = timedelta(seconds=2)
# Longer than any call: a key that was asked for since then may still come to be.
IN_HAND = timedelta(minutes=2)
# Nothing was made, for certain.
CLEAR_NO = (RateLimited, RefusedByVendor, AuthExpired)

TAKEN_AWAY = Phrase(
    "The key was revoked while it was being made. To give the user a new one, provision again.",
    "La chiave è stata revocata mentre veniva creata. Per darne una nuova, ripeti il provisioning.",
)
SEEN_TWICE = Phrase(
    "Another process made this user’s key at the same moment; it is sorted out by itself.",
    "Un altro processo ha creato la chiave nello stesso momento; si sistema da sé.",
)

log = structlog.get_logger(__name__)


class UserKeys:
    """Makes, changes and revokes them. A row says so before OpenRouter is asked, always."""

    def __init__(
        self, database: Database, openrouter: OpenRouter, terms: ProvisioningTerms, clock: Clock
    ) -> None:
        self._database = database
        self._openrouter = openrouter
        self._terms = terms
        self._clock = clock

    @property
    def ready(self) -> bool:
        """Whether there is a management key to make keys with."""
        return self._openrouter.ready

    async def make(self, user_id: str) -> bool:
        """Have a key stored for the user; False when it was there already.

        What an earlier try may have left at OpenRouter is found by its name and ended first. Raises
        RateLimited, RefusedByVendor and AuthExpired as they are: nothing was made; or Temporary,
        Conflict.
        """
        row = await self._intent(user_id)
        if row.key is not None:
            return False
        if row.asked_at is not None:
            await self._end_orphans(row)
        await self._asked(row.id, self._clock())
        wish = KeyWish(row.key_name, row.key_limit)
        try:
            with translate_vendor_errors(VENDOR, let_through=CLEAR_NO):
                made = await self._openrouter.create(wish)
        except CLEAR_NO:
            await self._asked(row.id, None)
            raise
        await self._store(row.id, made)
        return True

    async def map(self, session: Session, user_id: str) -> table.UserKeyRow:
        """In the session's transaction: the stored key is the user's from now on."""
        row = await table.live(session, user_id, lock=True)
        if row is None or row.key is None:
            raise Conflict(TAKEN_AWAY)
        row.status = table.ACTIVE
        return row

    async def give_up(self, session: Session, user_id: str) -> None:
        """In the session's transaction: the user's key is to be revoked, made or being made."""
        row = await table.live(session, user_id, lock=True)
        if row is not None:
            row.status = table.TO_REVOKE

    async def change(
        self, user_id: str, *, limit: Decimal | None = None, disabled: bool | None = None
    ) -> None:
        """Change the key that works, at OpenRouter first; nothing happens when there is none."""
        async with self._database.transaction() as session:
            row = await table.live(session, user_id)
        if row is None or row.status != table.ACTIVE or row.key_hash is None:
            return
        changes: dict[str, object] = {}
        if limit is not None:
            changes["limit"] = limit
        if disabled is not None:
            changes["disabled"] = disabled
        with translate_vendor_errors(VENDOR):
            await self._openrouter.change(row.key_hash, changes)
        async with self._database.transaction() as session:
            kept = await table.find(session, row.id, lock=True)
            if kept is not None:
                kept.key_limit = limit if limit is not None else kept.key_limit
                kept.disabled = disabled if disabled is not None else kept.disabled

    async def usage(self, user_id: str) -> KeyUsage | None:
        """What OpenRouter says of the key that works; None when there is none."""
        async with self._database.transaction() as session:
            row = await table.live(session, user_id)
        if row is None or row.status != table.ACTIVE or row.key_hash is None:
            return None
        with translate_vendor_errors(VENDOR):
            key = await self._openrouter.get(row.key_hash)
        return KeyUsage(key.usage, key.left, key.limit_reset)

    async def revoke_due(self, user_id: str = "", *, limit: int = 100) -> int:
        """End what is to be revoked, of one user or of all; how many are left. Never raises."""
        async with self._database.transaction() as session:
            rows = await table.to_revoke(session, user_id, limit)
        left = 0
        for row in rows:
            left += not await self._revoked(row)
        return left

    async def _intent(self, user_id: str) -> table.UserKeyRow:
        async with self._database.transaction() as session:
            await users.find(session, user_id, lock=True)
            profile = await users.profile(session, user_id)
            if profile is not None and profile.openrouter_provisioning_status == users.REVOKED:
                raise Conflict(TAKEN_AWAY)
            row = await table.live(session, user_id)
            if row is None:
                wishes = await users.wishes(session, user_id)
                limit = wishes.key_limit if wishes.key_limit is not None else self._terms.key_limit
                row = table.UserKeyRow(
                    user_id=user_id,
                    key_name=f"{self._terms.key_prefix}{user_id}",
                    key_limit=limit,
                    created_at=self._clock(),
                )
                session.add(row)
        return row

    async def _asked(self, key_id: str, at: datetime | None) -> None:
        async with self._database.transaction() as session:
            row = await table.find(session, key_id, lock=True)
            if row is None or row.status != table.MAKING:
                raise Conflict(TAKEN_AWAY)
            row.asked_at = at

    async def _store(self, key_id: str, made: MadeKey) -> None:
        async with self._database.transaction() as session:
            row = await table.find(session, key_id, lock=True)
            if row is None:
                raise Conflict(TAKEN_AWAY)
            if await table.known(session, [made.key.hash]):
                # Somebody else took it for an orphan: it is being ended.
                raise Temporary(SEEN_TWICE, retry_after=SOON)
            row.key_hash, row.asked_at = made.key.hash, None
            if taken_away := row.status != table.MAKING:
                row.status, row.revoked_at = table.TO_REVOKE, None
            else:
                seal(session, row, "key", made.secret)
        if taken_away:
            await self.revoke_due(row.user_id)
            raise Conflict(TAKEN_AWAY)

    async def _end_orphans(self, row: table.UserKeyRow) -> None:
        """What an earlier try may have made: first a row for each, then its end, if it can be."""
        with translate_vendor_errors(VENDOR, let_through=CLEAR_NO):
            found = await self._openrouter.named(row.key_name)
        async with self._database.transaction() as session:
            await table.find(session, row.id, lock=True)
            await adopt_orphans(session, found, row.user_id, self._clock())
        await self.revoke_due(row.user_id)

    async def _revoked(self, row: table.UserKeyRow) -> bool:
        if row.key_hash is None and row.asked_at and self._clock() - row.asked_at < IN_HAND:
            return False
        try:
            for hash in await self._hashes(row):
                await self._openrouter.delete(hash)
        except IntegrationError as error:
            log.info("users.key_not_revoked", user_id=row.user_id, reason=str(error))
            return False
        async with self._database.transaction() as session:
            kept = await table.find(session, row.id, lock=True)
            if kept is not None:
                kept.status, kept.revoked_at, kept.key = table.REVOKED, self._clock(), None
        log.info("users.key_revoked", user_id=row.user_id)
        return True

    async def _hashes(self, row: table.UserKeyRow) -> Sequence[str]:
        """The key's, or of one that was never told to us those that bear its name."""
        if row.key_hash is not None:
            return [row.key_hash]
        if row.asked_at is None:
            return []
        found = [key.hash for key in await self._openrouter.named(row.key_name)]
        async with self._database.transaction() as session:
            known = await table.known(session, found)
        return [hash for hash in found if hash not in known]


async def adopt_orphans(
    session: Session, found: Sequence[OpenRouterKey], user_id: str, now: datetime
) -> int:
    """A row to revoke for each of these keys that no row knows; how many those were."""
    known = await table.known(session, [key.hash for key in found])
    orphans = [key for key in found if key.hash not in known]
    session.add_all(
        table.UserKeyRow(
            user_id=user_id,
            key_name=key.name,
            key_hash=key.hash,
            key_limit=None,
            status=table.TO_REVOKE,
            created_at=now,
        )
        for key in orphans
    )
    return len(orphans)
