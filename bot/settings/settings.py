"""Every environment variable, once: typed, frozen, secrets masked."""

import base64
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.rules import SEED_BYTES, fault_of, read_seeds
from db.store.urls import plain
from db.store.vault import parse_keys

NOTHING = SecretStr("")
# Without these nothing runs on a database of one's own.
OWN_DATABASE = ("public_url", "encryption_keys", "license_pepper", "license_signing_key")
# Without these the bot cannot serve Slack.
SLACK = ("slack_bot_token", "slack_signing_secret", "anthropic_api_key")


class BadSettings(Exception):
    """Settings are missing, malformed or too weak; the text has a line for each, with its cure."""


class Settings(BaseSettings):
    """What the program is told by its environment (12-factor)."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: SecretStr = Field(
        NOTHING,
        description="PostgreSQL; empty: an embedded server under SEGUITO_HOME, to try it only",
    )
    host: str = Field("0.0.0.0", description="Address to listen on")  # noqa: S104 — in a container
    port: int = Field(3000, ge=0, le=65535, description="Port to listen on")
    public_url: str = Field(
        "", description="Where people, Slack and Google reach us, https://seguito.example.com"
    )
    seguito_home: Path = Field(Path(".seguito"), description="Embedded database and generated keys")
    encryption_keys: SecretStr = Field(
        NOTHING, description='id:key, newest first, by commas: echo "k1:$(openssl rand -base64 32)"'
    )
    log_format: Literal["json", "console"] = Field("json", description="json or console")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    embedded_worker: bool = Field(True, description="Whether web also runs jobs and the clock")

    slack_bot_token: SecretStr = Field(NOTHING, description="xoxb-… of the home workspace")
    slack_signing_secret: SecretStr = Field(NOTHING, description="Slack app › Basic Information")
    slack_app_token: SecretStr = Field(NOTHING, description="xapp-… for Socket Mode")
    slack_client_id: str = Field("", description="For installs by OAuth")
    slack_client_secret: SecretStr = Field(NOTHING, description="For installs by OAuth")
    slack_api_url: str = Field("https://slack.com/api/", description="Slack's Web API")
    slack_ops_team_id: str = Field("", description="The home workspace, T…")
    slack_ops_channel_id: str = Field("", description="The private channel of ops commands, C…")
    slack_ops_admins: str = Field("", description="Members U… who are admins, by commas")

    fathom_api_key: SecretStr = Field(
        NOTHING, description="A key for ops admins who saved none of their own"
    )
    fathom_api_url: str = Field(
        "https://api.fathom.ai/external/v1", description="Fathom's external API"
    )
    crono_public_key: SecretStr = Field(NOTHING, description="Crono, for the home workspace")
    crono_private_key: SecretStr = Field(NOTHING, description="Crono, for the home workspace")
    crono_api_url: str = Field("https://ext.crono.one", description="Crono's public API")
    anthropic_api_key: SecretStr = Field(NOTHING, description="Claude, which writes the drafts")
    anthropic_base_url: str = Field("https://api.anthropic.com", description="Claude's API")
    anthropic_model: str = Field("claude-sonnet-5-5", description="Which Claude")
    openai_api_key: SecretStr = Field(NOTHING, description="OpenAI, for the AI gateway")
    openai_base_url: str = Field("https://api.openai.com/v1", description="OpenAI's API")
    deepseek_api_key: SecretStr = Field(NOTHING, description="DeepSeek, for the AI gateway")
    deepseek_base_url: str = Field("https://api.deepseek.com", description="DeepSeek's API")

    google_client_id: str = Field("", description="OAuth client of type Web application")
    google_client_secret: SecretStr = Field(NOTHING, description="OAuth client's secret")
    google_auth_url: str = Field(
        "https://accounts.google.com/o/oauth2/v2/auth", description="Google's consent page"
    )
    google_token_url: str = Field(
        "https://oauth2.googleapis.com/token", description="Google's token endpoint"
    )
    google_revoke_url: str = Field(
        "https://oauth2.googleapis.com/revoke", description="Google's revocation endpoint"
    )
    gmail_api_url: str = Field("https://gmail.googleapis.com", description="Gmail's API")
    google_calendar_api_url: str = Field(
        "https://www.googleapis.com", description="Google Calendar's API"
    )

    smtp_url: SecretStr = Field(
        NOTHING, description="smtp://user:password@host:587 or smtps://…:465; empty: no e-mail"
    )
    email_from: str = Field("", description="Sender of our e-mails, Name <you@example.com>")

    admin_api_key: SecretStr = Field(
        NOTHING,
        description="X-Admin-Key beside those of `python -m bot admin-key`: openssl rand -hex 32",
    )
    license_pepper: SecretStr = Field(
        NOTHING,
        description="Behind the digests of license keys, never changed: openssl rand -base64 32",
    )
    license_signing_key: SecretStr = Field(
        NOTHING,
        description="Signs license receipts, newest first, by commas: openssl rand -base64 32",
    )

    @field_validator("database_url")
    @classmethod
    def _database_can_be_read(cls, value: SecretStr) -> SecretStr:
        return SecretStr(plain(value.get_secret_value())) if value.get_secret_value() else value

    @field_validator("*")
    @classmethod
    def _as_it_must_be(cls, value: Any, info: ValidationInfo) -> Any:
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if fault := fault_of(info.field_name or "", text):
            raise ValueError(fault)
        return value

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def admins(self) -> frozenset[str]:
        """Member ids of the ops admins."""
        return frozenset(filter(None, map(str.strip, self.slack_ops_admins.split(","))))

    @property
    def base_url(self) -> str:
        """Where people reach us, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    def keys(self) -> dict[str, bytes]:
        """The encryption keys; generated once under SEGUITO_HOME when none are set."""
        text = self.encryption_keys.get_secret_value() or generated_keys(self.seguito_home)
        return parse_keys(text)

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


def generated_keys(home: Path) -> str:
    """The keys of a machine without ENCRYPTION_KEYS, made once and kept for us alone."""
    return kept_secret(home / "encryption-keys", prefix="local:")


def kept_secret(path: Path, *, prefix: str = "") -> str:
    """A secret of 32 random bytes in base64, made once and kept in this file for us alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = prefix + base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()
        # Whole or not at all, and the first of several processes decides.
        ours = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        ours.touch(mode=0o600)
        ours.write_text(text)
        with suppress(FileExistsError):
            path.hardlink_to(ours)
        ours.unlink()
    return path.read_text().strip()
