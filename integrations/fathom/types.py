"""What Fathom knows of meetings, in our words."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person of a meeting; what Fathom does not know is an empty string."""

    name: str
    email: str
    is_external: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded meeting; times are UTC, `language` is Fathom's code (`en`) or empty.

    `shared`: with one team at least; False also when Fathom does not say.
    """

    recording_id: int
    title: str
    url: str
    share_url: str
    created_at: datetime
    started_at: datetime
    ended_at: datetime
    language: str
    invitees: tuple[Invitee, ...]
    recorded_by: Invitee
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RecordingPage:
    """Some meetings, newest first, and where the next page begins (None: this was the last)."""

    meetings: tuple[Recording, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """Something somebody said, `at` counted from the start of the recording."""

    speaker: str
    email: str
    text: str
    at: timedelta


@dataclass(frozen=True, slots=True)
class NewHook:
    """A webhook that Fathom made; `secret` (`whsec_…`) is told this once."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A recording as a delivery brings it; `lines` are empty while nothing is transcribed."""

    recording: Recording
    lines: tuple[TranscriptLine, ...]
