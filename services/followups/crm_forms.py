"""What the forms of the CRM actions show, and what was typed in them as a choice to keep."""

from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from services.actors import Actor
from services.crm import (
    GONE,
    Account,
    Amount,
    CrmAccess,
    CrmPort,
    CrmWords,
    Deal,
    Gone,
    Matching,
    Pipeline,
    shown,
    typed,
    written,
)
from services.errors import Invalid
from services.followups.acting import Actions
from services.followups.actions import ActionOrder, FollowUpAction
from services.followups.crm_deal import CrmDealAction, StageNames
from services.followups.crm_note import PRIVATE, CrmNoteAction, text_of
from services.followups.crm_target import CrmTarget, CrmTargets
from services.followups.crm_tasks import CrmTasksAction, PlannedTask, chosen_items, item_key
from services.followups.crm_wishes import (
    DEAL_WISH,
    NOTE_WISH,
    TASKS_WISH,
    DealFields,
    DealWish,
    NoteWish,
    TasksWish,
    changed_names,
    fields_of,
)
from services.followups.progress import FollowUp
from services.meetings import Meetings
from services.people import Members
from services.phrases import Phrase
from services.ports import Clock

# Of a deal, what a form carries along: Slack keeps 3,000 characters.
MOST_DESCRIPTION, MOST_NAME = 1_200, 200

NO_DEALS = Phrase(
    "{account} has no open {deal} in {crm}.", "{account} non ha nessuna {deal} aperta in {crm}."
)
NOTHING_CHANGED = Phrase("Nothing is changed yet.", "Non hai ancora cambiato nulla.")
NOT_AN_AMOUNT = Phrase(
    "This is no amount. Type a number such as 12500 or 12,500.00.",
    "Questo non è un importo. Scrivi un numero come 12500 o 12.500,00.",
)


@dataclass(frozen=True, slots=True)
class CrmAbout:
    """What every form says: which CRM, in its own words, and who may be meant."""

    followup: FollowUp
    crm: str
    words: CrmWords
    candidates: tuple[Account, ...]
    target: CrmTarget | None


@dataclass(frozen=True, slots=True)
class NoteForm:
    """The note as it would be written; `private` warns that the recording is not shared."""

    about: CrmAbout
    wish: NoteWish
    text: str
    private: str


@dataclass(frozen=True, slots=True)
class DealSeen:
    """A deal as a form shows it, and as it comes back with the form.

    `whole` False: its description is too long to be edited there.
    """

    deal_id: str
    name: str
    fields: DealFields
    whole: bool = True

    @property
    def amount_text(self) -> str:
        """As one types it; "" for none."""
        return written(self.fields.amount) if self.fields.amount else ""

    def amount_shown(self, language: str) -> str:
        """As one reads it; "" for none."""
        return shown(self.fields.amount, language) if self.fields.amount else ""

    def json(self) -> str:
        """As a form carries it."""
        return SEEN.dump_json(self).decode()


SEEN: TypeAdapter[DealSeen] = TypeAdapter(DealSeen)


@dataclass(frozen=True, slots=True)
class DealForm:
    """The account's open deals, and the stages there are."""

    about: CrmAbout
    deals: tuple[Deal, ...]
    pipelines: tuple[Pipeline, ...]

    def find(self, deal_id: str) -> DealSeen:
        """One of them as a form shows it; raises Gone."""
        deal = next((one for one in self.deals if one.id == deal_id), None)
        if deal is None:
            raise Gone(GONE, crm=self.about.crm)
        return deal_seen(deal)

    def stage_name(self, fields: DealFields) -> str:
        """What people call the stage a deal is in."""
        return StageNames(self.pipelines).of(fields)


@dataclass(frozen=True, slots=True)
class TasksForm:
    """Every action item as a task; `chosen` are keys of those that are ticked."""

    about: CrmAbout
    tasks: tuple[PlannedTask, ...]
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class TypedDeal:
    """A deal's form as it was sent: None for a field that was not shown, or not reported.

    `stage` is of `pipeline`; `closes_on` None empties the day unless `keeps_day`.
    """

    stage: str | None
    pipeline: str | None
    amount: str | None
    closes_on: date | None
    description: str | None
    keeps_day: bool = False


class CrmActions:
    """The three actions, and the forms in which their owner chooses."""

    def __init__(
        self,
        access: CrmAccess,
        matching: Matching,
        meetings: Meetings,
        members: Members,
        clock: Clock,
    ) -> None:
        self.targets = CrmTargets(access, matching, meetings, members)
        self.tasks = CrmTasksAction(self.targets, clock)
        note, deal = CrmNoteAction(self.targets, clock), CrmDealAction(self.targets)
        self.all: tuple[FollowUpAction, ...] = (note, deal, self.tasks)


class CrmForms:
    """Reads the CRM for a form; everybody but the follow-up's owner gets NotFound."""

    def __init__(self, actions: Actions, crm: CrmActions) -> None:
        self._actions = actions
        self._targets = crm.targets
        self._tasks = crm.tasks

    async def note(self, actor: Actor, followup_id: str) -> NoteForm:
        """Account, deal and contacts of the note, chosen or proposed."""
        order = await self._actions.plan(actor, followup_id, "note")
        wish = NOTE_WISH.validate_json(order.wish) if order.wish else NoteWish()
        async with self._targets.access.using(actor) as crm:
            about = await self._about(crm, order, wish.account_id)
        target, private = about.target, ""
        if target is not None:
            if not wish.chosen:
                present = tuple(one.id for one in target.present)
                wish = NoteWish(target.account.id, target.only_deal, present)
            if not target.meeting.shared:
                private = PRIVATE(order.member.language, crm=crm.name)
        return NoteForm(about, wish, text_of(order), private)

    async def deals(self, actor: Actor, followup_id: str, account_id: str = "") -> DealForm:
        """The open deals of the account; raises Invalid when there are none."""
        order = await self._actions.plan(actor, followup_id, "deal")
        async with self._targets.access.using(actor) as crm:
            about = await self._about(crm, order, account_id)
            pipelines = await crm.pipelines()
        target = about.target
        if target is not None and not target.known.deals:
            deal = crm.words.deal(order.member.language)
            raise Invalid(NO_DEALS, account=target.account.name, deal=deal, crm=crm.name)
        return DealForm(about, target.known.deals if target else (), pipelines)

    async def tasks(self, actor: Actor, followup_id: str) -> TasksForm:
        """The action items, each with its owner and day in the CRM."""
        order = await self._actions.plan(actor, followup_id, "tasks")
        wish = TASKS_WISH.validate_json(order.wish) if order.wish else TasksWish()
        chosen = frozenset(item_key(one) for one in chosen_items(order))
        every = replace(order, wish="")
        async with self._targets.access.using(actor) as crm:
            about = await self._about(crm, order, wish.account_id)
            target = about.target
            tasks = await self._tasks.tasks(crm, every, target) if target else ()
        return TasksForm(about, tasks, chosen)

    async def _about(self, crm: CrmPort, order: ActionOrder, account_id: str) -> CrmAbout:
        found = await self._targets.candidates(crm, order.followup)
        chosen = account_id or (found[0].id if len(found) == 1 else "")
        target = await self._targets.find(crm, order.followup, chosen) if chosen else None
        return CrmAbout(order.followup, crm.name, crm.words, found, target)


def note_choice(account_id: str, deal_id: str, contact_ids: tuple[str, ...]) -> str:
    """A note's choice as it is kept."""
    wish = NoteWish(account_id, deal_id, contact_ids, chosen=True)
    return NOTE_WISH.dump_json(wish).decode()


def note_account(account_id: str) -> str:
    """Only the account is chosen; deal and contacts follow from the meeting."""
    return NOTE_WISH.dump_json(NoteWish(account_id)).decode()


def tasks_choice(account_id: str, keys: tuple[str, ...] | None) -> str:
    """The chosen items as they are kept; None: all of them."""
    wish = TasksWish(account_id, keys or (), chosen=keys is not None)
    return TASKS_WISH.dump_json(wish).decode()


def deal_seen(deal: Deal) -> DealSeen:
    """The deal as its form shows it."""
    fields = fields_of(deal)
    whole = len(fields.description) <= MOST_DESCRIPTION
    known = fields if whole else replace(fields, description="")
    return DealSeen(deal.id, deal.name[:MOST_NAME], known, whole)


def read_seen(carried: str) -> DealSeen:
    """The deal as its form carried it."""
    return SEEN.validate_json(carried)


def deal_choice(seen: DealSeen, form: TypedDeal) -> str:
    """What was typed, beside what was seen; raises Invalid naming the field."""
    now = seen.fields
    wanted = DealFields(
        now.stage if form.stage is None else form.stage,
        now.pipeline if form.pipeline is None else form.pipeline,
        now.amount if form.amount is None else _amount(form.amount, now),
        now.closes_on if form.keeps_day else form.closes_on,
        now.description if form.description is None else form.description.strip(),
    )
    if not changed_names(now, wanted):
        raise Invalid(NOTHING_CHANGED, field="stage")
    return DEAL_WISH.dump_json(DealWish(seen.deal_id, seen.name, now, wanted)).decode()


def _amount(words: str, now: DealFields) -> Amount | None:
    currency = now.amount.currency if now.amount else ""
    amount = typed(words, currency) if words.strip() else None
    if words.strip() and amount is None:
        raise Invalid(NOT_AN_AMOUNT, field="amount")
    return amount
