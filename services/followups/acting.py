"""The actions of a follow-up in its owner's hands: reviewed, asked for, asked again, undone."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from db.followups import followups as table
from db.store.session import Database, Session
from services.actors import Actor, Operator
from services.errors import Conflict, DomainError, NotFound
from services.followups.action_run import ACT, UNDO, order_of
from services.followups.actions import (
    ANEW,
    ActionOrder,
    ActionPlan,
    ActionSet,
    FollowUpAction,
    Planned,
)
from services.followups.followups import GONE, NOTHING_WRITTEN, STILL_WRITING
from services.followups.progress import (
    ASKING,
    DISCARDED,
    DONE,
    FAILED,
    PENDING,
    PLANNED,
    READY,
    UNDOING,
    UNDONE,
    WRITING,
    FollowUp,
    load,
)
from services.operations import Operations, Place, Start
from services.people import Member, Members
from services.phrases import Phrase
from services.ports import Clock

NO_ACTION = Phrase(
    "This cannot be done with a follow-up here.", "Qui questo non si può fare con un follow-up."
)
NOTHING_ASKED = Phrase("Tick at least one thing to do.", "Seleziona almeno una cosa da fare.")
NOTHING_TO_UNDO = Phrase("There is nothing left to undo.", "Non c’è più niente da annullare.")
# What may be ordered as it stands; what is done, only where the action brings it up to date.
OPEN = (PLANNED, FAILED, UNDONE, ASKING)


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that can be done with a follow-up now, or undone."""

    followup: FollowUp
    planned: tuple[Planned, ...]


class Actions:
    """What the owner may do with a follow-up beyond its text; everybody else gets NotFound."""

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

    async def review(self, actor: Actor, followup_id: str) -> Review:
        """What *Do all of it* would do; asks vendors, each plan beside the others."""
        followup, orders = await self._orders(actor, followup_id)
        plans = await asyncio.gather(*(_planned(one, orders[one.name]) for one in self._actions))
        return Review(followup, tuple(plans))

    async def review_undo(self, actor: Actor, followup_id: str) -> Review:
        """What *Undo* would take back, and what would stay."""
        followup, orders = await self._orders(actor, followup_id)
        done = [one for one in self._actions if orders[one.name].receipt.status == DONE]
        plans = await asyncio.gather(*(_undo_planned(one, orders[one.name]) for one in done))
        return Review(followup, tuple(plans))

    async def plan(self, actor: Actor, followup_id: str, name: str) -> ActionOrder:
        """One action as it stands, for the form in which its owner chooses."""
        self._find(name)
        return (await self._orders(actor, followup_id))[1][name]

    async def wish(self, actor: Actor, followup_id: str, name: str, wish: str) -> FollowUp:
        """Keep what was chosen for an action, in its own JSON, without beginning it."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id)
            receipt = await self._receipt(session, row, self._find(name))
            if receipt.status in OPEN:
                receipt.wish = wish
            return await load(session, row)

    async def request(
        self,
        actor: Actor,
        followup_id: str,
        asked: Mapping[str, str | None],
        *,
        answer: str = "",
    ) -> FollowUp:
        """Begin these actions in one operation; a second click changes nothing.

        `asked`: what was chosen for each by name, None for what was kept before. `answer` is that
        to the question a receipt asks. Raises Disconnected, Conflict, NotFound.
        """
        followup, orders = await self._orders(actor, followup_id)
        for guard in self._actions.guards:
            await guard(followup, tuple(asked))
        for name, wish in asked.items():
            order = orders[name] if wish is None else replace(orders[name], wish=wish)
            await self._find(name).check(order)
        member = await self._members.who(actor)
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id)
            _writable(row)
            begun = []
            for name, wish in asked.items():
                receipt = await self._receipt(session, row, self._find(name))
                if self._may_begin(row, receipt, wish):
                    _begin(receipt, row.version, wish, answer)
                    begun.append(receipt)
            if begun:
                row.status = READY if row.status in (FAILED, DISCARDED) else row.status
                await self._start(session, row, begun, (ACT, member))
            return await load(session, row)

    async def leave(self, actor: Actor, followup_id: str, name: str) -> FollowUp:
        """Answer a question with: it is there, leave it as it is."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id)
            receipt = await table.receipt(session, row.id, name, lock=True)
            if receipt is not None and receipt.status == ASKING:
                receipt.status, receipt.version = DONE, row.version
                receipt.question, receipt.problem = "", ""
                receipt.done_at = receipt.done_at or self._clock()
            return await load(session, row)

    async def undo(self, actor: Actor, followup_id: str, names: tuple[str, ...]) -> FollowUp:
        """Take these actions back in one operation; raises Conflict when there is none."""
        member = await self._members.who(actor)
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id)
            receipts = await table.receipts(session, row.id, lock=True)
            wanted = [one for one in receipts if one.action in names]
            begun = [one for one in wanted if one.status == DONE]
            for receipt in begun:
                receipt.status, receipt.problem, receipt.kept = UNDOING, "", ""
                receipt.attempt += 1
            if begun:
                await self._start(session, row, begun, (UNDO, member))
            elif not any(one.status in (UNDOING, UNDONE) for one in wanted):
                raise Conflict(NOTHING_TO_UNDO)
            return await load(session, row)

    async def hold_back(self, actor: Actor, followup_id: str, name: str, problem: str) -> None:
        """Say why an action was not begun; its owner may begin it all the same."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id)
            receipt = await self._receipt(session, row, self._find(name))
            if receipt.status in OPEN:
                receipt.status, receipt.problem, receipt.missing = FAILED, problem, ""

    def _find(self, name: str) -> FollowUpAction:
        action = self._actions.find(name)
        if action is None:
            raise NotFound(NO_ACTION)
        return action

    def _may_begin(
        self, row: table.FollowUpRow, receipt: table.ReceiptRow, wish: str | None
    ) -> bool:
        """What is done may be done again over a newer text, or for another choice."""
        if receipt.status == DONE:
            chosen = bool(wish) and wish != receipt.wish
            newer = receipt.version != row.version
            return self._find(receipt.action).renews and (newer or chosen)
        return receipt.status in OPEN

    async def _orders(
        self, actor: Actor, followup_id: str
    ) -> tuple[FollowUp, dict[str, ActionOrder]]:
        member = await self._members.afresh(actor)
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id)
            followup = await load(session, row)
            receipts = {one.action: one for one in await table.receipts(session, row.id)}
            orders = {
                one.name: order_of(followup, member, receipts.get(one.name) or self._new(row, one))
                for one in self._actions
            }
        return followup, orders

    async def _receipt(
        self, session: Session, row: table.FollowUpRow, action: FollowUpAction
    ) -> table.ReceiptRow:
        receipt = await table.receipt(session, row.id, action.name, lock=True)
        if receipt is None:
            receipt = self._new(row, action)
            session.add(receipt)
        return receipt

    def _new(self, row: table.FollowUpRow, action: FollowUpAction) -> table.ReceiptRow:
        return table.ReceiptRow(
            followup_id=row.id,
            action=action.name,
            version=0,
            attempt=0,
            status=PLANNED,
            created_at=self._clock(),
        )

    async def _start(
        self,
        session: Session,
        row: table.FollowUpRow,
        receipts: list[table.ReceiptRow],
        what: tuple[str, Member],
    ) -> None:
        kind, member = what
        attempts = ",".join(f"{one.action}.{one.attempt}" for one in receipts)
        start = Start(
            kind,
            row.id,
            row.title,
            Operator("slack", f"{row.workspace_id}:{row.member_id}", member.name),
            f"{kind}:{row.id}:{attempts}",
            language=member.language,
            place=Place(row.workspace_id, ""),
        )
        await session.flush()
        operation_id = await self._operations.start(session, start)
        for receipt in receipts:
            receipt.operation_id = operation_id


async def _own(session: Session, actor: Actor, followup_id: str) -> table.FollowUpRow:
    scope = (actor.workspace_id, actor.member_id)
    row = await table.find(session, *scope, followup_id, lock=True)
    if row is None:
        raise NotFound(GONE)
    return row


def _writable(row: table.FollowUpRow) -> None:
    if row.status == WRITING:
        raise Conflict(STILL_WRITING)
    if row.version == 0:
        raise Conflict(NOTHING_WRITTEN)


def _begin(receipt: table.ReceiptRow, version: int, wish: str | None, answer: str) -> None:
    receipt.status, receipt.problem, receipt.missing = PENDING, "", ""
    receipt.question, receipt.kept = answer, ""
    receipt.version = version
    receipt.attempt += 1
    receipt.wish = receipt.wish if wish is None else wish
    if answer == ANEW:
        receipt.generation += 1
        receipt.external_id, receipt.url, receipt.effect = "", "", ""


async def _planned(action: FollowUpAction, order: ActionOrder) -> Planned:
    receipt = order.receipt
    try:
        plan = await action.plan(order)
    except DomainError as error:
        plan = ActionPlan("", refusal=error.sentence(order.member.language))
    older = receipt.status == DONE and receipt.version != order.followup.version
    known = None if receipt.status == PLANNED else receipt
    return Planned(action.name, plan, known, renews=action.renews and older)


async def _undo_planned(action: FollowUpAction, order: ActionOrder) -> Planned:
    try:
        plan = await action.plan_undo(order)
    except DomainError as error:
        plan = ActionPlan("", refusal=error.sentence(order.member.language))
    return Planned(action.name, plan, order.receipt)
