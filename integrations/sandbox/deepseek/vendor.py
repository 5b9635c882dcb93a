"""DeepSeek as the sandbox knows it."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from integrations.sandbox.deepseek.api import KEY, ROOT, DeepSeekApi
from integrations.sandbox.deepseek.errors import error_body
from integrations.sandbox.kit.plugin import Json, Key, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.model.provider import MODEL_KINDS, customers_key


class DeepSeek(Vendor):
    """Chat completions, and the same below /v1."""

    name = "deepseek"
    place = 72
    color = "#4d5fd9"
    fault_kinds = MODEL_KINDS
    request_id = "x-ds-trace-id"

    def __init__(self) -> None:
        self.api = DeepSeekApi()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """DeepSeek's paths."""
        chat, models = self.api.completions, self.api.models
        return [
            web.post(f"{ROOT}/chat/completions", chat, name="deepseek:chat.completions"),
            web.post(f"{ROOT}/v1/chat/completions", chat, name="deepseek:v1.completions"),
            web.get(f"{ROOT}/models", models, name="deepseek:models.list"),
            web.get(f"{ROOT}/v1/models", models, name="deepseek:v1.models"),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Address and key."""
        return {"DEEPSEEK_BASE_URL": f"{origin}{ROOT}", "DEEPSEEK_API_KEY": KEY}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """By contract D.3."""
        return error_body(status, code, message)

    def account_keys(self) -> Sequence[Key]:
        """A customer's."""
        return [customers_key(self.name, KEY)]


def vendors(stage: Stage) -> Sequence[Vendor]:
    """DeepSeek; it needs nothing of the stage."""
    return [DeepSeek()]
