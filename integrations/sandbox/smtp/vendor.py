"""The mail server as the sandbox knows it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from integrations.sandbox.kit.faults import FaultKind
from integrations.sandbox.kit.plugin import PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.smtp.server import SENDER, MailServer

PANEL = Path(__file__).parent / "panel"


class Smtp(Vendor):
    """A port of its own instead of paths."""

    name = "smtp"
    place = 50
    color = "#c2417f"
    fault_kinds = (
        FaultKind("temporary", "Refused for now (451)"),
        FaultKind("permanent", "Refused for good (550)"),
    )
    panel = PanelPart(PANEL / "inbox.js", tab="E-mail")

    def __init__(self, stage: Stage) -> None:
        self.server = MailServer(stage.journal, stage.faults, stage.changed)

    def environment(self, origin: str) -> Mapping[str, str]:
        """Its address with the account in it, and who may send."""
        return {"SMTP_URL": self.server.url, "EMAIL_FROM": SENDER}

    def contents(self) -> object:
        """What was delivered, newest first."""
        return [mail.as_json() for mail in reversed(self.server.mails)]

    async def open(self) -> None:
        """Begin to listen."""
        await self.server.open()

    async def close(self) -> None:
        """Stop listening."""
        await self.server.close()


def vendors(stage: Stage) -> Sequence[Vendor]:
    """The mail server."""
    return [Smtp(stage)]
