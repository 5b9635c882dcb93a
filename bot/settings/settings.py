"""Every environment variable, once: typed, frozen, secrets masked."""

from typing import Any

from pydantic import SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.alerts import AlertSettings
from bot.settings.crono import CronoSettings
from bot.settings.fathom import FathomSettings
from bot.settings.google import GoogleSettings
from bot.settings.hubspot import HubSpotSettings
from bot.settings.kept import kept_secret
from bot.settings.licensing import LicensingSettings, read_seeds
from bot.settings.mail import MailSettings
from bot.settings.openrouter import OpenRouterSettings
from bot.settings.process import ProcessSettings
from bot.settings.providers import ProviderSettings
from bot.settings.rollouts import RolloutSettings
from bot.settings.rules import SettingRule
from bot.settings.slack import SlackSettings
from bot.settings.stripe import StripeSettings
from bot.settings.supabase import SupabaseSettings
from bot.settings.tenants import TenantSettings

# Without these nothing runs on a database of one's own.
OWN_DATABASE = ("public_url", "encryption_keys", "license_pepper", "license_signing_key")
# Without these the bot cannot serve Slack.
SLACK = ("slack_bot_token", "slack_signing_secret", "anthropic_api_key")
NO_RULE = SettingRule()


class BadSettings(Exception):
    """Settings are missing, malformed or too weak; the text has a line for each, with its cure."""


class Settings(
    # Read from the end, as pydantic does: the process comes first in .env.example.
    AlertSettings,
    LicensingSettings,
    RolloutSettings,
    StripeSettings,
    TenantSettings,
    SupabaseSettings,
    MailSettings,
    OpenRouterSettings,
    GoogleSettings,
    ProviderSettings,
    HubSpotSettings,
    CronoSettings,
    FathomSettings,
    SlackSettings,
    ProcessSettings,
    BaseSettings,
):
    """What the program is told by its environment (12-factor)."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    @field_validator("*")
    @classmethod
    def _as_it_must_be(cls, value: Any, info: ValidationInfo) -> Any:
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if fault := cls.rule(info.field_name or "").fault(text):
            raise ValueError(fault)
        return value

    @classmethod
    def rule(cls, name: str) -> SettingRule:
        """What stands beside the type of the field."""
        beside = cls.model_fields[name].metadata
        return next((one for one in beside if isinstance(one, SettingRule)), NO_RULE)

    def pepper(self) -> bytes:
        """What license keys are hashed with; made once under SEGUITO_HOME when not set."""
        given = self.license_pepper.get_secret_value()
        return (given or kept_secret(self.seguito_home / "license-pepper")).encode()

    def signing_seeds(self) -> tuple[bytes, ...]:
        """Ed25519 seeds of license receipts, newest first; made once when not set."""
        given = self.license_signing_key.get_secret_value()
        return read_seeds(given or kept_secret(self.seguito_home / "license-signing-key"))

    def given(self, name: str) -> str:
        """The value of the setting as text, secrets too; "" when it is not set."""
        value = getattr(self, name)
        return str(value.get_secret_value() if isinstance(value, SecretStr) else value)
