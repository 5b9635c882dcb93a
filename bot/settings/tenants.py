"""Where tenants' databases are made: Supabase projects, or a PostgreSQL cluster of one's own."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule, like
from db.store.urls import BadDatabaseUrl, parse
from integrations.supabase_management.types import REGIONS

TOKENS = "supabase.com/dashboard/account/tokens"


def _cluster(value: str) -> str:
    try:
        dsn = parse(value)
    except BadDatabaseUrl as error:
        return str(error)
    host = dsn.parameters.get("host", "")
    return "" if host and "," not in host else "must name one host"


def _region(value: str) -> str:
    return "" if value in REGIONS else f"must be one of {', '.join(sorted(REGIONS))}"


class TenantSettings(BaseModel):
    """Without a provider only those can be tenants who bring a database of their own."""

    tenant_databases: Literal["", "supabase", "postgres"] = Field(
        "",
        description="supabase or postgres; empty: whichever is set up below, Supabase first",
    )
    tenant_cluster_url: Annotated[
        SecretStr,
        SettingRule(_cluster, "as a role that may make databases and roles, not through a pooler"),
    ] = Field(NOTHING, description="The PostgreSQL that tenants' databases are made on")
    supabase_access_token: Annotated[
        SecretStr,
        SettingRule(
            like(r"sbp_\w{20,}", "is no access token (sbp_…)"),
            f"make one at {TOKENS}",
            needs="supabase_organization_id",
        ),
    ] = Field(NOTHING, description="sbp_…: makes a Supabase project for each tenant")
    supabase_organization_id: Annotated[
        str,
        SettingRule(
            like(r"[\w-]+", "is no organization's slug"),
            "copy it, Supabase › Organization settings › General",
            needs="supabase_access_token",
        ),
    ] = Field("", description="The organization of the tenants' projects, its slug")
    supabase_region: Annotated[str, SettingRule(_region)] = Field(
        "eu-central-1", description="Where the tenants' projects are, as AWS names it"
    )
    supabase_api_url: Address = Field(
        "https://api.supabase.com", description="Supabase's Management API"
    )

    @property
    def tenant_provider(self) -> str:
        """The provider of new tenants: the one that was chosen, or that is set up; else ""."""
        if self.tenant_databases:
            return self.tenant_databases
        if self.supabase_access_token.get_secret_value():
            return "supabase"
        return "postgres" if self.tenant_cluster_url.get_secret_value() else ""
