"""The doctor reads the endpoint's list of events, and says what is missing in it."""

from dataclasses import dataclass

import pytest

from bot.doctor.finding import FINE, UNTRIED, WRONG
from bot.doctor.stripe import NEEDED_EVENTS, check_stripe
from bot.settings.settings import Settings
from integrations.errors import AuthExpired, RefusedByVendor
from integrations.stripe.types import StripeEndpoint

URL = "https://seguito.example/api/webhooks/stripe"


@dataclass
class Account:
    """An account with one endpoint."""

    events: frozenset[str] = NEEDED_EVENTS
    url: str = URL
    enabled: bool = True
    ready: bool = True
    livemode: bool = False
    failure: Exception | None = None

    async def account(self) -> str:
        if isinstance(self.failure, AuthExpired):
            raise self.failure
        return "acct_1"

    async def endpoints(self) -> tuple[StripeEndpoint, ...]:
        if self.failure:
            raise self.failure
        return (StripeEndpoint("we_1", self.url, self.enabled, self.events, ""),)


def settings(**given: str) -> Settings:
    usual = {
        "public_url": "https://seguito.example",
        "stripe_secret_key": "sk_test_0123456789",
        "stripe_webhook_secret": "whsec_0123456789,whsec_9876543210",
        "stripe_publishable_key": "pk_test_0123456789",
    }
    return Settings(**(usual | given))


@pytest.mark.parametrize(
    ("account", "given", "results", "words"),
    [
        (Account(), {}, [FINE, FINE, FINE], "2 set"),
        (Account(events=frozenset({"*"})), {}, [FINE, FINE, FINE], "all that is needed"),
        (
            Account(events=NEEDED_EVENTS - {"charge.refunded"}),
            {},
            [FINE, FINE, WRONG],
            "not told of charge.refunded",
        ),
        (Account(url="https://other.example/"), {}, [FINE, FINE, WRONG], URL),
        (Account(enabled=False), {}, [FINE, FINE, WRONG], "switched off"),
        (Account(livemode=True), {}, [FINE, WRONG, FINE], "not of live mode"),
        (Account(), {"stripe_webhook_secret": ""}, [FINE, FINE, WRONG], "not set"),
        (Account(failure=AuthExpired("stripe")), {}, [WRONG, FINE, UNTRIED], "refuses it"),
        (
            Account(failure=RefusedByVendor("stripe", "more_permissions_required")),
            {},
            [FINE, FINE, UNTRIED],
            "more_permissions_required",
        ),
        (Account(ready=False), {}, [UNTRIED], "nothing is sold"),
    ],
)
async def test_the_key_and_the_endpoints_events_are_looked_at(
    account: Account, given: dict[str, str], results: list[str], words: str
) -> None:
    found = await check_stripe(settings(**given), account)
    assert [one.result for one in found] == results
    assert any(words in one.words for one in found)
