"""Crono, the CRM."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule

CURE = "copy both keys, Crono › Settings › API"


class CronoSettings(BaseModel):
    """The home workspace's keys; without them follow-ups do without the CRM."""

    crono_public_key: Annotated[SecretStr, SettingRule(cure=CURE, needs="crono_private_key")] = (
        Field(NOTHING, description="Crono, for the home workspace")
    )
    crono_private_key: Annotated[SecretStr, SettingRule(cure=CURE, needs="crono_public_key")] = (
        Field(NOTHING, description="Crono, for the home workspace")
    )
    crono_api_url: Address = Field("https://ext.crono.one", description="Crono's public API")
