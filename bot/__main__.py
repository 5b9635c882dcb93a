"""`python -m bot …`: the program's commands."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import commands
from bot.admins import NoAdmin
from bot.backups.release import KINDS
from bot.local.postgres_binaries import NoPostgres
from bot.local.seed import BadSeed
from bot.migrate_tenants import Wished
from bot.program import InQuarantine, SecretsClosed
from bot.settings.settings import BadSettings
from db.store.postgres import DatabaseRefused
from db.store.session import DatabaseUnavailable
from services.rollouts import STRATEGIES

# What a command says before it begins: each says its cure.
REFUSED = (
    *(BadSeed, BadSettings, NoAdmin, NoPostgres),
    *(InQuarantine, SecretsClosed, commands.CannotStart),
)
MIGRATE = "bring the database up to date first"


def main(arguments: Sequence[str]) -> int:
    """Run one command; 2 and one sentence when it cannot even begin."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if "run" not in asked:
        parser.print_help()
        return 0
    try:
        return int(asked.run(asked))
    except REFUSED as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except DatabaseRefused as error:
        sys.stderr.write(f"DATABASE_URL: {error}\n")
        return 2
    except DatabaseUnavailable as error:
        sys.stderr.write(
            f"DATABASE_URL: {error}; is it running, are host, port, name and password right?\n"
        )
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Seguito, the Slack bot.")
    add = parser.add_subparsers(metavar="COMMAND").add_parser
    web = add("web", help="serve Slack and HTTP")
    web.add_argument("--socket", action="store_true", help="Slack in Socket Mode")
    web.add_argument("--migrate", action="store_true", help=MIGRATE)
    web.set_defaults(run=lambda asked: commands.web(socket=asked.socket, migrated=asked.migrate))
    worker = add("worker", help="background jobs and the clock")
    worker.add_argument("--migrate", action="store_true", help=MIGRATE)
    worker.set_defaults(run=lambda asked: commands.worker(migrated=asked.migrate))
    add("migrate", help="bring the database up to date").set_defaults(
        run=lambda _: commands.migrate()
    )
    seed = add("seed", help="say which plans there are, and write what a JSON file holds")
    seed.add_argument("file", type=Path, nargs="?", help="installations and Fathom keys")
    seed.set_defaults(run=lambda asked: commands.seed_from(asked.file))
    add("doctor", help="check every setting and credential").set_defaults(
        run=lambda _: commands.doctor()
    )
    add("rotate-keys", help="seal every secret under the newest key").set_defaults(
        run=lambda _: commands.rotate_keys()
    )
    _add_backups(add)
    key = add("admin-key", help="make a key for the admin API, of a sandbox too; shown once")
    key.add_argument("name", help="whose it is, as the audit log will say")
    key.add_argument("--revoke", action="store_true", help="end the key of this name")
    key.set_defaults(run=lambda asked: commands.admin_key(asked.name, revoke=asked.revoke))
    _add_migrate_tenants(add("migrate-tenants", help="roll migrations out over the tenants"))
    _add_admins(add("admin", help="who opens the dashboard with a password, of a sandbox too"))
    _add_stripe_replay(add("stripe-replay", help="handle events of Stripe's again"))
    _add_users(add("users", help="list who signed up, of a sandbox too"))
    tenants = add("tenants", help="list companies and their databases, of a sandbox too")
    tenants.set_defaults(run=lambda _: commands.tenants())
    manifest = add("manifest", help="print the Slack app's manifest for PUBLIC_URL")
    manifest.add_argument("--socket", action="store_true", help="in its Socket Mode form")
    manifest.add_argument(
        "--distributed", action="store_true", help="for installs by any workspace or organisation"
    )
    manifest.set_defaults(
        run=lambda asked: commands.manifest(socket=asked.socket, distributed=asked.distributed)
    )
    _add_sandbox(add("sandbox", help="everything on this machine, without any account"))
    return parser


def _add_sandbox(sandbox: argparse.ArgumentParser) -> None:
    sandbox.add_argument(
        "--meeting",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a transcript of yours, to be picked like the others: .vtt, .srt, .txt, .docx or"
        " Fathom's .json; may be given several times",
    )
    sandbox.add_argument("--port", type=int, default=4000, help="of the panel; default 4000")
    sandbox.add_argument("--socket", action="store_true", help="Slack in Socket Mode")
    sandbox.set_defaults(run=commands.sandbox)


def _add_backups(add: Callable[..., argparse.ArgumentParser]) -> None:
    backup = add("backup", help="dump the database into a file, proven; keys are not in it")
    backup.add_argument("file", type=Path, help="a new file; FILE.json is written beside it")
    backup.set_defaults(run=lambda asked: commands.back_up_to(asked.file))
    restore = add("restore", help="restore a backup into the empty DATABASE_URL, in quarantine")
    restore.add_argument("file", type=Path, help="what `backup` wrote, with FILE.json beside it")
    restore.set_defaults(run=lambda asked: commands.restore_from(asked.file))
    release = add("release", help="show what a restored database would send, and let it act")
    release.add_argument("name", nargs="?", default="", help="host of PUBLIC_URL, to release it")
    release.add_argument(
        "--drop", action="append", default=[], choices=KINDS, help="let nothing of these leave"
    )
    release.set_defaults(run=lambda asked: commands.release_as(asked.name, asked.drop))
    keys = add("keys", help="list keys and secrets in use with their ages, of a sandbox too")
    keys.set_defaults(run=lambda _: commands.keys())


def _add_stripe_replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("event", nargs="*", help="evt_…; without any, all that are not done")
    parser.set_defaults(run=lambda asked: commands.stripe_replay(asked.event))


def _add_migrate_tenants(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", default="", help="only this file; else all that are missing")
    parser.add_argument(
        "--tenant", action="append", default=[], help="only this one; may be given several times"
    )
    parser.add_argument("--strategy", default="all", choices=STRATEGIES, help="default: all")
    parser.add_argument("--dry-run", action="store_true", help="check only, change nothing")
    parser.set_defaults(
        run=lambda asked: commands.tenants_migrated(
            Wished(asked.version, tuple(asked.tenant), asked.strategy, asked.dry_run)
        )
    )


def _add_admins(admin: argparse.ArgumentParser) -> None:
    admin.add_argument("name", nargs="?", default="", help="without one: list them")
    what = admin.add_mutually_exclusive_group()
    what.add_argument("--reset", action="store_true", help="another password; ends sessions")
    what.add_argument("--remove", action="store_true", help="no admin any more; ends sessions")
    admin.set_defaults(
        run=lambda asked: commands.admin(asked.name, reset=asked.reset, remove=asked.remove)
    )


def _add_users(users: argparse.ArgumentParser) -> None:
    which = users.add_mutually_exclusive_group()
    for name, provisioned in (("--provisioned", True), ("--unprovisioned", False)):
        which.add_argument(
            name,
            dest="provisioned",
            action="store_const",
            const=provisioned,
            help=f"only users {'with' if provisioned else 'without'} a key that works",
        )
    users.set_defaults(run=lambda asked: commands.users(provisioned=asked.provisioned))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
