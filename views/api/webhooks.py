"""Outgoing webhooks as the API tells them, and what may be sent of one."""

from typing import Literal

from pydantic import BaseModel, Field

from services.webhooks import TYPES, Created, Delivery, WebhookEndpoint
from views.api.kit.wire import Body, NextCursor, PageQuery, cut, optional_timestamp, timestamp

LONGEST_URL = 2_000
State = Literal["pending", "delivered", "failed", "dropped"]


class EndpointAnswer(BaseModel):
    """A webhook endpoint."""

    id: str = Field(description="Endpoint identifier, `whe_…`")
    url: str = Field(description="Scheme and host; path and query may hold a secret, never shown")
    events: list[str] = Field(description="Event types to deliver; empty for all")
    created_at: str
    disabled_at: str | None = Field(description="Time of deactivation; null while active")
    disabled_reason: str = Field(
        description="Reason for deactivation: `gone` (it said 410) or `failing` (for 5 days)"
    )
    failing_since: str | None


class NewEndpointAnswer(EndpointAnswer):
    """A new endpoint, with the secret to verify its messages by; it is never shown again."""

    secret: str = Field(description="Signing secret `whsec_…` for Standard Webhooks libraries")


class EndpointList(BaseModel):
    """Every endpoint, the oldest first."""

    webhooks: list[EndpointAnswer]


class NewEndpointBody(Body):
    """A new endpoint."""

    url: str = Field(
        max_length=LONGEST_URL, description="HTTPS address reachable from the internet"
    )
    events: list[str] = Field(
        default_factory=list,
        max_length=len(TYPES),
        description=f"Event types out of {', '.join(TYPES)}; empty for all",
    )


class TestAnswer(BaseModel):
    """A message of type `webhook.test` is on its way."""

    message_id: str = Field(description="Message identifier `msg_…`, as in the header webhook-id")


class DeliveryAnswer(BaseModel):
    """One message on its way to one endpoint."""

    message_id: str
    type: str
    state: State
    attempts: int
    last_status: int | None = Field(
        description="HTTP status of the last attempt; null without answer"
    )
    last_error: str = Field(description="Reason for the last failure, with the start of the answer")
    created_at: str
    next_try_at: str | None
    delivered_at: str | None


class DeliveryPage(BaseModel):
    """The newest deliveries first."""

    deliveries: list[DeliveryAnswer]
    next: NextCursor


class DeliveryQuery(PageQuery):
    """Which part of the list."""


def endpoint_answer(endpoint: WebhookEndpoint) -> EndpointAnswer:
    """One endpoint."""
    return EndpointAnswer(
        id=endpoint.id,
        url=endpoint.url,
        events=list(endpoint.events),
        created_at=timestamp(endpoint.created_at),
        disabled_at=optional_timestamp(endpoint.disabled_at),
        disabled_reason=endpoint.disabled_reason,
        failing_since=optional_timestamp(endpoint.failing_since),
    )


def created_answer(created: Created) -> NewEndpointAnswer:
    """A new endpoint with its secret."""
    shown = endpoint_answer(created.endpoint)
    return NewEndpointAnswer(**shown.model_dump(), secret=created.secret)


def delivery_answer(delivery: Delivery) -> DeliveryAnswer:
    """One delivery."""
    return DeliveryAnswer.model_validate(
        {
            "message_id": delivery.message_id,
            "type": delivery.type,
            "state": delivery.state,
            "attempts": delivery.attempts,
            "last_status": delivery.last_status,
            "last_error": delivery.last_error,
            "created_at": timestamp(delivery.created_at),
            "next_try_at": optional_timestamp(delivery.next_try_at),
            "delivered_at": optional_timestamp(delivery.delivered_at),
        }
    )


def delivery_page(deliveries: tuple[Delivery, ...], limit: int) -> DeliveryPage:
    """Up to `limit` deliveries, of which there may be one more."""
    shown, following = cut(deliveries, limit, lambda one: one.message_id)
    return DeliveryPage(deliveries=[delivery_answer(one) for one in shown], next=following)
