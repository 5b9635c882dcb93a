"""The answer of /health."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


@dataclass(frozen=True, slots=True)
class Health:
    """Whether requests can be served; `database` is ok, away or quarantined (a restored copy)."""

    ready: bool
    version: str
    database: str


class HealthAnswer(BaseModel):
    """Whether requests can be served."""

    status: Literal["ok", "unavailable"]
    version: str
    timestamp: str = Field(description="Current time in UTC")
    database: Literal["ok", "away", "quarantined"]


def health_json(health: Health, now: datetime) -> bytes:
    """The document, its time in ISO 8601 UTC."""
    document = {
        "status": "ok" if health.ready else "unavailable",
        "version": health.version,
        "timestamp": now.isoformat(timespec="seconds"),
        "database": health.database,
    }
    return json.dumps(document).encode()
