"""auth.*, api.*, apps.*: the app itself."""

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError


def auth_test(call: Call) -> Json:
    """auth.test."""
    workspace, organisation = call.team.workspace, call.team.organisation
    return {
        **({"enterprise_id": organisation} if organisation else {}),
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": call.slack.app.bot_name.lower(),
        "team_id": workspace.id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": call.team.whole,
    }


def api_test(call: Call) -> Json:
    """api.test: says back what it was told."""
    if call.text("error"):
        raise SlackError(call.text("error"), args=dict(call.arguments))
    return {"args": {name: value for name, value in call.arguments.items() if name != "token"}}


def open_socket(call: Call) -> Json:
    """apps.connections.open: the address of one socket."""
    base = call.slack.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/slack/socket/{call.slack.delivery.sockets.ticket()}"}


METHODS = {
    "auth.test": Method(auth_test),
    "api.test": Method(api_test, token="none"),  # noqa: S106 - the kind of token
    "apps.connections.open": Method(open_socket, tier=1, token="app"),  # noqa: S106 - as above
}
