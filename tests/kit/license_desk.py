"""A desk for licenses: a clock that is set by hand, letters and announcements kept in lists."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

from pydantic import JsonValue

from bot.wiring.licensing import build_licensing
from db.licensing.plans import PlanStock, PlanVersion
from db.store.session import Database, Session
from services import MailServices
from services.actors import Operator
from services.audit.audit import Audit, AuditRecord
from services.licensing.license_terms import Issued, Order
from services.mail import Emails, LostEmails
from services.ports import Letter
from tests.kit.wired import foundation

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPS = Operator("slack", "U1", "Ada")


class LicenseStage:
    """Every service of the core on one database."""

    def __init__(self, database: Database) -> None:
        self.now = NOW
        self.letters: list[Letter] = []
        self.heard: list[tuple[str, Mapping[str, JsonValue]]] = []
        self.database = database
        mail = MailServices(emails=cast(Emails, self), lost_emails=cast(LostEmails, self))
        sold = build_licensing(foundation(database, self.clock), mail, self.announce)
        self.plans, self.customers = sold.plans, sold.customers
        self.licenses, self.sites = sold.licenses, sold.sites

    def clock(self) -> datetime:
        """The time that was set."""
        return self.now

    def wait(self, time: timedelta) -> None:
        """Let time go by, or back."""
        self.now += time

    async def announce(self, session: Session, kind: str, data: Mapping[str, JsonValue]) -> None:
        """Keep what other systems would be told."""
        self.heard.append((kind, data))

    async def queue(self, session: Session, letter: Letter) -> bool:
        """Keep the letter, once."""
        is_new = letter.dedupe not in {one.dedupe for one in self.letters}
        if is_new:
            self.letters.append(letter)
        return is_new

    async def issue(
        self, plan: str = "pro", months: int | None = 12, domain: str = "", email: str = ""
    ) -> Issued:
        """A license for somebody new."""
        order = Order(email or someone(), plan, months, domain)
        return await self.licenses.issue(OPS, order, uuid4().hex)

    async def limited(self, stock: int) -> str:
        """A lifetime plan of which there are only so many; returns its name."""
        founders = await self.plans.find("founders")
        name = f"limited-{uuid4().hex[:8]}"
        async with self.database.transaction() as session:
            session.add(
                PlanVersion(
                    name=name,
                    version=1,
                    display_name="Limited",
                    price_minor=1,
                    currency="EUR",
                    features="[]",
                    providers='["openai"]',
                    models='["gpt-5.4-mini"]',
                    max_tokens=founders.max_tokens,
                    hourly_requests=founders.hourly_requests,
                    lifetime=True,
                    created_at=NOW,
                )
            )
            session.add(PlanStock(plan=name, total=stock))
        return name

    async def told(self, subject_id: str) -> list[str]:
        """The actions in the audit log about this thing, the oldest first."""
        return [line.action for line in await self.lines(subject_id)]

    async def lines(self, subject_id: str) -> list[AuditRecord]:
        """The audit log about this thing, the oldest first."""
        return list(reversed(await Audit(self.database).lines(subject_id=subject_id)))


def someone() -> str:
    """An address nobody had before."""
    return f"{uuid4().hex}@shop.example"
