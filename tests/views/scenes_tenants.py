"""Tenants as ops admins see them in Slack, and the page of an invitation, in every state."""

from dataclasses import replace
from datetime import timedelta

from handlers.slack.tenants import SCHEMA
from services.tenants import (
    DELETE,
    ONBOARD,
    Invitation,
    NewTenant,
    Tenant,
    TenantAdmin,
    TenantFindings,
)
from services.tenants import notes as step_notes
from services.tenants.invitations import EXPIRED, NO_NAME, USED
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from tests.views.scenes_operations import _step, operation
from views.pages import invitations
from views.slack import operations, ops, tenants
from views.words.tenants import DELETE_KIND, ONBOARD_KIND

CHANNEL = "C0OPS"
COMPANY = "Müller & <Söhne>"
WEEK = timedelta(days=7)
ACME = Tenant(
    id="ten_1",
    onboarding_id="onb_1",
    company=COMPANY,
    email="ada+<1>@example.com",
    language="en",
    source="signup",
    slug="muller-sohne",
    provider="supabase",
    plan="professional",
    overrides={"reports": False},
    state="ready",
    problem="",
    reason="",
    suspended_by="",
    customer_id="",
    database="seguito-example-com-muller-sohne",
    server_version="16.4",
    ready_at=some.NOW,
    trial_ends_at=some.NOW + WEEK,
    delete_after=None,
    created_at=some.NOW,
    operation_id="op_1",
)
CAP = (
    "Supabase says: “You have reached the limit of <2> free projects.” Mend that there, then retry."
)
FOUND = TenantFindings(
    unseen=("supabase",),
    orphans=("postgres: seguito-<a>-left",),
    missing=("acme (supabase)",),
    breaches=("seguito-a → postgres",),
)
MANY = TenantFindings(orphans=tuple(f"supabase: seguito-a-{n}" for n in range(12)))
ADMIN = TenantAdmin(COMPANY, "ada@example.com", "Ada <Lovelace>")
INVITED = Invitation(COMPANY, "ada@example.com", some.NOW + WEEK, "en")
OWN = replace(ACME, provider="own", database="", plan="starter", overrides={})


def in_state(state: str, **more: str) -> Tenant:
    """The same one in another state."""
    return replace(ACME, state=state, **more)  # type: ignore[arg-type]  # fields of text


def _onboarding(language: str, *, failed: bool = False) -> Given:
    done = [
        _step("slug", "done", "muller-sohne", 1),
        _step("intent", "done", step_notes.INTENT(language, name=ACME.database), 1),
        _step("look", "done", step_notes.NOT_THERE(language), 1),
    ]
    if failed:
        left = ("health", "parts", "migrations", "invitation", "smoke", "ready")
        steps = (*done, _step("create", "failed", CAP, 1), *map(_step, left))
        kind = operation(language, *steps, state="failed", kind=ONBOARD, problem=CAP)
        return given(kind, ONBOARD_KIND, tenants.more_of(ACME, kind, ONBOARD, DELETE))
    rest = (
        _step("create", "done", step_notes.CREATED(language), 1),
        _step("health", "done", step_notes.HEALTHY(language), 4),
        _step("parts", "done", step_notes.PARTS(language, host="pooler.x", mode="session"), 1),
        _step("migrations", "done", step_notes.MIGRATED(language, n=3), 1),
        _step("invitation", "done", step_notes.INVITED(language, email=ACME.email), 1),
        _step("smoke", "done", step_notes.SMOKE(language, version="16.4"), 1),
        _step("ready", "done", step_notes.READY(language, email=ACME.email), 1),
    )
    whole = operation(language, *done, *rest, state="done", kind=ONBOARD)
    return given(whole, ONBOARD_KIND, tenants.more_of(ACME, whole, ONBOARD, DELETE))


def _deletion(language: str) -> Given:
    steps = (
        _step("close", "done", step_notes.CLOSED(language), 1),
        _step("wait", "retrying", step_notes.COOLING(language)),
        _step("drop"),
        _step("forget"),
    )
    cooling = replace(ACME, state="deleting", delete_after=some.NOW + WEEK)
    kind = operation(language, *steps, kind=DELETE, cancellable=False)
    return given(kind, DELETE_KIND, tenants.more_of(cooling, kind, ONBOARD, DELETE))


def _states(language: str) -> Given:
    all_of_them = (
        ACME,
        in_state("onboarding", slug=""),
        in_state("failed"),
        in_state("needs_person"),
        in_state("paused"),
        in_state("suspended"),
        in_state("deleting"),
    )
    return given((*all_of_them, *[ACME] * 10), language)


TENANTS = (
    Scene(ops.usage, "tenants", lambda lang: given(SCHEMA.usage(lang), lang)),
    Scene(
        tenants.form,
        "empty",
        lambda lang: given(CHANNEL, some.member(lang), NewTenant("", "")),
    ),
    Scene(
        tenants.form,
        "typed",
        lambda lang: given(CHANNEL, some.member(lang), NewTenant("ada@example.com", COMPANY)),
    ),
    Scene(tenants.started, "begun", lambda lang: given(ACME, lang)),
    Scene(tenants.listing, "all", _states),
    Scene(tenants.listing, "none", lambda lang: given((), lang)),
    Scene(tenants.manage, "ready", lambda lang: given(ACME, ADMIN, lang)),
    Scene(tenants.manage, "own", lambda lang: given(OWN, None, lang, "invite")),
    Scene(
        tenants.manage,
        "needs_person",
        lambda lang: given(in_state("needs_person", problem=CAP), None, lang),
    ),
    Scene(
        tenants.manage,
        "suspended",
        lambda lang: given(in_state("suspended", reason="Unpaid <3>"), ADMIN, lang, "suspend"),
    ),
    Scene(
        tenants.manage,
        "deleting",
        lambda lang: given(
            replace(ACME, state="deleting", delete_after=some.NOW + WEEK), ADMIN, lang, "delete"
        ),
    ),
    Scene(tenants.suspend_form, "asked", lambda lang: given(ACME, lang)),
    Scene(tenants.delete_form, "asked", lambda lang: given(ACME, lang)),
    Scene(tenants.findings, "all", lambda lang: given(FOUND, lang)),
    Scene(tenants.findings, "many", lambda lang: given(MANY, lang)),
    Scene(tenants.paused, "told", lambda lang: given(in_state("paused", problem="INACTIVE"), lang)),
    Scene(tenants.back, "told", lambda lang: given(ACME, lang)),
    Scene(tenants.done, "kept", lambda lang: given(ACME, "keep", lang)),
    Scene(operations.card, "tenant_ready", _onboarding),
    Scene(operations.card, "tenant_failed", lambda lang: _onboarding(lang, failed=True)),
    Scene(operations.card, "tenant_deleting", _deletion),
    Scene(invitations.invitation, "asked", lambda lang: given(INVITED, lang)),
    Scene(invitations.invitation, "nameless", lambda lang: given(INVITED, lang, NO_NAME(lang))),
    Scene(invitations.accepted, "welcome", lambda lang: given(ADMIN, lang)),
    Scene(invitations.refused, "used", lambda lang: given(USED(lang), lang)),
    Scene(invitations.expired, "old", lambda lang: given(EXPIRED(lang, days=7), "to-ken", lang)),
    Scene(invitations.renewed, "mailed", lambda lang: given(lang)),
)
