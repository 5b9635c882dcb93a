"""A start that cannot succeed says so in one line; generated keys are whole or not there."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.settings import generated_keys
from db.vault import parse_keys

KEYS = f"a:{'A' * 43}="
LICENSES = {"LICENSE_PEPPER": "x", "LICENSE_SIGNING_KEY": "A" * 43 + "="}
NOBODY = "postgresql://x@127.0.0.1:1/none"
SLACK = {"SLACK_BOT_TOKEN": "x", "SLACK_SIGNING_SECRET": "x", "ANTHROPIC_API_KEY": "x"}


def run(*arguments: str, **environment: str) -> tuple[int, list[str]]:
    """`python -m bot …`: its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.strip().splitlines()


@pytest.mark.parametrize("command", ["web", "worker", "migrate", "rotate-keys"])
def test_a_database_that_does_not_answer_is_one_line_naming_the_setting(command: str) -> None:
    code, said = run(command, DATABASE_URL=NOBODY, ENCRYPTION_KEYS=KEYS, **LICENSES, **SLACK)
    assert code == 2
    assert len(said) == 1
    assert said[0].startswith("DATABASE_URL:")


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: generated_keys(tmp_path / "home"), range(8)))
    assert len(keys) == 1
    assert parse_keys(keys.pop())
    [file] = (tmp_path / "home").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
