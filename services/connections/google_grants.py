"""Google's grants of a whole workspace, ended when it leaves."""

from collections.abc import Sequence

from db.connections import connections as table
from db.store.session import Session, unseal
from integrations.google.oauth import GoogleSignIn
from services.connections.connections import GOOGLE
from services.connections.gmail import TOKENS
from services.errors import translate_vendor_errors


class GoogleGrants:
    """Implements the port of `services.workspaces`."""

    def __init__(self, google: GoogleSignIn) -> None:
        self._google = google

    async def collect(self, session: Session, workspace_id: str) -> Sequence[str]:
        """A token of each grant that nobody elsewhere lives on.

        Google ends all of an account's tokens for our client at once, another workspace's too.
        """
        found = list[str]()
        for row in await table.of_workspace(session, workspace_id, GOOGLE):
            if not await table.elsewhere(session, workspace_id, GOOGLE, row.account):
                tokens = TOKENS.validate_json(unseal(session, row, "secret"))
                found.append(tokens.refresh or tokens.access)
        return found

    async def end(self, secret: str) -> None:
        """Revoke it; one that is gone already is fine. Raises Temporary or DomainError."""
        with translate_vendor_errors("Google"):
            await self._google.revoke(secret)
