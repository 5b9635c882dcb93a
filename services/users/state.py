"""A user as people and programs see one, and what may be wished for one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from db.users import users as table

PENDING, ACTIVE = table.PENDING, table.ACTIVE
FAILED, REVOKED = table.FAILED, table.REVOKED
STATUSES = (PENDING, ACTIVE, FAILED, REVOKED)
SIGN_UP, ADMIN = "signup", "admin"


@dataclass(frozen=True, slots=True)
class ProvisioningTerms:
    """What every new user gets: credits, a key with a limit in dollars, and when.

    `key_prefix` begins the names of this installation's keys; no other may use it.
    """

    initial_credits: int
    key_limit: Decimal
    key_prefix: str
    on_confirmation: bool = False


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What Supabase said yes to; never its fake answer for an address that is known."""

    user_id: str
    email: str
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user whom an operator creates; None is what everybody gets, `key_limit` in dollars."""

    email: str
    initial_credits: int | None = None
    key_limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UserChanges:
    """What should be different; None leaves a thing as it is. `key_limit` in dollars."""

    key_limit: Decimal | None = None
    key_disabled: bool | None = None


@dataclass(frozen=True, slots=True)
class User:
    """One user; `problem` says why the status is `failed`, dollars are those of the key's limit."""

    id: str
    email: str
    source: str
    status: str
    problem: str
    key_name: str
    key_limit: Decimal | None
    key_disabled: bool
    confirmed_at: datetime | None
    created_at: datetime
    operation_id: str = ""

    @property
    def provisioned(self) -> bool:
        """Whether there is a key that works."""
        return self.status == ACTIVE


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """What a key used in its whole life, and what is left until the next reset, in dollars.

    `left` is None without a limit; `limit_reset` is `daily`, `weekly`, `monthly` or "" for never.
    """

    used: Decimal
    left: Decimal | None
    limit_reset: str


def read(
    user: table.UserRow, profile: table.UserProfileRow | None, wishes: table.UserSettingsRow | None
) -> User:
    """The read model of a user's rows."""
    return User(
        id=user.id,
        email=user.email,
        source=user.source,
        status=profile.openrouter_provisioning_status if profile else PENDING,
        problem=profile.openrouter_provisioning_error if profile else "",
        key_name=(profile.openrouter_key_name or "") if profile else "",
        key_limit=profile.openrouter_key_limit if profile else None,
        key_disabled=wishes.key_disabled if wishes else False,
        confirmed_at=user.confirmed_at,
        created_at=user.created_at,
    )
