"""OpenAI as the sandbox knows it."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from integrations.sandbox.kit.plugin import Json, Key, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.model.provider import MODEL_KINDS, customers_key
from integrations.sandbox.openai.api import KEY, ROOT, OpenAiApi
from integrations.sandbox.openai.errors import error_body


class OpenAi(Vendor):
    """Chat completions."""

    name = "openai"
    place = 70
    color = "#4a4f4d"
    fault_kinds = MODEL_KINDS
    open_headers = frozenset({"x-stainless-retry-count"})
    request_id = "x-request-id"

    def __init__(self) -> None:
        self.api = OpenAiApi()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """OpenAI's paths."""
        api = self.api
        return [
            web.post(f"{ROOT}/chat/completions", api.completions, name="openai:chat.completions"),
            web.get(f"{ROOT}/models", api.models, name="openai:models.list"),
            web.get(f"{ROOT}/models/{{model}}", api.models, name="openai:models.retrieve"),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Address and key."""
        return {"OPENAI_BASE_URL": f"{origin}{ROOT}", "OPENAI_API_KEY": KEY}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """By contract D.2."""
        return error_body(status, code, message)

    def account_keys(self) -> Sequence[Key]:
        """A customer's."""
        return [customers_key(self.name, KEY)]


def vendors(stage: Stage) -> Sequence[Vendor]:
    """OpenAI; it needs nothing of the stage."""
    return [OpenAi()]
