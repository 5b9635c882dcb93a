"""A follow-up as its owner sees it: the job's steps, the draft so far, what was done with it."""

from dataclasses import dataclass
from datetime import datetime

from db.followups import followups as table
from db.store.session import Session
from services.actors import Actor
from services.budgets import OVER, OverBudget
from services.evidence import AUDIT, CHECK, FINE, NOT_HEARD, ClaimInPlace, DraftAudit
from services.followups.drafts import DRAFT, OPTIONS, Draft, Options
from services.operations import Step, steps_of
from services.phrases import Phrase

GONE = Phrase(
    "I cannot find that follow-up. It may be somebody else’s, or deleted.",
    "Non trovo questo follow-up. Forse è di qualcun altro, o è stato eliminato.",
)

WRITING = "writing"
READY = "ready"
FAILED = "failed"
CANCELLED = "cancelled"
DISCARDED = "discarded"
DRAFTED = "drafted"

# Of one that began by itself: no card yet, a card at its end, it has been told of.
HELD, DUE, TOLD = "held", "due", "told"

DONE = "done"
GMAIL = "gmail"
# Of receipts, beside DONE and FAILED: under way, asking its owner, taken back.
PENDING = "pending"
ASKING = "asking"
UNDONE = "undone"
UNDOING = "undoing"
# Chosen for, but not begun.
PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of an action: `status` is pending, done, failed, asking, undoing or undone.

    `missing` is the vendor whose connection the problem lacks, or "". `question` names what its
    owner is asked; while it is pending, what they answered. `note` is a short fact, `kept` says
    what an undo had to leave. `wish` is what its owner chose for it, in the action's own JSON.
    """

    action: str
    status: str
    version: int
    url: str
    problem: str
    missing: str = ""
    question: str = ""
    note: str = ""
    kept: str = ""
    wish: str = ""
    external_id: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One line of the version history; `origin` is written, plain, edited or restored."""

    number: int
    origin: str
    instruction: str
    subject: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """A claim its owner stands by, by its key, and since when."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Everything a card or modal needs to show of one follow-up."""

    id: str
    actor: Actor
    recording_id: int
    title: str
    started_at: datetime
    url: str
    status: str
    run: int
    options: Options
    steps: tuple[Step, ...]
    version: int
    draft: Draft | None
    origin: str
    revisions: tuple[Revision, ...]
    problem: str
    missing: str
    reference: str
    receipts: tuple[Receipt, ...]
    view_id: str
    card_channel: str
    card_ts: str
    created_at: datetime
    updated_at: datetime
    audit: DraftAudit | None = None
    kept: tuple[KeptClaim, ...] = ()
    # Of a plain letter: whose budget was used up, if that is why.
    over_budget: OverBudget | None = None
    # "" when a person began it.
    arrival: str = ""

    @property
    def waits(self) -> bool:
        """Whether it began by itself and shows no card yet: held back, or not written yet."""
        begun = self.arrival == HELD or (self.arrival == DUE and self.status == WRITING)
        return begun and not (self.view_id or self.card_ts)

    @property
    def not_heard(self) -> tuple[ClaimInPlace, ...]:
        """Claims that stop every action that sends them: not heard, and not kept by the owner."""
        return tuple(one for one in self._found(NOT_HEARD) if not self.kept_at(one))

    @property
    def to_check(self) -> tuple[ClaimInPlace, ...]:
        """Claims to look at, which stop nothing."""
        return tuple(one for one in self._found(CHECK) if not self.kept_at(one))

    @property
    def stood_by(self) -> tuple[ClaimInPlace, ...]:
        """Claims that were marked and that the owner keeps."""
        return tuple(one for one in self._found(NOT_HEARD, CHECK) if self.kept_at(one))

    @property
    def supported(self) -> tuple[ClaimInPlace, ...]:
        """Claims for which there is evidence."""
        return self._found(FINE)

    def kept_at(self, finding: ClaimInPlace) -> datetime | None:
        """Since when its owner keeps a claim; None when they do not."""
        return next((one.at for one in self.kept if one.key == finding.claim.key), None)

    def _found(self, *levels: str) -> tuple[ClaimInPlace, ...]:
        return self.audit.findings(*levels) if self.audit else ()

    def receipt(self, action: str) -> Receipt | None:
        """What came of this action, if it was asked for."""
        return next((one for one in self.receipts if one.action == action), None)

    @property
    def gmail(self) -> Receipt | None:
        """What came of the Gmail draft, if it was asked for."""
        return self.receipt(GMAIL)

    @property
    def mark(self) -> str:
        """Its state in one word for a list: `drafted` once it is in Gmail, else its status."""
        drafted = self.gmail is not None and self.gmail.status == DONE
        return DRAFTED if drafted else self.status

    @property
    def seconds(self) -> float:
        """How long the job's steps took together."""
        return sum(step.took.total_seconds() for step in self.steps if step.took)


async def load(session: Session, row: table.FollowUpRow) -> FollowUp:
    """The read model of a row, with its versions and receipt."""
    versions = await table.versions(session, row.id)
    current = next((v for v in versions if v.number == row.version), None)
    receipts = await table.receipts(session, row.id)
    return FollowUp(
        id=row.id,
        actor=Actor(row.workspace_id, row.member_id),
        recording_id=row.recording_id,
        title=row.title,
        started_at=row.started_at,
        url=row.url,
        status=row.status,
        run=row.run,
        options=OPTIONS.validate_json(row.options),
        steps=await steps_of(session, row.operation_id),
        version=row.version,
        draft=DRAFT.validate_json(current.content) if current else None,
        origin=current.origin if current else "",
        revisions=tuple(_revision(version) for version in versions),
        problem=row.problem,
        missing=row.missing,
        reference=row.reference,
        receipts=tuple(map(to_receipt, receipts)),
        view_id=row.view_id,
        card_channel=row.card_channel,
        card_ts=row.card_ts,
        created_at=row.created_at,
        updated_at=row.updated_at,
        audit=AUDIT.validate_json(current.audit) if current else None,
        kept=tuple(
            KeptClaim(one.key, one.kept_at) for one in await table.kept_claims(session, row.id)
        ),
        over_budget=OVER.validate_json(current.over_budget) if current else None,
        arrival=row.arrival,
    )


def _revision(version: table.Version) -> Revision:
    draft = DRAFT.validate_json(version.content)
    return Revision(
        number=version.number,
        origin=version.origin,
        instruction=version.instruction,
        subject=draft.subject,
        body=draft.body,
        created_at=version.created_at,
    )


def to_receipt(row: table.ReceiptRow) -> Receipt:
    """The read model of a receipt."""
    return Receipt(
        action=row.action,
        status=row.status,
        version=row.version,
        url=row.url,
        problem=row.problem,
        missing=row.missing,
        question=row.question,
        note=row.note,
        kept=row.kept,
        wish=row.wish,
        external_id=row.external_id,
        done_at=row.done_at,
    )
