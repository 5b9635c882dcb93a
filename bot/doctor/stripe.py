"""The doctor's look at Stripe: the key, and whether the webhook endpoint tells all we must hear."""

from bot.doctor.finding import (
    NOT_SET,
    WRONG,
    SettingFinding,
    fine,
    tried,
    untried,
    wrong,
)
from bot.settings.settings import Settings
from integrations.errors import IntegrationError
from integrations.stripe.client import Stripe
from integrations.stripe.types import StripeEndpoint

WEBHOOK_PATH = "/api/webhooks/stripe"
KEY, PUBLIC, SECRET = "stripe_secret_key", "stripe_publishable_key", "stripe_webhook_secret"
ADDRESS = "stripe_api_url"
# Without one of these an access, a mail or a card comes too late or never.
NEEDED_EVENTS = frozenset(
    {
        "checkout.session.completed",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "customer.subscription.trial_will_end",
        "invoice.payment_succeeded",
        "invoice.payment_failed",
        "charge.refunded",
        "charge.dispute.created",
        "charge.dispute.closed",
    }
)


async def check_stripe(settings: Settings, stripe: Stripe) -> tuple[SettingFinding, ...]:
    """The key is tried, the account's endpoints are read; nothing is changed there."""
    if not stripe.ready:
        words = f"{NOT_SET}; nothing is sold by subscription"
        return (untried(KEY, PUBLIC, SECRET, ADDRESS, words=words),)
    mode = "live" if stripe.livemode else "test"
    key = await tried(KEY, ADDRESS, call=_account(stripe), words=f"accepted, {mode} mode")
    return key, _publishable(settings, mode), await _webhook(settings, stripe, key)


async def _account(stripe: Stripe) -> None:
    await stripe.account()


def _publishable(settings: Settings, mode: str) -> SettingFinding:
    given = settings.stripe_publishable_key
    if not given:
        return untried(PUBLIC, words=f"{NOT_SET}; only Stripe’s own form in a page needs it")
    if f"_{mode}_" not in given:
        return wrong(PUBLIC, words=f"is not of {mode} mode, as the secret key is")
    return fine(PUBLIC, words=f"of {mode} mode")


async def _webhook(settings: Settings, stripe: Stripe, key: SettingFinding) -> SettingFinding:
    secrets = settings.webhook_secrets()
    if not secrets:
        return wrong(SECRET, words=f"{NOT_SET}, so no payment is ever heard of")
    if key.result == WRONG:
        return untried(SECRET, words=f"cannot be tried without {KEY}")
    try:
        endpoints = await stripe.endpoints()
    except IntegrationError as error:
        return untried(SECRET, words=f"the endpoints cannot be read ({error})")
    return _endpoint(f"{settings.base_url}{WEBHOOK_PATH}", endpoints, len(secrets))


def _endpoint(url: str, endpoints: tuple[StripeEndpoint, ...], secrets: int) -> SettingFinding:
    ours = [one for one in endpoints if one.url == url]
    if not ours:
        return wrong(SECRET, words=f"no endpoint at Stripe leads to {url}; add one there")
    if not any(one.enabled for one in ours):
        return wrong(SECRET, words="the endpoint is switched off at Stripe; switch it on there")
    heard = frozenset().union(*(one.events for one in ours if one.enabled))
    missing = sorted(NEEDED_EVENTS - heard)
    if missing and "*" not in heard:
        return wrong(SECRET, words=f"the endpoint is not told of {', '.join(missing)}; add them")
    return fine(SECRET, words=f"{secrets} set; the endpoint is told of all that is needed")
