"""HubSpot, the other CRM."""

from pydantic import BaseModel, Field

from bot.settings.rules import Address


class HubSpotSettings(BaseModel):
    """Workspaces save keys of their own."""

    hubspot_api_url: Address = Field("https://api.hubapi.com", description="HubSpot's API")
