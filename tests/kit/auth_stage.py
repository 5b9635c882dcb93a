"""The forwarder beside a fake Auth and a list of what users were told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from integrations.errors import IntegrationError
from integrations.supabase.types import AuthRequest, AuthResponse
from services.users import SignedUp

JSON = (("Content-Type", "application/json"),)
Answer = Callable[[AuthRequest], Awaitable[AuthResponse]]


@dataclass
class FakeAuth:
    """Answers as it is told; remembers what it was asked."""

    status: int = 200
    body: bytes = b"{}"
    error: IntegrationError | None = None
    asked: list[AuthRequest] = field(default_factory=list)

    async def send(self, asked: AuthRequest) -> AuthResponse:
        self.asked.append(asked)
        if self.error:
            raise self.error
        return AuthResponse(self.status, JSON, self.body)


@dataclass
class FakeUsers:
    """What users heard, in its order."""

    heard: list[tuple[str, object]] = field(default_factory=list)
    bug: Exception | None = None

    async def not_signed_up(self, intent_id: str) -> None:
        self._hear("not_signed_up", None)

    async def signed_up(self, intent_id: str, who: SignedUp) -> None:
        self._hear("signed_up", who)

    async def confirmed(self, who: SignedUp) -> None:
        self._hear("confirmed", who)

    def names(self) -> list[str]:
        return [name for name, _ in self.heard]

    def _hear(self, name: str, what: object) -> None:
        if self.bug:
            raise self.bug
        self.heard.append((name, what))
