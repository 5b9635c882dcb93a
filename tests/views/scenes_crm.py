"""Every view of the CRM: its connection, its keys, and which company is which."""

from dataclasses import replace
from datetime import UTC, datetime

from services.connections.connections import ConnectionHealth
from services.connections.crm_keys import CRONO, HUBSPOT, CrmProgress
from services.crm import Account, CronoVendor, HubSpotVendor, Mapping, Match
from services.crm.connecting import NOT_ACCEPTED
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack import connections, crm
from views.slack.crm import companies
from views.slack.followups import options

SINCE = datetime(2026, 11, 3, 9, tzinfo=UTC)
FILLED = CrmProgress(120_480, 120_480, filled=True, refreshed_at=SINCE)
CONNECTED = ConnectionHealth(CRONO, True, "U0ADA", SINCE, FILLED)
CRONO_VENDOR = CronoVendor(None)  # type: ignore[arg-type] # asked for its fields only
HUBSPOT_VENDOR = HubSpotVendor(None)  # type: ignore[arg-type] # asked for its fields only
TYPED = ("pub_typed", "priv_typed")


def _health(lang: str, crm_health: ConnectionHealth) -> Given:
    return given(some.health(crm=crm_health), some.member(lang))


def _reading(lang: str) -> Given:
    progress = CrmProgress(12_400, 120_480, filled=False, refreshed_at=None)
    return _health(lang, replace(CONNECTED, index=progress))


def _own(lang: str) -> Given:
    return _health(lang, replace(CONNECTED, own=True))


def _hubspot(lang: str) -> Given:
    return _health(lang, replace(CONNECTED, vendor=HUBSPOT))


def _failing(lang: str) -> Given:
    return _health(lang, replace(CONNECTED, connected=False))


def _form(lang: str) -> Given:
    return given(crm.KeysWanted(CRONO), CRONO_VENDOR, some.member(lang))


def _form_own(lang: str) -> Given:
    return given(crm.KeysWanted(CRONO, own=True), CRONO_VENDOR, some.member(lang))


def _form_refused(lang: str) -> Given:
    problem = NOT_ACCEPTED(lang, crm="Crono")
    wanted = crm.KeysWanted(CRONO)
    return given(wanted, CRONO_VENDOR, some.member(lang), typed=TYPED, problem=problem)


def _form_switch(lang: str) -> Given:
    wanted = crm.KeysWanted(HUBSPOT)
    return given(wanted, HUBSPOT_VENDOR, some.member(lang), instead_of=CRONO)


ACCOUNTS = (Account("a1", "Northwind Italia"), Account("a2", "Northwind <GmbH>"))
CHOSEN = (
    Mapping("northwind.example", "a2", "Northwind <GmbH>", "U0ADA", SINCE),
    Mapping("else.example", "", "", "U0BOB", SINCE),
)


def _offered(lang: str, match: Match) -> Given:
    form = options.Form(some.meeting(), some.member(lang), match=match, crm="Crono")
    return given(form)


def _matched(lang: str) -> Given:
    return _offered(lang, Match("northwind.example", ACCOUNTS[1]))


def _several(lang: str) -> Given:
    return _offered(lang, Match("northwind.example", None, ACCOUNTS))


CRM = (
    Scene(companies.companies, "some", lambda lang: given(CHOSEN, "Crono", some.member(lang))),
    Scene(companies.companies, "none", lambda lang: given((), "HubSpot", some.member(lang))),
    Scene(
        companies.company_form,
        "normal",
        lambda lang: given("northwind.example", "Crono", some.member(lang)),
    ),
    Scene(options.options, "crm_matched", _matched),
    Scene(options.options, "crm_several", _several),
    Scene(options.options, "crm_unknown", lambda lang: _offered(lang, Match("northwind.example"))),
    Scene(connections.overview, "crm_connected", lambda lang: _health(lang, CONNECTED)),
    Scene(connections.overview, "crm_reading", _reading),
    Scene(connections.overview, "crm_own", _own),
    Scene(connections.overview, "crm_hubspot", _hubspot),
    Scene(connections.overview, "crm_failing", _failing),
    Scene(crm.form, "crono", _form),
    Scene(crm.form, "own", _form_own),
    Scene(crm.form, "refused", _form_refused),
    Scene(crm.form, "switch", _form_switch),
    Scene(crm.testing, "normal", lambda lang: given("Crono", some.member(lang))),
    Scene(crm.saved, "normal", lambda lang: given("Crono", some.member(lang), own=False)),
    Scene(crm.saved, "own", lambda lang: given("Crono", some.member(lang), own=True)),
)
