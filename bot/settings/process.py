"""The process itself: its database, its addresses, its keys, its log."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, Field, SecretStr, field_validator

from bot.settings.kept import generated_keys
from bot.settings.rules import NOTHING, SettingRule, address, repeated
from db.store.urls import plain
from db.store.vault import VaultError, parse_keys
from integrations.http import is_loopback

ANY_ORIGIN = "*"
EXAMPLE = "like https://seguito.example.com"


def _public_address(value: str) -> str:
    if not (wrong := address(value)) and value.startswith("http://") and not is_loopback(value):
        return "must begin with https://, except on this very machine"
    return wrong


def _origins(value: str) -> str:
    for one in filter(None, (part.strip() for part in value.split(","))):
        parts = urlsplit(one)
        bare = f"{parts.scheme}://{parts.netloc}" == one and not address(one)
        if one != ANY_ORIGIN and not bare:
            return "must be origins as browsers send them, without a slash at the end"
    return ""


def _zone(value: str) -> str:
    return "" if value in available_timezones() else "must be the name of a time zone"


def _encryption_keys(value: str) -> str:
    try:
        keys = parse_keys(value)
    except VaultError as error:
        return str(error)
    return repeated(*keys.values())


class ProcessSettings(BaseModel):
    """How one process of the product runs."""

    database_url: SecretStr = Field(
        NOTHING,
        description="PostgreSQL; empty: an embedded server under SEGUITO_HOME, to try it only",
    )
    host: str = Field("0.0.0.0", description="Address to listen on")  # noqa: S104 — in a container
    port: int = Field(3000, ge=0, le=65535, description="Port to listen on")
    public_url: Annotated[
        str,
        SettingRule(_public_address, f"set it to the address people reach us at, {EXAMPLE}"),
    ] = Field(
        "", description="Where people, Slack and Google reach us, https://seguito.example.com"
    )
    cors_origins: Annotated[
        str,
        SettingRule(_origins, "like https://app.example.com, several by commas"),
    ] = Field("", description="Origins of the web apps that sign people up, by commas; * for any")
    seguito_home: Path = Field(Path(".seguito"), description="Embedded database and generated keys")
    encryption_keys: Annotated[
        SecretStr,
        SettingRule(_encryption_keys, 'make one with: echo "k1:$(openssl rand -base64 32)"'),
    ] = Field(
        NOTHING, description='id:key, newest first, by commas: echo "k1:$(openssl rand -base64 32)"'
    )
    business_timezone: Annotated[str, SettingRule(_zone, "like Europe/Rome")] = Field(
        "", description="Time zone of days, months and MRR, like Europe/Rome; UTC when empty"
    )
    retention_days: int = Field(
        400, ge=90, le=3_650, description="Days that sent e-mails and Stripe’s events are kept"
    )
    log_format: Literal["json", "console"] = Field("json", description="json or console")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    embedded_worker: bool = Field(True, description="Whether web also runs jobs and the clock")

    @field_validator("database_url")
    @classmethod
    def _database_can_be_read(cls, value: SecretStr) -> SecretStr:
        return SecretStr(plain(value.get_secret_value())) if value.get_secret_value() else value

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def business_zone(self) -> ZoneInfo:
        """Where the business's days and months begin and end."""
        return ZoneInfo(self.business_timezone or "UTC")

    @property
    def retention(self) -> timedelta:
        """How long what is over is kept."""
        return timedelta(days=self.retention_days)

    @property
    def base_url(self) -> str:
        """Where people reach us, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may ask us from a browser; `*` among them means any."""
        return frozenset(filter(None, (one.strip() for one in self.cors_origins.split(","))))

    def keys(self) -> dict[str, bytes]:
        """The encryption keys; generated once under SEGUITO_HOME when none are set."""
        text = self.encryption_keys.get_secret_value() or generated_keys(self.seguito_home)
        return parse_keys(text)
