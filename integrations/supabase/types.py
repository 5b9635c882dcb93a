"""What crosses our door to Supabase, in our words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuthRequest:
    """A request of a client's, to be passed on as it is.

    `path` is Auth's own, as `/signup`; `query` and `headers` are what Auth shall see of the
    client's; the key is added by us.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class AuthResponse:
    """Auth's answer as it came: status, the headers that mean something, the body's bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class AuthUser:
    """A user that exists in Auth; `confirmed_at` is None while the address waits for that."""

    id: str
    email: str
    confirmed_at: datetime | None
    created_at: datetime | None
