"""A gateway between a license holder and providers on localhost that do as the test says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
from aiohttp import web

from integrations.http import ClientOptions
from integrations.providers.client import Models, Timeouts
from services.gateway.chat_proxy import ChatProxy, ClientTimeouts
from services.gateway.chats import Ask, ChatRefused, Question
from services.gateway.gateway import Gateway
from services.gateway.ledger import Claim, Hold, Holding, Metered
from services.gateway.limits import Limits
from services.gateway.prices import read_prices
from services.gateway.provider_keys import Keys
from services.gateway.scheduler import FairScheduler
from services.licensing.eligibility import Facts
from services.licensing.plan_terms import Plan
from tests.kit.model_plays import Play

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIMITS = Limits(100, 99, 3600, 1000, 1, NOW + timedelta(days=10), 864_000)
PLAN = Plan(
    name="pro",
    version=1,
    display_name="Pro",
    price_minor=2900,
    currency="EUR",
    features=(),
    monthly_requests=1000,
    max_sites=3,
    ai_included=True,
    own_key=False,
    providers=("openai", "anthropic", "deepseek"),
    models=("gpt-5.4-mini", "claude-haiku-5-5", "deepseek-flash"),
    max_tokens=500,
    hourly_requests=100,
    lifetime=False,
)
FACTS = Facts(
    license_id="lic_1",
    customer_id="cus_1",
    status="active",
    expires_at=NOW + timedelta(days=30),
    activated_at=None,
    plan=PLAN,
    domain="",
    sites=(),
    used=0,
    tokens=0,
    resets_at=NOW + timedelta(days=10),
)
PATHS = {
    "openai": "/openai/chat/completions",
    "anthropic": "/anthropic/v1/messages",
    "deepseek": "/deepseek/chat/completions",
}
OURS = Keys({name: f"sk-ours-{name}" for name in PATHS})
TWO = timedelta(seconds=2)
QUICK = Timeouts(begin=TWO, idle=TWO, whole=TWO)
POLITE = ClientTimeouts(
    unread=timedelta(seconds=0.3), abandoned=timedelta(seconds=1), whole=timedelta(seconds=9)
)


class MemoryLedger:
    """Counts nothing, remembers everything; `code` is what the next holds are refused with.

    While it `waits` it answers no hold.
    """

    def __init__(self) -> None:
        self.code = ""
        self.waits = False
        self.claims: list[Claim] = []
        self.asked: list[asyncio.Future[Hold]] = []
        self.given_up: set[UUID] = set()
        self.begun: dict[UUID, Metered] = {}
        self.settled: dict[UUID, Metered] = {}
        self.released: dict[UUID, str] = {}

    def hold(self, claim: Claim) -> Holding:
        self.claims.append(claim)
        self.asked.append(asyncio.get_running_loop().create_future())
        if not self.waits:
            self.answer()
        return Holding(self.asked[-1], lambda: self.given_up.add(claim.request_id))

    def answer(self) -> None:
        for asked in self.asked:
            if not asked.done():
                asked.set_result(Hold(self.code, LIMITS))

    def begin(self, request_id: UUID, estimate: Metered) -> None:
        assert request_id not in self.ended
        self.begun[request_id] = estimate

    async def settle(self, request_id: UUID, metered: Metered) -> None:
        assert request_id not in self.ended
        self.settled[request_id] = metered

    async def release(self, request_id: UUID, reason: str) -> None:
        assert request_id not in self.ended
        self.released[request_id] = reason

    @property
    def ended(self) -> set[UUID]:
        return {*self.settled, *self.released, *self.given_up}

    @property
    def metered(self) -> Metered:
        """The one call that was settled."""
        [metered] = self.settled.values()
        assert not self.released
        return metered


@dataclass
class Reader:
    """The client of a stream; `leaves_after` writes it is gone, `sleeps` before it reads."""

    leaves_after: int = 1_000_000
    sleeps: float = 0
    seen: bytes = b""
    limits: Limits | None = None
    failure: ChatRefused | None = None
    writes: int = 0
    cut: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self, limits: Limits) -> None:
        self.limits = limits

    async def write(self, events: bytes) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.cut.wait(), self.sleeps)
        if self.writes >= self.leaves_after or self.cut.is_set():
            raise ConnectionResetError
        self.writes += 1
        self.seen += events

    async def fail(self, error: ChatRefused) -> None:
        self.failure = error

    def hang_up(self) -> None:
        self.cut.set()


class OurKeys:
    """Whose keys there are."""

    def __init__(self) -> None:
        self.given = OURS

    async def keys(self, facts: Facts) -> Keys:
        return self.given


@dataclass
class Stage:
    """Set `plays` by provider, ask, and look into the ledger."""

    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    keys: OurKeys = field(default_factory=OurKeys)
    plays: dict[str, Play] = field(default_factory=dict)
    asked: list[tuple[str, dict, dict]] = field(default_factory=list)
    facts: Facts | None = FACTS
    gateway: Gateway = field(init=False)
    models: Models = field(init=False)
    # Of each call of a vendor the name, the operation and the status.
    observed: list[tuple[str, str, int]] = field(default_factory=list)
    connections: Callable[[], int] = field(init=False)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        provider = request.path.split("/")[1]
        self.asked.append((provider, dict(request.headers), orjson.loads(await request.read())))
        return await self.plays[provider](request)

    async def facts_of(self, key: str) -> Facts | None:
        return self.facts

    def build(self, base_url: str, timeouts: Timeouts) -> None:
        prices = read_prices()
        urls = {name: f"{base_url}/{name}" for name in PATHS}
        self.models = Models(urls, timeouts=timeouts, options=ClientOptions(observe=self.observe))
        proxy = ChatProxy(self.ledger, self.models, prices, FairScheduler(), POLITE)
        self.gateway = Gateway(self.facts_of, proxy, self.models, self.keys, prices, lambda: NOW)

    def observe(self, vendor: str, operation: str, status: int, seconds: float) -> None:
        assert seconds > 0
        self.observed.append((vendor, operation, status))

    def on(self, plan: Plan, **changes: object) -> None:
        """The license has this plan."""
        self.facts = replace(FACTS, plan=plan, **changes)


@asynccontextmanager
async def model_stage(timeouts: Timeouts = QUICK) -> AsyncIterator[Stage]:
    """A stage whose providers listen."""
    stage = Stage()
    server = web.Server(stage.answer)
    stage.connections = lambda: len(server.connections)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stage.build(f"http://127.0.0.1:{runner.addresses[0][1]}", timeouts)
    yield stage
    await stage.gateway.close()
    await runner.cleanup()


def question(*, stream: bool = False, model: str = "", **more: object) -> Question:
    """A short one."""
    provider = str(more.pop("provider", ""))
    ask = Ask(
        messages=({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}),
        max_tokens=10_000_000,
        size=80,
        stream=stream,
        options=more,
    )
    return Question(ask, model, provider)
