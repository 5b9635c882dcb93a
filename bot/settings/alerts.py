"""Alerts and figures: who is written to while Slack is away, and whether /metrics is served."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, SettingRule
from integrations.sentry.client import BadDsn, Sentry
from services.email_address import wire_address
from services.errors import Invalid


def _mailbox(value: str) -> str:
    try:
        wire_address(value)
    except Invalid:
        return "is no address"
    return ""


def _dsn(value: str) -> str:
    try:
        Sentry(value)
    except BadDsn as error:
        return str(error)
    return ""


class AlertSettings(BaseModel):
    """How those who run this hear of trouble, and see its figures."""

    alerts_email: Annotated[
        str,
        SettingRule(_mailbox, "write it like ops@example.com", needs="smtp_url"),
    ] = Field("", description="Who hears of alerts while Slack is away; empty: EMAIL_FROM")
    sentry_dsn: Annotated[
        SecretStr,
        SettingRule(_dsn, "copy it from Sentry: Settings › Projects › Client Keys"),
    ] = Field(NOTHING, description="Where errors are reported, https://key@host/project of Sentry")
    metrics: bool = Field(
        False, description="Whether /metrics is served, in your own network or with an admin key"
    )
