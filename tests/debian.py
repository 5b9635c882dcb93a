"""Debian packages in a folder of one's own, for people who may not install any (stdlib only)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = ("apt-get", "dpkg-deb")


def available() -> bool:
    """Whether this system fetches its packages with apt."""
    return all(shutil.which(tool) for tool in TOOLS)


def unpack(packages: list[str], into: Path) -> None:
    """Fetch `packages` with all they need that is not installed yet, and unpack them into `into`.

    apt keeps its lists and archives below `into` and takes no system lock, so no rights are needed;
    nothing is configured and no maintainer script runs. Raises CalledProcessError when apt cannot.
    """
    own = into.absolute() / ".apt"
    for folder in ("state/lists/partial", "cache/archives/partial", "log"):
        (own / folder).mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", *_options(own)]
    # A failing extra source of this machine must not stop us: the install below is the judge.
    _run([*apt, "update"], check=False)
    # What was asked for comes in any case; of the rest only what this machine lacks.
    wanted = ["install", "--yes", "--no-install-recommends", "--reinstall", "--download-only"]
    _run([*apt, *wanted, *packages])
    for archive in sorted((own / "cache/archives").glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(archive), str(into)])
    shutil.rmtree(own)


def _options(own: Path) -> list[str]:
    settings = {
        "Dir::State": own / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": own / "cache",
        "Dir::Log": own / "log",
        "Debug::NoLocking": "true",
        "APT::Sandbox::User": "",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _run(command: list[str], *, check: bool = True) -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    done = subprocess.run(command, env=quiet, capture_output=True, text=True)
    if check and done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()


def main() -> None:
    """`debian.py FOLDER PACKAGE…`, for the script that makes the environment."""
    if not available():
        sys.exit("seguito: apt-get is not here")
    unpack(sys.argv[2:], Path(sys.argv[1]))


if __name__ == "__main__":
    main()
