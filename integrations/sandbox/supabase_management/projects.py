"""Projects and how they fare: each state lasts its time, unless somebody said otherwise."""

import asyncio
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
ORGANIZATION = "sandboxorganization0"
HEALTHY, COMING_UP, INIT_FAILED = "ACTIVE_HEALTHY", "COMING_UP", "INIT_FAILED"
PAUSING, INACTIVE, RESTORING, REMOVED = "PAUSING", "INACTIVE", "RESTORING", "REMOVED"
NEXT = {COMING_UP: HEALTHY, PAUSING: INACTIVE, RESTORING: HEALTHY}
# Seconds. A project's services are up a little later than the project says.
LASTS, SERVICES_LATER = 1.0, 0.3
REF_LENGTH = 20


@dataclass(slots=True)
class StoredProject:
    """One project; in seconds of the loop's clock: `until` when its state lasts, None: for ever,
    and `up`, from when on its services are."""

    ref: str
    name: str
    region: str
    state: str = COMING_UP
    until: float | None = None
    up: float = 0.0
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def database(self) -> str:
        """Of the real database."""
        return f"project_{self.ref}"

    @property
    def role(self) -> str:
        """The pooler's user, and a real role."""
        return f"postgres.{self.ref}"

    def status(self, now: float) -> str:
        """Supabase's word for how it fares."""
        if self.until is not None and now >= self.until:
            self.state, self.until = NEXT.get(self.state, self.state), None
        return self.state

    def services(self, now: float) -> str:
        """The state of each of its services."""
        if self.status(now) == HEALTHY and now >= self.up:
            return HEALTHY
        return COMING_UP if self.state in (HEALTHY, COMING_UP, RESTORING) else "UNHEALTHY"

    def begin(self, state: str, now: float, lasts: float) -> None:
        """Into this state for so many seconds."""
        self.state, self.until = state, now + lasts
        self.up = self.until + SERVICES_LATER


class ProjectStore:
    """All of them, oldest first; `changed` is called whenever one looks different."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.projects: dict[str, StoredProject] = {}
        self.lasts = LASTS
        self._changed = changed
        self._timers: list[asyncio.TimerHandle] = []

    def now(self) -> float:
        """The clock of states."""
        return asyncio.get_running_loop().time()

    def add(self, name: str, region: str, fate: str) -> StoredProject:
        """A project that is coming up; `fate` COMING_UP or INIT_FAILED is where it stays."""
        ref = "".join(secrets.choice(string.ascii_lowercase) for _ in range(REF_LENGTH))
        project = StoredProject(ref, name, region)
        self.projects[ref] = project
        self.move(project, COMING_UP)
        if fate:
            project.state, project.until = fate, None
        return project

    def move(self, project: StoredProject, state: str) -> None:
        """Begin a state that passes by itself; at once when states last no time."""
        project.begin(state, self.now(), self.lasts)
        loop, soon = asyncio.get_running_loop(), self.lasts + SERVICES_LATER
        self._timers = [one for one in self._timers if not one.cancelled()]
        self._timers.append(loop.call_later(soon, self._changed))
        self._changed()

    def stop(self, project: StoredProject, state: str) -> None:
        """Into a state that stays."""
        project.state, project.until = state, None
        self._changed()

    def remove(self, project: StoredProject) -> None:
        """Gone."""
        del self.projects[project.ref]
        self._changed()

    def close(self) -> None:
        """No state passes any more."""
        for timer in self._timers:
            timer.cancel()

    def as_json(self) -> list[Json]:
        """For the panel, newest first."""
        now = self.now()
        return [
            {
                "ref": one.ref,
                "name": one.name,
                "region": one.region,
                "status": one.status(now),
                "database": one.database,
                "created_at": one.created_at.isoformat(timespec="seconds"),
            }
            for one in reversed(self.projects.values())
        ]
