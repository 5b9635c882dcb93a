"""Stripe: the account in which subscriptions are sold."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from bot.settings.rules import NOTHING, Address, SettingRule, like

PAGE = "Stripe › Developers › API keys"


class StripeSettings(BaseModel):
    """Without a secret key nothing is sold by subscription. A key's mode decides test or live."""

    stripe_secret_key: Annotated[
        SecretStr,
        SettingRule(
            like(r"[sr]k_(test|live)_\w{8,}", "is no secret key of Stripe's"),
            f"copy a secret key (sk_live_… or sk_test_…) or make a restricted one (rk_…), {PAGE}",
        ),
    ] = Field(NOTHING, description="sk_… or rk_…: Stripe's account; its mode is test or live")
    stripe_publishable_key: Annotated[
        str,
        SettingRule(
            like(r"pk_(test|live)_\w{8,}", "is no publishable key of Stripe's"),
            f"copy the publishable key (pk_…) of the same mode, {PAGE}",
            needs="stripe_secret_key",
        ),
    ] = Field("", description="pk_…: told to client apps that put Stripe's own form into a page")
    stripe_webhook_secret: Annotated[
        SecretStr,
        SettingRule(
            like(
                r"whsec_[\w+/=-]{8,}(\s*,\s*whsec_[\w+/=-]{8,})*",
                "must be whsec_… (several with commas between them)",
            ),
            "copy the endpoint's signing secret, Stripe › Developers › Webhooks",
            needs="stripe_secret_key",
        ),
    ] = Field(
        NOTHING, description="whsec_… of the endpoint PUBLIC_URL/api/webhooks/stripe; comma list"
    )
    stripe_api_url: Address = Field("https://api.stripe.com", description="Stripe's API")

    def webhook_secrets(self) -> tuple[str, ...]:
        """Every active signing secret."""
        given = self.stripe_webhook_secret.get_secret_value()
        return tuple(one.strip() for one in given.split(",") if one.strip())
