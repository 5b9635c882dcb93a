"""`python -m integrations.sandbox`: runs the outside world until it is told to stop."""

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.errors import SetupError
from integrations.sandbox.kit.stage import SandboxOptions
from integrations.sandbox.server import build

HOST = "127.0.0.1"
GRACE = 2.0  # seconds for requests under way


def main(arguments: Sequence[str]) -> int:
    """Parses, builds, serves; 2 and one sentence when something given is not sound."""
    asked = _parser().parse_args(arguments)
    options = SandboxOptions(
        app_url=asked.app_url.rstrip("/"),
        manifest=asked.manifest,
        meetings=tuple(asked.meeting),
        meetings_dir=asked.meetings_dir,
        enforce_limits=asked.enforce_limits,
        socket=asked.socket,
        crm_size=asked.crm_size,
        history=asked.history,
        database_url=os.environ.get("SANDBOX_DATABASE_URL", ""),
    )
    try:
        asyncio.run(_serve(options, asked.port))
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"Port {asked.port} cannot be used: {error.strerror}.\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m integrations.sandbox",
        description="The outside world on localhost: Slack, Fathom, Crono, Google, mail, models.",
    )
    parser.add_argument("--port", type=int, default=4000, help="0 chooses a free one")
    parser.add_argument("--app-url", default="http://127.0.0.1:3000", help="where the bot answers")
    parser.add_argument("--manifest", type=Path, default=Path("manifest.yml"))
    parser.add_argument(
        "--meeting",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a meeting of yours as Fathom's JSON; may be repeated",
    )
    parser.add_argument("--meetings-dir", type=Path, help="a folder of real meetings (.json)")
    parser.add_argument("--enforce-limits", action="store_true", help="Fathom's 60 calls a minute")
    parser.add_argument("--socket", action="store_true", help="deliver by Socket Mode")
    parser.add_argument("--history", action="store_true", help="a year of subscriptions at Stripe")
    parser.add_argument(
        "--crm-size",
        type=_size,
        default=(0, 0),
        metavar="20000x100000",
        help="accounts and people in Crono beside the cast's",
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    accounts, _, people = text.partition("x")
    return int(accounts), int(people)


async def _serve(options: SandboxOptions, port: int) -> None:
    told_to_stop = _stop_event()
    runner = web.AppRunner(build(options), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        listening = socket.create_server((HOST, port))
        await web.SockSite(runner, listening).start()
        chosen = listening.getsockname()[1]
        sys.stdout.write(json.dumps({"port": chosen, "url": f"http://{HOST}:{chosen}"}) + "\n")
        sys.stdout.flush()
        await told_to_stop.wait()
    finally:
        await runner.cleanup()


def _stop_event() -> asyncio.Event:
    """Set by Ctrl-C and by SIGTERM, from before the address is printed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    return stop


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
