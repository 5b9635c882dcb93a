"""The form and the cards of users: read back as typed, and sound whatever people are called."""

from dataclasses import replace

from services.users import Discrepancy, NewUser, Reconciliation, TypedUser
from tests.views import samples as some
from tests.views.hands import filled, untouched
from tests.views.scenes_licenses import proposal
from tests.views.scenes_users import ADA, CHANNEL, KNOWN, NEW
from tests.views.test_nasty import EVERY, sound
from views.slack import users

FORM = users.form(CHANNEL, some.member("en"))


def test_an_untouched_form_asks_for_what_everybody_gets() -> None:
    assert users.read_form(untouched(FORM)) == TypedUser("", "", "")


def test_everything_typed_into_the_form_comes_back() -> None:
    state = filled(FORM, email="a@b.example", credits="250", limit="2.50")
    assert users.read_form(state) == TypedUser("a@b.example", "250", "2.50")
    assert FORM.fields["private_metadata"] == CHANNEL


@EVERY
def test_whatever_users_are_called_slack_takes_it(text: str) -> None:
    known = replace(NEW, new=NewUser(text))
    left = tuple(Discrepancy(kind, text or "u", text, text) for kind in users.MEND)
    sound(
        users.preview(known, proposal(), "en"),
        users.dry_run(replace(KNOWN, new=NewUser(text)), "it"),
        users.same_mailbox(text, "en"),
        users.profiles_not_written(text, "it"),
        users.mended(text, "en"),
        users.reconciled(Reconciliation(incomplete=text, left=left * 9), "it"),
    )
    assert users.receipt(replace(ADA, email=text), 100, "en")
