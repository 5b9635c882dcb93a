"""People of another company, met in a channel that two share by Slack Connect: served nowhere."""

from collections.abc import Mapping

from cachetools import TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.kit.wire import Body
from services.actors import Actor

# In an organisation a person may be of several of its workspaces: Slack is asked, now and then.
REMEMBERED, SECONDS = 10_000, 3_600.0


class Strangers:
    """Knows who is of the workspace, or the organisation, whose installation serves a request."""

    def __init__(self) -> None:
        self._known: TTLCache[tuple[str, str], bool] = TTLCache(REMEMBERED, SECONDS)

    async def meets(self, actor: Actor, body: Body, slack: AsyncWebClient) -> bool:
        """Whether the person is of another company.

        What Slack says of where they come from is compared with where we are installed; only in an
        organisation, whose people are of several workspaces, it is asked. Raises as slack_sdk does.
        """
        home = _home_of(body)
        if not actor.member_id or not home or home in (actor.workspace_id, actor.enterprise_id):
            return False
        if not actor.enterprise_id:
            return True
        key = (actor.workspace_id, actor.member_id)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = not await _belongs(actor, slack)
        return known


def _home_of(body: Body) -> str:
    """The workspace or organisation that the person is of, as far as the payload says it."""
    user, event = body.get("user"), body.get("event")
    if isinstance(user, Mapping):
        return str(user.get("team_id") or "")
    if isinstance(event, Mapping):
        return str(event.get("user_team") or event.get("source_team") or "")
    return ""


async def _belongs(actor: Actor, slack: AsyncWebClient) -> bool:
    """https://docs.slack.dev/reference/objects/user-object: `enterprise_user` names all of them."""
    try:
        user = (await slack.users_info(user=actor.member_id))["user"]
    except SlackApiError:
        return False
    if actor.workspace_id == user.get("team_id"):
        return True
    grid = user.get("enterprise_user") or {}
    of_ours = grid.get("enterprise_id") == actor.enterprise_id
    whole = actor.workspace_id == actor.enterprise_id
    return of_ours and (whole or actor.workspace_id in (grid.get("teams") or ()))
