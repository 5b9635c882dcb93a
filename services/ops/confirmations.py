"""What was shown to an ops admin and waits for a yes: confirmed once, by the same person, soon."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from db import ops as table
from db.store import jobs
from db.store.session import Database, Session
from services.actors import Actor
from services.errors import Conflict, NotFound
from services.phrases import Phrase
from services.ports import Clock

LIFE = timedelta(minutes=15)
# Long enough for a job that had to wait for Slack; not longer, since it holds an address.
KEPT = timedelta(days=2)
JOB = "ops:"

NOT_YOURS = Phrase(
    "There is no such preview of yours. Type the command again.",
    "Non c’è un’anteprima simile di tua. Scrivi di nuovo il comando.",
)
TOO_OLD = Phrase(
    "This preview is too old. Type the command again.",
    "Questa anteprima è troppo vecchia. Scrivi di nuovo il comando.",
)
WAS_WITHDRAWN = Phrase(
    "This preview was cancelled. Type the command again.",
    "Questa anteprima è stata annullata. Scrivi di nuovo il comando.",
)
WAS_CONFIRMED = Phrase(
    "This is confirmed already, as job {job}. To take it back, cancel the license over the API.",
    "È già stato confermato, operazione {job}. Per tornare indietro, annulla la licenza via API.",
)


@dataclass(frozen=True, slots=True)
class PendingCommand:
    """What would be done once confirmed: `workflow` is the job's, `arguments` its JSON.

    `subject_id` is the id of what was written down for it already, and becomes the proposal's.
    """

    workflow: str
    channel_id: str
    arguments: str
    subject_id: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A command that was shown to somebody, until when it can be confirmed, and as which job."""

    id: str
    actor: Actor
    member_name: str
    command: PendingCommand
    expires_at: datetime

    @property
    def job_id(self) -> str:
        """The id of the job that confirming starts, and the request id of what it does."""
        return JOB + self.id


# Begins what was confirmed, by the proposal's id, in the transaction that claims it.
Starter = Callable[[Session, str], Awaitable[object]]


class Confirmations:
    """Keeps them, and starts each one's job once."""

    def __init__(
        self, database: Database, clock: Clock, starters: Mapping[str, Starter] | None = None
    ) -> None:
        """`starters` by workflow, for those that are more than a job."""
        self._database = database
        self._clock = clock
        self._starters = starters or {}

    async def keep(self, actor: Actor, name: str, command: PendingCommand) -> Proposal:
        """A new proposal of this person, whose `name` the audit log will show."""
        now = self._clock()
        row = table.ProposalRow(
            id=command.subject_id or uuid4().hex,
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            member_name=name,
            channel_id=command.channel_id,
            action=command.workflow,
            arguments=command.arguments,
            created_at=now,
            expires_at=now + LIFE,
        )
        async with self._database.transaction() as session:
            session.add(row)
        return _proposal(row)

    async def find(self, actor: Actor, proposal_id: str) -> Proposal:
        """The person's own proposal in whatever state; raises NotFound."""
        async with self._database.transaction() as session:
            return _proposal(await _own(session, actor, proposal_id))

    async def confirm(self, actor: Actor, proposal_id: str) -> Proposal:
        """Claim it and start its job in one transaction; again, the same job and nothing else.

        Raises NotFound, or Conflict when it is too old or was cancelled.
        """
        async with self._database.transaction() as session:
            row = await _own(session, actor, proposal_id)
            proposal = _proposal(row)
            if row.withdrawn_at is not None:
                raise Conflict(WAS_WITHDRAWN)
            if row.claimed_at is None:
                if self._clock() >= row.expires_at:
                    raise Conflict(TOO_OLD)
                row.claimed_at = self._clock()
                await self._start(session, proposal)
        return proposal

    async def withdraw(self, actor: Actor, proposal_id: str) -> None:
        """Put it away; again changes nothing. Raises Conflict when it was confirmed already."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, proposal_id)
            if row.claimed_at is not None:
                raise Conflict(WAS_CONFIRMED, job=_proposal(row).job_id)
            row.withdrawn_at = row.withdrawn_at or self._clock()

    async def of_job(self, proposal_id: str) -> Proposal:
        """The proposal whose job is running; raises NotFound once it was forgotten."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, proposal_id)
        if row is None:
            raise NotFound(NOT_YOURS)
        return _proposal(row)

    async def forget(self) -> None:
        """Drop what nobody can need any more."""
        async with self._database.transaction() as session:
            await table.purge(session, self._clock() - KEPT)

    async def _start(self, session: Session, proposal: Proposal) -> None:
        workflow, partition = proposal.command.workflow, proposal.actor.workspace_id
        if (starter := self._starters.get(workflow)) is not None:
            await starter(session, proposal.id)
        else:
            ids = (proposal.job_id, proposal.id)
            await jobs.start(session, workflow, *ids, partition=partition)


async def _own(session: Session, actor: Actor, proposal_id: str) -> table.ProposalRow:
    row = await table.find(session, actor.workspace_id, actor.member_id, proposal_id)
    if row is None:
        raise NotFound(NOT_YOURS)
    return row


def _proposal(row: table.ProposalRow) -> Proposal:
    return Proposal(
        id=row.id,
        actor=Actor(row.workspace_id, row.member_id),
        member_name=row.member_name,
        command=PendingCommand(row.action, row.channel_id, row.arguments),
        expires_at=row.expires_at,
    )
