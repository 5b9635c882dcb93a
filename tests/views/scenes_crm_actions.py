"""The forms in which note, deal and tasks of a follow-up are chosen, in every state."""

from dataclasses import replace
from datetime import date

from services.crm.hubspot_words import NAME, WORDS
from services.crm.port import (
    Account,
    AccountContext,
    Amount,
    Contact,
    Deal,
    Pipeline,
    Stage,
)
from services.followups.acting import Review
from services.followups.actions import ActionPlan, Planned
from services.followups.crm_deal import MOVED, NOTHING_CHOSEN, SOMEBODY
from services.followups.crm_forms import (
    CrmAbout,
    DealForm,
    NoteForm,
    TasksForm,
    deal_seen,
)
from services.followups.crm_note import KEEPS, PRIVATE, WRITES
from services.followups.crm_target import CrmTarget
from services.followups.crm_tasks import CREATES, DELETES, PlannedTask, item_key
from services.followups.crm_wishes import NoteWish
from services.followups.drafts import ActionItem
from services.followups.progress import ASKING, Receipt
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack.followups import card, crm, review

ACME = Account("101", "acme", ("acme",))
ZEBRA = Account("102", "zebra", ("zebra",))
PEOPLE = tuple(
    Contact(str(number), guest.name, (guest.email,))
    for number, guest in enumerate((some.CAROL, some.DAN), start=201)
)
DEAL = Deal(
    id="301",
    name="zebra",
    account_id="101",
    stage="s2",
    pipeline="p1",
    amount=Amount(4_800_000, "EUR"),
    closes_on=date(2026, 12, 18),
    description="acme",
)
BARE = Deal("302", "acme", "101", stage="acme", pipeline="p9")
PIPELINES = (
    Pipeline("p1", "acme", (Stage("s1", "zebra"), Stage("s2", "acme"), Stage("s3", "acme"))),
    Pipeline("p2", "zebra", (Stage("t1", "zebra", closed=True, writable=False),)),
)
TARGET = CrmTarget(some.meeting(), AccountContext(ACME, PEOPLE, (DEAL, BARE)), PEOPLE[:1])


def _about(lang: str, target: CrmTarget | None = TARGET, *more: Account) -> CrmAbout:
    return CrmAbout(some.followup(lang), NAME, WORDS, (ACME, *more), target)


def _note(lang: str, *, several: bool = False, private: bool = False) -> Given:
    about = _about(lang, None if several else TARGET, *((ZEBRA,) if several else ()))
    wish = NoteWish() if several else NoteWish("101", "301", ("201",))
    warning = PRIVATE(lang, crm=NAME) if private else ""
    return given(NoteForm(about, wish, some.NOTE(lang), warning), some.member(lang))


def _empty_note(lang: str) -> Given:
    return given(NoteForm(_about(lang), NoteWish("101"), "", ""), some.member(lang))


def _deals(lang: str, *, several: bool = False) -> Given:
    about = _about(lang, None if several else TARGET, *((ZEBRA,) if several else ()))
    form = DealForm(about, () if several else (DEAL, BARE), PIPELINES)
    return given(form, some.member(lang), crm.NOW)


def _deal(lang: str, deal: Deal = DEAL, when: str = crm.NOW) -> Given:
    form = DealForm(_about(lang), (DEAL, BARE), PIPELINES)
    return given(form, deal_seen(deal), some.member(lang), when)


def _tasks(lang: str) -> Given:
    items = (ActionItem("acme", some.BOB.name, "2026-12-04"), ActionItem("zebra", some.CAROL.name))
    planned = tuple(
        PlannedTask(item_key(one), one, some.NOW, owned=one.owner == some.BOB.name) for one in items
    )
    chosen = frozenset({planned[0].key})
    return given(TasksForm(_about(lang), planned, chosen), some.member(lang))


def _loading(lang: str) -> Given:
    return given(some.member(lang), crm.words.DEALS_TITLE(lang))


def _review(lang: str) -> Given:
    note = ActionPlan(WRITES(lang, whom="acme", crm=NAME), doubt=PRIVATE(lang, crm=NAME))
    deal = ActionPlan("", refusal=NOTHING_CHOSEN(lang))
    tasks = ActionPlan(CREATES(lang, 2, account="acme", crm=NAME))
    plans = (Planned("note", note), Planned("deal", deal), Planned("tasks", tasks))
    return given(Review(some.followup(lang), plans), some.member(lang))


def _undo(lang: str) -> Given:
    plans = (
        Planned("note", ActionPlan("", refusal=KEEPS(lang, crm="Crono"))),
        Planned("tasks", ActionPlan(DELETES(lang, 2, crm=NAME))),
    )
    return given(Review(some.followup(lang), plans), some.member(lang))


def _moved(lang: str) -> Given:
    problem = SOMEBODY(lang, deal="zebra", crm=NAME, changes="acme")
    receipt = Receipt("deal", ASKING, 1, "", problem, question=MOVED)
    return given(some.followup(lang, receipts=(receipt,)), some.member(lang))


CRM_ACTIONS = (
    Scene(review.review, "crm", _review),
    Scene(review.undo_review, "crm", _undo),
    Scene(card.card, "deal_moved", _moved),
    Scene(crm.loading, "deals", _loading),
    Scene(crm.note_form, "normal", _note),
    Scene(crm.note_form, "private", lambda lang: _note(lang, private=True)),
    Scene(crm.note_form, "several", lambda lang: _note(lang, several=True)),
    Scene(crm.note_form, "empty", _empty_note),
    Scene(crm.deals, "normal", _deals),
    Scene(crm.deals, "several", lambda lang: _deals(lang, several=True)),
    Scene(crm.deal_form, "normal", _deal),
    Scene(crm.deal_form, "bare", lambda lang: _deal(lang, BARE, crm.LATER)),
    Scene(
        crm.deal_form, "long", lambda lang: _deal(lang, replace(DEAL, description="acme " * 500))
    ),
    Scene(crm.tasks_form, "normal", _tasks),
)
