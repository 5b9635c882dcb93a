"""`make sandbox`: the outside world and the bot as two processes of ours, one URL, one Ctrl-C."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from bot.local import running
from bot.local.history import invent
from bot.local.history_billing import invent_billing
from bot.local.own_meetings import NoTranscript, as_fathoms_json
from bot.local.postgres import Postgres, die_with_parent
from bot.local.postgres_databases import forget_tenants, new_database
from bot.local.seed import read_seed, seed
from bot.process import log
from bot.settings.kept import generated_keys, kept_secret
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.vault import Vault, parse_keys
from integrations.http import client
from integrations.stripe.client import Stripe

HOST = "127.0.0.1"
PATIENCE = timedelta(seconds=90)
GRACE = timedelta(seconds=15)
REAL_MEETINGS = Path("../shared/meetings")
BOT_PORT = 3000
# The exit code of a program that was asked for something it cannot do; it has said why.
USAGE = 2
# Two lines for a shell, not exported: HOST is also a setting of `python -m bot web`.
READY = """
  Seguito’s sandbox is ready: {started.panel}
  Its HTTP API, for another terminal (docs/api/README.md goes on from here):

HOST={started.api}
ADMIN_KEY={started.admin_key}

  Ctrl-C stops it.

"""


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What the visitor asked for: own transcripts, the panel's port, Socket Mode."""

    meetings: tuple[Path, ...] = ()
    port: int = 4000
    socket: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """What runs: where people look, where programs ask and with which key; `published` is open."""

    panel: str
    api: str
    admin_key: str
    published: IO[str]


class ChildEnded(Exception):
    """A process ended by itself; no words when it said why, and the code we end with."""

    def __init__(self, words: str, code: int = 1) -> None:
        super().__init__(words)
        self.code = code


def launch(wish: SandboxOptions) -> int:
    """Start both, print how to reach them, wait for Ctrl-C or SIGTERM, stop both."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    children: list[subprocess.Popen[bytes]] = []
    try:
        meetings = as_fathoms_json(wish.meetings, _home() / "meetings")
    except NoTranscript as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    wish = replace(wish, meetings=meetings)
    server = Postgres(_home())
    try:
        started = _start_all(wish, server, children)
        _say(started)
        _watch(children)
    except KeyboardInterrupt:
        sys.stdout.write("\nStopping …\n")
        return 0
    except ChildEnded as error:
        sys.stderr.write(f"{error}\n" if str(error) else "")
        return error.code
    finally:
        _stop(children)
        server.stop()
    return 0


def _start_all(
    wish: SandboxOptions, server: Postgres, children: list[subprocess.Popen[bytes]]
) -> Started:
    bot_port = _free_port(BOT_PORT)
    bot_url = f"http://{HOST}:{bot_port}"
    shelf = server.start()
    asyncio.run(forget_tenants(shelf))
    # In the environment, because whoever lists the processes would read a password in an argument.
    place = {**os.environ, "SANDBOX_DATABASE_URL": shelf}
    outside = _spawn(_world(wish, bot_url), env=place, stdout=subprocess.PIPE)
    children.append(outside)
    panel = _announced(outside)
    settings = _get(f"{panel}/environment")
    keys = generated_keys(_home())
    pepper = kept_secret(_home() / "license-pepper")
    database = asyncio.run(_prepare(shelf, keys, pepper, settings))
    own = {
        "DATABASE_URL": database,
        "ENCRYPTION_KEYS": keys,
        "LICENSE_PEPPER": pepper,
        "LICENSE_SIGNING_KEY": kept_secret(_home() / "license-signing-key"),
        "HOST": HOST,
        "METRICS": "true",
        "PORT": str(bot_port),
        "PUBLIC_URL": bot_url,
        "LOG_FORMAT": os.environ.get("LOG_FORMAT") or "console",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL") or "WARNING",
    }
    vendors = {name: str(value) for name, value in settings.items() if name.isupper()}
    command = ["-m", "bot", "web", *(["--socket"] if wish.socket else [])]
    children.append(_spawn(command, env={**os.environ, **own, **vendors}))
    _await_ready(bot_url, children)
    published = running.publish(_seguito_home(), own)
    return Started(panel, bot_url, vendors["ADMIN_API_KEY"], published)


def _world(wish: SandboxOptions, bot_url: str) -> list[str]:
    command = ["-m", "integrations.sandbox", "--port", str(_free_port(wish.port))]
    command += ["--app-url", bot_url, "--history"]
    for meeting in wish.meetings:
        command += ["--meeting", str(meeting)]
    if wish.socket:
        command.append("--socket")
    if REAL_MEETINGS.is_dir():
        command += ["--meetings-dir", str(REAL_MEETINGS)]
    return command


def _spawn(
    arguments: Sequence[str], *, env: Mapping[str, str] | None = None, stdout: int | None = None
) -> subprocess.Popen[bytes]:
    """A process of ours in a group of its own: Ctrl-C is for us, who stop them in order."""
    return subprocess.Popen(  # noqa: S603 - our own modules, never a shell
        [sys.executable, *arguments],
        env=env,
        stdout=stdout,
        process_group=0,
        preexec_fn=die_with_parent(),
    )


async def _prepare(shelf: str, keys: str, pepper: str, settings: Mapping[str, object]) -> str:
    """A new database, as the world outside is new: nothing there remembers what was before."""
    log.configure(
        os.environ.get("LOG_FORMAT") or "console", os.environ.get("LOG_LEVEL") or "WARNING"
    )
    url = await new_database(shelf, "sandbox")
    await upgrade(url)
    database = Database(url, Vault(parse_keys(keys)))
    zone = ZoneInfo(os.environ.get("BUSINESS_TIMEZONE") or "UTC")
    try:
        await seed(database, read_seed(json.dumps(settings["_seed"])))
        await invent(database, pepper.encode(), zone)
        async with client(str(settings["STRIPE_API_URL"]), "stripe") as http:
            stripe = Stripe(http, str(settings["STRIPE_SECRET_KEY"]))
            await invent_billing(database, stripe, zone, datetime.now(UTC))
    finally:
        await database.dispose()
    return url


def _home() -> Path:
    return running.sandbox_folder(_seguito_home())


def _seguito_home() -> Path:
    return Path(os.environ.get("SEGUITO_HOME") or ".seguito")


def _announced(outside: subprocess.Popen[bytes]) -> str:
    """The panel's URL, which the outside world prints once it listens."""
    line = outside.stdout.readline() if outside.stdout else b""
    if not line:
        code = outside.wait()
        raise ChildEnded("", USAGE if code == USAGE else 1)
    return str(json.loads(line)["url"])


def _await_ready(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while time.monotonic() < deadline:
        _check(children)
        try:
            _get(f"{url}/health/ready")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise ChildEnded("The bot did not become ready in time; its messages are above.")


def _watch(children: list[subprocess.Popen[bytes]]) -> None:
    while True:
        _check(children)
        time.sleep(0.3)


def _check(children: list[subprocess.Popen[bytes]]) -> None:
    if any(child.poll() is not None for child in children):
        raise ChildEnded("A part of the sandbox ended by itself; its messages are above.")


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """The bot first, then the world it talks to."""
    for child in reversed(children):
        if child.poll() is None:
            child.terminate()
        try:
            child.wait(GRACE.total_seconds())
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout:
            child.stdout.close()


def _say(started: Started) -> None:
    sys.stdout.write(READY.format(started=started))
    sys.stdout.flush()


def _get(url: str) -> Mapping[str, object]:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 — our own localhost
        document: Mapping[str, object] = json.load(answer)
        return document


def _free_port(wished: int) -> int:
    for port in (wished, 0):
        with socket.socket() as probe:
            # As the servers do: an address that only waits for late packets is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
