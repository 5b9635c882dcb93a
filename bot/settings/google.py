"""Google: the OAuth client that members give consent to, Gmail and Calendar."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule

CONSOLE = "console.cloud.google.com › Credentials"


class GoogleSettings(BaseModel):
    """Without a client nobody can connect Gmail."""

    google_client_id: Annotated[
        str, SettingRule(cure=f"copy the client’s id, {CONSOLE}", needs="google_client_secret")
    ] = Field("", description="OAuth client of type Web application")
    google_client_secret: Annotated[
        SecretStr,
        SettingRule(cure=f"copy the client’s secret, {CONSOLE}", needs="google_client_id"),
    ] = Field(NOTHING, description="OAuth client's secret")
    google_auth_url: Address = Field(
        "https://accounts.google.com/o/oauth2/v2/auth", description="Google's consent page"
    )
    google_token_url: Address = Field(
        "https://oauth2.googleapis.com/token", description="Google's token endpoint"
    )
    google_revoke_url: Address = Field(
        "https://oauth2.googleapis.com/revoke", description="Google's revocation endpoint"
    )
    gmail_api_url: Address = Field("https://gmail.googleapis.com", description="Gmail's API")
    google_calendar_api_url: Address = Field(
        "https://www.googleapis.com", description="Google Calendar's API"
    )
