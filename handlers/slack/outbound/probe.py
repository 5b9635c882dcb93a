"""The services' probe made real: what Slack says of our token in a workspace, right now."""

from collections.abc import Awaitable, Callable

from slack_sdk.errors import SlackApiError

from handlers.slack.outbound.reach import TROUBLE, Clients, client_for, code_of, reaching_slack
from services.actors import Actor
from services.doctor import SlackStanding

SCOPES_HEADER = "x-oauth-scopes"

# Whether the token of the actor's workspace lapses and cannot be renewed.
Lapses = Callable[[Actor], Awaitable[bool]]


class SlackProber:
    """Asks with auth.test, which needs no scope."""

    def __init__(self, clients: Clients, needed: tuple[str, ...], lapses: Lapses) -> None:
        self._clients = clients
        self._needed = frozenset(needed)
        self._lapses = lapses

    async def look(self, actor: Actor) -> SlackStanding:
        """Raises Temporary while Slack is away or does not know us there."""
        client = await client_for(self._clients, actor)
        with reaching_slack():
            try:
                answer = await client.auth_test()
            except SlackApiError as error:
                if code_of(error) in TROUBLE:
                    raise
                return SlackStanding("", refused=code_of(error))
        told = {name.lower(): value for name, value in answer.headers.items()}
        granted = {scope.strip() for scope in told.get(SCOPES_HEADER, "").split(",")} - {""}
        missing = tuple(sorted(self._needed - granted)) if granted else ()
        lapses = await self._lapses(actor)
        return SlackStanding(str(answer.get("team") or ""), missing, lapses=lapses)
