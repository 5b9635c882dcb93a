"""A start that cannot succeed says so in one line; generated keys are whole or not there."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.settings import BadSettings, generated_keys, load
from db.urls import Dsn, parse
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


async def test_a_server_that_refuses_us_is_one_line_naming_the_setting(database_url: str) -> None:
    dsn = parse(database_url)
    stranger = Dsn({**dsn.parameters, "password": "s3cr3t"})
    for url in (stranger.url, dsn.at("nowhere").url):
        code, said = run("migrate", DATABASE_URL=url, ENCRYPTION_KEYS=KEYS, **LICENSES)
        assert (code, len(said)) == (2, 1)
        assert said[0].startswith("DATABASE_URL: PostgreSQL refuses us: ")
        assert "s3cr3t" not in said[0]


@pytest.mark.parametrize("url", ["postgres:/u:s3cr3t@h/d", "postgres://u:s3cr3t@h/d?foo=1"])
def test_an_address_that_is_none_is_one_line_naming_the_setting(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(BadSettings) as refused:
        load()
    assert str(refused.value).startswith("DATABASE_URL: ")
    assert "s3cr3t" not in str(refused.value)


def test_surroundings_of_a_copied_address_are_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"ENCRYPTION_KEYS": KEYS, **LICENSES, "DATABASE_URL": f"'{NOBODY}?pool=5'\n"}
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    assert load().database_url.get_secret_value() == NOBODY
