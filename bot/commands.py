"""The program's commands: each reads the settings, does one thing, and gives an exit code."""

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop
import yaml

from bot.admins import AdminWish, change_admins, read_password
from bot.backups.backup import back_up
from bot.backups.programs import BackupFailed
from bot.backups.release import NotReleased, release
from bot.backups.restore import restore
from bot.doctor.checkup import check_up
from bot.doctor.finding import WRONG
from bot.keys import write_keys
from bot.local import launcher, running
from bot.local.postgres import Postgres
from bot.local.seed import Seed, read_seed, seed
from bot.manifest import for_distribution, for_host, for_socket
from bot.migrate_tenants import Wished, migrate_tenants
from bot.process import log
from bot.program import PortTaken, Program, version
from bot.settings.environment import load, read
from bot.settings.settings import SLACK, BadSettings, Settings
from bot.slack.socketmode import RefusedSocket
from bot.stripe_replay import replay
from bot.tenant_list import write_tenants
from bot.user_list import write_users
from bot.wiring.foundation import build_database, now
from db.rotation import RotationIncomplete, rotate
from db.store.migrate import is_outdated, upgrade
from db.store.postgres import require_session
from services.audit import AdminKeys
from services.billing import KeptEvents
from services.errors import DomainError
from services.licensing import Plans

MANIFEST = Path("manifest.yml")


class CannotStart(Exception):
    """Something that the command needs is not there; the text says what to do."""


def web(*, socket: bool, migrated: bool) -> int:
    """Serve until told to stop; `migrated`: after bringing the database up to date."""
    settings = _settings((*SLACK, "slack_app_token") if socket else SLACK)
    try:
        with _migrated(settings, by_us=migrated) as url:
            return _run(Program(settings, url).web(socket=socket))
    except RefusedSocket as error:
        raise CannotStart(f"SLACK_APP_TOKEN: Slack refuses it ({error}).") from error
    except PortTaken as error:
        raise CannotStart(f"PORT {settings.port} cannot be used: {error}.") from error


def worker(*, migrated: bool) -> int:
    """Run jobs and the clock until told to stop; `migrated` as in `web`."""
    settings = _settings(SLACK)
    with _migrated(settings, by_us=migrated) as url:
        return _run(Program(settings, url).worker())


def migrate() -> int:
    """Bring the database up to date; several at once do it once."""
    settings = _settings()
    with _database(settings) as url:
        return _run(upgrade(url))


def seed_from(file: Path | None) -> int:
    """Write what a seed file holds; running it again changes nothing. Without one: say what is."""
    try:
        wanted = read_seed(file.read_bytes()) if file else Seed()
    except OSError as error:
        raise CannotStart(f"{file} cannot be read: {error.strerror}.") from error
    settings = _settings()
    with _migrated(settings) as url:
        return _run(_seed(settings, url, wanted))


def rotate_keys() -> int:
    """Seal every data key under the newest of ENCRYPTION_KEYS, while everything runs."""
    settings = _settings()
    with _migrated(settings) as url:
        return _run(_rotate(settings, url))


def back_up_to(file: Path) -> int:
    """Write a backup, which gets its name once it was read back; 1 when that did not work."""
    settings = _of_the_sandbox(_settings())
    with _migrated(settings) as url:
        return _tried(back_up(url, file.absolute(), version(), sys.stdout))


def restore_from(file: Path) -> int:
    """Restore a backup into the empty DATABASE_URL, in quarantine; 1 when that did not work."""
    settings = _settings()
    if not settings.database_url.get_secret_value():
        raise CannotStart("DATABASE_URL: restore into a database of its own; set it.")
    with _database(settings) as url:
        return _tried(_restore(settings, url, file.absolute()))


def release_as(name: str, drop: list[str]) -> int:
    """Show what a restored database would send; with its name, let it act again."""
    settings = _settings()
    with _migrated(settings) as url:
        return _tried(_release(settings, url, name, drop))


def keys() -> int:
    """Print which keys and secrets are in use and since when; never a value."""
    settings = _of_the_sandbox(_settings())
    with _migrated(settings) as url:
        return _run(_keys(settings, url))


def admin_key(name: str, *, revoke: bool) -> int:
    """Make a key for the admin API and print it, once and only here; or end the one so named.

    Without DATABASE_URL it is for the sandbox that runs here, if one does.
    """
    settings = _of_the_sandbox(_settings())
    with _migrated(settings) as url:
        return _run(_admin_key(settings, url, name, revoke=revoke))


def admin(name: str, *, reset: bool, remove: bool) -> int:
    """Make a local admin of the dashboard, give one another password, or remove one.

    The password is the first line of the standard input, asked for where somebody types.
    """
    settings = _of_the_sandbox(_settings())
    password = "" if remove or not name else read_password()
    with _migrated(settings) as url:
        return _run(change_admins(settings, url, AdminWish(name, password, reset, remove)))


def users(*, provisioned: bool | None) -> int:
    """Print who signed up, a line each: all, or only with or without a key that works.

    Without DATABASE_URL those of the sandbox that runs here, if one does.
    """
    settings = _of_the_sandbox(_settings())
    with _migrated(settings) as url:
        return _run(_users(settings, url, provisioned))


def tenants() -> int:
    """Print the companies with a database, a line each; of a sandbox too."""
    settings = _of_the_sandbox(_settings())
    with _migrated(settings) as url:
        return _run(_tenants(settings, url))


def stripe_replay(event_ids: list[str]) -> int:
    """Handle events of Stripe's again: these, or all that are not done. A job each."""
    settings = _of_the_sandbox(_settings())
    with _migrated(settings) as url:
        return _run(_stripe_replay(settings, url, event_ids))


def tenants_migrated(wished: Wished) -> int:
    """Roll migrations out over the tenants and wait; 1 when one of them failed."""
    settings = _of_the_sandbox(_settings())
    with _migrated(settings) as url:
        program = Program(settings, url)
        return uvloop.run(program.once(lambda services: migrate_tenants(services.rollouts, wished)))


def doctor() -> int:
    """Look at every setting and try every credential; a line each; 1 when something is wrong."""
    # Only what it finds is said: no log line of ours or of a library.
    log.configure("console", "CRITICAL")
    settings, faults = read()
    findings = asyncio.run(check_up(settings, faults))
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    return 1 if any(finding.result == WRONG for finding in findings) else 0


def manifest(*, socket: bool, distributed: bool = False) -> int:
    """Print the manifest for PUBLIC_URL; without request URLs in its Socket Mode form.

    `distributed`: for any workspace or organisation that wants to install it.
    """
    settings, faults = read()
    for fault in faults:
        if fault.name == "public_url":
            raise BadSettings(str(fault))
    document = for_host(yaml.safe_load(MANIFEST.read_text("utf-8")), settings.public_url)
    document = for_distribution(document) if distributed else document
    yaml.safe_dump(
        for_socket(document) if socket else document,
        sys.stdout,
        sort_keys=False,
        allow_unicode=True,
    )
    if not settings.public_url:
        sys.stderr.write("PUBLIC_URL is not set: put your address in place of the example’s.\n")
    return 0


def sandbox(asked: argparse.Namespace) -> int:
    """The bot and the whole outside world on this machine."""
    wish = launcher.SandboxOptions(tuple(asked.meeting), asked.port, asked.socket)
    return launcher.launch(wish)


def _settings(needed: Iterable[str] = ()) -> Settings:
    settings = load(needed)
    log.configure(settings.log_format, settings.log_level)
    return settings


def _of_the_sandbox(settings: Settings) -> Settings:
    """The settings of the sandbox that runs here, where there is no DATABASE_URL."""
    if not settings.database_url.get_secret_value() and (
        own := running.find(settings.seguito_home)
    ):
        settings = Settings.model_validate({name.lower(): own[name] for name in own})
        sys.stderr.write(f"For the sandbox at {settings.public_url}.\n")
    return settings


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The server's URL, where it lets us in and no pooler takes our sessions apart."""
    with _server(settings) as url:
        asyncio.run(require_session(url))
        yield url


@contextmanager
def _server(settings: Settings) -> Iterator[str]:
    """DATABASE_URL, or the embedded server brought up to date; it ends with us."""
    if url := settings.database_url.get_secret_value():
        yield url
        return
    server = Postgres(settings.seguito_home)
    url = server.start()
    try:
        asyncio.run(upgrade(url))
        yield url
    finally:
        server.stop()


@contextmanager
def _migrated(settings: Settings, *, by_us: bool = False) -> Iterator[str]:
    """As `_database`; raises CannotStart for one that is not up to date, unless we bring it."""
    with _database(settings) as url:
        if by_us:
            asyncio.run(upgrade(url))
        elif asyncio.run(is_outdated(url)):
            raise CannotStart("DATABASE_URL: not up to date; run python -m bot migrate")
        yield url


async def _seed(settings: Settings, url: str, wanted: Seed) -> None:
    database = build_database(settings, url)
    try:
        await seed(database, wanted)
        plans = await Plans(database, now).available()
    finally:
        await database.dispose()
    names = ", ".join(plan.name for plan in plans)
    sys.stdout.write(
        f"Plans for sale: {names}. Installations written: {len(wanted.installations)},"
        f" Fathom keys: {len(wanted.fathom_keys)}.\n"
    )


async def _rotate(settings: Settings, url: str) -> None:
    database = build_database(settings, url)
    try:
        sealed = await rotate(database)
    except RotationIncomplete as error:
        raise CannotStart(f"Keep the older key, these secrets still need it: {error}") from error
    finally:
        await database.dispose()
    sys.stdout.write(f"{sealed} secrets sealed under the newest key.\n")


async def _restore(settings: Settings, url: str, file: Path) -> None:
    database = build_database(settings, url)
    try:
        await restore(database, file, settings.keys(), sys.stdout)
    finally:
        await database.dispose()


async def _release(settings: Settings, url: str, name: str, drop: list[str]) -> None:
    database = build_database(settings, url)
    try:
        await release(database, settings.base_url, name, drop, sys.stdout)
    finally:
        await database.dispose()


async def _keys(settings: Settings, url: str) -> None:
    database = build_database(settings, url)
    try:
        await write_keys(database, settings, now(), sys.stdout)
    finally:
        await database.dispose()


async def _admin_key(settings: Settings, url: str, name: str, *, revoke: bool) -> None:
    database = build_database(settings, url)
    keys = AdminKeys(database, settings.pepper(), "", now)
    try:
        if revoke:
            await keys.revoke(name)
            sys.stdout.write(f"The key “{name}” is revoked; every process follows in seconds.\n")
            return
        key_id, key = await keys.create(name)
    except DomainError as error:
        raise CannotStart(error.sentence("en")) from error
    finally:
        await database.dispose()
    sys.stdout.write(f"{key}\n")
    sys.stderr.write(f"Key {key_id} for “{name}”. Copy it now: it is not shown again.\n")


async def _stripe_replay(settings: Settings, url: str, event_ids: list[str]) -> None:
    database = build_database(settings, url)
    try:
        unknown = await replay(KeptEvents(database, now), event_ids, sys.stdout)
    finally:
        await database.dispose()
    if unknown:
        raise CannotStart(f"{unknown} of these events are not here: Stripe never delivered them.")


async def _users(settings: Settings, url: str, provisioned: bool | None) -> None:
    database = build_database(settings, url)
    try:
        count = await write_users(database, sys.stdout, provisioned=provisioned)
    finally:
        await database.dispose()
    sys.stderr.write(f"{count} users.\n")


async def _tenants(settings: Settings, url: str) -> None:
    database = build_database(settings, url)
    try:
        count = await write_tenants(database, sys.stdout)
    finally:
        await database.dispose()
    sys.stderr.write(f"{count} tenants.\n")


def _tried(work: Coroutine[None, None, object]) -> int:
    """0 when it worked, 1 when it was tried and did not."""
    try:
        uvloop.run(work)
    except (BackupFailed, NotReleased) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run(work: Coroutine[None, None, None]) -> int:
    uvloop.run(work)
    return 0
