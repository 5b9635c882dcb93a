"""Plans: what is sold at which terms. A version never changes; the newest one is for sale."""

import re
from dataclasses import asdict, dataclass, fields, replace

import orjson

from db.licensing import plans as table
from db.store.session import Database, Session
from integrations.providers.types import PROVIDERS
from services.actors import Operator
from services.audit import Change, Facts, Subject, note
from services.errors import Invalid
from services.licensing.plan_terms import Plan
from services.phrases import Phrase
from services.ports import Clock

# What a change says to leave a limit as it is, because None already means unlimited.
KEEP = -1
MAX_NAME = 60
MAX_LIST = 50
MAX_PRICE = 100_000_000
MAX_REQUESTS = 1_000_000_000
MAX_TOKENS = 1_000_000
CURRENCY = re.compile(r"[A-Z]{3}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}")
WORDS = "[a-z0-9._:/-]"

NO_PLAN = Phrase(
    "There is no plan “{name}”. Choose one of: {names}.",
    "Non c’è un piano “{name}”. Scegli tra: {names}.",
)
NO_VERSION = Phrase(
    "The plan “{name}” has no version {version}.", "Il piano “{name}” non ha la versione {version}."
)
WRONG = Phrase("{name} must be {what}.", "{name} deve essere {what}.")
NOT_LIMITED = Phrase(
    "The stock of “{name}” cannot be {total}: the plan has none, or more are sold already.",
    "La scorta di “{name}” non può essere {total}: non ne ha, o ne sono già vendute di più.",
)


@dataclass(frozen=True, slots=True)
class Stock:
    """How many licenses of a limited plan there are, and how many are sold."""

    total: int
    sold: int

    @property
    def left(self) -> int:
        """How many may still be sold."""
        return self.total - self.sold


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """What should be different; None leaves a thing as it is, and KEEP leaves a limit.

    `stock` is the new total of a limited plan; it is no part of the version.
    """

    display_name: str | None = None
    price_minor: int | None = None
    currency: str | None = None
    features: tuple[str, ...] | None = None
    monthly_requests: int | None = KEEP
    max_sites: int | None = KEEP
    ai_included: bool | None = None
    own_key: bool | None = None
    providers: tuple[str, ...] | None = None
    models: tuple[str, ...] | None = None
    max_tokens: int | None = None
    hourly_requests: int | None = None
    stock: int | None = None


class Plans:
    """Finds plans and makes new versions of them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # Versions never change, so what was read once is true for good.
        self._known: dict[tuple[str, int], Plan] = {}

    async def available(self) -> tuple[Plan, ...]:
        """What is for sale, the cheapest first and lifetime plans last."""
        async with self._database.transaction() as session:
            rows = await table.current(session)
        return tuple(map(self._remembered, rows))

    async def find(self, name: str, version: int | None = None) -> Plan:
        """A plan as it is sold now, or as it was sold; raises Invalid (field `plan`)."""
        if version is not None and (name, version) in self._known:
            return self._known[name, version]
        async with self._database.transaction() as session:
            return await self._find(session, name, version)

    async def stock(self, name: str) -> Stock | None:
        """What is left of a limited plan; None when it is not limited."""
        async with self._database.transaction() as session:
            row = await table.stock(session, name)
        return Stock(row.total, row.sold) if row else None

    async def revise(self, operator: Operator, name: str, changes: PlanChanges) -> Plan:
        """Make a new version with these changes; licenses sold before keep theirs.

        Changing nothing makes no version. Raises Invalid, its field named as in PlanChanges.
        """
        name = name.strip().lower()
        async with self._database.transaction() as session:
            await table.lock(session, name)
            before = await self._find(session, name)
            after = _checked(_changed(before, changes))
            if changes.stock is not None:
                await self._restock(session, operator, name, changes.stock)
            if after == before:
                return before
            after = replace(after, version=before.version + 1)
            session.add(self._row(after))
            facts = Change(_facts(before), _facts(after))
            note(session, operator, "plans.revise", Subject("plan", name), facts)
        return after

    async def _find(self, session: Session, name: str, version: int | None = None) -> Plan:
        if version is not None:
            row = await table.version(session, name, version)
            if row is None:
                raise Invalid(NO_VERSION, field="plan", name=name[:MAX_NAME], version=version)
            return self._remembered(row)
        row = await table.newest(session, name.strip().lower()[:MAX_NAME])
        if row is None:
            names = ", ".join(plan.name for plan in await table.current(session))
            raise Invalid(NO_PLAN, field="plan", name=name[:MAX_NAME], names=names)
        return self._remembered(row)

    async def _restock(self, session: Session, operator: Operator, name: str, total: int) -> None:
        row = await table.stock(session, name)
        if row is None or not await table.restock(session, name, total):
            raise Invalid(NOT_LIMITED, field="stock", name=name, total=total)
        change = Change({"total": row.total}, {"total": total})
        note(session, operator, "plans.restock", Subject("plan", name), change)

    def _remembered(self, row: table.PlanVersion) -> Plan:
        plan = self._known.get((row.name, row.version)) or _plan(row)
        return self._known.setdefault((row.name, row.version), plan)

    def _row(self, plan: Plan) -> table.PlanVersion:
        lists = ("features", "providers", "models")
        values = asdict(plan) | {one: orjson.dumps(getattr(plan, one)).decode() for one in lists}
        return table.PlanVersion(**values, created_at=self._clock())


def _plan(row: table.PlanVersion) -> Plan:
    return Plan(
        name=row.name,
        version=row.version,
        display_name=row.display_name,
        price_minor=row.price_minor,
        currency=row.currency,
        features=tuple(orjson.loads(row.features)),
        monthly_requests=row.monthly_requests,
        max_sites=row.max_sites,
        ai_included=row.ai_included,
        own_key=row.own_key,
        providers=tuple(orjson.loads(row.providers)),
        models=tuple(orjson.loads(row.models)),
        max_tokens=row.max_tokens,
        hourly_requests=row.hourly_requests,
        lifetime=row.lifetime,
    )


def _changed(plan: Plan, changes: PlanChanges) -> Plan:
    limits = ("monthly_requests", "max_sites")
    wanted = {one.name: getattr(changes, one.name) for one in fields(changes)}
    del wanted["stock"]
    return replace(
        plan,
        **{
            name: value
            for name, value in wanted.items()
            if (value != KEEP if name in limits else value is not None)
        },
    )


def _checked(plan: Plan) -> Plan:
    known = set(plan.providers) <= set(PROVIDERS)
    texts = (*plan.features, *plan.providers, *plan.models)
    rules = {
        "display_name": (0 < len(plan.display_name.strip()) <= MAX_NAME, f"1–{MAX_NAME} letters"),
        "price_minor": (0 <= plan.price_minor <= MAX_PRICE, f"0–{MAX_PRICE}"),
        "currency": (bool(CURRENCY.fullmatch(plan.currency)), "ISO 4217 (EUR)"),
        "monthly_requests": (_limit(plan.monthly_requests, 0, MAX_REQUESTS), f"0–{MAX_REQUESTS}"),
        "max_sites": (_limit(plan.max_sites, 1, MAX_REQUESTS), f"1–{MAX_REQUESTS}"),
        "max_tokens": (1 <= plan.max_tokens <= MAX_TOKENS, f"1–{MAX_TOKENS}"),
        "hourly_requests": (1 <= plan.hourly_requests <= MAX_REQUESTS, f"1–{MAX_REQUESTS}"),
        "providers": (bool(plan.providers) and known, ", ".join(PROVIDERS)),
        "models": (0 < len(plan.models) <= MAX_LIST, f"1–{MAX_LIST}"),
        "features": (
            len(plan.features) <= MAX_LIST and all(map(WORD.fullmatch, texts)),
            WORDS,
        ),
    }
    for field, (kept, what) in rules.items():
        if not kept:
            raise Invalid(WRONG, field=field, name=field, what=what)
    return plan


def _limit(value: int | None, least: int, most: int) -> bool:
    return value is None or least <= value <= most


def _facts(plan: Plan) -> Facts:
    facts = asdict(plan)
    return {name: list(one) if isinstance(one, tuple) else one for name, one in facts.items()}
