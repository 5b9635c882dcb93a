"""The doctor: every setting looked at, every credential tried that can be; nothing is started."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from hmac import compare_digest

from bot.backups.release import is_in_service
from bot.doctor.finding import FINE, NOT_SET, UNTRIED, WRONG, SettingFinding, fine, untried, wrong
from bot.doctor.rollouts import check_rollouts
from bot.doctor.slack import check_slack
from bot.doctor.vendors import check_vendors
from bot.settings.environment import Fault
from bot.settings.settings import Settings
from bot.wiring.foundation import build_database
from db.licensing import licenses
from db.rotation import unreadable
from db.store.migrate import is_outdated
from db.store.postgres import DatabaseRefused, require_session
from db.store.session import Database, DatabaseUnavailable, unseal
from db.store.vault import VaultError
from services.licensing import digest
from views.dashboard.kit.blocks import Tone
from views.dashboard.settings import SettingCheck

TONES: dict[str, Tone] = {FINE: "good", WRONG: "bad", UNTRIED: "quiet"}
NO_DATABASE = "cannot be tried without the database"
OWN_HOME = f"{NOT_SET}; made under SEGUITO_HOME, for development only"
NO_OTHER = "cannot be tried until the other faults are mended"

QUARANTINED = "in quarantine, nothing leaves it; python -m bot release says what to type"


async def check_up(settings: Settings, faults: Iterable[Fault]) -> tuple[SettingFinding, ...]:
    """A line for every setting, in their order; `faults` are those that cannot even be read."""
    known = {fault.name: fault for fault in faults}
    groups = await asyncio.gather(
        _stored(settings),
        check_slack(settings),
        check_vendors(settings),
        check_rollouts(settings),
        _local(settings),
    )
    found = [SettingFinding((name,), WRONG, fault.words) for name, fault in known.items()]
    for finding in (finding for group in groups for finding in group):
        names = tuple(name for name in finding.names if name not in known)
        # What was not tried because of a fault is said by the fault.
        if names and finding.names[0] == names[0]:
            found.append(replace(finding, names=names))
        elif names:
            found.append(untried(*names, words=f"cannot be tried without {finding.names[0]}"))
    order = {name: number for number, name in enumerate(Settings.model_fields)}
    return tuple(sorted(found, key=lambda finding: order[finding.names[0]]))


async def setting_checks(settings: Settings) -> tuple[SettingCheck, ...]:
    """The same for the settings page, of settings that could be read."""
    found = await check_up(settings, ())
    return tuple(SettingCheck(one.names, TONES[one.result], one.words) for one in found)


async def _local(settings: Settings) -> tuple[SettingFinding, ...]:
    """What concerns this process alone."""
    jobs = (
        "web runs the jobs too" if settings.embedded_worker else "jobs need `python -m bot worker`"
    )
    return (
        fine("host", "port", words=f"{settings.host}:{settings.port}"),
        fine("public_url", words=settings.base_url),
        _origins(settings),
        fine("seguito_home", words=str(settings.seguito_home)),
        _business_zone(settings),
        fine("retention_days", words=f"{settings.retention_days} days"),
        fine("log_format", "log_level", words=f"{settings.log_format}, {settings.log_level}"),
        fine("embedded_worker", words=jobs),
        *_operators(settings),
        _new_users(settings),
        _admin_key(settings),
        _signing_key(settings),
    )


def _origins(settings: Settings) -> SettingFinding:
    if not settings.origins:
        return untried("cors_origins", words=f"{NOT_SET}; no web app may ask from a browser")
    return fine("cors_origins", words=", ".join(sorted(settings.origins)))


def _business_zone(settings: Settings) -> SettingFinding:
    name = "business_timezone"
    if not settings.business_timezone:
        return untried(name, words=f"{NOT_SET}; days, months and MRR are those of UTC")
    return fine(name, words=settings.business_timezone)


def _operators(settings: Settings) -> tuple[SettingFinding, ...]:
    """How those who run this hear of trouble; Sentry is not tried, since that would be an event."""
    written = settings.alerts_email or settings.email_from
    nobody = f"{NOT_SET}; while Slack is away nobody hears of alerts"
    whom = f"{written} is written to while Slack is away"
    figures = "/metrics is served" if settings.metrics else "no /metrics"
    dsn = settings.given("sentry_dsn")
    return (
        fine("alerts_email", words=whom) if written else untried("alerts_email", words=nobody),
        untried("sentry_dsn", words="set; not tried" if dsn else f"{NOT_SET}; errors are logged"),
        fine("metrics", words=figures),
    )


def _new_users(settings: Settings) -> SettingFinding:
    given = f"{settings.initial_credits} credits, a key of {settings.openrouter_key_limit_usd} USD"
    names = ("openrouter_key_limit_usd", "initial_credits", "provision_on")
    return fine(*names, words=f"{given}, at {settings.provision_on}")


def _admin_key(settings: Settings) -> SettingFinding:
    if settings.given("admin_api_key"):
        return fine("admin_api_key", words="long enough")
    return untried("admin_api_key", words=f"{NOT_SET}; make keys with python -m bot admin-key NAME")


def _signing_key(settings: Settings) -> SettingFinding:
    name = "license_signing_key"
    if settings.given(name):
        return fine(name, words=f"{len(settings.signing_seeds())} read")
    return untried(name, words=OWN_HOME)


async def _stored(settings: Settings) -> tuple[SettingFinding, ...]:
    """The database, and the secrets that must fit what it holds."""
    secrets, url = ("encryption_keys", "license_pepper"), settings.given("database_url")
    if not url:
        embedded = f"{NOT_SET}; an embedded PostgreSQL, for development only, is not started here"
        made = [untried(name, words=OWN_HOME) for name in secrets]
        return untried("database_url", words=embedded), *made
    state = await _database(url)
    if state.result == WRONG:
        return state, *(untried(name, words=NO_DATABASE) for name in secrets)
    if not all(map(settings.given, secrets)):
        return state, *(untried(name, words=NO_OTHER) for name in secrets)
    database = build_database(settings, url)
    try:
        if not await is_in_service(database, settings.public_url):
            state = SettingFinding(state.names, WRONG, QUARANTINED)
        return state, await _encryption(database), await _pepper(database, settings.pepper())
    finally:
        await database.dispose()


async def _database(url: str) -> SettingFinding:
    try:
        await require_session(url)
        outdated = await is_outdated(url)
    except DatabaseRefused as error:
        return wrong("database_url", words=str(error))
    except DatabaseUnavailable as error:
        said = f"{error}; is it running, is the whole address right?"
        return wrong("database_url", words=said)
    if outdated:
        return wrong("database_url", words="not up to date; run python -m bot migrate")
    return fine("database_url", words="PostgreSQL answers and is up to date")


async def _encryption(database: Database) -> SettingFinding:
    name, problems = "encryption_keys", await unreadable(database)
    if problems:
        said = (
            f"{problems[0]} (and {len(problems) - 1} more); give the older key again, after the new"
        )
        return SettingFinding((name,), WRONG, said)
    return fine(name, words="open what is stored")


async def _pepper(database: Database, pepper: bytes) -> SettingFinding:
    name = "license_pepper"
    async with database.transaction() as session:
        newest = await licenses.newest(session)
        if newest is None:
            return fine(name, words="set; there is no license yet to try it with")
        try:
            key = unseal(session, newest, "key")
        except VaultError:
            return untried(name, words="cannot be tried without the right ENCRYPTION_KEYS")
    if not compare_digest(digest(pepper, key), newest.key_digest):
        return SettingFinding(
            (name,), WRONG, "not the one that licenses were issued with; put it back"
        )
    return fine(name, words="fits the licenses that were issued")
