"""What other people's systems answer to a webhook, and which addresses may be called."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class AddressPolicy(StrEnum):
    """Who may be called: PUBLIC is https to public addresses, ANYONE also http and this network."""

    PUBLIC = "public"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """A receiver's answer: its status, the first words of its body, how long it asks us to wait."""

    status: int
    excerpt: str
    retry_after: timedelta | None

    @property
    def taken(self) -> bool:
        """Whether the message was received: any 2xx, as Standard Webhooks has it."""
        return 200 <= self.status < 300
