"""Every environment variable, once: typed, frozen, secrets masked, mistakes named in one line."""

import base64
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from db.urls import plain
from db.vault import VaultError, parse_keys

NOTHING = SecretStr("")
SEED_BYTES = 32
HOW_TO = "set it to base64 of 32 random bytes (openssl rand -base64 32)"


class BadSettings(Exception):
    """A setting is missing or malformed; the text names it in one line."""


class Settings(BaseSettings):
    """What the program is told by its environment (12-factor)."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: SecretStr = Field(
        NOTHING, description="PostgreSQL; empty: an embedded server under SEGUITO_HOME"
    )
    host: str = Field("0.0.0.0", description="Address to listen on")  # noqa: S104 — in a container
    port: int = Field(3000, ge=0, le=65535, description="Port to listen on")
    public_url: str = Field("", description="Where people reach us; default http://localhost:PORT")
    seguito_home: Path = Field(Path(".seguito"), description="Embedded database and generated keys")
    encryption_keys: SecretStr = Field(
        NOTHING, description="id:base64 of 32 random bytes, newest first, separated by commas"
    )
    log_format: Literal["json", "console"] = Field("json", description="json or console")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    redis_url: SecretStr = Field(
        NOTHING, description="Optional: rate limits are counted there instead of in PostgreSQL"
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
        NOTHING, description="One X-Admin-Key beside those of `python -m bot admin-key`"
    )
    license_pepper: SecretStr = Field(
        NOTHING, description="Secret behind the digests of license keys; never change it"
    )
    license_signing_key: SecretStr = Field(
        NOTHING, description="base64 of a 32-byte Ed25519 seed, newest first, by commas"
    )

    @field_validator("database_url")
    @classmethod
    def _database_can_be_read(cls, value: SecretStr) -> SecretStr:
        return SecretStr(plain(value.get_secret_value())) if value.get_secret_value() else value

    @field_validator("encryption_keys")
    @classmethod
    def _keys_can_be_read(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            try:
                parse_keys(value.get_secret_value())
            except VaultError as error:
                raise ValueError(str(error)) from None
        return value

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _own_keys_with_own_database(self) -> Self:
        if self.database_url.get_secret_value() and not self.encryption_keys.get_secret_value():
            raise ValueError("ENCRYPTION_KEYS is needed with DATABASE_URL: set id:base64")
        return self

    @model_validator(mode="after")
    def _own_license_secrets_with_own_database(self) -> Self:
        for name in ("license_pepper", "license_signing_key"):
            given: SecretStr = getattr(self, name)
            if self.database_url.get_secret_value() and not given.get_secret_value():
                raise ValueError(f"{name.upper()} is needed with DATABASE_URL: {HOW_TO}")
        return self

    @field_validator("license_signing_key")
    @classmethod
    def _seeds_can_be_read(cls, value: SecretStr) -> SecretStr:
        _seeds(value.get_secret_value())
        return value

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
        return _seeds(given or kept_secret(self.seguito_home / "license-signing-key"))

    def needed_for_slack(self) -> str:
        """The first setting without which the bot cannot serve Slack; "" when all are there."""
        for name in ("slack_bot_token", "slack_signing_secret", "anthropic_api_key"):
            value: SecretStr = getattr(self, name)
            if not value.get_secret_value():
                return name.upper()
        return ""


def load() -> Settings:
    """Read the environment; raises BadSettings with one line naming the setting."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        message = first["msg"].removeprefix("Value error, ")
        raise BadSettings(f"{name}: {message}" if name else message) from None


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


def _seeds(text: str) -> tuple[bytes, ...]:
    seeds = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            seed = base64.b64decode(part, validate=True)
        except ValueError:
            seed = b""
        if len(seed) != SEED_BYTES:
            raise ValueError(f"cannot be read: {HOW_TO}")
        seeds.append(seed)
    return tuple(seeds)
