"""OpenRouter and what a new user is given: a key with a limit, and credits."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule, like

CURE = "make one at openrouter.ai/settings/management-keys"
AMOUNT = "must be dollars such as 10 or 2.50"
MOST_CREDITS = 1_000_000_000


class OpenRouterSettings(BaseModel):
    """Without a management key users get credits and wait for their key."""

    openrouter_provisioning_key: Annotated[SecretStr, SettingRule(cure=CURE)] = Field(
        NOTHING, description="OpenRouter's management key, which makes a key for each user"
    )
    openrouter_api_url: Address = Field(
        "https://openrouter.ai/api/v1", description="OpenRouter's API"
    )
    openrouter_key_limit_usd: Annotated[
        Decimal, SettingRule(like(r"\d{1,6}(\.\d{1,2})?", AMOUNT))
    ] = Field(Decimal(10), description="What a user's key may spend, in dollars")
    initial_credits: int = Field(
        100, ge=0, le=MOST_CREDITS, description="Credits of a new user, once per mailbox"
    )
    provision_on: Literal["signup", "confirmation"] = Field(
        "signup",
        description="signup: at once; confirmation: when the address is confirmed",
    )
