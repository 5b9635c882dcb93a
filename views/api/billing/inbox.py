"""Stripe's events as the API tells them: received, kept, and what became of each."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.billing import InboxStatus, KeptEvent
from views.api.kit.wire import NextCursor, PageQuery, cut, optional_timestamp, timestamp

EventState = Literal["waiting", "working", "done", "parked", "foreign", "kept"]


class StripeEventBody(BaseModel):
    """An event as Stripe sends and signs it; only the signature decides what is read."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="Event identifier at Stripe, `evt_…`", examples=["evt_1Q8fZ2"])
    object: str = Field(description="Kind of object: always `event`", examples=["event"])
    type: str = Field(
        description="Type of event, `customer.subscription.updated`",
        examples=["customer.subscription.updated"],
    )


class ReceivedAnswer(BaseModel):
    """The event is kept, and is handled by a job."""

    received: bool = Field(description="Whether the event is kept, always true", examples=[True])
    repeated: bool = Field(description="Whether the event was here already", examples=[False])


class InboxAnswer(BaseModel):
    """Whether the webhook is configured, and what became of events so far."""

    configured: bool = Field(
        description="Whether a signing secret and a secret key are set", examples=[True]
    )
    secrets: int = Field(description="Number of active signing secrets", examples=[1])
    mode: Literal["live", "test"] = Field(description="Mode of the secret key", examples=["test"])
    last_received_at: str | None = Field(
        description="Time of the newest arrival, null for none", examples=["2026-11-21T09:30:00Z"]
    )
    events: dict[str, int] = Field(
        description="Number of events by state", examples=[{"done": 118, "parked": 1}]
    )


class StripeEventAnswer(BaseModel):
    """An event of Stripe's, and what became of it."""

    id: str = Field(description="Event identifier at Stripe, `evt_…`", examples=["evt_1Q8fZ2"])
    type: str = Field(description="Type of the event", examples=["customer.subscription.updated"])
    state: EventState = Field(
        description="`parked`: of a customer nobody knows; `foreign`: another product's; `kept`: "
        "nothing follows from it",
        examples=["done"],
    )
    note: str = Field(description="Reason for its state", examples=[""])
    attempts: int = Field(description="Number of attempts to handle it", examples=[1])
    subscription_id: str = Field(
        description="Subscription at Stripe, empty for none", examples=["sub_1Q8fZ2"]
    )
    stripe_customer_id: str = Field(
        description="Customer at Stripe, empty for none", examples=["cus_R4b7Xn2"]
    )
    created_at: str
    received_at: str = Field(
        description="Time of its first arrival", examples=["2026-11-21T09:30:00Z"]
    )
    handled_at: str | None = Field(
        description="Time of completion, null until handled", examples=["2026-11-21T09:30:00Z"]
    )


class StripeEventPage(BaseModel):
    """The events that came last first."""

    events: list[StripeEventAnswer] = Field(description="Events on this page, newest first")
    next: NextCursor


class StripeEventQuery(PageQuery):
    """Which part of the list."""

    state: EventState | Literal[""] = Field(
        "", description="State of the events", examples=["parked"]
    )


def inbox_answer(status: InboxStatus) -> InboxAnswer:
    """How the webhook stands."""
    return InboxAnswer(
        configured=status.configured,
        secrets=status.secrets,
        mode="live" if status.livemode else "test",
        last_received_at=optional_timestamp(status.last_received_at),
        events=status.counts,
    )


def event_answer(event: KeptEvent) -> StripeEventAnswer:
    """One event."""
    return StripeEventAnswer.model_validate(
        {
            "id": event.id,
            "type": event.type,
            "state": event.state,
            "note": event.note,
            "attempts": event.attempts,
            "subscription_id": event.subscription_id,
            "stripe_customer_id": event.stripe_customer_id,
            "created_at": timestamp(event.created_at),
            "received_at": timestamp(event.received_at),
            "handled_at": optional_timestamp(event.handled_at),
        }
    )


def event_page(found: tuple[KeptEvent, ...], limit: int) -> StripeEventPage:
    """A page of events; `found` has one more than `limit` where there is a next one."""
    shown, cursor = cut(found, limit, lambda one: one.id)
    return StripeEventPage(events=list(map(event_answer, shown)), next=cursor)
