"""What Google gives us, in our words."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

GMAIL_COMPOSE = "https://www.googleapis.com/auth/gmail.compose"
CALENDAR_EVENTS = "https://www.googleapis.com/auth/calendar.events"
CALENDAR_FREEBUSY = "https://www.googleapis.com/auth/calendar.freebusy"
SCOPES = ("openid", "email", GMAIL_COMPOSE, CALENDAR_EVENTS, CALENDAR_FREEBUSY)

# How Google's APIs say that a permission was not given (google.rpc.ErrorInfo, error pages).
NO_SCOPE = frozenset(
    {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "PERMISSION_DENIED"}
)
# By these two a draft is found again. Gmail may rewrite the Message-ID, the other header it keeps.
MARKER_HEADER = "X-Seguito-Followup"
MESSAGE_ID_DOMAIN = "seguito.invalid"
WEB_MAIL = "https://mail.google.com/mail/"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where to send the person, and the PKCE verifier to keep with `state`."""

    url: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed.

    `email` is empty and `scopes` are the empty set when a refresh does not repeat them; scopes they
    unticked are missing. `refresh_token` is empty when the first exchange brought none.
    """

    email: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class DraftReceipt:
    """A draft in somebody's Gmail."""

    draft_id: str
    message_id: str
    thread_id: str

    def url(self, account: str) -> str:
        """Opens it in the browser, whichever of the person's accounts was used there last."""
        return f"{WEB_MAIL}?{urlencode({'authuser': account})}#drafts?compose={self.message_id}"


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A time in which somebody is busy; `end` is exclusive."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class FreeBusy:
    """When the person or a guest is busy, and the guests whose calendar could be seen."""

    busy: tuple[BusyTime, ...]
    seen: frozenset[str]


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """A calendar's IANA zone ("" when it says none) and its all-day entries.

    An entry is its first day, the day after its last (both ISO dates), and its title.
    """

    zone: str
    entries: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to write, from `start` to `end`, shown in `zone`, an IANA name.

    `id` is of base32hex digits, 5 to 1024 of them, and unique in the calendar for ever;
    `description` is HTML. Without `invite` no guest is told of to Google.
    """

    id: str
    title: str
    description: str
    start: datetime
    end: datetime
    zone: str
    guests: tuple[str, ...] = ()
    invite: bool = False
    meet: bool = False


class MeetState(StrEnum):
    """How the Meet room of an event stands."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event as it is in the calendar; `url` opens it for its owner, `meet_url` the room."""

    id: str
    url: str
    meet_url: str
    meet: MeetState
    cancelled: bool
    guests: tuple[str, ...]
