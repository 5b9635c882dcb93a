"""Slack: what its app page says, and who may operate from there."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule, at_least, like

# Slack's own have 32 characters.
LEAST_SIGNING_SECRET = 16
BASIC = "Slack app › Basic Information"
ID = "[UW][A-Z0-9]+"


class SlackSettings(BaseModel):
    """Without a bot token only stored installations are served."""

    slack_bot_token: Annotated[
        SecretStr,
        SettingRule(
            like(r"xoxb-\S+", "is no bot token"),
            "copy the Bot User OAuth Token (xoxb-…), Slack app › OAuth & Permissions",
        ),
    ] = Field(NOTHING, description="xoxb-… of the home workspace")
    slack_signing_secret: Annotated[
        SecretStr,
        SettingRule(at_least(LEAST_SIGNING_SECRET), f"copy the Signing Secret, {BASIC}"),
    ] = Field(NOTHING, description="Slack app › Basic Information")
    slack_app_token: Annotated[
        SecretStr,
        SettingRule(
            like(r"xapp-\S+", "is no app token"),
            f"make one (xapp-…) with connections:write, {BASIC}",
        ),
    ] = Field(NOTHING, description="xapp-… for Socket Mode")
    slack_client_id: Annotated[
        str, SettingRule(cure=f"copy it, {BASIC}", needs="slack_client_secret")
    ] = Field("", description="For installs by OAuth")
    slack_client_secret: Annotated[
        SecretStr, SettingRule(cure=f"copy it, {BASIC}", needs="slack_client_id")
    ] = Field(NOTHING, description="For installs by OAuth")
    slack_api_url: Address = Field("https://slack.com/api/", description="Slack's Web API")
    slack_url: Address = Field("https://slack.com", description="Slack, where admins sign in")
    slack_ops_team_id: Annotated[
        str,
        SettingRule(
            like("[TE][A-Z0-9]+", "is no workspace id"),
            "copy the workspace’s id (T…), from the address of Slack in a browser",
        ),
    ] = Field("", description="The home workspace, T…")
    slack_ops_channel_id: Annotated[
        str,
        SettingRule(
            like("[CG][A-Z0-9]+", "is no channel id"),
            "copy the channel’s id (C…), Slack › channel details › About",
        ),
    ] = Field("", description="The private channel of ops commands, C…")
    slack_ops_admins: Annotated[
        str,
        SettingRule(
            like(rf"(\s*{ID}\s*,)*\s*{ID}\s*,?\s*", "are no ids"),
            "write members’ ids (U…) with commas, Slack › profile › Copy member ID",
        ),
    ] = Field("", description="Members U… who are admins, by commas")

    @property
    def admins(self) -> frozenset[str]:
        """Member ids of the ops admins."""
        return frozenset(filter(None, map(str.strip, self.slack_ops_admins.split(","))))
