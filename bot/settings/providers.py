"""Providers of models: Claude writes the drafts, and all of them answer through the gateway."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule


class ProviderSettings(BaseModel):
    """Without a provider's key the gateway serves it with customers' keys only."""

    anthropic_api_key: Annotated[
        SecretStr, SettingRule(cure="make one at console.anthropic.com › API keys")
    ] = Field(NOTHING, description="Claude, which writes the drafts")
    anthropic_base_url: Address = Field("https://api.anthropic.com", description="Claude's API")
    anthropic_model: str = Field("claude-sonnet-5-5", description="Which Claude")
    openai_api_key: Annotated[
        SecretStr, SettingRule(cure="make one at platform.openai.com › API keys")
    ] = Field(NOTHING, description="OpenAI, for the AI gateway")
    openai_base_url: Address = Field("https://api.openai.com/v1", description="OpenAI's API")
    deepseek_api_key: Annotated[
        SecretStr, SettingRule(cure="make one at platform.deepseek.com › API keys")
    ] = Field(NOTHING, description="DeepSeek, for the AI gateway")
    deepseek_base_url: Address = Field("https://api.deepseek.com", description="DeepSeek's API")
