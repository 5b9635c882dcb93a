"""HubSpot's error bodies, its Bearer keys with their scopes, and its limits per account."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from aiohttp import web

from integrations.sandbox.kit.rates import RateLimiter
from integrations.sandbox.kit.wire import Handler

Json = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[web.Response]]

READ_SCOPES = frozenset(
    {
        "crm.objects.companies.read",
        "crm.objects.contacts.read",
        "crm.objects.deals.read",
        "crm.objects.owners.read",
    }
)
WRITE_SCOPES = frozenset({"crm.objects.contacts.write", "crm.objects.deals.write"})
KEY = "pat-eu1-5b0f6c1e-0000-4000-8000-5a6d0b0c0001"
READ_ONLY_KEY = "pat-eu1-5b0f6c1e-0000-4000-8000-5a6d0b0c0002"
SCOPES = {KEY: READ_SCOPES | WRITE_SCOPES, READ_ONLY_KEY: READ_SCOPES}
BURST, BURST_WINDOW = 100, 10.0  # calls and seconds, the Starter plan
SEARCHES, SEARCH_WINDOW = 5, 1.0


class Failure(Exception):
    """A refusal with its status and category; `codes` are (code, property name) of each error."""

    def __init__(
        self, status: int, category: str, message: str, codes: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.status, self.category, self.codes = status, category, codes

    def body(self) -> Json:
        """The reply that tells of it."""
        body = error_body(self.category, str(self))
        if self.codes:
            body["errors"] = [
                {"message": str(self), "code": code, "context": {"propertyName": [name]}}
                for code, name in self.codes
            ]
        return body


def error_body(category: str, message: str) -> Json:
    """The fields every refusal has."""
    correlation = str(uuid4())
    return {
        "status": "error",
        "message": message,
        "correlationId": correlation,
        "category": category,
    }


def invalid(message: str, code: str = "", name: str = "") -> Failure:
    """A 400 VALIDATION_ERROR."""
    return Failure(400, "VALIDATION_ERROR", message, ((code, name),) if code else ())


class Gate:
    """What every call passes: the key, its scopes, the account's limits."""

    def __init__(self) -> None:
        self.burst = RateLimiter(enforced=True, window=BURST_WINDOW)
        self.searches = RateLimiter(enforced=True, window=SEARCH_WINDOW)

    def guarded(self, answer: Answer, *scopes: str, search: bool = False) -> Handler:
        """The answer behind a key that has these scopes."""

        async def guarded(request: web.Request) -> web.Response:
            try:
                self._may(request, scopes)
                self._count(search)
                return await answer(request)
            except Failure as failure:
                return web.json_response(failure.body(), status=failure.status)
            except _Limited as limited:
                return web.json_response(limited.body(), status=429)

        return guarded

    def _may(self, request: web.Request, scopes: tuple[str, ...]) -> None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        granted = SCOPES.get(key) if scheme == "Bearer" else None
        if granted is None:
            words = "Authentication credentials not found. This API supports OAuth 2.0."
            raise Failure(401, "INVALID_AUTHENTICATION", words)
        missing = sorted(set(scopes) - granted)
        if missing:
            raise _MissingScopes(missing)

    def _count(self, search: bool) -> None:
        # Searches are outside the ten-second budget (contract §3).
        if search:
            if self.searches.count("account", SEARCHES).exceeded:
                raise _Limited("You have reached your secondly limit.", "SECONDLY")
        elif self.burst.count("account", BURST).exceeded:
            raise _Limited("You have reached your ten_secondly_rolling limit.")


class _MissingScopes(Failure):
    def __init__(self, missing: list[str]) -> None:
        words = "This app hasn't been granted all required scopes to make this call."
        super().__init__(403, "MISSING_SCOPES", words)
        self._missing = missing

    def body(self) -> Json:
        """It names what is missing."""
        context = {"requiredGranularScopes": self._missing}
        return {**super().body(), "errors": [{"message": str(self), "context": context}]}


class _Limited(Exception):
    """429, without a Retry-After."""

    def __init__(self, message: str, policy: str = "TEN_SECONDLY_ROLLING") -> None:
        super().__init__(message)
        self.policy = policy

    def body(self) -> Json:
        return limit_body(str(self), self.policy)


def limit_body(message: str, policy: str = "TEN_SECONDLY_ROLLING") -> Json:
    """The reply to a call too many."""
    return {
        **error_body("RATE_LIMITS", message),
        "errorType": "RATE_LIMIT",
        "policyName": policy,
    }


async def read_body(request: web.Request) -> Json:
    """The JSON object of a request; 400 for anything else."""
    try:
        body = json.loads(await request.text())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise invalid("Invalid input JSON")
    return body
