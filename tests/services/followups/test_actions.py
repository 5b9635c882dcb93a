"""The frame of actions: ordered once, one operation, each with its receipt, undone or kept."""

from dataclasses import dataclass, field

import pytest

from db.store.session import Database
from services.actors import Actor, Operator
from services.errors import AWAY, Conflict, DomainError, NotFound, Temporary
from services.followups.action_run import UNDO
from services.followups.actions import (
    ActionEffect,
    ActionOrder,
    ActionPlan,
    ActionSet,
    Undecided,
)
from services.followups.progress import FollowUp
from services.phrases import Phrase
from tests.kit.action_desk import ActionDesk

NO = Phrase("The key is refused.", "La chiave è rifiutata.")
ADMIN = Operator("admin_key", "k")
KEPT = "The CRM keeps notes."


@dataclass
class Fake:
    """An action whose outcomes a test lines up; what it did is in `done`, by key."""

    name: str
    renews: bool = False
    outcomes: list[DomainError] = field(default_factory=list)
    refuses: DomainError | None = None
    kept: str = ""
    done: dict[str, str] = field(default_factory=dict)
    orders: list[ActionOrder] = field(default_factory=list)

    async def check(self, order: ActionOrder) -> None:
        """Refuse, if told so."""
        if self.refuses is not None:
            raise self.refuses

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """What it is called."""
        if self.outcomes:
            raise self.outcomes[0]
        return ActionPlan(f"{self.name} happens")

    async def act(self, order: ActionOrder) -> ActionEffect:
        """The next outcome; without one it is done."""
        self.orders.append(order)
        if self.outcomes:
            raise self.outcomes.pop(0)
        self.done[order.key] = order.wish
        return ActionEffect(f"{self.name}-1", "https://there.example", "noted")

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """What would stay."""
        return ActionPlan(f"{self.name} goes", refusal=self.kept)

    async def undo(self, order: ActionOrder) -> str:
        """Take it back."""
        if self.outcomes:
            raise self.outcomes.pop(0)
        if not self.kept:
            self.done.pop(order.key, None)
        return self.kept


@pytest.fixture
def fakes() -> dict[str, Fake]:
    """Three actions."""
    return {name: Fake(name) for name in ("gmail", "note", "recap")}


@pytest.fixture
def desk(database: Database, fakes: dict[str, Fake]) -> ActionDesk:
    """A follow-up for which they are wired."""
    return ActionDesk(database, fakes.values())


def all_of(fakes: dict[str, Fake]) -> dict[str, str | None]:
    """Every action, with what was kept for it."""
    return dict.fromkeys(fakes)


async def statuses(desk: ActionDesk, followup_id: str) -> dict[str, str]:
    """By action."""
    followup = await desk.desk.followups.see(desk.actor, followup_id)
    return {one.action: one.status for one in followup.receipts}


async def test_every_action_that_was_asked_for_leaves_its_receipt(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, {"gmail": None, "note": "{}"})
    operation = await desk.take(followup_id)
    assert operation.state == "done"
    states = {step.name: step.state for step in operation.steps}
    assert states == {
        "gmail": "done",
        "calendar": "skipped",
        "note": "done",
        "deal": "skipped",
        "tasks": "skipped",
        "recap": "skipped",
    }
    receipt = await desk.receipt(followup_id, "note")
    assert (receipt.url, receipt.note, receipt.external_id) == (
        "https://there.example",
        "noted",
        "note-1",
    )
    assert receipt.done_at is not None
    assert fakes["note"].orders[0].wish == "{}"
    assert fakes["recap"].done == {}


@pytest.mark.parametrize("failing", ["gmail", "note", "recap"])
async def test_one_that_fails_stops_no_other_and_is_tried_again_alone(
    desk: ActionDesk, fakes: dict[str, Fake], failing: str
) -> None:
    followup_id = await desk.written()
    fakes[failing].outcomes = [DomainError(NO)]
    await desk.actions.request(desk.actor, followup_id, all_of(fakes))
    assert (await desk.take(followup_id)).state == "failed"
    assert await statuses(desk, followup_id) == {
        name: "failed" if name == failing else "done" for name in fakes
    }
    assert NO.en in (await desk.receipt(followup_id, failing)).problem
    await desk.actions.request(desk.actor, followup_id, all_of(fakes))
    assert (await desk.take(followup_id)).state == "done"
    assert {name: len(fake.orders) for name, fake in fakes.items()} == {
        name: 2 if name == failing else 1 for name in fakes
    }


async def test_orders_of_the_same_effect_have_one_key_and_another_after_an_undo(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    fakes["note"].outcomes = [Temporary(AWAY, vendor="CRM"), DomainError(NO)]
    for _ in range(3):
        await desk.actions.request(desk.actor, followup_id, {"note": None})
        await desk.take(followup_id)
    assert len(fakes["note"].orders) == 3
    first = {order.key for order in fakes["note"].orders}
    assert len(first) == 1
    await desk.undo(followup_id, "note")
    await desk.actions.request(desk.actor, followup_id, {"note": None})
    await desk.take(followup_id)
    assert fakes["note"].orders[-1].key not in first


async def test_what_a_crash_left_begun_is_done_with_the_same_key(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, {"note": None})
    operation = await desk.operation(followup_id)
    # The process died after the effect, before anything of it was written.
    work = await desk.operations._begin(operation.id, "1", "note")
    assert not isinstance(work, float)
    before = await desk.run._order("note", work, ("pending",))
    assert before is not None
    await fakes["note"].act(before)
    await desk.take(followup_id)
    assert len(fakes["note"].orders) == 2
    assert len(fakes["note"].done) == 1
    assert (await desk.receipt(followup_id, "note")).status == "done"


async def test_a_late_worker_of_an_older_operation_changes_nothing(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    fakes["note"].outcomes = [DomainError(NO)]
    await desk.actions.request(desk.actor, followup_id, {"note": None})
    old = await desk.take(followup_id)
    await desk.actions.request(desk.actor, followup_id, {"note": None})
    await desk.operations.retry(ADMIN, old.id)
    await desk.operations.advance(old.id, "2", "note")
    assert len(fakes["note"].orders) == 1
    await desk.take(followup_id)
    assert (await desk.receipt(followup_id, "note")).status == "done"


async def test_a_question_waits_for_its_owner(desk: ActionDesk, fakes: dict[str, Fake]) -> None:
    followup_id = await desk.written()
    fakes["recap"].outcomes = [Undecided("uncertain", NO)]
    await desk.actions.request(desk.actor, followup_id, {"recap": None})
    assert (await desk.take(followup_id)).state == "done"
    receipt = await desk.receipt(followup_id, "recap")
    assert (receipt.status, receipt.question) == ("asking", "uncertain")
    await desk.actions.request(desk.actor, followup_id, {"recap": None}, answer="again")
    await desk.take(followup_id)
    assert fakes["recap"].orders[-1].answer == "again"
    assert (await desk.receipt(followup_id, "recap")).question == ""


async def test_undo_takes_back_what_it_can_and_says_what_stays(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, all_of(fakes))
    await desk.take(followup_id)
    fakes["note"].kept = KEPT
    review = await desk.actions.review_undo(desk.actor, followup_id)
    assert {one.name: one.plan.refusal for one in review.planned} == {
        "gmail": "",
        "note": KEPT,
        "recap": "",
    }
    await desk.undo(followup_id, *fakes)
    assert await statuses(desk, followup_id) == {
        "gmail": "undone",
        "note": "done",
        "recap": "undone",
    }
    assert (await desk.receipt(followup_id, "note")).kept == KEPT
    assert fakes["gmail"].done == {}


async def test_an_undo_that_fails_leaves_the_receipt_and_can_be_tried_again(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, {"note": None})
    await desk.take(followup_id)
    fakes["note"].outcomes = [DomainError(NO)]
    await desk.undo(followup_id, "note")
    receipt = await desk.receipt(followup_id, "note")
    assert (receipt.status, receipt.external_id) == ("done", "note-1")
    assert NO.en in receipt.problem
    await desk.undo(followup_id, "note")
    assert (await desk.receipt(followup_id, "note")).status == "undone"


async def test_there_is_nothing_to_undo_before_anything_is_done(desk: ActionDesk) -> None:
    followup_id = await desk.written()
    with pytest.raises(Conflict):
        await desk.actions.undo(desk.actor, followup_id, ("note",))


async def test_what_cannot_be_begun_is_refused_at_the_door(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    fakes["note"].refuses = Conflict(NO)
    with pytest.raises(Conflict):
        await desk.actions.request(desk.actor, followup_id, all_of(fakes))
    assert await statuses(desk, followup_id) == {}


async def test_a_guard_sees_the_text_before_anything_begins(
    database: Database, fakes: dict[str, Fake]
) -> None:
    seen: list[tuple[str, tuple[str, ...]]] = []

    async def guard(followup: FollowUp, names: tuple[str, ...]) -> None:
        seen.append((followup.draft.body if followup.draft else "", names))
        raise Conflict(NO)

    desk = ActionDesk(database, fakes.values(), (guard,))
    followup_id = await desk.written()
    with pytest.raises(Conflict):
        await desk.actions.request(desk.actor, followup_id, {"gmail": None})
    assert seen == [("First words.", ("gmail",))]
    assert await statuses(desk, followup_id) == {}


async def test_nobody_else_may_review_begin_or_undo(desk: ActionDesk) -> None:
    followup_id = await desk.written()
    other = Actor("T1", "somebody")
    for refused in (
        desk.actions.review(other, followup_id),
        desk.actions.review_undo(other, followup_id),
        desk.actions.request(other, followup_id, {"note": None}),
        desk.actions.wish(other, followup_id, "note", "{}"),
        desk.actions.leave(other, followup_id, "note"),
        desk.actions.undo(other, followup_id, ("note",)),
    ):
        with pytest.raises(NotFound):
            await refused


async def test_a_vendor_that_is_away_says_so_in_the_review_and_hides_no_other(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    fakes["note"].outcomes = [Temporary(AWAY, vendor="Crono")]
    review = await desk.actions.review(desk.actor, followup_id)
    told = {one.name: (one.plan.text, one.plan.refusal, one.plan.ticked) for one in review.planned}
    assert told["gmail"] == ("gmail happens", "", True)
    assert told["note"] == ("", AWAY.en.format(vendor="Crono"), False)


async def test_a_wish_is_kept_until_the_action_is_asked_for(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    await desk.actions.wish(desk.actor, followup_id, "recap", '{"channel": "C1"}')
    await desk.actions.request(desk.actor, followup_id, {"recap": None})
    await desk.take(followup_id)
    assert fakes["recap"].orders[0].wish == '{"channel": "C1"}'


async def test_a_fault_of_ours_ends_the_receipt_with_its_reference(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, {"note": None})
    operation = await desk.operation(followup_id)
    await desk.operations.failed(operation.id, "1", "abc123", DomainError(NO))
    receipt = await desk.receipt(followup_id, "note")
    assert (receipt.status, receipt.problem) == ("failed", f"{NO.en} (abc123)")


async def test_a_fault_of_ours_while_undoing_leaves_what_was_done(
    desk: ActionDesk, fakes: dict[str, Fake]
) -> None:
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, {"note": None})
    await desk.take(followup_id)
    await desk.actions.undo(desk.actor, followup_id, ("note",))
    operation = await desk.operation(followup_id, UNDO)
    await desk.operations.failed(operation.id, "1", "abc123", DomainError(NO))
    assert (await desk.receipt(followup_id, "note")).status == "done"


def test_an_action_without_a_step_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="no such step"):
        ActionSet([Fake("fax")])
