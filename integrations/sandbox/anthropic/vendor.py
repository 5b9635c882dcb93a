"""Anthropic as the sandbox knows it."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from integrations.sandbox.anthropic.api import KEY, ROOT, AnthropicApi
from integrations.sandbox.anthropic.errors import error_body
from integrations.sandbox.kit.plugin import Json, Key, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.model.planting import PLANTED_KINDS
from integrations.sandbox.model.provider import MODEL_KINDS, customers_key

MODEL = "claude-sonnet-5-5"


class Anthropic(Vendor):
    """The Messages API."""

    name = "anthropic"
    place = 71
    color = "#d97a4d"
    fault_kinds = (*MODEL_KINDS, *PLANTED_KINDS)
    open_headers = frozenset({"anthropic-version", "request-id", "x-stainless-retry-count"})
    request_id = "request-id"

    def __init__(self) -> None:
        self.api = AnthropicApi()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Anthropic's paths."""
        api = self.api
        return [
            web.post(f"{ROOT}/messages", api.messages, name="anthropic:messages"),
            web.get(f"{ROOT}/models/{{model}}", api.model, name="anthropic:models.retrieve"),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Address, key and the model that is asked."""
        return {
            "ANTHROPIC_BASE_URL": f"{origin}/anthropic",
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_MODEL": MODEL,
        }

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """By contract D.1."""
        return error_body(status, code, message)

    def account_keys(self) -> Sequence[Key]:
        """A customer's."""
        return [customers_key(self.name, KEY)]


def vendors(stage: Stage) -> Sequence[Vendor]:
    """Anthropic; it needs nothing of the stage."""
    return [Anthropic()]
