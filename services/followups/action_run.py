"""The job's side of a follow-up's actions: each order taken once, with a receipt at its end."""

from dataclasses import dataclass, replace
from functools import partial

import structlog

from db.followups import followups as table
from db.store.session import Database
from services.actors import Actor
from services.errors import DomainError, Temporary, missing_connection
from services.followups.actions import NAMES, ActionEffect, ActionOrder, ActionSet, Undecided
from services.followups.drafts import DRAFT
from services.followups.progress import (
    ASKING,
    DONE,
    FAILED,
    PENDING,
    UNDOING,
    UNDONE,
    FollowUp,
    load,
    to_receipt,
)
from services.operations import (
    Backoff,
    Done,
    Kind,
    Operations,
    Outcome,
    Skipped,
    StepPlan,
    Work,
)
from services.people import Member, Members
from services.ports import Clock

ACT = "followups.act"
UNDO = "followups.undo"
TRIES = Backoff(tries=5)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """How an order ended, as its receipt says it; `effect` is what an `act` came to."""

    status: str
    effect: ActionEffect | None = None
    problem: str = ""
    missing: str = ""
    question: str = ""
    kept: str = ""


class ActionRun:
    """Acts and undoes; a step of an operation whose receipt belongs to another changes nothing."""

    def __init__(
        self,
        database: Database,
        actions: ActionSet,
        operations: Operations,
        members: Members,
        clock: Clock,
    ) -> None:
        self._database = database
        self._actions = actions
        self._operations = operations
        self._members = members
        self._clock = clock
        self.kinds = (
            Kind(
                ACT,
                tuple(StepPlan(name, partial(self._act, name), TRIES) for name in NAMES),
                cancellable=False,
                ended=self.ended,
                independent=True,
            ),
            Kind(
                UNDO,
                tuple(StepPlan(name, partial(self._undo, name), TRIES) for name in NAMES[::-1]),
                cancellable=False,
                ended=self.ended,
                independent=True,
            ),
        )

    async def ended(self, followup_id: str, _state: str) -> None:
        """An operation is over: whatever it left open failed with it."""
        async with self._database.transaction() as session:
            open_ones = [
                one
                for one in await table.receipts(session, followup_id)
                if one.status in (PENDING, UNDOING)
            ]
        for receipt in open_ones:
            operation = await self._operations.see(receipt.operation_id)
            if operation.is_over:
                problem = f"{operation.problem} ({operation.reference})"
                status = FAILED if receipt.status == PENDING else DONE
                await self._settle(
                    followup_id, receipt.action, operation.id, Settled(status, problem=problem)
                )

    async def _act(self, name: str, work: Work) -> Outcome:
        order, action = await self._order(name, work, (PENDING, FAILED)), self._actions.find(name)
        if order is None or action is None:
            return Skipped()
        try:
            effect = await action.act(order)
        except Undecided as asked:
            sentence = asked.sentence(order.member.language)
            asking = Settled(ASKING, problem=sentence, question=asked.question)
            await self._settle(work.subject_id, name, work.operation_id, asking)
            return Skipped(sentence)
        except DomainError as error:
            await self._gave_up(work, order, error, FAILED)
            raise
        await self._settle(work.subject_id, name, work.operation_id, Settled(DONE, effect))
        return Done(effect.note)

    async def _undo(self, name: str, work: Work) -> Outcome:
        order, action = await self._order(name, work, (UNDOING, DONE)), self._actions.find(name)
        if order is None or action is None:
            return Skipped()
        try:
            kept = await action.undo(order)
        except DomainError as error:
            await self._gave_up(work, order, error, DONE)
            raise
        await self._settle(
            work.subject_id, name, work.operation_id, Settled(DONE if kept else UNDONE, kept=kept)
        )
        return Skipped(kept) if kept else Done()

    async def _gave_up(
        self, work: Work, order: ActionOrder, error: DomainError, status: str
    ) -> None:
        """Write why, unless the step is to be tried again."""
        wished = error.retry_after if isinstance(error, Temporary) else None
        again = TRIES.pause(work.attempt, wished=wished) is not None
        if again and isinstance(error, Temporary):
            return
        # What is in the log under it; a person may be asked for it.
        reference = work.operation_id.removeprefix("op_")[:8]
        log.warning(
            "followups.action_failed",
            step=work.step,
            operation=work.operation_id,
            reference=reference,
            reason=type(error).__name__,
        )
        problem = f"{error.sentence(order.member.language)} ({reference})"
        missing = missing_connection(error)
        await self._settle(
            work.subject_id,
            work.step,
            work.operation_id,
            Settled(status, problem=problem, missing=missing),
        )

    async def _order(self, name: str, work: Work, statuses: tuple[str, ...]) -> ActionOrder | None:
        """The order, if this operation is the one that acts for it."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, work.subject_id)
            receipt = await table.receipt(session, work.subject_id, name)
            if row is None or receipt is None or receipt.operation_id != work.operation_id:
                return None
            if receipt.status not in statuses:
                return None
            followup = await load(session, row)
            versions = await table.versions(session, row.id)
        asked = next(
            DRAFT.validate_json(v.content) for v in versions if v.number == receipt.version
        )
        member = await self._members.afresh(Actor(row.workspace_id, row.member_id))
        order = order_of(replace(followup, draft=asked), member, receipt)
        return replace(order, keep=partial(self._keep, work, name))

    async def _keep(self, work: Work, name: str, effect: str) -> None:
        async with self._database.transaction() as session:
            receipt = await table.receipt(session, work.subject_id, name, lock=True)
            if receipt is not None and receipt.operation_id == work.operation_id:
                receipt.effect = effect

    async def _settle(
        self, followup_id: str, name: str, operation_id: str, settled: Settled
    ) -> None:
        """Write the receipt, unless the person has asked again since."""
        async with self._database.transaction() as session:
            receipt = await table.receipt(session, followup_id, name, lock=True)
            if receipt is None or receipt.operation_id != operation_id:
                return
            receipt.status, receipt.problem = settled.status, settled.problem
            receipt.missing, receipt.question = settled.missing, settled.question
            receipt.kept = settled.kept
            effect = settled.effect
            if settled.status == UNDONE:
                effect = ActionEffect("")
                receipt.generation += 1
                receipt.effect, receipt.done_at = "", None
            elif effect is not None:
                receipt.done_at = self._clock()
            if effect is not None:
                receipt.external_id, receipt.url = effect.external_id, effect.url
                receipt.note = effect.note


def order_of(followup: FollowUp, member: Member, receipt: table.ReceiptRow) -> ActionOrder:
    """The order as its receipt has it; nothing can be kept of one that is not under way."""
    return ActionOrder(
        followup=followup,
        member=member,
        receipt=to_receipt(receipt),
        key=f"{followup.id}:{receipt.action}:{receipt.generation}",
        wish=receipt.wish,
        effect=receipt.effect,
        answer=receipt.question if receipt.status == PENDING else "",
        attempt=receipt.attempt,
        keep=_no_order,
    )


async def _no_order(_effect: str) -> None:
    raise RuntimeError("only an order under way keeps an effect")
