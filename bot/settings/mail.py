"""The mail server that our e-mails leave by."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, SettingRule, like
from integrations.smtp.types import read_server


def _mail_server(value: str) -> str:
    try:
        read_server(value)
    except ValueError:
        return "cannot be read"
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
            like(r"[^@<>]*<?[^@<>\s]+@[^@<>\s]+>?\s*", "is no address"),
            "write it like Seguito <seguito@example.com>",
        ),
    ] = Field("", description="Sender of our e-mails, Name <you@example.com>")
