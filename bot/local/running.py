"""The sandbox that runs under a SEGUITO_HOME, as this machine's other commands find it."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO

FOLDER = "sandbox"
SETTINGS = "settings.json"


def sandbox_folder(home: Path) -> Path:
    """Where a sandbox keeps its database, its secrets and what it runs with."""
    return home / FOLDER


def publish(home: Path, settings: Mapping[str, str]) -> IO[str]:
    """Say what the bot runs with, for as long as the file returned is open; the newest is found."""
    path = sandbox_folder(home) / SETTINGS
    ours = path.with_name(f"{SETTINGS}.{os.getpid()}")
    file = os.fdopen(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w")
    # Locked and whole before anybody can open it: the lock stays with the file when it moves.
    fcntl.flock(file, fcntl.LOCK_EX)
    json.dump(settings, file)
    file.flush()
    ours.replace(path)
    return file


def find(home: Path) -> Mapping[str, str] | None:
    """The settings by their names of the sandbox's bot; None when no sandbox runs."""
    try:
        file = (sandbox_folder(home) / SETTINGS).open(encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        try:
            # The kernel ends the lock with its process, however that ended.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            settings: Mapping[str, str] = json.load(file)
            return settings
    return None
