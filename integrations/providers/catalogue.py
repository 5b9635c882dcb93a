"""The providers' lists of models: a key is checked with them, which costs nothing."""

import httpx

from integrations.http import credential
from integrations.providers import anthropic
from integrations.providers.errors import failure
from integrations.providers.types import ANTHROPIC


async def check_key(http: httpx.AsyncClient, provider: str, key: str, model: str = "") -> None:
    """Return when the provider accepts the key; Anthropic must know `model`, too.

    `http` is made by `integrations.http.client` for the provider's base URL. Raises Unreachable,
    RateLimited, AuthExpired, or Refused (no such model).
    """
    good = credential(provider, key)
    path, headers = "/models", {"Authorization": f"Bearer {good}"}
    if provider == ANTHROPIC:
        path = f"/v1/models/{model}"
        headers = {"x-api-key": good, "anthropic-version": anthropic.VERSION}
    answer = await http.get(path, headers=headers, extensions={"operation": "check_key"})
    if not answer.is_success:
        raise failure(provider, answer.status_code, answer.headers, answer.content)
