"""oauth.v2.access: a code becomes a token, a refresh token a new pair."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.grants import LIFE_SECONDS, Grant
from integrations.sandbox.slack.state import SlackState


def access(slack: SlackState, credentials: tuple[str, str], arguments: Mapping[str, Any]) -> Json:
    """oauth.v2.access; installing again also brings an uninstalled app back."""
    client_id, secret = credentials
    if client_id != slack.world.client_id:
        raise SlackError("invalid_client_id")
    if secret != slack.world.client_secret:
        raise SlackError("bad_client_secret")
    kind = arguments.get("grant_type", "authorization_code")
    if kind == "refresh_token":
        return _renewed(slack, str(arguments.get("refresh_token", "")))
    if kind != "authorization_code":
        raise SlackError("invalid_grant_type")
    code = slack.tickets.use_code(str(arguments.get("code", "")))
    if code.redirect_uri and arguments.get("redirect_uri") != code.redirect_uri:
        raise SlackError("bad_redirect_uri")
    grant = slack.install(code.team, whole=code.whole)
    return {**_answer(slack, grant), "authed_user": {"id": code.user}}


def _renewed(slack: SlackState, refresh: str) -> Json:
    return _answer(slack, slack.grants.renew(refresh))


def _answer(slack: SlackState, grant: Grant) -> Json:
    team = next(t for t in slack.teams.values() if grant.key in (t.id, t.organisation))
    whole = grant.key != team.id
    answer: Json = {
        "app_id": team.app_id,
        "scope": ",".join(sorted(team.scopes)),
        "token_type": "bot",
        "access_token": list(grant.access)[-1],
        "bot_user_id": team.workspace.bot_user_id,
        "team": None if whole else {"id": team.id, "name": team.workspace.name},
        "enterprise": _enterprise(slack, team.organisation),
        "is_enterprise_install": whole,
    }
    if grant.rotates:
        answer |= {"refresh_token": grant.refresh, "expires_in": LIFE_SECONDS}
    return answer


def _enterprise(slack: SlackState, organisation: str) -> Json | None:
    if not organisation:
        return None
    return {"id": organisation, "name": slack.organisations[organisation]}
