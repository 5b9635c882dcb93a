"""What users need of others: Supabase's accounts and profiles, credits, and the ops channel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from db.store.session import Session
from services.operations import Place


class AuthAccount(Protocol):
    """An account of Supabase Auth."""

    @property
    def id(self) -> str:
        """Its UUID."""

    @property
    def email(self) -> str:
        """Its address."""

    @property
    def confirmed_at(self) -> datetime | None:
        """When the address was confirmed."""

    @property
    def created_at(self) -> datetime | None:
        """When it was made."""


class Accounts(Protocol):
    """Supabase Auth's admin API. Every verb raises an IntegrationError."""

    async def user(self, user_id: str) -> AuthAccount | None:
        """The account with this id; None when there is none."""

    async def user_by_email(self, email: str) -> AuthAccount | None:
        """The account with this address; None when there is none."""

    async def create_user(self, email: str, user_id: str) -> AuthAccount:
        """Make a confirmed account under an id of our choice; nothing is mailed.

        RefusedByVendor `email_exists` when the address is taken.
        """


class ProfileMirror(Protocol):
    """Supabase's table `profiles` behind PostgREST."""

    async def upsert(self, row: Mapping[str, JsonValue]) -> None:
        """Write these columns of the row with this `id`, or insert it; raises IntegrationError."""


class CreditGrants(Protocol):
    """The ledger of credits."""

    async def grant_initial(
        self, session: Session, user_id: str, email: str, amount: int
    ) -> object | None:
        """Give the credits of a sign-up, in the session's transaction; a repeat gives none again.

        None when somebody had them already at this mailbox, however its address was written.
        """


class UserRoom(Protocol):
    """The ops channel, as far as it hears of users; what is said there raises Temporary."""

    @property
    def place(self) -> Place | None:
        """Where it is; None without one."""

    async def same_mailbox(self, email: str) -> None:
        """A second address of one mailbox signed up and got no second credits."""

    async def profiles_not_written(self, problem: str) -> None:
        """Profiles cannot be written to Supabase; it is tried again by itself."""

    async def openrouter_empty(self) -> None:
        """The account at OpenRouter is empty; users wait."""
