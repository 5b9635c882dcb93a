"""Who is an admin of a Slack workspace, as Slack has it, or one of ours in the home workspace."""

from datetime import timedelta

from cachetools import TTLCache

from services.actors import Actor
from services.ports import Clock, Directory

# Whoever stops being an admin is one here for so long at most.
REMEMBER = timedelta(minutes=1)
REMEMBERED = 5_000


class WorkspaceAdmins:
    """Asks Slack for `is_admin` and `is_owner`; ops admins count in the home workspace."""

    def __init__(
        self, directory: Directory, home: str, ops_admins: frozenset[str], clock: Clock
    ) -> None:
        self._directory = directory
        self._home = home
        self._ops_admins = ops_admins
        self._known: TTLCache[tuple[str, str], bool] = TTLCache(
            REMEMBERED, REMEMBER.total_seconds(), lambda: clock().timestamp()
        )

    async def includes(self, actor: Actor) -> bool:
        """Whether this person is an admin; raises Temporary while Slack does not say."""
        if actor.workspace_id == self._home and actor.member_id in self._ops_admins:
            return True
        key = (actor.workspace_id, actor.member_id)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (await self._directory.person(actor)).admin
        return known
