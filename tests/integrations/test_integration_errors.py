"""The four errors: what they say, and that a job may store them."""

import pickle
from datetime import timedelta

import pytest

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)

EVERY_KIND = [
    Unreachable("fathom", "503"),
    RateLimited("fathom", timedelta(seconds=30)),
    AuthExpired("google", "invalid_grant"),
    RefusedByVendor("claude", "truncated", "answer msg_1"),
]


@pytest.mark.parametrize("error", EVERY_KIND, ids=lambda error: type(error).__name__)
def test_an_error_survives_being_stored(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert isinstance(again, IntegrationError)


def test_an_error_names_its_vendor_and_what_happened():
    assert str(Unreachable("fathom", "503")) == "fathom: 503"
    assert str(RefusedByVendor("claude", "refusal")) == "claude: refusal"
