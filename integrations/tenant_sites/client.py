"""Asks a tenant's own site whether it is well; the address is the operators' pattern."""

import httpx

from integrations.errors import IntegrationError
from integrations.http import ClientOptions, client

VENDOR = "tenant_sites"
TENANT = "{tenant}"
WELL = 400


class TenantSites:
    """One GET per question, redirects are not followed."""

    def __init__(self, pattern: str, options: ClientOptions | None = None) -> None:
        """`pattern` has `{tenant}` where the short name goes; "" asks nobody."""
        self._pattern = pattern
        self._http: httpx.AsyncClient = client("", VENDOR, options)

    async def ask(self, name: str) -> str:
        """ "" when it answers below 400 or nobody is to be asked; else its status, or `no answer`.

        `name` is a short name of ours: letters, digits and dashes.
        """
        if not self._pattern:
            return ""
        address = self._pattern.replace(TENANT, name)
        try:
            answer = await self._http.get(address, extensions={"operation": "health"})
        except IntegrationError:
            return "no answer"
        return "" if answer.status_code < WELL else str(answer.status_code)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
