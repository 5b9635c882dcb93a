"""Every view of a follow-up in every state it can be in."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from services.budgets import OverBudget
from services.connections.connections import FATHOM, GOOGLE
from services.connections.gmail import LOST
from services.errors import AWAY, EXPIRED, Invalid
from services.followups.acting import Review
from services.followups.actions import ActionPlan, Planned
from services.followups.drafts import NO_SUBJECT, Options
from services.followups.gmail_draft import (
    CHANGED,
    CHANGED_THERE,
    DELETES,
    GONE_FROM_GMAIL,
    NOT_THERE,
    STAYS_GONE,
)
from services.followups.mime import FILES
from services.followups.progress import (
    ASKING,
    CANCELLED,
    DISCARDED,
    DONE,
    FAILED,
    PENDING,
    UNDOING,
    UNDONE,
    WRITING,
)
from services.followups.recap import (
    CHOOSE,
    MAY_BE_THERE,
    UNCERTAIN,
    RecapChannel,
    RecapForm,
    RecapWish,
    recap_text,
)
from services.followups.writing import CRM_AWAY
from services.meetings.history import Guest
from services.people.members import Member
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from tests.views.scenes_crm_actions import CRM_ACTIONS
from views.slack.followups import card, editor, options, picker, recap, review
from views.slack.followups.options import Form
from views.words import followups as words

WAITING, RUNNING, FAILING = "waiting", "running", "failed"
REFERENCE = "4f2a91c7"
LINK = "https://seguito.example/oauth/gmail/start?state=abc"
MANY = tuple(Guest(f"Guest {n}", f"guest{n}@acme.example", is_external=True) for n in range(1, 13))
INSIDE = (some.ADA_GUEST, some.BOB)


def _loading(language: str) -> Given:
    return given(language, words.PICKER_TITLE(language))


def _page(*meetings: dict[str, Any], **changes: Any) -> partial[Given]:
    return partial(_paged, meetings, changes)


def _paged(meetings: tuple[dict[str, Any], ...], changes: dict[str, Any], lang: str) -> Given:
    listed = [some.meeting(number, **more) for number, more in enumerate(meetings, start=1)]
    return given(some.page(*listed, **changes), some.member(lang))


def _marked() -> partial[Given]:
    return _page(*({"followed": mark} for mark in words.MARKS), complete=True)


PICKER = (
    Scene(picker.loading, "picker", _loading),
    Scene(picker.picker, "normal", _page({}, {}, {}, {})),
    Scene(picker.picker, "marks", _marked()),
    Scene(picker.picker, "unknown_guests", _page({"guests": (), "title": ""})),
    Scene(picker.picker, "many_guests", _page({"guests": MANY[:4]}, {"guests": MANY})),
    Scene(picker.picker, "more_pages", _page({}, {}, has_older=True, complete=True)),
    Scene(
        picker.picker,
        "middle",
        _page({}, {}, offset=8, has_newer=True, has_older=True, search="acme"),
    ),
    Scene(picker.picker, "last", _page({}, offset=16, has_newer=True, complete=True)),
    Scene(picker.picker, "found_all", _page({}, search="acme", complete=True)),
    Scene(picker.picker, "empty", _page()),
    Scene(picker.picker, "empty_complete", _page(complete=True)),
    Scene(picker.picker, "no_match", _page(search="zebra")),
    Scene(picker.picker, "no_match_complete", _page(search="zebra", complete=True)),
)


def _form(lang: str, *guests: Guest, who: Member | None = None, **more: Any) -> Given:
    meeting = some.meeting(guests=guests or (some.ADA_GUEST, some.CAROL, some.BOB, some.DAN))
    member = who or some.member(lang)
    return given(Form(meeting, member, some.templates(lang), **more))


def _options(lang: str, *declined: Guest) -> Given:
    return _form(lang, declined=frozenset(guest.email for guest in declined))


OPTIONS = (
    Scene(options.options, "normal", _form),
    Scene(
        options.options,
        "preferences",
        lambda lang: _form(lang, who=some.preferring(lang)),
    ),
    Scene(options.options, "many_invitees", lambda lang: _form(lang, *MANY)),
    Scene(options.options, "none_external", lambda lang: _form(lang, *INSIDE)),
    Scene(
        options.options,
        "no_addresses",
        lambda lang: _form(lang, Guest("Eve", "", is_external=True)),
    ),
    Scene(options.options, "one_declined", lambda lang: _options(lang, some.DAN)),
    Scene(options.options, "all_declined", lambda lang: _options(lang, some.DAN, some.CAROL)),
    Scene(options.options, "already_followed", lambda lang: _form(lang, already="ready")),
)


def _unwritten(status: str, *states: str) -> partial[Given]:
    return partial(_stopped, status, states)


def _stopped(status: str, states: tuple[str, ...], lang: str) -> Given:
    failed = {"problem": AWAY(lang, vendor="Fathom"), "reference": REFERENCE}
    more = failed if status == FAILED else {}
    return given(some.unwritten(lang, status, *states, **more), some.member(lang))


def _ready(**changes: Any) -> partial[Given]:
    return partial(_changed, changes)


def _changed(changes: dict[str, Any], lang: str) -> Given:
    return given(some.followup(lang, **changes), some.member(lang))


def _gmail_failed(lang: str) -> Given:
    receipt = some.in_gmail("failed", problem=AWAY(lang, vendor="Google"))
    return given(some.followup(lang, receipts=(receipt,)), some.member(lang))


def _gmail_lost(lang: str) -> Given:
    problem = f"{LOST(lang)} ({REFERENCE})"
    receipt = some.in_gmail("failed", problem=problem, missing=GOOGLE)
    return given(some.followup(lang, receipts=(receipt,)), some.member(lang))


def _linked(lang: str) -> Given:
    return given(some.followup(lang), some.member(lang), LINK)


def _key_refused(lang: str) -> Given:
    problem = {"problem": EXPIRED(lang, name="Fathom"), "missing": FATHOM, "reference": REFERENCE}
    states = (FAILING, WAITING, WAITING)
    return given(some.unwritten(lang, FAILED, *states, **problem), some.member(lang))


def _without_crm(lang: str) -> Given:
    read, crm, draft = some.steps(lang, DONE, "missed", DONE)
    steps = (read, replace(crm, note=CRM_AWAY(lang, crm="Crono")), draft)
    return given(some.followup(lang, steps=steps), some.member(lang))


def _failed_again(lang: str) -> Given:
    problem = {"status": FAILED, "problem": AWAY(lang, vendor="Fathom"), "reference": REFERENCE}
    return given(some.followup(lang, **problem), some.member(lang))


def _long(lang: str) -> Given:
    body = "\n\n".join([some.BODY(lang)] * 20)
    return given(some.followup(lang, draft=some.draft(lang, body=body)), some.member(lang))


def _bare(lang: str) -> Given:
    draft = some.draft(lang, subject="", summary="", note="")
    return given(some.followup(lang, draft=draft, title="", options=Options()), some.member(lang))


def _without_subject(lang: str) -> Given:
    wrong = Invalid(NO_SUBJECT, field="subject")
    return given(some.followup(lang), some.member(lang), wrong=wrong)


def _history(lang: str) -> Given:
    origins = ("plain", "written", "edited", "restored")
    revisions = tuple(
        some.revision(lang, number, origin, instruction=some.INSTRUCTION(lang) * (number == 2))
        for number, origin in enumerate(origins, start=1)
    )
    return given(some.followup(lang, version=4, revisions=revisions), some.member(lang))


def _asking(lang: str, question: str, problem: str) -> Given:
    receipt = some.receipt("gmail", ASKING, question=question, problem=problem)
    return given(some.followup(lang, receipts=(receipt,), version=2), some.member(lang))


def _changed_in_gmail(lang: str) -> Given:
    return _asking(lang, CHANGED, CHANGED_THERE(lang, what=FILES(lang, 1)))


def _gone_from_gmail(lang: str) -> Given:
    return _asking(lang, GONE_FROM_GMAIL, NOT_THERE(lang))


def _every_receipt(lang: str) -> Given:
    away = AWAY(lang, vendor="Crono")
    receipts = (
        some.in_gmail(DONE),
        some.receipt("calendar", UNDOING),
        some.receipt("note", DONE, kept=STAYS_GONE(lang)),
        some.receipt("deal", DONE, problem=away),
        some.receipt("tasks", FAILED, problem=away),
        some.receipt("recap", UNDONE),
    )
    return given(some.followup(lang, receipts=receipts), some.member(lang))


PENDING_GMAIL = _ready(receipts=(some.in_gmail(PENDING),))
DONE_GMAIL = _ready(receipts=(some.in_gmail(DONE),))
OLDER_IN_GMAIL = _ready(receipts=(some.in_gmail(DONE),), version=2)
# What a follow-up can be, wherever it is shown.
UNWRITTEN: dict[str, Callable[[str], Given]] = {
    "waiting": _unwritten(WRITING, WAITING, WAITING, WAITING),
    "running": _unwritten(WRITING, DONE, "skipped", RUNNING),
    "retrying": _unwritten(WRITING, DONE, "skipped", "retrying"),
    "failed": _unwritten(FAILED, DONE, "skipped", FAILING),
    "cancelled": _unwritten(CANCELLED, DONE, RUNNING, WAITING),
    "discarded": _unwritten(DISCARDED, DONE, "skipped", DONE),
    "key_refused": _key_refused,
}
WRITTEN: dict[str, Callable[[str], Given]] = {
    "ready": _ready(),
    "plain": _ready(origin="plain"),
    "over_budget": _ready(origin="plain", over_budget=OverBudget("workspace", "Grace <Hopper>")),
    "bare": _bare,
    "long": _long,
    "failed_again": _failed_again,
    "gmail_pending": PENDING_GMAIL,
    "gmail_done": DONE_GMAIL,
    "gmail_done_older": OLDER_IN_GMAIL,
    "gmail_failed": _gmail_failed,
    "gmail_lost": _gmail_lost,
    "gmail_linked": _linked,
    "gmail_changed": _changed_in_gmail,
    "gmail_gone": _gone_from_gmail,
    "receipts": _every_receipt,
    "without_crm": _without_crm,
}
DRAFT = (
    *(Scene(editor.progress, state, it) for state, it in UNWRITTEN.items()),
    *(Scene(editor.editor, state, it) for state, it in WRITTEN.items()),
    Scene(editor.editor, "no_subject", _without_subject),
    Scene(editor.current, "running", UNWRITTEN["running"]),
    Scene(editor.current, "ready", WRITTEN["ready"]),
    Scene(editor.regenerate, "normal", _ready()),
    Scene(editor.versions, "normal", _history),
    Scene(editor.versions, "one", _ready()),
)
CARD = tuple(
    Scene(card.card, state, it)
    for state, it in (UNWRITTEN | WRITTEN | {"rewriting": _ready(status=WRITING)}).items()
)


def _uncertain(lang: str) -> Given:
    problem = MAY_BE_THERE(lang, channel="sales")
    one = some.receipt("recap", ASKING, question=UNCERTAIN, problem=problem)
    return given(some.followup(lang, receipts=(one,)), some.member(lang))


def _review(lang: str) -> Given:
    return given(Review(some.followup(lang), some.planned(lang)), some.member(lang))


def _review_unconnected(lang: str) -> Given:
    plan = ActionPlan("", refusal=LOST(lang), missing=GOOGLE)
    planned = (Planned("gmail", plan), Planned("recap", ActionPlan("", refusal=CHOOSE(lang))))
    return given(Review(some.followup(lang), planned), some.member(lang), LINK)


def _undo_review(lang: str) -> Given:
    one = some.receipt("gmail", DONE)
    planned = (
        Planned("gmail", ActionPlan(DELETES(lang)), one),
        Planned("calendar", ActionPlan(DELETES(lang), doubt=some.NOTE(lang)), one),
        Planned("note", ActionPlan("", refusal=STAYS_GONE(lang)), one),
    )
    return given(Review(some.followup(lang), planned), some.member(lang))


def _recap(lang: str, when: str = recap.NOW, shared: RecapChannel | None = None) -> Given:
    followup = some.followup(lang)
    wish = RecapWish("C0SALES" if shared else "")
    form = RecapForm(followup, wish, recap_text(followup, lang))
    return given(form, some.member(lang), when, shared)


SHARED = RecapChannel("C0SALES", "sales", is_member=True, is_shared=True)
ACTIONS = (
    Scene(card.card, "recap_uncertain", _uncertain),
    Scene(review.review, "normal", _review),
    Scene(review.review, "unconnected", _review_unconnected),
    Scene(review.undo_review, "normal", _undo_review),
    Scene(
        review.undo_review,
        "nothing",
        lambda lang: given(Review(some.followup(lang), ()), some.member(lang)),
    ),
    Scene(review.loading, "do", lambda lang: given(some.member(lang))),
    Scene(review.loading, "undo", lambda lang: given(some.member(lang), undo="undo")),
    Scene(recap.recap_form, "now", _recap),
    Scene(recap.recap_form, "later", lambda lang: _recap(lang, recap.LATER)),
    Scene(recap.recap_form, "shared", lambda lang: _recap(lang, recap.NOW, SHARED)),
    Scene(
        recap.message,
        "normal",
        lambda lang: given(some.followup(lang), recap_text(some.followup(lang), lang), lang),
    ),
)
FOLLOWUPS = (*ACTIONS, *PICKER, *OPTIONS, *DRAFT, *CARD, *CRM_ACTIONS)
