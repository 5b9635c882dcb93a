"""One cast of people, workspaces and meetings, shared by all imitated vendors."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

CAST = Path(__file__).parent / "cast"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a seat in one workspace; `name` is the short handle, `color` six hex digits."""

    id: str
    name: str
    real_name: str
    email: str
    title: str
    locale: str
    tz: str
    is_ops_admin: bool
    color: str
    fathom_key: str
    team: str | None = None
    workspace_id: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of one workspace; `members` are person ids."""

    id: str
    name: str
    is_private: bool
    is_ops: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Workspace:
    """One Slack team; `mail` is the company's e-mail domain, `organisation` its Grid's id or "".

    `installed`: the app is in it from the start.
    """

    id: str
    name: str
    domain: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    bot_token: str
    app_token: str
    bot_user_id: str
    bot_id: str
    mail: str = ""
    installed: bool = True
    organisation: str = ""
    organisation_name: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """One calendar invitee; None where the calendar does not know."""

    name: str | None
    email: str | None
    is_external: bool
    declined: bool = False

    @property
    def domain(self) -> str | None:
        """The e-mail domain, None without an address."""
        return self.email.rpartition("@")[2].lower() if self.email else None


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of a transcript, `at` from the start of the recording."""

    at: timedelta
    speaker: str
    text: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One recording: times are aware UTC; `viewers` are the ids of those who may see it."""

    recording_id: int
    title: str
    started_at: datetime
    ended_at: datetime
    created_at: datetime
    language: str
    owner: Person
    guests: tuple[Guest, ...]
    lines: tuple[Line, ...]
    viewers: frozenset[str]
    calendar_title: str | None = None
    meeting_type: str | None = None
    summary: str | None = None
    shared_with: str = "no_teams"
    attribution: str = ""

    @property
    def is_external(self) -> bool:
        """Whether anybody from outside was invited."""
        return any(guest.is_external for guest in self.guests)


@dataclass(slots=True)
class World:
    """Everything the imitated vendors agree on. Meetings may be added while it runs.

    `credits` name the sources of real meetings, which must be named where they are shown.
    """

    workspaces: tuple[Workspace, ...]
    app_id: str
    signing_secret: str
    client_id: str
    client_secret: str
    started_at: datetime
    meetings: list[Meeting] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)

    @property
    def home(self) -> Workspace:
        """The workspace that owns the ops channel."""
        return self.workspaces[0]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, over all workspaces."""
        return tuple(person for workspace in self.workspaces for person in workspace.people)

    def workspace(self, workspace_id: str) -> Workspace | None:
        """The workspace with this id."""
        return next((w for w in self.workspaces if w.id == workspace_id), None)

    def person(self, person_id: str) -> Person | None:
        """The person with this Slack id."""
        return next((p for p in self.people if p.id == person_id), None)

    def person_by_email(self, email: str) -> Person | None:
        """The person with this address, compared without case."""
        wanted = email.strip().lower()
        return next((p for p in self.people if p.email == wanted), None)

    def person_by_fathom_key(self, key: str) -> Person | None:
        """The owner of a Fathom API key."""
        return next((p for p in self.people if p.fathom_key and p.fathom_key == key), None)

    def meetings_of(self, person: Person) -> list[Meeting]:
        """What this person may see in Fathom, newest first."""
        visible = (m for m in self.meetings if person.id in m.viewers)
        return sorted(visible, key=lambda m: (m.created_at, m.recording_id), reverse=True)


def empty_world(now: datetime, cast: Path = CAST) -> World:
    """The workspaces and people of the cast, still without any meeting."""
    document = tomllib.loads((cast / "workspaces.toml").read_text(encoding="utf-8"))
    app = document["app"]
    return World(
        workspaces=tuple(_workspace(item) for item in document["workspace"]),
        app_id=app["id"],
        signing_secret=app["signing_secret"],
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        started_at=now,
    )


def _workspace(item: Mapping[str, Any]) -> Workspace:
    return Workspace(
        id=item["id"],
        name=item["name"],
        domain=item["domain"],
        people=tuple(_people(item["people"], item["id"])),
        channels=tuple(_channels(item["channels"])),
        bot_token=item["bot_token"],
        app_token=item["app_token"],
        bot_user_id=item["bot_user_id"],
        bot_id=item["bot_id"],
        mail=item["mail"],
        installed=item.get("installed", True),
        organisation=item.get("organisation", ""),
        organisation_name=item.get("organisation_name", ""),
    )


def _people(items: Iterable[Mapping[str, Any]], workspace_id: str) -> Iterable[Person]:
    for item in items:
        yield Person(**{"is_ops_admin": False, **item, "workspace_id": workspace_id})


def _channels(items: Iterable[Mapping[str, Any]]) -> Iterable[Channel]:
    for item in items:
        yield Channel(
            id=item["id"],
            name=item["name"],
            is_private=item.get("is_private", False),
            is_ops=item.get("is_ops", False),
            members=tuple(item["members"]),
        )
