"""The forms of tenants and rollouts give back what was typed into them, as the services' types."""

from datetime import timedelta

import orjson
import pytest

from services.errors import Invalid
from services.rollouts import RolloutOptions, RolloutOrder
from services.tenants import NewTenant
from tests.views import samples as some
from tests.views.hands import filled, untouched
from tests.views.scenes_rollouts import CHANNEL, EVENTS, HALT, ORDER, TENANTS
from views.slack import tenants
from views.slack.rollouts import form

NEW = tenants.form(CHANNEL, some.member("en"), NewTenant("", ""))
EMPTY = form.form(CHANNEL, some.member("en"))


def test_an_untouched_form_asks_for_the_smallest_plan_in_ones_own_language() -> None:
    assert tenants.read_form(untouched(NEW)) == NewTenant.typed("", "", "starter", "", "en")


def test_everything_typed_of_a_tenant_comes_back() -> None:
    url = "postgresql://u:p@db.example:5432/shop"
    typed = {"company": "Müller", "email": "a@b.example", "plan": "enterprise", "language": "it"}
    read = tenants.read_form(filled(NEW, **typed, database_url=f" {url} "))
    assert read == NewTenant.typed("a@b.example", "Müller", "enterprise", url, "it")
    assert read.database_url.get_secret_value() == url


def test_an_untouched_form_asks_for_the_usual_rollout() -> None:
    order = form.read_form(untouched(EMPTY))
    assert order == RolloutOrder("", "", strategy="canary_gradual")


def test_what_was_asked_for_before_is_asked_for_again() -> None:
    assert form.read_form(untouched(form.form(CHANNEL, some.member("en"), ORDER))) == ORDER


def test_everything_typed_of_a_rollout_comes_back() -> None:
    typed = {"version": " 0043 ", "sql": "SELECT 1", "rollback_sql": "SELECT 2", "canary": "acme"}
    watches = {"canary_watch": "2h", "wave_watch": "5m", "threshold": "3"}
    chosen = ["return_by_itself", "long_locks", "dry_run"]
    state = filled(EMPTY, **typed, **watches, tenants="acme, globex", options=chosen)
    assert form.read_form(state) == RolloutOrder(
        "0043",
        "SELECT 1",
        "SELECT 2",
        "canary_gradual",
        ("acme", "globex"),
        "acme",
        RolloutOptions(
            timedelta(hours=2),
            timedelta(minutes=5),
            threshold=3,
            return_by_itself=True,
            lock_timeout=timedelta(seconds=10),
        ),
        dry_run=True,
    )


def test_a_number_that_is_none_is_told_at_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        form.read_form(filled(EMPTY, threshold="many"))
    assert refused.value.field == "threshold"


def test_the_buttons_of_one_in_quarantine_name_it_and_the_schema_that_was_shown() -> None:
    view = form.details(HALT, TENANTS, EVENTS, "en")
    values = {
        element["action_id"]: form.read_ticket(element["value"])
        for block in orjson.loads(orjson.dumps(view.to_dict()["blocks"]))
        for element in block.get("elements", ())
        if "action_id" in element
    }
    ticket = (HALT.id, "ten_odd-one", "18:abc")
    assert values == {form.BASELINE.action_id: ticket, form.TRY_AGAIN.action_id: ticket}
