"""A member's habits: from their own kept versions, accepted or deleted by them alone."""

import pytest

from db.store.session import Database
from services.actors import Actor
from services.errors import NotFound
from tests.kit.habit_desk import CHEERS, WRITTEN, HabitDesk


async def test_a_rule_is_proposed_accepted_and_only_then_in_the_prompt(
    database: Database,
) -> None:
    desk = HabitDesk(database)
    await desk.edited(4)
    assert await desk.proposed() == []
    await desk.edited(1)
    assert await desk.proposed() == ["closes:en:cheers"]
    assert await desk.habits.rules(desk.actor) == ()
    for _ in range(2):
        await desk.habits.accept(desk.actor, "closes:en:cheers")
    assert await desk.habits.rules(desk.actor) == (
        "In English e-mails the closing line is “Cheers,”.",
    )
    assert await desk.habits.own_words(desk.actor) == ("Cheers,",)
    assert await desk.proposed() == []
    (accepted,) = (await desk.habits.seen(desk.actor)).accepted
    assert (accepted.seen, accepted.of) == (5, 5)


async def test_what_was_deleted_does_not_come_back(database: Database) -> None:
    desk = HabitDesk(database)
    await desk.edited(5)
    await desk.habits.delete(desk.actor, "closes:en:cheers")
    await desk.edited(5)
    assert await desk.proposed() == []
    with pytest.raises(NotFound):
        await desk.habits.accept(desk.actor, "closes:en:cheers")
    assert await desk.habits.rules(desk.actor) == ()


async def test_an_accepted_rule_that_is_deleted_is_none_and_does_not_come_back(
    database: Database,
) -> None:
    desk = HabitDesk(database)
    await desk.edited(5)
    await desk.habits.accept(desk.actor, "closes:en:cheers")
    await desk.habits.delete(desk.actor, "closes:en:cheers")
    assert await desk.habits.rules(desk.actor) == ()
    assert await desk.proposed() == []


async def test_nobody_elses_edits_are_ever_looked_at(database: Database) -> None:
    ada, bob = HabitDesk(database), HabitDesk(database)
    bob.actor = Actor(ada.actor.workspace_id, bob.actor.member_id)
    elsewhere = Actor(bob.actor.workspace_id + "X", ada.actor.member_id)
    await ada.edited(6)
    await ada.habits.accept(ada.actor, "closes:en:cheers")
    for other in (bob.actor, elsewhere):
        seen = await bob.habits.seen(other)
        assert (seen.compared, seen.proposed, seen.accepted) == (0, (), ())
        assert await bob.habits.rules(other) == ()
        with pytest.raises(NotFound):
            await bob.habits.accept(other, "closes:en:cheers")
        await bob.habits.delete(other, "closes:en:cheers")
    assert len(await ada.habits.rules(ada.actor)) == 1


async def test_compared_is_what_was_used_and_not_what_was_typed_in_between(
    database: Database,
) -> None:
    desk = HabitDesk(database)
    for n in range(6):
        body = WRITTEN.replace("{n}", str(n))
        await desk.followup(
            ("written", body), ("edited", body.replace(*CHEERS)), ("edited", body), in_gmail=3
        )
    seen = await desk.habits.seen(desk.actor)
    assert (seen.compared, seen.proposed) == (6, ())


async def test_what_was_neither_used_nor_edited_counts_for_nothing(database: Database) -> None:
    desk = HabitDesk(database)
    for n in range(6):
        await desk.followup(("written", WRITTEN.replace("{n}", str(n))))
        await desk.followup(("plain", "Hello,"), ("edited", "Cheers,"), in_gmail=2)
    assert (await desk.habits.seen(desk.actor)).compared == 0


async def test_a_regenerated_draft_is_compared_with_its_newest_writing(
    database: Database,
) -> None:
    desk = HabitDesk(database)
    for n in range(6):
        second = WRITTEN.replace("{n}", f"more {n}")
        await desk.followup(
            ("written", "Hello,\n\nfirst."), ("written", second), ("edited", second), in_gmail=3
        )
    seen = await desk.habits.seen(desk.actor)
    assert (seen.compared, seen.proposed) == (6, ())


async def test_a_restored_draft_of_the_models_is_one_used_as_it_was(database: Database) -> None:
    desk = HabitDesk(database)
    for n in range(6):
        first = WRITTEN.replace("{n}", str(n))
        await desk.followup(
            ("written", first), ("written", "Hello,\n\nother."), ("restored", first), in_gmail=3
        )
    seen = await desk.habits.seen(desk.actor)
    assert (seen.compared, seen.proposed) == (6, ())


async def test_what_excludes_it_goes_when_a_rule_is_accepted(database: Database) -> None:
    desk = HabitDesk(database)
    await desk.edited(5)
    await desk.habits.accept(desk.actor, "closes:en:cheers")
    for _ in range(8):
        await desk.edited(1, "\n\nBest,", "")
    assert "no_closing::" in await desk.proposed()
    await desk.habits.accept(desk.actor, "no_closing::")
    assert await desk.habits.rules(desk.actor) == ("End without a closing line.",)
