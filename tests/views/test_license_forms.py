"""The forms of licenses give back what was typed into them, as the services' own types."""

import pytest

from integrations.sandbox.slack.blockkit.surfaces import interactive
from services.issuing.bulk import IssuedKey, KeyPage
from services.issuing.bulk_lines import BulkLine, BulkPreview
from services.issuing.bulk_uploads import Upload
from services.issuing.issuing import Typed
from services.licensing.license_terms import Order
from tests.views import samples as some
from tests.views.hands import blocks_of, filled, untouched
from tests.views.scenes_licenses import CHANNEL, plan, preview, progress, proposal, receipt
from tests.views.test_nasty import EVERY, sound
from views.slack.issuing import bulk, single
from views.slack.issuing.single import money

PLANS = (plan("starter"), plan("pro"), plan("founders"))
ONE = single.form(PLANS, CHANNEL, some.member("en"))
BULK = bulk.form(CHANNEL, some.member("en"))


def test_an_untouched_form_asks_for_pro_and_no_email() -> None:
    assert single.read_form(untouched(ONE)) == Typed("", "pro", "12")


def test_everything_typed_into_the_form_comes_back() -> None:
    state = filled(
        ONE, email="a@b.example", plan="founders", months="3", domain="b.example", send_email="yes"
    )
    assert single.read_form(state) == Typed("a@b.example", "founders", "3", "b.example", True)


def test_the_forms_remember_their_channel() -> None:
    assert (ONE.private_metadata, BULK.private_metadata) == (CHANNEL, CHANNEL)


def test_an_untouched_bulk_form_holds_nothing() -> None:
    assert bulk.read_upload(untouched(BULK)) == Upload()


def test_a_file_comes_back_as_its_id() -> None:
    state = filled(BULK, bulk_file=["F0CSV"], bulk_send_email="yes")
    assert bulk.read_upload(state) == Upload("F0CSV", "", send_email=True)


def test_the_next_keys_begin_behind_the_last_that_were_shown() -> None:
    page = KeyPage("bulk_1", (IssuedKey(301, "a`b@c.example", "CHA-1"),), 301)
    view = bulk.keys(page, some.member("en"))
    blocks = blocks_of(view)
    (ticket,) = (
        element["value"]
        for block in blocks
        for element in interactive(block)
        if element["action_id"] == bulk.SHOW_KEYS.action_id
    )
    assert bulk.read_keys_ticket(ticket) == ("bulk_1", 301)
    assert "```301,aˋb@c.example,CHA-1```" in str(blocks)


def test_the_first_keys_begin_at_the_files_beginning() -> None:
    assert bulk.read_keys_ticket("bulk_1") == ("bulk_1", 0)
    assert bulk.read_keys_ticket("bulk_1:x") == ("bulk_1", 0)


def test_pasted_lines_come_back() -> None:
    state = filled(BULK, bulk_pasted="email,plan\na@b.example,pro\n")
    assert bulk.read_upload(state) == Upload(pasted="email,plan\na@b.example,pro")


@pytest.mark.parametrize(
    ("minor", "english", "italian"),
    [
        (0, "€0.00", "0,00 €"),
        (5, "€0.05", "0,05 €"),
        (123_456_789, "€1,234,567.89", "1.234.567,89 €"),
    ],
)
def test_money_is_written_as_each_language_does(minor: int, english: str, italian: str) -> None:
    assert (money(minor, "EUR", "en"), money(minor, "EUR", "it")) == (english, italian)


def test_a_currency_without_a_sign_keeps_its_code() -> None:
    assert (money(2_900, "CHF", "en"), money(2_900, "CHF", "it")) == ("CHF 29.00", "29,00 CHF")


def test_a_lifetime_plan_needs_nobody_to_empty_the_months() -> None:
    state = filled(ONE, email="a@b.example", plan="founders")
    assert single.read_form(state, PLANS).months == ""
    typed = filled(ONE, email="a@b.example", plan="founders", months="3")
    assert single.read_form(typed, PLANS).months == "3"


def test_what_there_is_none_of_is_not_counted() -> None:
    done = progress("done", issued=30, known=0, bad=0, total=30)
    told = str(bulk.progress(done, (), "en"))
    assert "30 issued" in told
    assert " · " not in told


@EVERY
def test_whatever_customers_are_called_slack_takes_it(text: str) -> None:
    known = preview(order=Order(text, text, 1, text), customer=text)
    sound(
        single.preview(known, proposal(), "en"),
        single.dry_run(known, "it"),
        single.receipt(receipt(email=text, plan=text, domain=text), "en"),
        single.not_issued(text, "a1b2c3", "en"),
    )


@EVERY
def test_whatever_stands_in_a_file_slack_takes_it(text: str) -> None:
    wrong = tuple(BulkLine(n, text, text, None, text, text, "", "bad", text) for n in range(300))
    running = progress("failed", operator_name=text, problem=text)
    sound(
        bulk.preview(BulkPreview(wrong, b""), proposal(), some.member("en"), emails=True),
        bulk.progress(running, wrong, "en"),
        bulk.bad_lines(wrong, some.member("en")),
        bulk.form(CHANNEL, some.member("en"), problem=text),
    )
