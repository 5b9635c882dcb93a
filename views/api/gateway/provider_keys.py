"""Customers' own keys of the providers, of which only the end is ever shown."""

from pydantic import BaseModel, Field

from services.gateway import Saved
from views.api.kit.wire import Body, timestamp

LONGEST_KEY = 1_000


class ProviderKeyBody(Body):
    """A provider's key."""

    key: str = Field(min_length=1, max_length=LONGEST_KEY)


class ProviderKeyAnswer(BaseModel):
    """A stored provider key."""

    provider: str
    hint: str = Field(description="Last four characters of the key")
    saved_at: str


class ProviderKeyList(BaseModel):
    """All stored provider keys."""

    provider_keys: list[ProviderKeyAnswer]


def provider_key_answer(saved: Saved) -> ProviderKeyAnswer:
    """One provider key, without the key itself."""
    return ProviderKeyAnswer(
        provider=saved.provider, hint=saved.hint, saved_at=timestamp(saved.saved_at)
    )


def provider_key_list(saved: tuple[Saved, ...]) -> ProviderKeyList:
    """All of a customer's."""
    return ProviderKeyList(provider_keys=[provider_key_answer(one) for one in saved])
