"""One line of a file of licenses: what it asks for, whether it can be issued, what it became."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from db import issuing as table
from services.errors import DomainError, Invalid, Temporary
from services.issuing.bulk_csv import Row
from services.issuing.issuing import read_months
from services.licensing import Licenses, Order, bound_site, email_of
from services.phrases import Phrase

# Whom the terms are tried with, so that a file of one plan asks for that plan once.
SOMEBODY = "somebody@example.com"

SAME_AS = Phrase("Same as line {line}.", "Uguale alla riga {line}.")
SURPLUS = Phrase(
    "More values than columns: put a value that holds the delimiter in quotes.",
    "Più valori che colonne: metti tra virgolette un valore che contiene il separatore.",
)


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One line as judged, and what became of it.

    `state` is ok (will be issued), bad (see `reason`), known (was issued by an earlier upload) or
    issued. `months` None is for life, or unreadable in a bad line.
    """

    number: int
    email: str
    plan: str
    months: int | None
    domain: str
    name: str
    fingerprint: str = ""
    state: str = table.OK
    reason: str = ""
    license_id: str = ""


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """A whole file as judged; `digest` is its SHA-256."""

    lines: tuple[BulkLine, ...]
    digest: bytes

    def count(self, state: str) -> int:
        """How many lines are in this state."""
        return sum(line.state == state for line in self.lines)

    @property
    def bad(self) -> tuple[BulkLine, ...]:
        """The lines that cannot be issued."""
        return tuple(line for line in self.lines if line.state == table.BAD)


class Judge:
    """Reads one file's lines in their order; what several ask for alike is looked up once."""

    def __init__(self, licenses: Licenses, language: str) -> None:
        """`language` is that of the reasons."""
        self._licenses = licenses
        self._language = language
        self._terms: dict[tuple[str, str], Order | Invalid] = {}
        self._first: dict[str, int] = {}

    async def judge(self, row: Row) -> BulkLine:
        """The line as it would be issued, or why it cannot be."""
        values = row.values
        try:
            order = await self._order(row)
            print_ = fingerprint(order)
            if (same := self._first.setdefault(print_, row.line)) != row.line:
                raise Invalid(SAME_AS, line=same)
        except Temporary:
            raise
        except DomainError as error:
            reason = error.sentence(self._language)
            return BulkLine(
                number=row.line,
                email=values["email"][:254],
                plan=values["plan"][:60],
                months=None,
                domain=values["domain"][:300],
                name=values["name"][:200],
                state=table.BAD,
                reason=reason,
            )
        asked = (order.email, order.plan, order.months, order.domain, order.name)
        return BulkLine(row.line, *asked, fingerprint=print_)

    async def _order(self, row: Row) -> Order:
        if row.surplus:
            raise Invalid(SURPLUS)
        values = row.values
        email = email_of(values["email"])
        terms = await self._terms_of(values["plan"], values["months"])
        domain = bound_site(values["domain"])
        return replace(terms, email=email, domain=domain, name=" ".join(values["name"].split()))

    async def _terms_of(self, plan: str, months: str) -> Order:
        known = self._terms.get((plan, months))
        if known is None:
            known = self._terms[plan, months] = await self._looked_up(plan, months)
        if isinstance(known, Invalid):
            raise Invalid(known.phrase, field="plan", **known.values)
        return known

    async def _looked_up(self, plan: str, months: str) -> Order | Invalid:
        try:
            return await self._licenses.check(Order(SOMEBODY, plan, read_months(months)))
        except Invalid as error:
            return error


def fingerprint(order: Order) -> str:
    """What makes two lines the same: address, plan, term and site, not the name."""
    parts = (order.email, order.plan, "life" if order.months is None else str(order.months))
    return hashlib.sha256("\n".join((*parts, order.domain)).encode()).hexdigest()


def unless_known(line: BulkLine, known: Mapping[str, str]) -> BulkLine:
    """The line, or what it became when an earlier upload issued it."""
    if line.state != table.OK or line.fingerprint not in known:
        return line
    return replace(line, state=table.KNOWN, license_id=known[line.fingerprint])


def row_of(bulk_id: str, line: BulkLine) -> table.BulkLineRow:
    """The line as it is kept."""
    return table.BulkLineRow(
        bulk_id=bulk_id,
        line=line.number,
        email=line.email,
        plan=line.plan,
        months=line.months,
        domain=line.domain,
        name=line.name,
        fingerprint=line.fingerprint,
        state=line.state,
        reason=line.reason,
        license_id=line.license_id,
    )


def line_of(row: table.BulkLineRow) -> BulkLine:
    """A row as everybody sees it."""
    return BulkLine(
        number=row.line,
        email=row.email,
        plan=row.plan,
        months=row.months,
        domain=row.domain,
        name=row.name,
        fingerprint=row.fingerprint,
        state=row.state,
        reason=row.reason,
        license_id=row.license_id,
    )
