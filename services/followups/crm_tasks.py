"""Tasks in the CRM from the action items of a follow-up: each chosen, each once only."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from db.followups import tasks as table
from db.store.session import Session
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor
from services.actors import Actor
from services.clock import day_begins
from services.crm import CrmPort, NewTask, Owner
from services.errors import Disconnected, Invalid, Temporary
from services.followups.actions import ActionEffect, ActionOrder, ActionPlan
from services.followups.crm_note import SETTLES
from services.followups.crm_target import CrmTarget, CrmTargets
from services.followups.crm_wishes import (
    TASKS_KEPT,
    TASKS_WISH,
    TaskKept,
    TasksKept,
    TasksWish,
)
from services.followups.drafts import ActionItem, Draft
from services.meetings import Meeting
from services.people import Member
from services.phrases import Phrase, Plural
from services.ports import Clock

NAME = "tasks"
NOON = time(12)
# For an item nobody gave a day to.
LATER = timedelta(days=7)
MAX_SUBJECT = 200

CREATES = Plural(
    Phrase("{n} task on {account} in {crm}.", "{n} attività su {account} in {crm}."),
    Phrase("{n} tasks on {account} in {crm}.", "{n} attività su {account} in {crm}."),
)
NO_ITEMS = Phrase(
    "This follow-up has no action items.", "Questo follow-up non ha azioni da svolgere."
)
ALL_DONE = Phrase("All of them are in {crm} already.", "Sono già tutte in {crm}.")
NO_OWNER = Phrase(
    "Without an owner, because {crm} knows nobody by that e-mail: {items}.",
    "Senza assegnatario, perché {crm} non conosce nessuno con quell’e-mail: {items}.",
)
KEYS_OWNER = Phrase(
    "{crm} gives them to the owner of its API key.",
    "{crm} le assegna al proprietario della chiave API.",
)
NO_DAY = Phrase(
    "Without a day, so due in a week: {items}.",
    "Senza una data, quindi tra una settimana: {items}.",
)
STILL_OPEN = Phrase(
    "{crm} has not said whether a task was created. I look again in a moment.",
    "{crm} non ha detto se un’attività è stata creata. Guardo di nuovo tra poco.",
)
FACT = Plural(
    Phrase("{n} task on {account}.", "{n} attività su {account}."),
    Phrase("{n} tasks on {account}.", "{n} attività su {account}."),
)
DELETES = Plural(
    Phrase("{n} task in {crm} is deleted.", "{n} attività in {crm} viene eliminata."),
    Phrase("{n} tasks in {crm} are deleted.", "{n} attività in {crm} vengono eliminate."),
)
KEEPS = Phrase(
    "The tasks stay in {crm}: its API deletes no tasks.",
    "Le attività restano in {crm}: la sua API non elimina attività.",
)


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One action item as a task; `owned` False when a colleague was named whom the CRM lacks."""

    key: str
    item: ActionItem
    due_at: datetime
    owner_id: str = ""
    owned: bool = True


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task in the CRM: what is to be done, after which meeting, and the account's address."""

    text: str
    title: str
    url: str


class CrmTasksAction:
    """Creates the chosen tasks one after the other, and keeps each before and after its call."""

    name = NAME
    renews = True

    def __init__(self, targets: CrmTargets, clock: Clock) -> None:
        self._targets = targets
        self._clock = clock

    async def check(self, order: ActionOrder) -> None:
        """There are items, and there is a CRM."""
        if not items_of(order.followup.draft):
            raise Invalid(NO_ITEMS)
        await self._targets.connected(order.followup.actor)

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """How many on which account; whose owner and whose day are not known."""
        language = order.member.language
        if not chosen_items(order):
            return ActionPlan("", refusal=NO_ITEMS(language))
        try:
            async with self._targets.access.using(order.followup.actor) as crm:
                target = await self._target(crm, order)
                tasks = await self.tasks(crm, order, target)
        except Disconnected as error:
            return ActionPlan("", refusal=error.sentence(language), missing=error.vendor)
        kept = _kept(order)
        left = [one for one in tasks if not _is_done(kept, one.key)]
        if not left:
            return ActionPlan("", refusal=ALL_DONE(language, crm=crm.name))
        words = CREATES(language, len(left), account=target.account.name, crm=crm.name)
        return ActionPlan(" ".join((words, *remarks(left, crm, language))))

    async def act(self, order: ActionOrder) -> ActionEffect:
        """The items that are not done yet, in their order."""
        language = order.member.language
        async with self._targets.access.using(order.followup.actor) as crm:
            target = await self._target(crm, order)
            kept = replace(_kept(order), account_id=target.account.id)
            tasks = await self.tasks(crm, order, target)
            for one in tasks:
                if not _is_done(kept, one.key):
                    kept = await self._create(order, crm, kept, one)
            fact = FACT(language, len(tasks), account=target.account.name)
            url = crm.link("account", target.account.id)
            note = " ".join((fact, *remarks(tasks, crm, language)))
        return ActionEffect(target.account.id, url, note)

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """Those we created, where the CRM lets us."""
        language = order.member.language
        async with self._targets.access.using(order.followup.actor) as crm:
            if not crm.capabilities.can_undo_task:
                return ActionPlan("", refusal=KEEPS(language, crm=crm.name))
            return ActionPlan(DELETES(language, len(_ours(order)), crm=crm.name))

    async def undo(self, order: ActionOrder) -> str:
        """Delete ours, one after the other; what was there before stays."""
        async with self._targets.access.using(order.followup.actor) as crm:
            if not crm.capabilities.can_undo_task:
                return KEEPS(order.member.language, crm=crm.name)
            for one in _ours(order):
                await crm.delete_task(one.task_id)
        return ""

    async def _target(self, crm: CrmPort, order: ActionOrder) -> CrmTarget:
        chosen = _wish(order).account_id or _kept(order).account_id
        return await self._targets.find(crm, order.followup, chosen)

    async def tasks(
        self, crm: CrmPort, order: ActionOrder, target: CrmTarget
    ) -> tuple[PlannedTask, ...]:
        """The chosen items as they would be created."""
        owners = await crm.owners() if crm.capabilities.task_owners else ()
        # Of the follow-up and not of the clock: the same in every try.
        today = order.followup.created_at.astimezone(order.member.zone).date()
        found = []
        for item in chosen_items(order):
            email = address_of(item.owner, target.meeting, order.member)
            owner = _owner(owners, email)
            due_at = due(item, order.member, today)
            owned = bool(owner) or not item.owner or not crm.capabilities.task_owners
            found.append(PlannedTask(item_key(item), item, due_at, owner, owned))
        return tuple(found)

    async def _create(
        self, order: ActionOrder, crm: CrmPort, kept: TasksKept, planned: PlannedTask
    ) -> TasksKept:
        before = kept.find(planned.key)
        new = _new(planned, kept.account_id, order)
        # Also what somebody else made of the same meeting is not made again.
        since = before.began_at if before else order.followup.started_at
        found = await crm.find_task(new, since)
        if found is None and before is not None:
            self._wait(before.began_at, crm)
        began = before or TaskKept(planned.key, self._clock())
        if found is not None:
            ended = replace(began, done=True, task_id=found.id, ours=before is not None)
        else:
            began = TaskKept(planned.key, self._clock())
            await order.keep(_dumped(kept.having(began)))
            try:
                made = await crm.create_task(new)
            except (AuthExpired, RateLimited, RefusedByVendor):
                # Certainly not created: one that turns up later is somebody else's.
                await order.keep(_dumped(kept))
                raise
            ended = replace(began, done=True, task_id=made.id)
        kept = kept.having(ended)
        await order.keep(_dumped(kept))
        return kept

    def _wait(self, began_at: datetime, crm: CrmPort) -> None:
        left = began_at + SETTLES - self._clock()
        if left > timedelta(0):
            raise Temporary(STILL_OPEN, retry_after=left, crm=crm.name)


async def tasks_due(
    session: Session, actor: Actor, day: date, zone: tzinfo, most: int
) -> tuple[DueTask, ...]:
    """The member's tasks from follow-ups that are due on that day there and still in the CRM."""
    begun = day - LATER
    bounds = (day_begins(begun, zone), day_begins(begun + timedelta(days=1), zone))
    rows = await table.due(
        session,
        actor.workspace_id,
        actor.member_id,
        day.isoformat(),
        week_before=bounds,
        most=most,
    )
    return tuple(
        DueTask(row.text, row.title, row.url)
        for row in rows
        if _is_done(
            TASKS_KEPT.validate_json(row.effect or "{}"), item_key(ActionItem(row.text, row.owner))
        )
    )


def item_key(item: ActionItem) -> str:
    """An item's name for what is kept of it: the same after edits elsewhere in the follow-up."""
    words = f"{' '.join(item.text.split()).casefold()}|{item.owner.casefold()}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def chosen_items(order: ActionOrder) -> tuple[ActionItem, ...]:
    """The action items that were chosen, each once; all of them when nobody chose."""
    wish = _wish(order)
    items = {item_key(one): one for one in items_of(order.followup.draft)}
    return tuple(one for key, one in items.items() if not wish.chosen or key in wish.keys)


def items_of(draft: Draft | None) -> tuple[ActionItem, ...]:
    """The items of a draft."""
    return draft.action_items if draft else ()


def due(item: ActionItem, member: Member, today: date) -> datetime:
    """Noon of the item's day in the member's zone, so that it is that day everywhere near."""
    day = date.fromisoformat(item.due) if item.due else today + LATER
    return datetime.combine(day, NOON, member.zone).astimezone(UTC)


def address_of(owner: str, meeting: Meeting, member: Member) -> str:
    """The e-mail of the one colleague who is called so; "" for nobody, or for several."""
    name = owner.strip().casefold()
    if not name:
        return ""
    colleagues = {guest.email: guest.name for guest in meeting.guests if not guest.is_external}
    colleagues |= {meeting.recorder.email: meeting.recorder.name, member.email: member.name}
    found = [email for email, known in colleagues.items() if known.casefold() == name and email]
    return found[0] if len(found) == 1 else ""


def remarks(tasks: Iterable[PlannedTask], crm: CrmPort, language: str) -> tuple[str, ...]:
    """What must be told of them: whose owner, and whose day, is not known."""
    tasks = tuple(tasks)
    unowned = [one.item.text for one in tasks if not one.owned]
    undated = [one.item.text for one in tasks if not one.item.due]
    told = []
    if not crm.capabilities.task_owners:
        told.append(KEYS_OWNER(language, crm=crm.name))
    if unowned:
        told.append(NO_OWNER(language, crm=crm.name, items="; ".join(unowned)))
    if undated:
        told.append(NO_DAY(language, items="; ".join(undated)))
    return tuple(told)


def _new(planned: PlannedTask, account_id: str, order: ActionOrder) -> NewTask:
    item, followup = planned.item, order.followup
    who = f"\n{item.owner}" if item.owner else ""
    return NewTask(
        account_id=account_id,
        type="generic",
        subject=" ".join(item.text.split())[:MAX_SUBJECT].strip(),
        due_at=planned.due_at,
        description=f"{item.text}{who}\n{followup.title}\n{followup.url}".strip(),
        owner_id=planned.owner_id,
    )


def _owner(owners: Iterable[Owner], email: str) -> str:
    found = [one.id for one in owners if one.active and email and one.email.lower() == email]
    return next(iter(found), "")


def _is_done(kept: TasksKept, key: str) -> bool:
    found = kept.find(key)
    return found is not None and found.done


def _ours(order: ActionOrder) -> tuple[TaskKept, ...]:
    return tuple(one for one in _kept(order).tasks if one.done and one.ours and one.task_id)


def _wish(order: ActionOrder) -> TasksWish:
    return TASKS_WISH.validate_json(order.wish) if order.wish else TasksWish()


def _kept(order: ActionOrder) -> TasksKept:
    return TASKS_KEPT.validate_json(order.effect) if order.effect else TasksKept()


def _dumped(kept: TasksKept) -> str:
    return TASKS_KEPT.dump_json(kept).decode()
