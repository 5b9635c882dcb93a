"""Fathom, where meetings come from."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule


class FathomSettings(BaseModel):
    """Members save keys of their own."""

    fathom_api_key: Annotated[
        SecretStr, SettingRule(cure="copy one, Fathom › Settings › API Access")
    ] = Field(NOTHING, description="A key for ops admins who saved none of their own")
    fathom_api_url: Address = Field(
        "https://api.fathom.ai/external/v1", description="Fathom's external API"
    )
