"""What is drawn comes back as the service's own type: untouched, and after a person's typing."""

import inspect
from importlib import import_module
from itertools import product
from pkgutil import walk_packages
from typing import Any

import pytest

import views.slack
from integrations.sandbox.slack.blockkit.drawing import drawn
from integrations.sandbox.slack.blockkit.surfaces import interactive
from integrations.sandbox.slack.blockkit.values import initial_values, kept_values
from services.crm import Amount
from services.errors import Invalid
from services.followups import crm_forms
from services.followups.acting import Review
from services.followups.actions import ActionPlan, Planned
from services.followups.crm_wishes import DEAL_WISH, changed_names
from services.followups.drafts import LENGTHS, TONES, Edits, Options
from services.followups.recap import RecapChannel, RecapForm, RecapWish
from services.meetings.history import Guest
from services.people.members import Preferences
from tests.views import samples as some
from tests.views.hands import Typed, blocks_of, filled, untouched
from tests.views.scenes_crm_actions import CRM_ACTIONS
from tests.views.scenes_evidence import EVIDENCE
from views.kit.blocks import View
from views.kit.state import State
from views.slack import connections, people
from views.slack.followups import (
    actions,
    crm,
    editor,
    evidence,
    options,
    picker,
    recap,
    review,
)
from views.slack.followups import card as followups

ENGLISH = some.member("en")
TEMPLATES = some.templates("en")
# Every reader is tested below; a new one must come in here with its test.
READERS = {
    # Of these see test_budget_forms.
    "budgets.read_choice",
    "budgets.read_limits",
    "budgets.read_member",
    # Of these see test_calendar_form.
    "calendar.read_length",
    "calendar.read_metadata",
    "calendar.read_wish",
    "connections.read_key",
    # Of these see test_crm_forms.
    "crm.activities.read_about",
    "crm.activities.read_deal",
    "crm.activities.read_note",
    "crm.activities.read_task",
    "crm.activities.read_ticket",
    "crm.companies.read_company",
    "crm.companies.read_row",
    "crm.read_keys",
    "crm.read_wanted",
    "followups.actions.read_target",
    "followups.card.read_menu",
    "followups.crm.read_deal",
    "followups.crm.read_deal_seen",
    "followups.crm.read_note",
    "followups.crm.read_purpose",
    "followups.crm.read_tasks",
    "followups.editor.read_edits",
    "followups.evidence.read_keep",
    # Of these see test_file_forms.
    "followups.files.read_meeting",
    "followups.files.read_own",
    "followups.files.read_ticket",
    "followups.options.read_options",
    "followups.picker.read_show",
    "followups.picker.read_ticket",
    "followups.recap.read_purpose",
    "followups.recap.read_recap",
    "followups.review.read_review",
    "followups.review.read_undo",
    # Of these see test_template_forms.
    "followups.templates.read_at",
    "followups.templates.read_meeting",
    "followups.templates.read_template",
    "followups.templates.read_typed",
    "issuing.single.read_form",
    "issuing.bulk.read_keys_ticket",
    "issuing.bulk.read_upload",
    # Of these see test_tenant_forms.
    "rollouts.form.read_form",
    "rollouts.form.read_ticket",
    "tenants.read_form",
    "people.read_preferences",
    "users.read_form",
}


def form(*guests: Guest, **more: Any) -> options.Form:
    """The options of a meeting with these guests."""
    meeting = some.meeting(guests=guests) if guests else some.meeting()
    return options.Form(meeting, ENGLISH, TEMPLATES, **more)


def read(view: options.Form, **typed: Typed) -> Options:
    """The options as they are read after typing."""
    return options.read_options(filled(options.options(view), **typed), view.meeting)


def test_every_reader_has_a_round_trip() -> None:
    found = {
        f"{room.name.removeprefix('views.slack.')}.{name}"
        for room in walk_packages(views.slack.__path__, "views.slack.")
        for name, reader in inspect.getmembers(import_module(room.name), inspect.isfunction)
        if name.startswith("read_") and reader.__module__.startswith(views.slack.__name__)
    }
    assert found == READERS


def test_untouched_options_are_the_persons_defaults_and_the_guests_from_outside() -> None:
    assert read(form()) == Options(to=(some.CAROL.email, some.DAN.email))


def test_a_guest_who_declined_is_not_written_to() -> None:
    assert read(form(declined=frozenset({some.CAROL.email}))).to == (some.DAN.email,)


def test_preferences_are_the_defaults_of_options() -> None:
    usual = options.Form(some.meeting(), some.preferring("en"), TEMPLATES)
    chosen = read(usual)
    assert (chosen.language, chosen.tone, chosen.length) == ("it", "formal", "short")


def offered(view: options.Form) -> list[str]:
    """The values of the offered recipients, in the order they are shown."""
    blocks = options.options(view).fields["blocks"]
    drawn = next(block for block in blocks if "followups.to" in block.get("block_id", ""))
    return [option["value"] for option in drawn["element"]["options"]]


def test_every_option_is_read_as_it_was_chosen() -> None:
    chosen = read(
        form(),
        to=offered(form())[1:3],
        also_to="Eve@Acme.example, frank@acme.example",
        cc="gina@acme.example",
        language="en",
        tone="direct",
        length="long",
        template="t2",
        context="  mention the price ",
    )
    assert chosen == Options(
        language="en",
        tone="direct",
        length="long",
        template="t2",
        context="mention the price",
        to=(some.DAN.email, some.BOB.email, "eve@acme.example", "frank@acme.example"),
        cc=("gina@acme.example",),
    )


@pytest.mark.parametrize(("field", "key"), [("to", "also_to"), ("cc", "cc")])
def test_a_wrong_address_names_its_field(field: str, key: str) -> None:
    view = form()
    state = filled(options.options(view), **{key: "nobody"})
    with pytest.raises(Invalid) as refused:
        options.read_options(state, view.meeting)
    assert refused.value.field == field
    assert key in state.block_of(options.FIELDS[field])


def test_nobody_can_be_ticked() -> None:
    assert read(form(), to=[]).to == ()


def test_each_of_a_hundred_guests_is_the_one_that_was_ticked() -> None:
    guests = tuple(
        Guest(f"Guest {n}", f"guest{n}@acme.example", is_external=n % 2 == 1) for n in range(120)
    )
    ordered = [guest.email for guest in guests if guest.is_external] + [
        guest.email for guest in guests if not guest.is_external
    ]
    view = form(*guests)
    assert read(view, to=offered(view)).to == tuple(ordered[:100])


def test_guests_without_an_address_or_named_twice_do_not_move_the_others() -> None:
    twice = (Guest("Eve", "", is_external=True), some.CAROL, some.CAROL, some.DAN)
    assert read(form(*twice), to=offered(form(*twice))[1:]).to == (some.DAN.email,)


def test_a_guest_who_is_no_longer_there_is_told_and_nobody_takes_the_place() -> None:
    state = untouched(options.options(form(some.CAROL, some.DAN)))
    with pytest.raises(Invalid) as refused:
        options.read_options(state, form(some.DAN).meeting)
    assert refused.value.field == "to"


@pytest.mark.parametrize("body", ["short", "word " * 5_999 + "end", "line\n\n" * 900 + "end"])
def test_the_editor_reads_back_what_it_shows(body: str) -> None:
    it = some.followup("en", draft=some.draft("en", body=body))
    edits = editor.read_edits(untouched(editor.editor(it, ENGLISH)))
    people = (f"{some.CAROL.email}, {some.DAN.email}", some.BOB.email)
    assert edits == Edits(some.SUBJECT.en, body, some.SUMMARY.en, some.NOTE.en, *people)


def test_what_is_typed_in_the_editor_is_read() -> None:
    view = editor.editor(some.followup("en"), ENGLISH)
    texts = {"subject": "New", "body:1n": "Other", "summary:1n": "", "note:1n": "N"}
    typed = texts | {"edit_to": "a@b.example", "edit_cc": ""}
    people = ("a@b.example", "")
    assert editor.read_edits(filled(view, **typed)) == Edits("New", "Other", "", "N", *people)


def test_what_slack_does_not_tell_of_is_left_and_not_emptied() -> None:
    assert editor.read_edits(State({})) == Edits(None, None, None, None)


def test_an_error_in_the_editor_is_shown_at_its_field() -> None:
    state = untouched(editor.editor(some.followup("en"), ENGLISH))
    assert editor.error_block(state, "body").startswith("followups.body")
    assert editor.error_block(state, "subject").startswith("followups.subject")


def test_a_new_version_replaces_what_stood_in_the_editor() -> None:
    before = blocks_of(editor.editor(some.followup("en"), ENGLISH))
    newer = some.followup("en", version=2, draft=some.draft("en", subject="Second", body="Two"))
    after = blocks_of(editor.editor(newer, ENGLISH))
    edits = editor.read_edits(State(kept_values(initial_values(before), after)))
    assert (edits.subject, edits.body) == ("Second", "Two")


def test_the_instruction_is_read_as_typed() -> None:
    view = editor.regenerate(some.followup("en"), ENGLISH)
    assert editor.INSTRUCTION.read(filled(view, instruction="Shorter")) == "Shorter"


@pytest.mark.parametrize(
    ("language", "tone", "length"), list(product(("", "en", "it"), TONES, LENGTHS))
)
def test_settings_read_back_what_they_show(language: str, tone: str, length: str) -> None:
    likes = Preferences(language, tone, length, some.SIGNATURE)
    view = people.settings(some.member("it", preferences=likes))
    assert people.read_preferences(untouched(view)) == likes


def test_changed_settings_are_read() -> None:
    view = people.settings(some.preferring("en"))
    typed = filled(view, language="follow", tone="direct", length="long", signature="Me")
    assert people.read_preferences(typed) == Preferences("", "direct", "long", "Me")


def test_a_key_is_read_as_typed_and_kept_after_a_refusal() -> None:
    first = connections.fathom_form(ENGLISH)
    assert connections.read_key(filled(first, fathom_key="k-1")) == "k-1"
    again = connections.fathom_form(ENGLISH, typed="k-1", problem="No.")
    assert connections.read_key(untouched(again)) == "k-1"


def test_a_cards_menu_tells_the_choice_and_the_follow_up() -> None:
    card = followups.card(some.followup("en"), ENGLISH)
    (menu,) = (
        element
        for block in drawn(list(card.blocks))
        for element in interactive(block)
        if element["action_id"] == followups.MENU.action_id
    )
    read_back = [followups.read_menu(option["value"]) for option in menu["options"]]
    choices = (
        followups.VIEW_EDIT,
        followups.DO_ALL,
        followups.REGENERATE,
        followups.VERSIONS,
        followups.DISCARD,
    )
    assert read_back == [(choice, some.FOLLOWUP_ID) for choice in choices]


@pytest.mark.parametrize("search", ["", "acme", "a|b", "0|1", "é <b>"])
def test_paging_buttons_keep_the_search(search: str) -> None:
    page = some.page(
        some.meeting(), search=search, offset=8, has_newer=True, has_older=True, complete=True
    )
    view = picker.picker(page, ENGLISH)
    tickets = {
        element["action_id"]: picker.read_ticket(str(element["value"]))
        for block in blocks_of(view)
        for element in interactive(block)
        if element["action_id"] in (picker.PAGE.action_id, picker.NEWEST.action_id)
    }
    assert tickets == {
        picker.NEWEST.action_id: (0, search, "mine"),
        picker.PAGE.action_id: (9, search, "mine"),
    }
    assert picker.SEARCH.read(untouched(view)) == search
    assert picker.read_show(untouched(view)) == "mine"


@pytest.mark.parametrize("value", ["", "x", "-3|a", "|", "9999", "1|all"])
def test_a_ticket_of_another_make_leads_somewhere(value: str) -> None:
    offset, _, show = picker.read_ticket(value)
    assert offset >= 0
    assert show in ("", "all")


def test_the_claim_to_keep_comes_back_with_its_follow_up() -> None:
    scene = next(one for one in EVIDENCE if one.state == "blocked")
    seen, member = scene.given("en").positional
    drawn = evidence.evidence(seen, member)
    button = next(
        block["accessory"]
        for block in drawn.fields["blocks"]
        if block.get("accessory", {}).get("action_id") == evidence.KEEP.action_id
    )
    claim = seen.followup.not_heard[0].claim
    assert evidence.read_keep(button["value"]) == (seen.followup.id, claim.id)


def test_a_button_about_an_action_names_it_and_its_follow_up() -> None:
    value = actions.target(some.followup("en"), "recap")
    assert actions.read_target(value) == (some.FOLLOWUP_ID, "recap")


def test_a_review_untouched_does_what_is_ready_and_leaves_what_is_in_doubt() -> None:
    drawn = review.review(Review(some.followup("en"), some.planned("en")), ENGLISH)
    assert review.read_review(untouched(drawn)) == ("gmail", "recap")
    assert review.read_review(filled(drawn, do=["note"])) == ("note",)


def test_an_undo_untouched_takes_back_whatever_it_can() -> None:
    planned = (Planned("gmail", ActionPlan("gone")), Planned("note", ActionPlan("", "stays")))
    drawn = review.undo_review(Review(some.followup("en"), planned), ENGLISH)
    assert review.read_undo(untouched(drawn)) == ("gmail",)


def test_a_recap_is_read_as_it_was_seen_and_changed() -> None:
    form = RecapForm(some.followup("en"), RecapWish("C0SALES"), "Seen.\n\n• and kept")
    drawn = recap.recap_form(form, ENGLISH, recap.NOW)
    assert recap.read_recap(untouched(drawn)) == RecapWish("C0SALES", "Seen.\n\n• and kept")
    shared = RecapChannel("C0SALES", "sales", is_member=True, is_shared=True)
    drawn = recap.recap_form(form, ENGLISH, recap.LATER, shared)
    chosen = recap.read_recap(filled(drawn, recap_outsiders=["yes"]))
    assert chosen.outsiders
    assert recap.read_purpose(drawn.fields["private_metadata"]) == (some.FOLLOWUP_ID, recap.LATER)


def crm_view(name: str, state: str) -> View:
    """One of the CRM forms as its scene draws it."""
    found = f"slack.followups.crm.{name}.{state}"
    drawn = next(scene for scene in CRM_ACTIONS if scene.name == found).draw("en")
    assert isinstance(drawn, View)
    return drawn


def test_an_untouched_note_form_is_what_was_proposed() -> None:
    assert crm.read_note(untouched(crm_view("note_form", "normal"))) == ("", "301", ("201",))
    state = filled(crm_view("note_form", "normal"), note_deal="-", note_people=["202"])
    assert crm.read_note(state) == ("", "", ("202",))
    assert crm.read_note(untouched(crm_view("note_form", "several")))[0] == "101"


def test_a_deal_form_that_is_untouched_changes_nothing_and_says_so() -> None:
    view = crm_view("deal_form", "normal")
    seen = crm.read_deal_seen(view.fields["private_metadata"])
    assert crm.read_purpose(view.fields["private_metadata"])[:2] == (some.FOLLOWUP_ID, crm.NOW)
    with pytest.raises(Invalid):
        crm_forms.deal_choice(seen, crm.read_deal(untouched(view)))
    # Slack reports no untouched field after an update: that is not an emptied one.
    with pytest.raises(Invalid):
        crm_forms.deal_choice(seen, crm.read_deal(State({})))


def test_what_is_typed_of_a_deal_is_the_difference() -> None:
    view = crm_view("deal_form", "normal")
    seen = crm.read_deal_seen(view.fields["private_metadata"])
    state = filled(view, deal_stage="p1|s3", deal_amount="50.000,00", deal_closes="")
    kept = DEAL_WISH.validate_json(crm_forms.deal_choice(seen, crm.read_deal(state)))
    assert changed_names(kept.seen, kept.wanted) == ("stage", "amount", "closes_on")
    assert (kept.wanted.amount, kept.wanted.closes_on) == (Amount(5_000_000, "EUR"), None)
    with pytest.raises(Invalid) as caught:
        crm_forms.deal_choice(seen, crm.read_deal(filled(view, deal_amount="much")))
    assert caught.value.field == "amount"


def test_chosen_tasks_come_back_by_their_keys() -> None:
    view = crm_view("tasks_form", "normal")
    _, proposed = crm.read_tasks(untouched(view))
    assert proposed is not None
    assert len(proposed) == 1
    assert crm.read_tasks(filled(view, task_items=[]))[1] == ()
