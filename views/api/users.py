"""Users as the admin API tells them, and what may be wished for one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from services.credits import Balance, CreditEntry
from services.email_address import MAX_EMAIL
from services.users import KeyUsage, NewUser, User, UserChanges
from views.api.credits import EntryAnswer, entry_answer
from views.api.kit.wire import (
    LONGEST_NAME,
    Body,
    NextCursor,
    PageQuery,
    Query,
    cut,
    optional_timestamp,
    timestamp,
)

MOST_DOLLARS = 100_000
MOST_CREDITS = 1_000_000_000
LONGEST_REASON = 500
Status = Literal["pending", "active", "failed", "revoked"]
LIMIT = "Limit of the key in US dollars"


class KeyUsageAnswer(BaseModel):
    """Usage of a key as its provider tells it."""

    used: float = Field(description="US dollars used over the key's whole life", examples=[4.33])
    left: float | None = Field(
        description="US dollars left until the next reset, never below zero; null without a limit",
        examples=[4.5],
    )
    limit_reset: str = Field(description="Interval of resets, empty for none", examples=["monthly"])


class UserAnswer(BaseModel):
    """A user of a client app."""

    id: str = Field(description="User identifier, a UUID of Supabase Auth")
    email: str = Field(description="E-mail address of the user")
    source: Literal["signup", "admin"] = Field(description="Way the user came", examples=["signup"])
    status: Status = Field(description="Status of the provisioning")
    openrouter_provisioned: bool = Field(description="Whether a key works", examples=[True])
    openrouter_key_name: str | None = Field(
        description="Name of the key at OpenRouter", examples=["seguito seguito.example.com 0b7e6a"]
    )
    openrouter_key_limit: float | None = Field(description=LIMIT, examples=[10])
    openrouter_key_disabled: bool = Field(
        description="Whether the key is switched off", examples=[False]
    )
    problem: str = Field(description="Reason for a failed provisioning")
    credits: int = Field(description="Credits that can be spent now", examples=[100])
    operation_id: str = Field(
        description="Latest provisioning operation; empty in lists", examples=["op_8c1f"]
    )
    confirmed_at: str | None = Field(
        description="Time of the address's confirmation", examples=[None]
    )
    created_at: str
    usage: KeyUsageAnswer | None = Field(None, description="Usage of the key, when asked for")


class UserPage(BaseModel):
    """The newest users first."""

    users: list[UserAnswer] = Field(description="Users on this page")
    next: NextCursor


class UserListQuery(PageQuery):
    """Which users."""

    provisioned: Literal["true", "false"] | None = Field(
        None, description="`true` for users with a key that works, `false` for the others"
    )
    search: str = Field("", max_length=LONGEST_NAME, description="Words in e-mail or id")


class UserQuery(Query):
    """What to tell of a user."""

    usage: Literal["true", "false"] = Field(
        "false", description="`true` asks OpenRouter for the usage of the key"
    )


class NewUserBody(Body):
    """A user to be created and provisioned; fields left out are as for everybody."""

    email: str = Field(max_length=MAX_EMAIL, description="E-mail address of the user")
    credits: int | None = Field(
        None, ge=0, le=MOST_CREDITS, description="Credits to begin with", examples=[100]
    )
    limit: float | None = Field(None, ge=0, le=MOST_DOLLARS, description=LIMIT, examples=[10])


class UserBody(Body):
    """Fields to change; fields left out stay as they are."""

    limit: float | None = Field(None, ge=0, le=MOST_DOLLARS, description=LIMIT, examples=[5])
    disabled: bool | None = Field(
        None, description="Whether the key is switched off", examples=[False]
    )


class CreditsBody(Body):
    """Credits to give, or to take back."""

    amount: int = Field(
        ge=-MOST_CREDITS,
        le=MOST_CREDITS,
        description="Credits to give; below zero to take back what is not spent",
        examples=[50],
    )
    reason: str = Field("", max_length=LONGEST_REASON, examples=["Summer offer"])


class CreditsAnswer(BaseModel):
    """Booking of credits, and the balance after it."""

    entry: EntryAnswer = Field(description="Entry that was booked, now or by the first try")
    balance: int = Field(description="Credits that can be spent now", examples=[150])


def user_answer(user: User, balance: Balance, usage: KeyUsage | None = None) -> UserAnswer:
    """One user as the API shows them."""
    return UserAnswer.model_validate(
        {
            "id": user.id,
            "email": user.email,
            "source": user.source,
            "status": user.status,
            "openrouter_provisioned": user.provisioned,
            "openrouter_key_name": user.key_name or None,
            "openrouter_key_limit": _dollars(user.key_limit),
            "openrouter_key_disabled": user.key_disabled,
            "problem": user.problem,
            "credits": balance.available,
            "operation_id": user.operation_id,
            "confirmed_at": optional_timestamp(user.confirmed_at),
            "created_at": timestamp(user.created_at),
            "usage": _usage(usage),
        }
    )


def user_page(found: tuple[User, ...], balances: Mapping[str, Balance], limit: int) -> UserPage:
    """Up to `limit` users, of whom there may be one more."""
    shown, following = cut(found, limit, lambda one: one.id)
    users = [user_answer(one, balances.get(one.id, Balance())) for one in shown]
    return UserPage(users=users, next=following)


def credits_answer(entry: CreditEntry, balance: Balance) -> CreditsAnswer:
    """A booking and what there is after it."""
    return CreditsAnswer(entry=entry_answer(entry), balance=balance.available)


def read_new_user(body: NewUserBody) -> NewUser:
    """The user that a body describes."""
    return NewUser(body.email, initial_credits=body.credits, key_limit=_decimal(body.limit))


def read_user_changes(body: UserBody) -> UserChanges:
    """The changes that a body asks for."""
    return UserChanges(key_limit=_decimal(body.limit), key_disabled=body.disabled)


def _decimal(dollars: float | None) -> Decimal | None:
    """As it was written: 2.5 is 2.5, and not the binary number beside it."""
    return None if dollars is None else Decimal(str(dollars))


def _dollars(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _usage(usage: KeyUsage | None) -> dict[str, object] | None:
    if usage is None:
        return None
    return {
        "used": float(usage.used),
        "left": _dollars(usage.left),
        "limit_reset": usage.limit_reset,
    }
