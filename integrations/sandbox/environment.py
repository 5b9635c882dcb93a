"""The settings with which the product talks to this sandbox instead of the real vendors."""

from integrations.sandbox.google.api import AUTH
from integrations.sandbox.kit.world import Workspace, World
from integrations.sandbox.slack import Slack

MODEL = "claude-sonnet-5-5"


def environment(world: World, slack: Slack, origin: str) -> dict[str, object]:
    """Settings by their names; `_seed` is for `python -m bot seed`: what was set up beforehand."""
    keys, home = world.credentials, world.home
    return {
        "SLACK_BOT_TOKEN": home.bot_token,
        "SLACK_APP_TOKEN": home.app_token,
        "SLACK_SIGNING_SECRET": world.signing_secret,
        "SLACK_CLIENT_ID": world.client_id,
        "SLACK_CLIENT_SECRET": world.client_secret,
        "SLACK_API_URL": f"{origin}/slack/api/",
        "SLACK_OPS_TEAM_ID": home.id,
        "SLACK_OPS_CHANNEL_ID": next((c.id for c in home.channels if c.is_ops), ""),
        "SLACK_OPS_ADMINS": ",".join(p.id for p in home.people if p.is_ops_admin),
        "FATHOM_API_URL": f"{origin}/fathom/external/v1",
        "CRONO_API_URL": f"{origin}/crono",
        "CRONO_PUBLIC_KEY": keys.crono_public_key,
        "CRONO_PRIVATE_KEY": keys.crono_private_key,
        "ANTHROPIC_BASE_URL": f"{origin}/anthropic",
        "ANTHROPIC_API_KEY": keys.anthropic_key,
        "ANTHROPIC_MODEL": MODEL,
        "OPENAI_BASE_URL": f"{origin}/openai/v1",
        "OPENAI_API_KEY": keys.openai_key,
        "DEEPSEEK_BASE_URL": f"{origin}/deepseek",
        "DEEPSEEK_API_KEY": keys.deepseek_key,
        "ADMIN_API_KEY": keys.admin_key,
        "GOOGLE_CLIENT_ID": keys.google_client_id,
        "GOOGLE_CLIENT_SECRET": keys.google_client_secret,
        "GOOGLE_AUTH_URL": f"{origin}{AUTH}",
        "GOOGLE_TOKEN_URL": f"{origin}/google/token",
        "GOOGLE_REVOKE_URL": f"{origin}/google/revoke",
        "GMAIL_API_URL": f"{origin}/gmail",
        "GOOGLE_CALENDAR_API_URL": f"{origin}/gcal",
        "_seed": {
            "installations": [_installation(world, slack, w) for w in world.workspaces[1:]],
            "fathom_keys": _fathom_keys(world),
        },
    }


def _fathom_keys(world: World) -> list[dict[str, str]]:
    """Keys saved already; the last person of each workspace is left to type one in."""
    return [
        {"workspace_id": workspace.id, "member_id": person.id, "key": person.fathom_key}
        for workspace in world.workspaces
        for person in workspace.people[:-1]
        if person.fathom_key
    ]


def _installation(world: World, slack: Slack, workspace: Workspace) -> dict[str, object]:
    return {
        "team_id": workspace.id,
        "team_name": workspace.name,
        "bot_token": workspace.bot_token,
        "bot_id": workspace.bot_id,
        "bot_user_id": workspace.bot_user_id,
        "app_id": world.app_id,
        "scopes": sorted(slack.team(workspace.id).scopes),
    }
