"""Forms for the CRM come back as they were drawn, and as a person changed them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.crm import Account, CrmHit, CronoVendor
from services.crm.crono_words import CAPABILITIES, WORDS
from tests.views import samples as some
from tests.views.hands import blocks_of, filled, untouched
from tests.views.scenes_activities import ABOUT, DEALS, NOTE, TASK
from views.kit.controls import OPTION_LIMIT
from views.slack import crm as connection
from views.slack.crm import activities as views
from views.slack.crm import companies

AT = datetime(2026, 11, 27, tzinfo=UTC)
TICKET = views.FormTicket("f1", "Europe/Rome", "Slack T/C/1", AT)
FORM = views.ActivityForm(
    TICKET, TASK, some.member("en"), "Crono", CAPABILITIES, WORDS, deals=DEALS
)


def test_a_task_reads_back_as_it_was_drawn() -> None:
    state = untouched(views.form(FORM))
    assert views.read_about(state) == ("contact", "c1")
    assert views.read_deal(state) == "d1"
    assert views.read_task(state, TICKET, ABOUT) == TASK


def test_a_task_reads_as_it_was_changed() -> None:
    state = filled(
        views.form(FORM),
        about="account:a2",
        deal="-",
        task_type="inmail",
        subject="Other",
        day="2026-12-24",
        time="09:15",
        description="",
    )
    assert views.read_about(state) == ("account", "a2")
    assert views.read_deal(state) == ""
    wish = replace(
        TASK, type="inmail", subject="Other", day="2026-12-24", at="09:15", description=""
    )
    assert views.read_task(state, TICKET, ABOUT) == wish


@pytest.mark.parametrize("text", ["short", "word " * 1_500 + "end"])
def test_a_note_reads_back_whole(text: str) -> None:
    wish = replace(NOTE, text=text)
    state = untouched(views.form(replace(FORM, wish=wish)))
    assert views.read_note(state, TICKET, ABOUT) == replace(wish, written_at=AT)


def test_a_form_keeps_where_it_comes_from() -> None:
    view = views.form(FORM).to_dict()
    assert views.read_ticket(view["private_metadata"]) == TICKET


def test_another_accounts_deals_are_drawn_as_another_field() -> None:
    other = replace(TASK, about=replace(ABOUT, account_id="a2"))
    blocks = [blocks_of(views.form(replace(FORM, wish=wish))) for wish in (TASK, other)]
    ids = [{block["block_id"] for block in drawn} for drawn in blocks]
    assert len([one for one in ids[0] ^ ids[1] if one.startswith("crm.deal")]) == 2


def test_names_that_begin_alike_stay_tellable_in_an_option() -> None:
    hits = [
        CrmHit("contact", str(n), f"{'Maria Assunta ' * 6}{end}", "m@x.example", "", "a1", "B" * 80)
        for n, end in enumerate(("Rossi", "Bianchi"))
    ]
    labels = [choice.label for choice in views.offers(hits, WORDS, "it")]
    assert labels[0] != labels[1]
    assert all(len(label) <= OPTION_LIMIT for label in labels)


@pytest.mark.parametrize("field", ["about", "subject", "time", "description"])
def test_an_error_is_shown_at_its_field(field: str) -> None:
    state = untouched(views.form(FORM))
    assert views.error_block(state, field).startswith(f"crm.{field}")


def test_typed_keys_come_back_with_what_they_are_for() -> None:
    vendor = CronoVendor(None)  # type: ignore[arg-type] # asked for its fields only
    wanted = connection.KeysWanted("crono", own=True)
    drawn = connection.form(wanted, vendor, some.member("en"), typed=("pub", "priv"))
    assert connection.read_wanted(drawn.fields["private_metadata"]) == wanted
    assert connection.read_keys(untouched(drawn), vendor) == ("pub", "priv")
    assert connection.read_keys(filled(drawn, key_2="new"), vendor) == ("pub", "new")


def test_a_company_is_chosen_changed_and_forgotten() -> None:
    drawn = companies.company_form("northwind.example", "Crono", some.member("en"))
    assert companies.read_company(filled(drawn, company="a1")) == "a1"
    assert companies.read_company(filled(drawn, company=companies.NONE)) == ""
    assert companies.read_row("change:northwind.example") == ("change", "northwind.example")
    [first, last] = companies.offers((Account("a1", "Northwind"),), (), "en")
    assert (first.value, last.value) == ("a1", companies.NONE)
