"""Webhooks at Fathom of a whole workspace, deleted when it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from db.arrivals import watches as table
from db.store.session import Session, unseal
from integrations.fathom.client import Fathom
from services.errors import translate_vendor_errors


@dataclass(frozen=True, slots=True)
class HookLeft:
    """A webhook that Fathom still has, and the key that made it."""

    hook_id: str
    key: str


LEFT: TypeAdapter[HookLeft] = TypeAdapter(HookLeft)


class FathomHookGrants:
    """Implements the port of `services.workspaces`."""

    def __init__(self, fathom: Fathom) -> None:
        self._fathom = fathom

    async def collect(self, session: Session, workspace_id: str) -> Sequence[str]:
        """Each webhook with its key, which is all that is needed when our rows are gone."""
        hooks = await table.hooks_of_workspace(session, workspace_id)
        left = [HookLeft(hook.hook_id, unseal(session, hook, "key")) for hook in hooks]
        return [LEFT.dump_json(one).decode() for one in left]

    async def end(self, secret: str) -> None:
        """Delete it; one that is gone already is fine. Raises Temporary or DomainError."""
        hook = LEFT.validate_json(secret)
        with translate_vendor_errors("Fathom"):
            await self._fathom.delete_webhook(hook.key, hook.hook_id)
