"""Rollouts as ops admins see them in Slack, from the preview to the end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from handlers.slack.rollouts import SCHEMA, TENANT_MIGRATE
from integrations.postgres_grammar.types import Concern, SqlStatement, TableLock
from integrations.squawk.types import LintFinding, LintReport, LintWaiver
from integrations.tenant_databases.outcomes import SchemaDifference, TryOutResult
from services.actors import Operator
from services.rollouts import (
    Breach,
    Rollout,
    RolloutEvent,
    RolloutOptions,
    RolloutOrder,
    RolloutReview,
    RolloutTarget,
)
from tests.views import samples as some
from tests.views.scenes import Scene, given
from views.slack import ops
from views.slack.rollouts import card, form

# What the samples say themselves, in whatever language.
SHOWN = (
    "ALTER TABLE orders ADD COLUMN note text",
    "ALTER TABLE orders DROP COLUMN note",
    "column “note” &lt;x&gt; has nulls",
    "relation &lt;t&gt; does not exist",
    "Write &lt;it&gt; so that a repeat is safe.",
    "0042_add_note",
    "ro_8c1f2a7b9d10",
    *("globex", "odd-one", "far-away", "not-yet", "newer", "orders.vat", "orders.note", "orders"),
    *(f"busy-{n}" for n in range(5)),
)
CHANNEL, ADA = "C0OPS", Operator("slack", "T:ADA", "Ada <1>")
ADD = SqlStatement(
    "ALTER TABLE orders ADD COLUMN note text",
    "ALTER TABLE",
    1,
    1,
    locks=(TableLock("orders", "ACCESS EXCLUSIVE", "instant"),),
)
DROP = SqlStatement(
    "ALTER TABLE orders DROP COLUMN note",
    "ALTER TABLE",
    1,
    1,
    concerns=(Concern("drops_column", "orders.note"),),
)
ADVICE = LintFinding("adding-field", "Write <it> so that a repeat is safe.", "", 1, 1)
REVIEW = RolloutReview(
    up=(ADD,),
    down=(DROP,),
    lint=LintReport(
        (LintFinding("adding-field", "Write <it> so that a repeat is safe.", "", 1, 1),)
    ),
    try_out=TryOutResult({}, down_returns=True, on_empty="same"),
    sizes=(1, 1, 8, 10),
    canary="acme",
    surveyed=20,
    odd=("odd-one",),
    away=("far-away",),
    waits=("not-yet",),
)
RISKY = replace(
    REVIEW,
    up=(DROP,),
    down=(),
    lint=LintReport(waivers=(LintWaiver(1),), missing="no_program"),
    try_out=TryOutResult({}, impossible="no_scratch", on_empty="fails"),
)
ROLLOUT = Rollout(
    id="ro_8c1f2a7b9d10",
    version="0042_add_note",
    hash="ab" * 32,
    strategy="canary_gradual",
    canary="ten_1",
    options=RolloutOptions(return_by_itself=True),
    state="open",
    direction="up",
    control="run",
    hold=False,
    wanted=True,
    dry_run=False,
    needs_approval=False,
    approved_by="",
    can_roll_back=True,
    destroys_on_way_back=True,
    wave=3,
    waves=4,
    watch_until=None,
    breaches=(),
    counts={"done": 6, "running": 2, "waiting": 12},
    wave_counts={},
    operation_id="op_1",
    operator=ADA,
    language="en",
    created_at=some.NOW,
    started_at=some.NOW,
    ended_at=None,
)
PROPOSED = replace(ROLLOUT, state="proposed", wanted=False, counts={}, waves=0)
FAILURE = {"statement": 1, "sqlstate": "23502", "sentence": "column “note” <x> has nulls"}
ORDER = RolloutOrder("0042_add_note", ADD.sql, DROP.sql, "gradual", ("acme", "globex"), "acme")
EVENTS = (
    RolloutEvent(some.NOW, "halted", "", {}),
    RolloutEvent(some.NOW, "wave_done", "", {"wave": 1}),
    RolloutEvent(some.NOW, "wanted", "Ada <1>", {}),
)


def target(name: str, state: str, code: str = "", **facts: str | int) -> RolloutTarget:
    """One tenant."""
    return RolloutTarget(
        tenant_id=f"ten_{name}",
        name=name,
        wave=1,
        direction="up",
        state=state,
        attempt=1,
        code=code,
        facts=facts,
        drift=SchemaDifference(("table <odd>",), ("column orders.vat",))
        if state == "drifted"
        else None,
        found="18:abc" if state == "drifted" else "",
        began_at=some.NOW,
        ended_at=some.NOW,
    )


TENANTS = (
    target("acme", "done"),
    target("globex", "failed", "statement", **FAILURE),
    target("odd-one", "drifted", "drifted_before"),
    target("far-away", "deferred", "unreachable"),
    target("newer", "kept", "later_version", version="0043"),
    *(target(f"busy-{n}", "deferred", "busy") for n in range(5)),
)
HALT = replace(
    ROLLOUT,
    control="halt",
    counts={"done": 6, "failed": 1, "drifted": 1, "deferred": 6, "waiting": 6},
    breaches=(Breach("failures", "globex", "column “note” <x> has nulls"),),
)


def in_state(state: str, counts: Mapping[str, int], direction: str = "up") -> Rollout:
    """A rollout that is over."""
    return replace(ROLLOUT, state=state, counts=counts, direction=direction)


CARDS = {
    "checking": (replace(PROPOSED, state="checking"), None),
    "preview": (PROPOSED, REVIEW),
    "risky": (replace(PROPOSED, needs_approval=True, wanted=True, can_roll_back=False), RISKY),
    "agreed": (replace(PROPOSED, needs_approval=True, approved_by="Grace"), RISKY),
    "nobody": (PROPOSED, replace(REVIEW, sizes=(), surveyed=0, canary="")),
    "refused": (
        replace(
            PROPOSED,
            state="refused",
            breaches=(Breach("try_out", detail='{"sentence": "relation <t> does not exist"}'),),
        ),
        REVIEW,
    ),
    "rehearsed": (replace(PROPOSED, state="rehearsed"), REVIEW),
    "running": (ROLLOUT, REVIEW),
    "watching": (replace(ROLLOUT, watch_until=some.NOW + timedelta(hours=24)), REVIEW),
    "held": (replace(ROLLOUT, hold=True), REVIEW),
    "paused": (replace(ROLLOUT, control="pause"), REVIEW),
    "halted": (HALT, REVIEW),
    "last_ones": (replace(ROLLOUT, wave=4, counts={"done": 19, "deferred": 1}), REVIEW),
    "going_back": (
        replace(ROLLOUT, direction="down", counts={"done": 3, "waiting": 3, "untouched": 14}),
        REVIEW,
    ),
    "done": (in_state("done", {"done": 20}), REVIEW),
    "aborted": (in_state("aborted", {"done": 6, "waiting": 14}), REVIEW),
    "rolled_back": (
        in_state("rolled_back", {"done": 5, "kept": 1, "untouched": 14}, direction="down"),
        REVIEW,
    ),
    "empty": (in_state("done", {}), REVIEW),
}
ROLLOUTS = (
    Scene(ops.usage, "rollouts", lambda lang: given(SCHEMA.usage(lang), lang)),
    Scene(form.form, "empty", lambda lang: given(CHANNEL, some.member(lang))),
    Scene(form.form, "typed", lambda lang: given(CHANNEL, some.member(lang), ORDER)),
    Scene(form.roll_back, "destroys", lambda lang: given(ROLLOUT, REVIEW, lang)),
    Scene(
        form.roll_back,
        "harmless",
        lambda lang: given(replace(ROLLOUT, destroys_on_way_back=False), REVIEW, lang),
    ),
    Scene(form.details, "halted", lambda lang: given(HALT, TENANTS, EVENTS, lang)),
    Scene(form.sql, "both", lambda lang: given(ROLLOUT, ORDER, lang)),
    Scene(card.checking, "begun", lambda lang: given("0042_add_note", lang)),
    Scene(card.reasons, "told", lambda lang: given(HALT, lang)),
    Scene(card.listing, "some", lambda lang: given((HALT, PROPOSED), TENANT_MIGRATE, lang)),
    Scene(card.listing, "none", lambda lang: given((), TENANT_MIGRATE, lang)),
    *(
        Scene(
            card.card,
            state,
            lambda lang, of=of, review=review: given(of, review, TENANTS if of.total else (), lang),
        )
        for state, (of, review) in CARDS.items()
    ),
)
