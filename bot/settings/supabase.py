"""Supabase: the project whose Auth people sign up with."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import LEAST_SECRET, NOTHING, SettingRule, address, at_least, like

PAGE = "Supabase › Project Settings › API Keys"
# Of the legacy keys, which are JWTs (contract B.3).
JWT = r"eyJ[\w-]+\.[\w-]+\.[\w-]+"


class SupabaseSettings(BaseModel):
    """Without a project nobody can sign up."""

    supabase_url: Annotated[
        str,
        SettingRule(
            address, "like https://<project>.supabase.co", needs="supabase_publishable_key"
        ),
    ] = Field(
        "", description="The Supabase project that people sign up with, https://….supabase.co"
    )
    supabase_publishable_key: Annotated[
        str,
        SettingRule(
            like(rf"sb_publishable_\S+|{JWT}", "is no publishable key (nor a legacy anon key)"),
            f"copy the publishable key (sb_publishable_…), {PAGE}",
            needs="supabase_secret_key",
        ),
    ] = Field("", description="sb_publishable_…: sign-up and sign-in go with this key alone")
    supabase_secret_key: Annotated[
        SecretStr,
        SettingRule(
            like(rf"sb_secret_\S+|{JWT}", "is no secret key (nor a legacy service_role key)"),
            f"copy a secret key (sb_secret_…), {PAGE}",
            needs="supabase_url",
        ),
    ] = Field(NOTHING, description="sb_secret_…: looks users up and mirrors their profiles")
    supabase_jwt_secret: Annotated[
        SecretStr,
        SettingRule(
            at_least(LEAST_SECRET),
            "copy it, Supabase › Project Settings › JWT Keys › Legacy JWT Secret",
            needs="supabase_url",
        ),
    ] = Field(NOTHING, description="Only for projects that still sign with the legacy JWT secret")
