"""What a Supabase project remembers: users, sessions, tokens, e-mails, and how it is set."""

import hashlib
import hmac
import os
import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox.supabase_auth.errors import AuthError

ROUNDS = 1_000
AUDIENCE = "authenticated"
# Of the alphabet of Auth's refresh tokens.
REFRESH_BYTES = 12


@dataclass(slots=True)
class ProjectSettings:
    """The switches of a project's dashboard.

    confirm_email      a new address has to be confirmed (autoconfirm is off)
    signups            whether anybody may sign up
    captcha            sign-up, sign-in and recovery need a `captcha_token`
    emails_per_hour    of the whole project; 0 is Auth's "immediately"
    email_gap          seconds between two e-mails to one person
    password_length    the fewest characters
    password_mixed     letters in both cases and digits are asked for
    profile_delay      seconds until the trigger has made the row of `profiles`
    granted            whether PostgREST may touch `profiles` at all
    allowed_redirects  addresses that links may lead to beside the site's, by their beginnings
    token_life         seconds of an access token
    """

    confirm_email: bool = True
    signups: bool = True
    captcha: bool = False
    emails_per_hour: int = 10_000
    email_gap: float = 60.0
    password_length: int = 6
    password_mixed: bool = False
    profile_delay: float = 0.0
    granted: bool = True
    allowed_redirects: list[str] = field(default_factory=lambda: ["https://app.example/"])
    token_life: int = 3600

    def change(self, name: str, value: object) -> None:
        """Set one switch. ValueError for an unknown one or another type."""
        if name not in self.__dataclass_fields__ or isinstance(getattr(self, name), list):
            raise ValueError(f"there is no switch {name!r}")
        kind = type(getattr(self, name))
        if kind is bool or isinstance(value, bool):
            if not (kind is bool and isinstance(value, bool)):
                raise ValueError(f"{name} must be {kind.__name__}")
        elif not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} must be a number from 0")
        setattr(self, name, kind(value))

    def as_json(self) -> dict[str, Any]:
        """For the panel."""
        return asdict(self)


@dataclass(slots=True)
class User:
    """A row of auth.users with its one identity; times are aware UTC."""

    email: str
    password: bytes
    created_at: datetime
    user_metadata: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    updated_at: datetime | None = None
    app_metadata: dict[str, Any] = field(
        default_factory=lambda: {"provider": "email", "providers": ["email"]}
    )
    role: str = AUDIENCE
    aud: str = AUDIENCE
    identity_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    email_confirmed_at: datetime | None = None
    confirmation_sent_at: datetime | None = None
    confirmation_token: str = ""
    recovery_sent_at: datetime | None = None
    recovery_token: str = ""
    new_email: str = ""
    email_change_sent_at: datetime | None = None
    email_change_token: str = ""
    invited_at: datetime | None = None
    last_sign_in_at: datetime | None = None
    banned_until: datetime | None = None

    def confirm(self, now: datetime) -> None:
        """The address is the person's own."""
        self.confirmation_token, self.email_confirmed_at = "", now
        self.user_metadata["email_verified"] = True

    def is_banned(self, now: datetime) -> bool:
        """Whether nothing is allowed to them for now."""
        return self.banned_until is not None and self.banned_until > now


@dataclass(slots=True)
class RefreshToken:
    """One of a session's chain; `parent` is the one it followed."""

    token: str
    parent: str
    updated_at: datetime
    revoked: bool = False


@dataclass(slots=True)
class Session:
    """A sign-in, with all refresh tokens it ever had."""

    user_id: str
    method: str
    created_at: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    tokens: list[RefreshToken] = field(default_factory=list)

    def renew(self, now: datetime, parent: str = "") -> RefreshToken:
        """The chain's next token."""
        token = RefreshToken(secrets.token_hex(REFRESH_BYTES // 2), parent, now)
        self.tokens.append(token)
        return token


@dataclass(frozen=True, slots=True)
class AuthMail:
    """An e-mail of Auth's; `link` confirms, `code` is its six digits; `n` counts from 1."""

    n: int
    at: datetime
    to: str
    kind: str
    link: str
    code: str

    def as_json(self) -> dict[str, Any]:
        """As its reader sees it."""
        return {**asdict(self), "at": self.at.isoformat(timespec="milliseconds")}


class AuthStore:
    """Everything the endpoints share; `changed` tells whoever watches."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.settings = ProjectSettings()
        self.users: dict[str, User] = {}
        self.sessions: dict[str, Session] = {}
        self.mails: list[AuthMail] = []
        # Called with each new user and each deleted one, as triggers on auth.users are.
        self.on_insert: list[Callable[[User], None]] = []
        self.on_delete: list[Callable[[User], None]] = []

    def now(self) -> datetime:
        """The clock."""
        return datetime.now(UTC)

    def add(self, user: User) -> User:
        """A new row."""
        self.users[user.id] = user
        for trigger in self.on_insert:
            trigger(user)
        self.changed()
        return user

    def remove(self, user: User) -> None:
        """The row and what hangs on it."""
        del self.users[user.id]
        self.log_out(user.id)
        for trigger in self.on_delete:
            trigger(user)
        self.changed()

    def by_email(self, email: str) -> User | None:
        """The user with this address."""
        wanted = email.lower()
        return next((one for one in self.users.values() if one.email == wanted), None)

    def by_token(self, column: str, token: str) -> User | None:
        """The user whose column holds this one-time token."""
        found = (one for one in self.users.values() if getattr(one, column) == token)
        return next(found, None) if token else None

    def refresh_token(self, text: str) -> tuple[Session, RefreshToken] | None:
        """A token and its session."""
        for session in self.sessions.values():
            for token in session.tokens:
                if token.token == text:
                    return session, token
        return None

    def sessions_of(self, user_id: str) -> Iterator[Session]:
        """All sign-ins of a user."""
        return (one for one in tuple(self.sessions.values()) if one.user_id == user_id)

    def log_out(self, user_id: str, *, keep: str = "", only: str = "") -> None:
        """End the user's sessions: all, all but one, or one."""
        for session in self.sessions_of(user_id):
            if session.id != keep and only in ("", session.id):
                del self.sessions[session.id]

    def count_mail(self, now: datetime) -> None:
        """AuthError 429 when the project's e-mails of this hour are used up."""
        recent = sum(mail.at > now - timedelta(hours=1) for mail in self.mails)
        if recent >= self.settings.emails_per_hour:
            raise AuthError(429, "over_email_send_rate_limit", "email rate limit exceeded")


def sealed(password: str) -> bytes:
    """What is kept of a password."""
    salt = os.urandom(8)
    return salt + hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)


def fits(password: str, kept: bytes) -> bool:
    """Whether it is that password."""
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), kept[:8], ROUNDS)
    return hmac.compare_digest(kept[8:], digest)
