"""What Google gives us, in our words."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

GMAIL_COMPOSE = "https://www.googleapis.com/auth/gmail.compose"
CALENDAR_EVENTS = "https://www.googleapis.com/auth/calendar.events"
CALENDAR_FREEBUSY = "https://www.googleapis.com/auth/calendar.freebusy"
SCOPES = ("openid", "email", GMAIL_COMPOSE, CALENDAR_EVENTS, CALENDAR_FREEBUSY)

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
