"""One license from Slack: what would be issued, the yes, the job that issues it, the receipt."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from pydantic import TypeAdapter

from db.licensing import customers
from db.store.session import Database
from services.actors import Actor, Operator
from services.audit import Change, Facts, Subject, note
from services.errors import DomainError, Invalid
from services.licensing import Licenses, Order, Plan, Plans, months_after
from services.ops import COMMAND, Confirmations, Ops, PendingCommand, Proposal, operator_of
from services.people import Members
from services.phrases import Phrase
from services.ports import Clock

ISSUE = "ops.issue"
LICENSE_ISSUE = "/license-issue"
LIFETIME = frozenset({"", "lifetime", "life", "vita", "-"})
MAX_DIGITS = 4

NOT_MONTHS = Phrase(
    "“{typed}” is not a number of months: type a whole number such as 12, or “lifetime”.",
    "“{typed}” non è un numero di mesi: scrivi un numero intero come 12, oppure “lifetime”.",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A license as it was asked for, in the words that were typed."""

    email: str
    plan: str
    months: str = ""
    domain: str = ""
    send_email: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a yes would do.

    `customer` is the name of the one who is known, None for a new one; `ends_at` None is for
    life; `price_minor` in minor units of the plan's currency; `stock_left` None is unlimited.
    """

    order: Order
    plan: Plan
    customer: str | None
    ends_at: datetime | None
    price_minor: int
    stock_left: int | None
    send_email: bool


@dataclass(frozen=True, slots=True)
class IssueReceipt:
    """What was issued, with the key in clear: only for the eyes of who asked."""

    job_id: str
    license_id: str
    key: str
    email: str
    plan: str
    domain: str
    ends_at: datetime | None
    send_email: bool


class ReceiptSender(Protocol):
    """Where receipts are handed over: to one person, and nobody else sees them."""

    async def issued(self, actor: Actor, channel_id: str, receipt: IssueReceipt) -> None:
        """Show the receipt; raises Temporary while Slack is away."""

    async def not_issued(
        self, actor: Actor, channel_id: str, error: DomainError, reference: str
    ) -> None:
        """Say why there is none; raises Temporary while Slack is away."""


@dataclass(frozen=True, slots=True)
class LicensingDeps:
    """What issuing works with."""

    licenses: Licenses
    plans: Plans
    members: Members
    proposals: Confirmations
    ops: Ops


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """What a proposal keeps."""

    order: Order
    send_email: bool


STORED = TypeAdapter(StoredOrder)


class Issuing:
    """Previews, confirms and issues; every verb may be repeated."""

    def __init__(
        self, database: Database, licensing: LicensingDeps, receipts: ReceiptSender, clock: Clock
    ) -> None:
        self._database = database
        self._licensing = licensing
        self._receipts = receipts
        self._clock = clock

    async def preview(self, typed: Typed) -> Preview:
        """What would be issued; nothing is written. Raises Invalid with the field's name."""
        order = await self._licensing.licenses.check(
            Order(typed.email, typed.plan, read_months(typed.months), typed.domain)
        )
        plan = await self._licensing.plans.find(order.plan)
        stock = await self._licensing.plans.stock(plan.name)
        async with self._database.transaction() as session:
            known = await customers.of_email(session, order.email)
        return Preview(
            order=order,
            plan=plan,
            customer=(known.name or known.email) if known else None,
            ends_at=None if order.months is None else months_after(self._clock(), order.months),
            price_minor=plan.price(order.months),
            stock_left=stock.left if stock else None,
            send_email=typed.send_email,
        )

    async def rehearse(self, operator: Operator, typed: Typed) -> Preview:
        """The preview of a dry run: it leaves a line in the audit log and nothing else."""
        preview = await self.preview(typed)
        async with self._database.transaction() as session:
            change = Change(after=_facts(preview), outcome="dry_run")
            note(session, operator, "licenses.issue", Subject(COMMAND, LICENSE_ISSUE), change)
        return preview

    async def propose(self, actor: Actor, channel_id: str, preview: Preview) -> Proposal:
        """Keep what was previewed until it is confirmed, for this person only."""
        stored = STORED.dump_json(StoredOrder(preview.order, preview.send_email)).decode()
        name = (await self._licensing.members.who(actor)).name
        return await self._licensing.proposals.keep(
            actor, name, PendingCommand(ISSUE, channel_id, stored)
        )

    async def confirm(self, actor: Actor, proposal_id: str) -> Proposal:
        """The yes: starts the job once, whoever clicks how often. Serves bulk previews as well.

        Raises NotFound, NotAllowed, or Conflict when it is too late.
        """
        proposal = await self._licensing.proposals.find(actor, proposal_id)
        await self._licensing.ops.allow(actor, proposal.command.channel_id, LICENSE_ISSUE)
        return await self._licensing.proposals.confirm(actor, proposal_id)

    async def withdraw(self, actor: Actor, proposal_id: str) -> None:
        """The no; raises Conflict after a yes."""
        await self._licensing.proposals.withdraw(actor, proposal_id)

    async def issue(self, proposal_id: str) -> str:
        """The job's first step: issue, and queue the e-mail if wished; the license's id."""
        proposal = await self._licensing.proposals.of_job(proposal_id)
        stored, operator = STORED.validate_json(proposal.command.arguments), _operator(proposal)
        order = replace(stored.order, send_email=stored.send_email)
        issued = await self._licensing.licenses.issue(operator, order, proposal.job_id)
        return issued.license.id

    async def hand_over(self, proposal_id: str) -> None:
        """The job's second step: the receipt. The request id gives the same license and key."""
        proposal = await self._licensing.proposals.of_job(proposal_id)
        stored = STORED.validate_json(proposal.command.arguments)
        order, operator = stored.order, _operator(proposal)
        issued = await self._licensing.licenses.issue(operator, order, proposal.job_id)
        receipt = IssueReceipt(
            job_id=proposal.job_id,
            license_id=issued.license.id,
            key=issued.key,
            email=order.email,
            plan=(await self._licensing.plans.find(order.plan)).display_name,
            domain=order.domain,
            ends_at=issued.license.expires_at,
            send_email=stored.send_email,
        )
        await self._receipts.issued(proposal.actor, proposal.command.channel_id, receipt)

    async def not_handed_over(self, proposal_id: str) -> None:
        """Slack takes the receipt nowhere: written down; the key can be e-mailed later."""
        proposal = await self._licensing.proposals.of_job(proposal_id)
        await self._note_failure(proposal, "licenses.receipt")

    async def failed(self, proposal_id: str, reference: str, error: DomainError) -> None:
        """The job gave up: say so to whoever confirmed, and write it down."""
        proposal = await self._licensing.proposals.of_job(proposal_id)
        await self._note_failure(proposal, "licenses.issue")
        channel_id = proposal.command.channel_id
        await self._receipts.not_issued(proposal.actor, channel_id, error, reference)

    async def _note_failure(self, proposal: Proposal, action: str) -> None:
        async with self._database.transaction() as session:
            subject, change = Subject("job", proposal.job_id), Change(outcome="failed")
            note(session, _operator(proposal), action, subject, change)


def read_months(typed: str) -> int | None:
    """A number of months as typed, None for life; raises Invalid (field `months`)."""
    text = typed.strip().lower()
    if text in LIFETIME:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise Invalid(NOT_MONTHS, field="months", typed=typed.strip()[:60])
    return int(text)


def _operator(proposal: Proposal) -> Operator:
    return operator_of(proposal.actor, proposal.member_name)


def _facts(preview: Preview) -> Facts:
    return {
        "plan": preview.plan.name,
        "months": preview.order.months,
        "domain": preview.order.domain,
        "new_customer": preview.customer is None,
    }
