"""Follow-ups in numbers: what they cost, how often they are changed, how soon they are used."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from db.reports import followups as table
from db.store.session import Session
from integrations.providers.types import Usage
from services.clock import day_begins
from services.gateway import Prices
from services.phrases import Phrase
from services.ports import Clock
from services.reports.days import ONE, days_between
from services.reports.panels import Panel, Panels
from services.reports.ranges import Range

OUTCOMES = Phrase(
    "Follow-ups begun in these days that have a draft, of all workspaces. Edited: somebody changed "
    "the text by hand. Used: the first of draft, event, recap or CRM entry was done; the time runs "
    "from the request to that.",
    "Follow-up iniziati in questi giorni che hanno una bozza, di tutti i workspace. Modificati: "
    "qualcuno ha cambiato il testo a mano. Usati: è stata fatta la prima azione tra bozza, evento, "
    "riepilogo o CRM; il tempo va dalla richiesta a quel momento.",
)
COST = Phrase(
    "Tokens of every version that a model wrote for these follow-ups, at the price table’s rates "
    "(version {version}). Tries that failed are not in it.",
    "Token di ogni versione scritta da un modello per questi follow-up, ai prezzi di listino "
    "(versione {version}). I tentativi falliti non sono inclusi.",
)
ACTIONS = Phrase(
    "Receipts of these follow-ups: what was done with them, and what failed.",
    "Ricevute di questi follow-up: cosa ne è stato fatto e cosa è fallito.",
)


@dataclass(frozen=True, slots=True)
class FollowUpDay:
    """One day: follow-ups written, and how many of them were edited and used since."""

    day: date
    written: int
    edited: int
    used: int


@dataclass(frozen=True, slots=True)
class FollowUpOutcomes:
    """All days together. Times run to the first use; None when none was used."""

    days: tuple[FollowUpDay, ...]
    written: int
    edited: int
    regenerated: int
    plain: int
    used: int
    failed: int
    median: timedelta | None
    slowest_tenth: timedelta | None

    @property
    def edit_rate(self) -> float:
        """Share of the written ones that somebody edited, 0 to 1."""
        return self.edited / self.written if self.written else 0.0


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What one model wrote; micro-dollars, None when the price table does not know it."""

    model: str
    versions: int
    tokens: int
    cost_micro: int | None


@dataclass(frozen=True, slots=True)
class FollowUpCost:
    """By model, the dearest first."""

    models: tuple[ModelCost, ...]

    @property
    def cost_micro(self) -> int:
        """Micro-dollars of all models with a price."""
        return sum(one.cost_micro or 0 for one in self.models)


@dataclass(frozen=True, slots=True)
class ActionFigures:
    """What follow-ups were used for: an action, how often it was done, how often it failed."""

    actions: tuple[tuple[str, int, int], ...]


class FollowUpFigures:
    """Reads follow-ups of all workspaces; nothing of what is in them."""

    def __init__(self, panels: Panels, prices: Prices, zone: ZoneInfo, clock: Clock) -> None:
        self._panels = panels
        self._prices = prices
        self._zone = zone
        self._clock = clock

    async def outcomes(self, wanted: Range) -> Panel[FollowUpOutcomes]:
        """How many, and what became of them."""
        days = tuple(days_between(wanted.first, wanted.last))
        bounds = [day_begins(day, self._zone) for day in (*days, wanted.last + ONE)]

        async def query(session: Session) -> FollowUpOutcomes:
            return _outcomes(await table.written(session, bounds), days)

        tables = ("followups", "followup_versions", "followup_receipts")
        return await self._panels.read(OUTCOMES, tables, query)

    async def cost(self, wanted: Range) -> Panel[FollowUpCost]:
        """What the models took for them."""
        since, until = self._bounds(wanted)

        async def query(session: Session) -> FollowUpCost:
            return self._costs(await table.tokens(session, since, until))

        version = self._prices.version
        words = Phrase(COST.en.format(version=version), COST.it.format(version=version))
        return await self._panels.read(words, ("followups", "followup_versions"), query)

    async def actions(self, wanted: Range) -> Panel[ActionFigures]:
        """What they were used for."""
        since, until = self._bounds(wanted)

        async def query(session: Session) -> ActionFigures:
            return ActionFigures(tuple(await table.actions(session, since, until)))

        return await self._panels.read(ACTIONS, ("followups", "followup_receipts"), query)

    def _bounds(self, wanted: Range) -> tuple[datetime, datetime]:
        return day_begins(wanted.first, self._zone), day_begins(wanted.last + ONE, self._zone)

    def _costs(self, rows: list[table.ModelTokens]) -> FollowUpCost:
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in rows:
            usage = Usage(
                row.input_tokens + row.cached_tokens, row.output_tokens, row.cached_tokens
            )
            total = sums[row.model]
            total[0] += row.versions
            total[1] += row.versions * (usage.input_tokens + usage.output_tokens)
            total[2] += row.versions * self._prices.cost(row.model, usage)
        models = [
            ModelCost(model, versions, tokens, cost if self._prices.provider(model) else None)
            for model, (versions, tokens, cost) in sums.items()
        ]
        return FollowUpCost(tuple(sorted(models, key=lambda one: -(one.cost_micro or 0))))


def _outcomes(found: table.Written, days: tuple[date, ...]) -> FollowUpOutcomes:
    every = found.all
    nothing = table.Outcome(0, 0, 0, 0, 0, None, None)
    places = [found.places.get(place, nothing) for place in range(len(days))]
    return FollowUpOutcomes(
        days=tuple(
            FollowUpDay(day, one.written, one.edited, one.used)
            for day, one in zip(days, places, strict=True)
        ),
        written=every.written,
        edited=every.edited,
        regenerated=every.regenerated,
        plain=every.plain,
        used=every.used,
        failed=found.failed,
        median=_seconds(every.median_s),
        slowest_tenth=_seconds(every.slow_s),
    )


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)
