"""OpenRouter as the sandbox knows it: one account and its keys."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.plugin import Json, Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.openrouter.api import BUSY, MANAGEMENT_KEY, OpenRouterApi
from integrations.sandbox.openrouter.errors import error_body
from integrations.sandbox.openrouter.store import KeyStore

ROOT = "/openrouter/api/v1"
PANEL = Path(__file__).parent / "panel"


class OpenRouterKeys(Vendor):
    """Keys and credits; nobody chats here."""

    name = "openrouter"
    place = 76
    color = "#6467f2"
    fault_kinds = (BUSY,)
    # The secret of a new key, and that of a partner's.
    secret_fields = frozenset({"key", "api_key"})
    panel = PanelPart(PANEL / "openrouter.js", tab="OpenRouter")

    def __init__(self, stage: Stage) -> None:
        self.store = KeyStore()
        self._api = OpenRouterApi(self.store, stage.changed)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The paths of keys and credits."""
        api, one = self._api, f"{ROOT}/keys/{{hash}}"
        return [
            web.post(f"{ROOT}/keys", api.guarded(api.create), name="openrouter:keys.create"),
            web.get(f"{ROOT}/keys", api.guarded(api.list), name="openrouter:keys.list"),
            web.get(one, api.guarded(api.get), name="openrouter:keys.get"),
            web.patch(one, api.guarded(api.update), name="openrouter:keys.update"),
            web.delete(one, api.guarded(api.delete), name="openrouter:keys.delete"),
            web.get(f"{ROOT}/credits", api.guarded(api.credits), name="openrouter:credits"),
            web.get(f"{ROOT}/key", api.current, name="openrouter:key"),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Address and management key."""
        return {
            "OPENROUTER_API_URL": f"{origin}{ROOT}",
            "OPENROUTER_PROVISIONING_KEY": MANAGEMENT_KEY,
        }

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """By contract A.3; `code` may name the limit of a 402."""
        return error_body(status, code, message)

    def contents(self) -> object:
        """Every key, without its secret, and the account's credits."""
        keys = [key.shown() for key in self.store.newest_first()]
        return {"keys": keys, "credits": self.store.total_credits, "used": self.store.used()}

    def account_keys(self) -> Sequence[Key]:
        """The account's own."""
        return [Key("OpenRouter", "management key", MANAGEMENT_KEY)]


def vendors(stage: Stage) -> Sequence[Vendor]:
    """OpenRouter."""
    return [OpenRouterKeys(stage)]
