"""The mail server that our e-mails leave by."""

from email.utils import parseaddr
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, SettingRule
from integrations.smtp.types import read_server
from services.email_address import wire_address
from services.errors import Invalid


def _mail_server(value: str) -> str:
    try:
        read_server(value)
    except ValueError:
        return "cannot be read"
    return ""


def _sender(value: str) -> str:
    try:
        wire_address(parseaddr(value)[1])
    except Invalid:
        return "is no address"
    return ""


class MailSettings(BaseModel):
    """Without a server e-mails wait until there is one."""

    smtp_url: Annotated[
        SecretStr,
        SettingRule(
            _mail_server,
            "write it like smtp://user:password@host:587 or smtps://…:465",
            needs="email_from",
        ),
    ] = Field(
        NOTHING, description="smtp://user:password@host:587 or smtps://…:465; empty: no e-mail"
    )
    email_from: Annotated[
        str,
        SettingRule(
            _sender,
            "write it like Seguito <seguito@example.com>",
        ),
    ] = Field("", description="Sender of our e-mails, Name <you@example.com>")
