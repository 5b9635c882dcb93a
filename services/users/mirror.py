"""Our profiles in Supabase's table of that name, written by PostgREST where it is configured."""

from collections.abc import Mapping

import structlog
from pydantic import JsonValue

from db.store.session import Database
from db.users import keys
from db.users import users as table
from integrations.errors import AuthExpired, RefusedByVendor
from services.errors import Temporary, translate_vendor_errors
from services.ports import Clock
from services.users.ports import ProfileMirror

REFUSALS = (RefusedByVendor, AuthExpired)
KEY_REFUSED = "key refused"

log = structlog.get_logger(__name__)


class Mirror:
    """Writes what we know; what cannot be written stays due, and is tried again."""

    def __init__(self, database: Database, target: ProfileMirror | None, clock: Clock) -> None:
        self._database = database
        self._target = target
        self._clock = clock

    @property
    def ready(self) -> bool:
        """Whether there is a table to write."""
        return self._target is not None

    async def write(self, user_id: str, *, becoming: str = "") -> str:
        """Write the profile, "" when it was; else why Supabase refused. Raises Temporary.

        `becoming` is the status that the next step will give it.
        """
        row = await self._row(user_id, becoming)
        if self._target is None or row is None:
            return ""
        try:
            with translate_vendor_errors("Supabase", let_through=REFUSALS):
                await self._target.upsert(row)
        except RefusedByVendor as error:
            return error.code
        except AuthExpired:
            return KEY_REFUSED
        await self._due(user_id, due=False)
        return ""

    async def behind(self, user_id: str) -> None:
        """The profile changed, or could not be written: it is due from now on."""
        if self.ready:
            await self._due(user_id, due=True)

    async def catch_up(self, *, limit: int = 100) -> int:
        """Write what is due, until Supabase says no again; how many are left."""
        async with self._database.transaction() as session:
            due = await table.mirrors_due(session, limit)
        for done, profile in enumerate(due):
            try:
                refusal = await self.write(profile.id)
            except Temporary:
                refusal = "away"
            if refusal:
                log.info("users.mirror_refused", reason=refusal)
                return len(due) - done
        return 0

    async def _row(self, user_id: str, becoming: str) -> Mapping[str, JsonValue] | None:
        async with self._database.transaction() as session:
            profile = await table.profile(session, user_id)
            key = await keys.live(session, user_id)
        if profile is None:
            return None
        limit = key.key_limit if key else None
        return {
            "id": profile.id,
            "email": profile.email,
            "openrouter_key_name": key.key_name if key else None,
            "openrouter_key_limit": None if limit is None else float(limit),
            "openrouter_provisioning_status": becoming or profile.openrouter_provisioning_status,
        }

    async def _due(self, user_id: str, *, due: bool) -> None:
        async with self._database.transaction() as session:
            profile = await table.profile(session, user_id, lock=True)
            if profile is not None:
                now = self._clock()
                profile.mirror_due_at = (profile.mirror_due_at or now) if due else None
