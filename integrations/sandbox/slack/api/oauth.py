"""oauth.v2.*: a code becomes a token."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.state import SlackState


def access(slack: SlackState, credentials: tuple[str, str], arguments: Mapping[str, Any]) -> Json:
    """oauth.v2.access; installing again also brings an uninstalled app back."""
    client_id, secret = credentials
    if client_id != slack.world.client_id:
        raise SlackError("invalid_client_id")
    if secret != slack.world.client_secret:
        raise SlackError("bad_client_secret")
    if arguments.get("grant_type", "authorization_code") != "authorization_code":
        raise SlackError("invalid_grant_type")
    code = slack.tickets.use_code(str(arguments.get("code", "")))
    if code.redirect_uri and arguments.get("redirect_uri") != code.redirect_uri:
        raise SlackError("bad_redirect_uri")
    team = slack.teams[code.team]
    team.installed = True
    return {
        "app_id": team.app_id,
        "authed_user": {"id": code.user},
        "scope": ",".join(sorted(team.scopes)),
        "token_type": "bot",
        "access_token": team.workspace.bot_token,
        "bot_user_id": team.workspace.bot_user_id,
        "team": {"id": team.id, "name": team.workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
