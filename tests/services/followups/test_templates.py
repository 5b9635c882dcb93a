"""Templates: whose they are, what is refused, and changes that meet."""

import asyncio
from uuid import uuid4

import pytest

from db.store.session import Database
from services.actors import Actor
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.followups import MAX_NAME, MAX_OUTLINE, NewTemplate, Template, Templates
from tests.kit.budget_stage import BudgetStage


class Room:
    """A workspace with an admin and two others."""

    def __init__(self, database: Database) -> None:
        stage = BudgetStage(database)
        self.templates = Templates(database, stage.admins, stage.clock)
        self.stage = stage
        self.admin, self.ada, self.bob = stage.admin, stage.member(), stage.member()

    async def names(self, actor: Actor) -> list[str]:
        """What somebody may choose from, beside the product's."""
        listed = await self.templates.available(actor, "en")
        return [one.name for one in listed if one.version]

    async def one(self, actor: Actor, name: str) -> Template:
        """The template of this name."""
        listed = await self.templates.available(actor, "en")
        return next(one for one in listed if one.name == name)


def change(template: Template, **changes: str) -> NewTemplate:
    """What the form sends for it."""
    typed = {"name": template.name, "outline": template.outline} | changes
    return NewTemplate(**typed, shared=template.shared, id=template.id, version=template.version)


async def test_a_members_templates_are_that_members_alone(database: Database) -> None:
    room = Room(database)
    mine = await room.templates.save(room.ada, NewTemplate("Mine", "Two lines"))
    assert await room.names(room.ada) == ["Mine"]
    assert await room.names(room.bob) == []
    with pytest.raises(NotFound):
        await room.templates.get(room.bob, mine, "en")
    with pytest.raises(NotFound):
        await room.templates.save(room.bob, NewTemplate("X", "Y", id=mine, version="v"))
    await room.templates.delete(room.bob, mine)
    assert await room.names(room.ada) == ["Mine"]


async def test_only_admins_make_change_and_delete_the_workspaces(database: Database) -> None:
    room = Room(database)
    with pytest.raises(NotAllowed):
        await room.templates.save(room.ada, NewTemplate("House", "Kind", shared=True))
    await room.templates.save(room.admin, NewTemplate("House", "Kind", shared=True))
    seen = await room.one(room.ada, "House")
    assert (seen.mine, seen.shared) == (False, True)
    with pytest.raises(NotAllowed):
        await room.templates.save(room.ada, change(seen, outline="Rude"))
    with pytest.raises(NotAllowed):
        await room.templates.delete(room.ada, seen.id)
    await room.templates.save(room.admin, change(await room.one(room.admin, "House"), name="Home"))
    assert await room.names(room.bob) == ["Home"]
    await room.templates.delete(room.admin, seen.id)
    assert await room.names(room.bob) == []


async def test_another_workspace_sees_nothing_of_it(database: Database) -> None:
    here, there = Room(database), Room(database)
    made = await here.templates.save(here.admin, NewTemplate("House", "Kind", shared=True))
    assert await there.names(there.admin) == []
    with pytest.raises(NotFound):
        await there.templates.begin_with(there.admin, made)


BAD = {
    "no name": (NewTemplate(" \n ", "Two lines"), "name"),
    "long name": (NewTemplate("x" * (MAX_NAME + 1), "Two lines"), "name"),
    "no outline": (NewTemplate("N", " \n"), "outline"),
    "marks only": (NewTemplate("N", "— … !"), "outline"),
    "long outline": (NewTemplate("N", "x" * (MAX_OUTLINE + 1)), "outline"),
    "the product's name": (NewTemplate("after A proposal", "Two lines"), "name"),
    "the product's Italian name": (NewTemplate("Riepilogo", "Two lines"), "name"),
}


@pytest.mark.parametrize(("new", "field"), BAD.values(), ids=BAD)
async def test_bad_input_names_its_field_and_saves_nothing(
    database: Database, new: NewTemplate, field: str
) -> None:
    room = Room(database)
    with pytest.raises(Invalid) as refused:
        await room.templates.save(room.ada, new)
    assert refused.value.field == field
    assert await room.names(room.ada) == []


async def test_a_name_is_taken_once_also_by_two_at_the_same_moment(database: Database) -> None:
    room = Room(database)
    new = NewTemplate("Twice", "Two lines")
    saves = (room.templates.save(room.ada, new) for _ in range(4))
    ended = await asyncio.gather(*saves, return_exceptions=True)
    assert sum(isinstance(one, Invalid) for one in ended) == 3
    assert await room.names(room.ada) == ["Twice"]
    await room.templates.save(room.bob, new)


async def test_whoever_saves_what_somebody_changed_meanwhile_is_told(database: Database) -> None:
    room = Room(database)
    await room.templates.save(room.admin, NewTemplate("House", "Kind", shared=True))
    seen = await room.one(room.admin, "House")
    room.stage.now = room.stage.now.replace(hour=13)
    await room.templates.save(room.admin, change(seen, outline="Kinder"))
    with pytest.raises(Conflict):
        await room.templates.save(room.admin, change(seen, outline="Late"))
    assert (await room.one(room.bob, "House")).outline == "Kinder"


async def test_forty_are_the_most_and_the_last_can_still_be_changed(database: Database) -> None:
    room = Room(database)
    for number in range(40):
        await room.templates.save(room.ada, NewTemplate(f"T{number}", "Two lines"))
    with pytest.raises(Invalid):
        await room.templates.save(room.ada, NewTemplate("One more", "Two lines"))
    await room.templates.save(room.ada, change(await room.one(room.ada, "T7"), name="Seven"))
    assert "Seven" in await room.names(room.ada)


async def test_a_default_is_ones_own_and_gone_with_its_template(database: Database) -> None:
    room = Room(database)
    house = await room.templates.save(room.admin, NewTemplate("House", "Kind", shared=True))
    await room.templates.begin_with(room.ada, house)
    assert await room.templates.default(room.ada, "it") == house
    assert await room.templates.default(room.bob, "en") == ""
    await room.templates.begin_with(room.bob, "recap")
    assert await room.templates.default(room.bob, "en") == "recap"
    await room.templates.begin_with(room.bob, "")
    assert await room.templates.default(room.bob, "en") == ""
    await room.templates.delete(room.admin, house)
    assert await room.templates.default(room.ada, "en") == ""
    with pytest.raises(NotFound):
        await room.templates.begin_with(room.ada, uuid4().hex[:12])
