"""The program's commands: each reads the settings, does one thing, and gives an exit code."""

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop
import yaml

from bot import launcher, log
from bot.checkup import check_up
from bot.manifest import for_socket
from bot.postgres import Postgres
from bot.program import PortTaken, Program
from bot.seed import Seed, read_seed, seed
from bot.settings import Settings, load
from bot.socketmode import RefusedSocket
from bot.wiring import build_database, now
from db.migrate import upgrade
from db.postgres import require_session
from db.rotation import RotationIncomplete, rotate
from services.admin_keys import AdminKeys
from services.errors import DomainError

MANIFEST = Path("manifest.yml")


class CannotStart(Exception):
    """Something that the command needs is not there; the text says what to do."""


def web(*, socket: bool) -> int:
    """Serve until told to stop."""
    settings = _settings()
    if missing := settings.needed_for_slack():
        raise CannotStart(f"{missing} is not set; see .env.example")
    if socket and not settings.slack_app_token.get_secret_value():
        raise CannotStart("SLACK_APP_TOKEN is not set; Socket Mode needs it (xapp-…)")
    try:
        with _database(settings) as url:
            return _run(Program(settings, url).web(socket=socket))
    except RefusedSocket as error:
        raise CannotStart(f"SLACK_APP_TOKEN: Slack refuses it ({error}).") from error
    except PortTaken as error:
        raise CannotStart(f"PORT {settings.port} cannot be used: {error}.") from error


def worker() -> int:
    """Run jobs and the clock until told to stop."""
    settings = _settings()
    if missing := settings.needed_for_slack():
        raise CannotStart(f"{missing} is not set; see .env.example")
    with _database(settings) as url:
        return _run(Program(settings, url).worker())


def migrate() -> int:
    """Bring the database up to date; several at once do it once."""
    with _database(_settings()) as url:
        return _run(upgrade(url))


def seed_from(file: Path) -> int:
    """Write what a seed file holds; running it again changes nothing."""
    wanted = read_seed(file.read_bytes())
    settings = _settings()
    with _database(settings) as url:
        return _run(_seed(settings, url, wanted))


def rotate_keys() -> int:
    """Seal every data key under the newest of ENCRYPTION_KEYS, while everything runs."""
    settings = _settings()
    with _database(settings) as url:
        return _run(_rotate(settings, url))


def admin_key(name: str, *, revoke: bool) -> int:
    """Make a key for the admin API and print it, once and only here; or end the one so named."""
    settings = _settings()
    with _database(settings) as url:
        return _run(_admin_key(settings, url, name, revoke=revoke))


def doctor() -> int:
    """Check settings and credentials; a line each, and what to do; 1 when something is wrong."""
    settings = _settings()
    with _server(settings) as url:
        findings = asyncio.run(check_up(settings, url))
    for finding in findings:
        sys.stdout.write(f"{'ok ' if finding.fine else 'NO '} {finding.name}: {finding.words}\n")
    return 0 if all(finding.fine for finding in findings) else 1


def manifest(*, socket: bool) -> int:
    """Print the manifest; without request URLs in its Socket Mode form."""
    document = yaml.safe_load(MANIFEST.read_text("utf-8"))
    yaml.safe_dump(
        for_socket(document) if socket else document,
        sys.stdout,
        sort_keys=False,
        allow_unicode=True,
    )
    return 0


def sandbox(asked: argparse.Namespace) -> int:
    """The bot and the whole outside world on this machine."""
    wish = launcher.Wish(tuple(asked.meeting), asked.port, asked.socket)
    return launcher.launch(wish)


def _settings() -> Settings:
    settings = load()
    log.configure(settings.log_format, settings.log_level)
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


async def _seed(settings: Settings, url: str, wanted: Seed) -> None:
    database = build_database(settings, url)
    try:
        await seed(database, wanted)
    finally:
        await database.dispose()


async def _rotate(settings: Settings, url: str) -> None:
    database = build_database(settings, url)
    try:
        sealed = await rotate(database)
    except RotationIncomplete as error:
        raise CannotStart(f"Keep the older key, these secrets still need it: {error}") from error
    finally:
        await database.dispose()
    sys.stdout.write(f"{sealed} secrets sealed under the newest key.\n")


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


def _run(work: Coroutine[None, None, None]) -> int:
    uvloop.run(work)
    return 0
