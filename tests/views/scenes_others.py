"""Every view of connections, settings, problems and pages in every state it can be in."""

from collections.abc import Callable

from services.connections.connections import FATHOM, GOOGLE, KEY_REFUSED, NO_FATHOM, NO_GMAIL
from services.connections.crm_keys import CRM, CRONO
from services.connections.mailboxes import ConnectedMailbox
from services.doctor import SLACK, standing
from services.doctor.checkups import DRAFTS_GO_TO, KEY_WORKS, NO_CRM, WORKS, Finding
from services.errors import AWAY, EXPIRED
from services.followups.followups import GONE
from services.phrases import Phrase
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from tests.views.scenes_activities import ACTIVITIES
from tests.views.scenes_alerts import ALERTS
from tests.views.scenes_arrivals import ARRIVALS
from tests.views.scenes_auth import AUTH
from tests.views.scenes_billing import BILLING
from tests.views.scenes_budgets import BUDGETS
from tests.views.scenes_calendar import CALENDAR
from tests.views.scenes_credits import CREDITS
from tests.views.scenes_crm import CRM as CRM_SCENES
from tests.views.scenes_files import FILES
from tests.views.scenes_followups import REFERENCE
from tests.views.scenes_habits import HABITS
from tests.views.scenes_home import HOME
from tests.views.scenes_licenses import LICENSES
from tests.views.scenes_rollouts import ROLLOUTS
from tests.views.scenes_templates import TEMPLATES
from tests.views.scenes_tenants import TENANTS
from tests.views.scenes_users import USERS
from tests.views.scenes_webhooks import EMAILS, WEBHOOKS
from tests.views.scenes_workspaces import WORKSPACES
from views.api.kit import health as health_api
from views.pages import page
from views.slack import admins, connections, doctor, errors, people
from views.slack.followups.picker import PAGE, ticket

URL = "https://seguito.example/google/connect?state=abc"
TYPED = "not-the-right-key"
UNKNOWN_WORD = "foo"


def _nothing(lang: str) -> Given:
    return given(some.health(), some.member(lang))


def _everything(lang: str) -> Given:
    health = some.health(fathom="connected", google="connected", crono=True)
    return given(health, some.member(lang))


def _expired(lang: str) -> Given:
    return given(some.health(fathom="expired", google="expired"), some.member(lang))


def _refused(lang: str) -> Given:
    return given(some.member(lang), typed=TYPED, problem=KEY_REFUSED(lang))


def _someone(lang: str) -> Given:
    return given(some.member(lang))


def _linked(lang: str) -> Given:
    return given(some.health(fathom="connected"), some.member(lang), URL)


def _doubtful(lang: str) -> Given:
    account = ConnectedMailbox("bob@northwind.example", some.ACCOUNT, shared=True)
    return given(account.address, lang, account.warnings(lang))


def _account(lang: str) -> Given:
    return given(some.ACCOUNT, lang)


def _language(lang: str) -> Given:
    return given(lang)


CONNECTIONS = (
    Scene(connections.overview, "nothing", _nothing),
    Scene(connections.overview, "everything", _everything),
    Scene(connections.overview, "expired", _expired),
    Scene(connections.fathom_form, "empty", _someone),
    Scene(connections.fathom_form, "refused", _refused),
    Scene(connections.fathom_testing, "normal", _someone),
    Scene(connections.fathom_saved, "normal", _someone),
    Scene(connections.gmail_link, "first", lambda lang: given(URL, some.member(lang), "")),
    Scene(
        connections.gmail_link, "again", lambda lang: given(URL, some.member(lang), some.ACCOUNT)
    ),
    Scene(connections.overview, "linked", _linked),
    Scene(connections.gmail_link_view, "normal", lambda lang: given(URL, some.member(lang))),
    Scene(connections.gmail_followed, "normal", _language),
    Scene(connections.gmail_connected, "normal", _account),
    Scene(connections.gmail_connected, "doubtful", _doubtful),
    Scene(connections.gmail_expired, "normal", _language),
    Scene(connections.gmail_disconnected, "normal", _account),
    Scene(connections.gmail_disconnected, "was_not", lambda lang: given("", lang)),
)


def _finding(vendor: str, words: Phrase, /, *, fine: bool = True, **values: object) -> Finding:
    return Finding(vendor, fine, words("en", **values), words("it", **values))


def _all_fine(lang: str) -> Given:
    findings = (
        _finding(FATHOM, KEY_WORKS),
        _finding(GOOGLE, DRAFTS_GO_TO, account=some.ACCOUNT),
        _finding(CRONO, WORKS),
    )
    return given(findings, some.health(), some.member(lang))


def _some_wrong(lang: str) -> Given:
    findings = (
        _finding(FATHOM, AWAY, fine=False, vendor="Fathom"),
        _finding(GOOGLE, NO_GMAIL, fine=False),
        _finding(CRM, NO_CRM),
    )
    return given(findings, some.health(fathom="connected"), some.member(lang))


def _admin(lang: str) -> Given:
    lacks = {"team": "Altamarea", "scopes": "files:read", "url": "https://s.example/slack/install"}
    workspace = (
        _finding(SLACK, standing.LACKS, fine=False, **lacks),
        _finding(CRONO, standing.CRM_FRESH, done=1_240),
        _finding(FATHOM, standing.MEMBERS, works=12, refused=0),
        _finding(GOOGLE, standing.MEMBERS, fine=False, works=9, refused=2),
    )
    own = (_finding(FATHOM, KEY_WORKS), _finding(GOOGLE, DRAFTS_GO_TO, account=some.ACCOUNT))
    return given(own, some.health(), some.member(lang), workspace)


CHECKUPS = (
    Scene(doctor.checking, "normal", _someone),
    Scene(doctor.checkup, "all_fine", _all_fine),
    Scene(doctor.checkup, "some_wrong", _some_wrong),
    Scene(doctor.checkup, "admin", _admin),
)


def _away(lang: str) -> Given:
    return given(AWAY(lang, vendor="Fathom"), lang)


MEETINGS = errors.Again(PAGE, ticket(0, "acme"))
SHOWN: dict[str, Callable[[str], errors.ErrorNotice]] = {
    "rule": lambda lang: errors.ErrorNotice(GONE(lang), lang),
    "away": lambda lang: errors.ErrorNotice(
        AWAY(lang, vendor="Fathom"), lang, reference=REFERENCE, again=MEETINGS
    ),
    "refused": lambda lang: errors.ErrorNotice(
        EXPIRED(lang, name="Fathom"), lang, FATHOM, REFERENCE, MEETINGS
    ),
    "fathom": lambda lang: errors.ErrorNotice(NO_FATHOM(lang), lang, FATHOM, again=MEETINGS),
    "gmail": lambda lang: errors.ErrorNotice(NO_GMAIL(lang), lang, GOOGLE),
}


def _shown(state: str) -> Callable[[str], Given]:
    return lambda lang: given(SHOWN[state](lang))


PROBLEMS = (
    *(Scene(errors.problem_view, state, _shown(state)) for state in SHOWN),
    *(Scene(errors.problem_message, state, _shown(state)) for state in SHOWN),
    Scene(errors.put_away, "normal", lambda lang: given(MEETINGS, lang)),
    Scene(errors.unexpected, "normal", lambda lang: given(lang, REFERENCE)),
)
SETTINGS = (
    Scene(people.settings, "defaults", _someone),
    Scene(people.settings, "changed", lambda lang: given(some.preferring(lang))),
    Scene(people.help_message, "normal", _language),
    Scene(people.help_message, "unknown", lambda lang: given(lang, UNKNOWN_WORD)),
    Scene(people.help_message, "operating", lambda lang: given(lang, "", "C0OPS")),
)


def _health(*, ready: bool) -> Given:
    database = "ok" if ready else "away"
    return given(health_api.Health(ready, "0.1.0", database), some.NOW)


PAGES = (
    Scene(page.gmail_confirm, "normal", lambda lang: given("Ada Rossi", some.ACCOUNT, lang)),
    Scene(page.gmail_confirm, "unnamed", lambda lang: given("", some.ACCOUNT, lang)),
    Scene(page.gmail_connected, "normal", _account),
    Scene(page.gmail_connected, "doubtful", _doubtful),
    Scene(page.problem, "normal", _away),
    Scene(page.unexpected, "normal", lambda lang: given(REFERENCE, lang)),
    Scene(health_api.health_json, "ready", lambda _: _health(ready=True), languages=("en",)),
    Scene(health_api.health_json, "away", lambda _: _health(ready=False), languages=("en",)),
)
ADMINS = (Scene(admins.wrong_passwords, "ten", lambda lang: given("ada", 10, "203.0.113.9", lang)),)
OTHERS = (
    *ADMINS,
    *ALERTS,
    *ARRIVALS,
    *LICENSES,
    *CONNECTIONS,
    *CHECKUPS,
    *PROBLEMS,
    *SETTINGS,
    *HOME,
    *PAGES,
    *WEBHOOKS,
    *EMAILS,
    *ACTIVITIES,
    *AUTH,
    *CALENDAR,
    *FILES,
    *CREDITS,
    *CRM_SCENES,
    *ROLLOUTS,
    *TENANTS,
    *USERS,
    *BILLING,
    *BUDGETS,
    *WORKSPACES,
    *HABITS,
    *TEMPLATES,
)
