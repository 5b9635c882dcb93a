"""Rollouts: where migrations are found as files, and where a tenant's site tells how it is."""

from typing import Annotated

from pydantic import BaseModel, Field

from bot.settings.rules import SettingRule


def _pattern(value: str) -> str:
    fits = value.startswith(("https://", "http://")) and "{tenant}" in value
    return "" if fits else "must be an address with {tenant} in it"


class RolloutSettings(BaseModel):
    """Both may be left out."""

    migrations_directory: str = Field(
        "", description="Tenants' migrations as files: 0001_name.up.sql and 0001_name.down.sql"
    )
    tenant_health_url: Annotated[
        str, SettingRule(_pattern, "such as https://{tenant}.example.com/health")
    ] = Field("", description="Asked of each migrated tenant between two waves; 4xx and 5xx halt")
