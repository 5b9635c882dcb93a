"""What a member's own edits show: proposed, accepted or deleted by them, never applied unasked."""

import asyncio
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from db import habits as table
from db.store.session import Database, Session
from services.actors import Actor
from services.errors import NotFound
from services.evidence import language
from services.habits.prompt import as_rule
from services.habits.rules import FEWEST_DRAFTS, LINE, Edit, Habit, habits
from services.phrases import Phrase
from services.ports import Clock

# Follow-ups that are looked at; who writes changes over the months.
LOOKED_AT = 60
MODEL, PERSON = "written", "edited"

GONE = Phrase(
    "This rule is not in your edits any more. Open the list again.",
    "Questa regola non c’è più nelle tue modifiche. Riapri l’elenco.",
)


@dataclass(frozen=True, slots=True)
class HabitsSeen:
    """What the member is shown: `compared` drafts, of which `fewest` are needed for a proposal."""

    compared: int
    fewest: int
    proposed: tuple[Habit, ...]
    accepted: tuple[Habit, ...]


class _Content(BaseModel):
    model_config = ConfigDict(extra="ignore")
    body: str


class _Chosen(BaseModel):
    model_config = ConfigDict(extra="ignore")
    language: str = ""
    to: tuple[str, ...] = ()


class Habits:
    """Finds, keeps and forgets habits; of the member who asks, and of nobody else."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def seen(self, actor: Actor) -> HabitsSeen:
        """What their edits show, without what they decided about."""
        async with self._database.transaction() as session:
            edits, rows = await _edits(session, actor), await _decided(session, actor)
        found = await asyncio.to_thread(habits, edits)
        accepted = tuple(_habit(row) for row in rows if row.status == table.ACCEPTED)
        known = {row.key for row in rows}
        proposed = tuple(one for one in found if one.key not in known)
        return HabitsSeen(len(edits), FEWEST_DRAFTS, proposed, accepted)

    async def accept(self, actor: Actor, key: str) -> None:
        """From now on a rule for the model; twice is once. Raises NotFound for what is not seen.

        What excludes it (tu and Lei, shorter and longer) is a rule no more.
        """
        seen = await self.seen(actor)
        if any(one.key == key for one in seen.accepted):
            return
        habit = next((one for one in seen.proposed if one.key == key), None)
        if habit is None:
            raise NotFound(GONE)
        async with self._database.transaction() as session:
            for other in seen.accepted:
                if other.family == habit.family != LINE and _collide(other, habit):
                    await self._decide(session, actor, other, table.DELETED)
            await self._decide(session, actor, habit, table.ACCEPTED)

    async def delete(self, actor: Actor, key: str) -> None:
        """No rule, and never proposed again; nothing happens to what is not there."""
        seen = await self.seen(actor)
        habit = next((one for one in (*seen.accepted, *seen.proposed) if one.key == key), None)
        if habit is None:
            return
        async with self._database.transaction() as session:
            await self._decide(session, actor, habit, table.DELETED)

    async def rules(self, actor: Actor) -> tuple[str, ...]:
        """The accepted ones as the model reads them, the oldest first."""
        return tuple(as_rule(habit) for habit in await self._accepted(actor))

    async def own_words(self, actor: Actor) -> tuple[str, ...]:
        """Texts that the member wants in every e-mail: their own words, whatever was heard."""
        kinds = ("adds", "greets", "closes", "signs")
        return tuple(one.value for one in await self._accepted(actor) if one.kind in kinds)

    async def _accepted(self, actor: Actor) -> tuple[Habit, ...]:
        async with self._database.transaction() as session:
            rows = await _decided(session, actor)
        return tuple(_habit(row) for row in rows if row.status == table.ACCEPTED)

    async def _decide(self, session: Session, actor: Actor, habit: Habit, status: str) -> None:
        row = table.HabitRow(
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            key=habit.key,
            status=status,
            kind=habit.kind,
            family=habit.family,
            language=habit.language,
            value=habit.value,
            seen=habit.seen,
            of=habit.of,
            decided_at=self._clock(),
        )
        await table.decide(session, actor.workspace_id, actor.member_id, row)


def _collide(one: Habit, other: Habit) -> bool:
    return not one.language or not other.language or one.language == other.language


async def _decided(session: Session, actor: Actor) -> list[table.HabitRow]:
    return await table.of_member(session, actor.workspace_id, actor.member_id)


def _habit(row: table.HabitRow) -> Habit:
    return Habit(row.kind, row.family, row.language, row.value, row.seen, row.of)


async def _edits(session: Session, actor: Actor) -> list[Edit]:
    kept = await table.kept_versions(session, actor.workspace_id, actor.member_id, LOOKED_AT)
    return [edit for one in kept if (edit := _edit(one)) is not None]


def _edit(kept: table.KeptVersions) -> Edit | None:
    """What was written and what was used: the version in Gmail, else the last one edited by hand.

    None of a follow-up that was neither, or that no model wrote.
    """
    by_hand = [one.number for one in kept.versions if one.origin == PERSON]
    used = kept.in_gmail or (by_hand[-1] if by_hand else None)
    if used is None:
        return None
    final = next((one for one in kept.versions if one.number == used), None)
    models = [one for one in kept.versions if one.origin == MODEL and one.number <= used]
    if final is None or not models:
        return None
    body, used_body = _body(models[-1].content), _body(final.content)
    if any(_body(one.content) == used_body for one in models):
        # An earlier version of the model's that was restored.
        body = used_body
    chosen = _Chosen.model_validate_json(kept.options)
    companies = frozenset(address.rpartition("@")[2] for address in chosen.to)
    return Edit(body, used_body, chosen.language or language(body.lower().split()), companies)


def _body(content: str) -> str:
    return _Content.model_validate_json(content).body
