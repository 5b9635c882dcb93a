"""Users as ops admins see them in Slack, in every state."""

from dataclasses import replace
from decimal import Decimal

from handlers.slack.users import SCHEMA
from services.users import Discrepancy, NewUser, Reconciliation, User, UserPreview, notes
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from tests.views.scenes_licenses import proposal
from tests.views.scenes_operations import _step, operation
from views.slack import operations, ops, users
from views.words.users import PROVISION_KIND

CHANNEL = "C0OPS"
EMAIL = "ada+<1>@example.com"
ADA = User(
    id="5b7f0c1e-0000-4000-8000-000000000001",
    email=EMAIL,
    source="admin",
    status="active",
    problem="",
    key_name="seguito seguito.example.com 5b7f0c1e",
    key_limit=Decimal("10.00"),
    key_disabled=False,
    confirmed_at=some.NOW,
    created_at=some.NOW,
)
NEW = UserPreview(NewUser(EMAIL, 250, None), None, 250, Decimal(10))
KNOWN = replace(NEW, known=replace(ADA, status="revoked"))
LEFT = (
    Discrepancy("failed", "u1", EMAIL, "OpenRouter refused to make the key (<limit>)."),
    Discrepancy("key_gone", "u2", "bob@example.com"),
    Discrepancy("balance", "u3", "", "balance, chain"),
)
MENDED = Reconciliation(restarted=1, revived=2, adopted=1, revoked=3, behind=1, left=LEFT)


def _provisioning(language: str, *, failed: bool = False) -> Given:
    done = [
        _step("account", "done", notes.FOUND(language), 1),
        _step("confirmation", "skipped", notes.NOT_NEEDED(language)),
        _step("profile", "done", "", 1),
        _step("credits", "done", notes.CREDITS(language, amount=100), 1),
    ]
    if failed:
        problem = notes.KEY_REFUSED(language)
        left = [_step(name) for name in ("mapping", "mirror", "active")]
        steps = (*done, _step("key", "failed", problem, 1), *left)
        return given(operation(language, *steps, state="failed", problem=problem), PROVISION_KIND)
    rest = (
        _step("key", "done", notes.KEY_STORED(language), 2),
        _step("mapping", "done", notes.LIMIT(language, limit="10.00"), 1),
        _step("mirror", "skipped", notes.NOT_MIRRORED(language, code="42501")),
        _step("active", "done", "", 1),
    )
    receipt = users.receipt(ADA, 100, language)
    return given(operation(language, *done, *rest, state="done"), PROVISION_KIND, receipt)


NOTICES = (
    Scene(users.same_mailbox, "normal", lambda lang: given("ada+2@example.com", lang)),
    Scene(users.profiles_not_written, "normal", lambda lang: given("42501", lang)),
    Scene(users.openrouter_empty, "normal", lambda lang: given(lang)),
)
COMMAND = (
    Scene(ops.usage, "users", lambda lang: given(SCHEMA.usage(lang), lang)),
    Scene(users.form, "normal", lambda lang: given(CHANNEL, some.member(lang))),
    Scene(users.preview, "new", lambda lang: given(NEW, proposal(), lang)),
    Scene(users.preview, "known", lambda lang: given(KNOWN, proposal(), lang)),
    Scene(users.dry_run, "normal", lambda lang: given(NEW, lang)),
    Scene(users.started, "normal", lambda lang: given(lang)),
    Scene(users.mended, "normal", lambda lang: given(EMAIL, lang)),
    Scene(users.looking, "normal", lambda lang: given(lang)),
    Scene(operations.card, "user done", _provisioning),
    Scene(operations.card, "user failed", lambda lang: _provisioning(lang, failed=True)),
)
RECONCILED = (
    Scene(users.reconciled, "well", lambda lang: given(Reconciliation(), lang)),
    Scene(users.reconciled, "mended", lambda lang: given(MENDED, lang)),
    Scene(
        users.reconciled,
        "incomplete",
        lambda lang: given(Reconciliation(incomplete="openrouter: 500"), lang),
    ),
    Scene(users.reconciled, "many", lambda lang: given(Reconciliation(left=LEFT * 7), lang)),
)
USERS = (*NOTICES, *COMMAND, *RECONCILED)
