"""Finds the programs the tests start and gets what is missing (stdlib only).

    python tests/chromium.py              prints the browser's path
    python tests/chromium.py COMMAND …    runs COMMAND with CHROMIUM, PHP, PGBOUNCER and others set

The order: $CHROMIUM, a browser in PATH, one fetched earlier; else Debian's package (installed when
we are root, unpacked into this checkout otherwise); else Playwright's own build. PHP, which runs
the reference verifier of receipts, comes the same way, and so does PgBouncer, never installed:
Debian would start it. Of these two nobody but Debian has a build.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

import debian

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FETCHED = Path(__file__).resolve().parent.parent / ".seguito" / "chromium"
ANSWER_SECONDS = 30

WRAPPER = """\
#!/bin/sh
# Runs a program with the libraries that were unpacked beside this file.
here=$(cd "$(dirname "$0")" && pwd)
for folder in "$here"/usr/lib/*-linux-gnu* "$here"/lib/*-linux-gnu* "$here"/usr/lib/*/pulseaudio; do
    LD_LIBRARY_PATH="$folder${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
done
FONTCONFIG_FILE="$here/fonts.conf"
export LD_LIBRARY_PATH FONTCONFIG_FILE
exec {program} "$@"
"""
FONTS = """\
<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir><dir>{here}/usr/share/fonts</dir><cachedir>{here}/fonts</cachedir>
</fontconfig>
"""


class NotHere(Exception):
    """A program the tests start is not here and cannot be had; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Need:
    """A program the tests start: what names it, proves that it works, brings it, and its places."""

    name: str
    variable: str
    proof: tuple[str, ...]
    packages: tuple[str, ...]
    places: Callable[[Mapping[str, str]], Iterator[Path]]

    def found(self, environ: Mapping[str, str]) -> Path | None:
        """The first place whose program starts; a wish in the environment is not overruled."""
        if wish := environ.get(self.variable):
            if answers(Path(wish), self.proof):
                return Path(wish)
            raise NotHere(f"{self.variable}={wish} does not start; correct or unset it.")
        return next((one for one in self.places(environ) if answers(one, self.proof)), None)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to get packages: whether it can bring a need on this machine, and how it goes."""

    name: str
    fits: Callable[[Need], bool]
    go: Callable[[tuple[str, ...]], None]


def answers(program: Path, proof: tuple[str, ...]) -> bool:
    """Whether the program works here (Ubuntu's chromium-browser may be an empty shell)."""
    command = [str(program), *proof]
    try:
        done = subprocess.run(command, capture_output=True, timeout=ANSWER_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0 and bool(done.stdout.strip())


def provide(
    environ: Mapping[str, str], needs: tuple[Need, ...], ways: tuple[Way, ...]
) -> dict[str, str]:
    """Each need's variable and the path of its program, fetched by the first way that works.

    Raises NotHere with one sentence when no way that fits this machine helps.
    """
    found = {need: need.found(environ) for need in needs}
    for way in ways:
        wanted = [need for need, path in found.items() if not path and way.fits(need)]
        if wanted:
            _take(way, tuple(name for need in wanted for name in need.packages))
            found |= {need: need.found(environ) for need in wanted}
    if missing := [need for need, path in found.items() if not path]:
        raise NotHere(_sentence(missing))
    return {need.variable: str(path) for need, path in found.items()}


def _sentence(missing: list[Need]) -> str:
    names = " and ".join(need.name for need in missing)
    them = "them" if len(missing) > 1 else "it"
    paths = " and ".join(f"{need.variable}=/path/to/it" for need in missing)
    return f"The tests need {names}: install {them}, or set {paths}."


def _take(way: Way, packages: tuple[str, ...]) -> None:
    sys.stderr.write(f"Getting {', '.join(packages)}: {way.name} (once; some minutes) …\n")
    try:
        way.go(packages)
    except (OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"That did not work: {error}\n")


def _browsers(environ: Mapping[str, str]) -> Iterator[Path]:
    path = environ.get("PATH")
    yield from (Path(found) for name in BROWSERS if (found := shutil.which(name, path=path)))
    yield MAC
    yield FETCHED / "run-chromium"
    for pattern in ("chrome-linux*/chrome", "chrome-mac*/**/MacOS/*"):
        yield from sorted(FETCHED.glob(f"playwright/chromium-*/{pattern}"))


def _drivers(_: Mapping[str, str]) -> Iterator[Path]:
    yield _driver()
    yield FETCHED / "run-driver"


def _phps(environ: Mapping[str, str]) -> Iterator[Path]:
    if found := shutil.which("php", path=environ.get("PATH")):
        yield Path(found)
    yield FETCHED / "run-php"


def _pgbouncers(environ: Mapping[str, str]) -> Iterator[Path]:
    # Debian's place for servers is not in everybody's PATH.
    path = f"{environ.get('PATH', os.defpath)}:/usr/sbin"
    if found := shutil.which("pgbouncer", path=path):
        yield Path(found)
    yield FETCHED / "run-pgbouncer"


def _driver() -> Path:
    spec = find_spec("playwright")
    if not spec or not spec.origin:
        raise NotHere("Playwright is not installed; run this through `make test`.")
    return Path(spec.origin).parent / "driver" / "node"


def _has_package(need: Need) -> bool:
    # Ubuntu's chromium package is only a pointer to a snap, which containers cannot run.
    release = Path("/etc/os-release")
    return debian.available() and (
        need is not BROWSER or (release.exists() and "\nID=debian\n" in release.read_text())
    )


def _install(packages: tuple[str, ...]) -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "--yes", "--no-install-recommends", *packages)):
        command = ["apt-get", "-qq", *words]
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)


def _unpack(packages: tuple[str, ...]) -> None:
    FETCHED.mkdir(parents=True, exist_ok=True)
    debian.unpack(list(packages), FETCHED)
    (FETCHED / "fonts.conf").write_text(FONTS.format(here=escape(str(FETCHED))))
    for name, program in (
        ("run-chromium", '"$here/usr/lib/chromium/chromium"'),
        ("run-driver", shlex.quote(str(_driver()))),
        ("run-php", '"$here"/usr/bin/php[0-9]*'),
        ("run-pgbouncer", '"$here/usr/sbin/pgbouncer"'),
    ):
        (FETCHED / name).write_text(WRAPPER.format(program=program))
        (FETCHED / name).chmod(0o755)


def _playwright(_: tuple[str, ...]) -> None:
    driver = DRIVER.found({}) or _driver()
    own = {
        "PLAYWRIGHT_BROWSERS_PATH": str(FETCHED / "playwright"),
        "PLAYWRIGHT_NODEJS_PATH": str(driver),
    }
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, env=os.environ | own, check=True, stdout=sys.stderr)


# --version would answer even where a library or a data file is missing.
BLANK_PAGE = ("--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank")
BROWSER = Need(
    "Chromium",
    "CHROMIUM",
    BLANK_PAGE,
    ("chromium", "chromium-common", "fonts-dejavu-core"),
    _browsers,
)
# Playwright brings a node of its own, which needs a library that bare Debian lacks.
DRIVER = Need(
    "libatomic for Playwright's node",
    "PLAYWRIGHT_NODEJS_PATH",
    ("--version",),
    ("libatomic1",),
    _drivers,
)
PHP = Need(
    "PHP 8 with sodium (php-cli)",
    "PHP",
    ("-r", "echo PHP_MAJOR_VERSION < 8 ? '' : sodium_crypto_sign_keypair();"),
    ("php-cli",),
    _phps,
)
PGBOUNCER = Need("PgBouncer", "PGBOUNCER", ("--version",), ("pgbouncer",), _pgbouncers)
NEEDS = (BROWSER, DRIVER, PHP, PGBOUNCER)
WAYS = (
    Way(
        "apt-get install",
        lambda need: _has_package(need) and os.geteuid() == 0 and need is not PGBOUNCER,
        _install,
    ),
    Way("Debian's packages, unpacked into .seguito", _has_package, _unpack),
    Way("playwright install chromium", lambda need: need is BROWSER, _playwright),
)


def main(command: list[str]) -> None:
    """Run `command` with the programs' variables, or print the browser's path."""
    try:
        variables = provide(os.environ, NEEDS, WAYS)
    except NotHere as error:
        sys.exit(f"seguito: {error}")
    if command:
        os.execvpe(command[0], command, os.environ | variables)  # noqa: S606 - it becomes pytest
    sys.stdout.write(f"{variables['CHROMIUM']}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
