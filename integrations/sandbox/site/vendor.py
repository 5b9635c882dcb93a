"""A customer's web site as the sandbox knows it, and the operator who asks the product's API."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.plugin import Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.site.asking import SiteClient
from integrations.sandbox.site.webhooks import PATH, SiteWebhooks

API = "/panel/api/site"
ADMIN_KEY = "adm_sandbox-0123456789-0123456789-0123456789-00"
PANEL = Path(__file__).parent / "panel"


class Site(Vendor):
    """It asks with a license key, and its server takes webhooks."""

    name = "site"
    place = 60
    color = "#c2417f"
    open_headers = frozenset(
        {"webhook-id", "webhook-timestamp", "x-quota-limit", "x-quota-remaining", "x-quota-reset"}
    )
    panel = PanelPart(PANEL / "site.js", tab="Site", styles=("site.css",))

    def __init__(self, stage: Stage) -> None:
        self.webhooks = SiteWebhooks(stage.changed)
        self._client = SiteClient(stage.options.app_url, stage.journal, self.webhooks)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Where its server listens, and what the panel lets it do."""
        return [
            web.post(PATH, self.webhooks.take, name="site:webhook"),
            web.post(f"{API}/ask", self._client.ask),
            web.post(f"{API}/secret", self._client.trust),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """What the product asks of whoever runs it."""
        return {"ADMIN_API_KEY": ADMIN_KEY}

    def contents(self) -> object:
        """The webhooks it got, newest first."""
        return self.webhooks.as_json()

    def account_keys(self) -> Sequence[Key]:
        """The operator's."""
        return [Key("Seguito", "X-Admin-Key of its HTTP API", ADMIN_KEY)]

    async def close(self) -> None:
        """Give its connections back."""
        await self._client.close()


def vendors(stage: Stage) -> Sequence[Vendor]:
    """One site."""
    return [Site(stage)]
