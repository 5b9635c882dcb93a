"""Tasks and notes for the CRM, in every state their modals and cards can be in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.actors import Actor
from services.connections.crm_keys import CrmProgress
from services.crm import (
    ACTIVITY_DONE,
    ACTIVITY_FAILED,
    ACTIVITY_PENDING,
    ActivityResult,
    ActivityTarget,
    CrmActivity,
    Deal,
    NoteEntry,
    TaskEntry,
)
from services.crm.crono_words import CAPABILITIES, WORDS
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack.crm import activities as views
from views.slack.crm.activities import ActivityForm, FormTicket

ABOUT = ActivityTarget("a1", "R&D <Labs>", "c1", "Zoë *Bright*", "d1", "Rollout & more")
TASK = TaskEntry(
    ABOUT, "call", "Ask about <the offer>", "2026-12-01", "16:45", "Europe/Rome", "Be brief."
)
NOTE = NoteEntry(
    ABOUT,
    "They want it by *Friday* <soon>.\nAnd yearly.",
    "Slack T/C/1",
    datetime(2026, 11, 27, tzinfo=UTC),
)
EMPTY = TaskEntry(None, "call", "", "2026-11-28", "09:00", "Europe/Rome")
READING = CrmProgress(10, 100, filled=False, refreshed_at=None)
DEALS = (Deal("d1", "Rollout & more", "a1"), Deal("d2", "Renewal", "a1"))
# What people typed, as it is shown.
SAID = (
    "R&amp;D &lt;Labs&gt;",
    "Zoë ∗Bright∗",
    "Zoë *Bright*",
    "Ask about &lt;the offer&gt;",
    "They want it by ∗Friday∗ &lt;soon&gt;.",
    "And yearly.",
    "Rollout &amp; more",
    "Rollout & more",
    "Renewal",
    "a@b.example",
    "Europe/Rome",
)
REFUSED = {
    "en": "Crono does not accept your connection.",
    "it": "Crono non accetta il tuo collegamento.",
}


def _form(wish: TaskEntry | NoteEntry, language: str, **more: Any) -> Given:
    member = some.member(language)
    one = ActivityForm(FormTicket("f1", "Europe/Rome"), wish, member, "Crono", CAPABILITIES, WORDS)
    return given(replace(one, **more))


def _activity(wish: TaskEntry | NoteEntry, status: str, **more: Any) -> CrmActivity:
    made = CrmActivity(
        id="f1",
        actor=Actor("T1", "U1"),
        wish=wish,
        status=status,
        result=None,
        problem="",
        missing="",
        view_id="",
        card_channel="",
        card_ts="",
    )
    return replace(made, **more)


def _done(wish: TaskEntry | NoteEntry, language: str, **result: bool) -> Given:
    made = ActivityResult("Crono", "https://crm.example/t/1", **result)
    return given(_activity(wish, ACTIVITY_DONE, result=made), some.member(language))


def _failed(wish: TaskEntry | NoteEntry, language: str) -> Given:
    failed = _activity(wish, ACTIVITY_FAILED, problem=REFUSED[language])
    return given(failed, some.member(language))


def _waiting(wish: TaskEntry | NoteEntry, language: str) -> Given:
    return given(_activity(wish, ACTIVITY_PENDING), "Crono", some.member(language))


ACTIVITIES = (
    Scene(views.form, "empty", lambda lang: _form(EMPTY, lang)),
    Scene(views.form, "unknown", lambda lang: _form(EMPTY, lang, unknown_email="a@b.example")),
    Scene(views.form, "reading", lambda lang: _form(EMPTY, lang, reading=READING)),
    Scene(views.form, "filled", lambda lang: _form(TASK, lang, deals=DEALS)),
    Scene(views.form, "note", lambda lang: _form(NOTE, lang, problem=REFUSED[lang])),
    Scene(views.waiting, "task", lambda lang: _waiting(TASK, lang)),
    Scene(views.waiting_card, "task", lambda lang: _waiting(TASK, lang)),
    Scene(views.outcome, "task", lambda lang: _done(TASK, lang, unowned=True)),
    Scene(views.outcome, "failed", lambda lang: _failed(TASK, lang)),
    Scene(views.card, "task", lambda lang: _done(TASK, lang)),
    Scene(views.card, "note", lambda lang: _done(NOTE, lang)),
    Scene(views.card, "found", lambda lang: _done(NOTE, lang, found=True)),
    Scene(views.card, "failed", lambda lang: _failed(NOTE, lang)),
)
