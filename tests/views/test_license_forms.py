"""The forms of licenses give back what was typed into them, as the services' own types."""

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
from views.kit import blocks as kit
from views.slack.issuing import bulk, single

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
    assert {one.fields["private_metadata"] for one in (ONE, BULK)} == {CHANNEL}


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


def test_a_lifetime_plan_needs_nobody_to_empty_the_months() -> None:
    state = filled(ONE, email="a@b.example", plan="founders")
    assert single.read_form(state, PLANS).months == ""
    typed = filled(ONE, email="a@b.example", plan="founders", months="3")
    assert single.read_form(typed, PLANS).months == "3"


def test_what_there_is_none_of_is_not_counted() -> None:
    done = progress("done", issued=30, known=0, bad=0, total=30)
    told = str(bulk.results(done, (), "en"))
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
    failed = progress("failed")
    sound(
        bulk.preview(BulkPreview(wrong, b""), proposal(), some.member("en"), emails=True),
        kit.message("Failed", *bulk.results(failed, wrong, "en")),
        bulk.bad_lines(wrong, some.member("en")),
        bulk.form(CHANNEL, some.member("en"), problem=text),
    )
