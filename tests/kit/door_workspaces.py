"""Workspaces that installed us, for the tests of installations, and a clock set by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from slack_sdk.oauth.installation_store.models.installation import Installation

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
STORED, WHOLE, OWN, NEWER = "xoxb-stored", "xoxb-whole", "xoxb-own", "xoxb-newer"
DEAD, REFRESH = "xoxb-dead", "xoxe-1-refresh"


@dataclass
class Hands:
    """A clock that is set by hand."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now


def ids() -> tuple[str, str]:
    """An organisation and a workspace nobody had before."""
    return f"E{uuid4().hex[:8]}", f"T{uuid4().hex[:8]}"


def installed(enterprise_id: str | None, team_id: str | None, **more: Any) -> Installation:
    """What Bolt hands over after an install; without a team it is a whole organisation's."""
    given = {"bot_token": STORED, "bot_id": "B1", "bot_user_id": "UB1", "user_id": "U1"}
    whole = {"is_enterprise_install": team_id is None, "bot_scopes": "commands,chat:write"}
    return Installation(
        enterprise_id=enterprise_id, team_id=team_id, **(given | whole | {"app_id": "A1"} | more)
    )
