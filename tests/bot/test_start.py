"""A start that cannot succeed says all that keeps it from it, a line each; keys are kept whole."""

import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings.environment import load
from bot.settings.kept import generated_keys
from bot.settings.settings import SLACK as SLACK_FIELDS
from bot.settings.settings import BadSettings, Settings
from bot.wiring.webhooks import webhook_reach
from db.store.urls import Dsn, parse
from db.store.vault import parse_keys
from integrations.webhooks.types import AddressPolicy
from tests.conftest import NewDatabase
from tests.kit.product import KEYS, LICENSE_SECRETS

pytestmark = pytest.mark.process
NOBODY = "postgresql://x@127.0.0.1:1/none"
ZEROS = f"{'A' * 43}="
SLACK = {
    "SLACK_BOT_TOKEN": "xoxb-tests",
    "SLACK_SIGNING_SECRET": "a-signing-secret-for-tests",
    "ANTHROPIC_API_KEY": "x",
}
OWN = {
    "DATABASE_URL": NOBODY,
    "ENCRYPTION_KEYS": KEYS,
    "PUBLIC_URL": "http://localhost:3000",
    **LICENSE_SECRETS,
}


def run(*arguments: str, **environment: str) -> tuple[int, list[str]]:
    """`python -m bot …`: its exit code and what it said on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.strip().splitlines()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What `load` has to say of an environment."""

    def tell(**environment: str) -> list[str]:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(BadSettings) as error:
            load(SLACK_FIELDS)
        return str(error.value).splitlines()

    return tell


def named(said: list[str]) -> list[str]:
    """The settings that the lines are about."""
    return [line.partition(":")[0] for line in said]


@pytest.mark.parametrize("command", ["web", "worker", "migrate"])
def test_a_database_that_does_not_answer_is_one_line_naming_the_setting(command: str) -> None:
    code, said = run(command, **OWN, **SLACK)
    assert code == 2
    assert len(said) == 1
    assert said[0].startswith("DATABASE_URL:")


async def test_a_database_that_refuses_us_is_one_line(new_database: NewDatabase) -> None:
    url = (await new_database()).rpartition("@")[2]
    wrong = f"postgresql://seguito:hush@{url}"
    code, said = run("migrate", **{**OWN, "DATABASE_URL": wrong})
    assert (code, named(said), len(said)) == (2, ["DATABASE_URL"], 1)
    assert "hush" not in said[0]


@pytest.mark.parametrize("command", [("web",), ("admin-key", "Ada")], ids=lambda one: one[0])
async def test_a_database_that_is_not_migrated_is_one_line_with_its_cure(
    command: tuple[str, ...], new_database: NewDatabase
) -> None:
    code, said = run(*command, **{**OWN, **SLACK, "DATABASE_URL": await new_database()})
    assert (code, said) == (2, ["DATABASE_URL: not up to date; run python -m bot migrate"])


def test_everything_that_is_missing_is_told_at_once_with_its_cure() -> None:
    code, said = run("web", "--socket", DATABASE_URL=NOBODY)
    assert code == 2
    cure = 'make one with: echo "k1:$(openssl rand -base64 32)"'
    assert f"ENCRYPTION_KEYS: is needed with DATABASE_URL; {cure}" in said
    assert sorted(named(said)) == [
        "ANTHROPIC_API_KEY",
        "ENCRYPTION_KEYS",
        "LICENSE_PEPPER",
        "LICENSE_SIGNING_KEY",
        "PUBLIC_URL",
        "SLACK_APP_TOKEN",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    ]
    assert all("; " in line for line in said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_API_KEY", "a"),
        ("ADMIN_API_KEY", "a" * 31),
        ("LICENSE_PEPPER", "x"),
        ("LICENSE_SIGNING_KEY", ZEROS),
        ("LICENSE_SIGNING_KEY", "abc"),
        ("ENCRYPTION_KEYS", f"a:{ZEROS}"),
        ("ENCRYPTION_KEYS", f"{KEYS},old:{ZEROS}"),
        ("ENCRYPTION_KEYS", "a"),
        ("SLACK_SIGNING_SECRET", "x"),
        ("SLACK_BOT_TOKEN", "xoxp-of-a-person"),
        ("SLACK_APP_TOKEN", "xoxb-of-the-bot"),
        ("SLACK_OPS_ADMINS", "*"),
        ("SLACK_OPS_ADMINS", "@ada"),
        ("SLACK_OPS_TEAM_ID", "altamarea"),
        ("SLACK_OPS_CHANNEL_ID", "#ops"),
        ("SLACK_API_URL", "slack.com/api"),
        ("SMTP_URL", "mail.example.com"),
        ("ALERTS_EMAIL", "ops at example.com"),
        ("SENTRY_DSN", "https://sentry.example/1"),
        ("EMAIL_FROM", "Seguito"),
        ("GOOGLE_CLIENT_ID", "only-the-id"),
        ("CRONO_PRIVATE_KEY", "only-the-private-one"),
        ("SMTP_URL", "smtp://user:password@mail.example.com"),
        ("PORT", "http"),
    ],
)
def test_what_is_weak_or_malformed_is_refused_and_not_quoted(
    name: str, value: str, told: Callable[..., list[str]]
) -> None:
    said = told(**{**OWN, **SLACK, name: value})
    assert len(said) == 1
    partner = {
        "GOOGLE_CLIENT_ID": "GOOGLE_CLIENT_SECRET",
        "CRONO_PRIVATE_KEY": "CRONO_PUBLIC_KEY",
        "SMTP_URL": "EMAIL_FROM",
    }
    assert named(said)[0] in (name, partner.get(name))
    assert len(value) < 8 or value not in said[0]


@pytest.mark.parametrize(
    "value",
    [
        "https://",
        "seguito.example.com",
        "ftp://seguito.example.com",
        "https://ada:secret@seguito.example.com",
        "https://@seguito.example.com",
        "https://seguito.example.com/?a=b",
        "https://seguito.example.com/#top",
        "https://seguito.example.com:port",
        "https://seguito .example.com",
        "http://seguito.example.com",
        "http://10.0.0.1:3000",
    ],
)
def test_a_public_address_that_nobody_can_reach_is_refused(
    value: str, told: Callable[..., list[str]]
) -> None:
    said = told(**{**OWN, **SLACK, "PUBLIC_URL": value})
    assert named(said) == ["PUBLIC_URL"]
    assert "secret" not in said[0]


@pytest.mark.parametrize(
    "value",
    [
        "https://seguito.example.com/",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "http://localhost",
    ],
)
def test_an_address_that_can_be_reached_is_kept_without_its_slash(value: str) -> None:
    assert Settings(public_url=value).base_url == value.rstrip("/")


def test_ids_of_admins_may_be_written_with_blanks() -> None:
    assert Settings(slack_ops_admins="U0ADA, W0BOB ,").admins == {"U0ADA", "W0BOB"}


def test_a_secret_is_as_long_as_it_must_be() -> None:
    assert Settings(admin_api_key=SecretStr("a" * 32)).given("admin_api_key") == "a" * 32


@pytest.mark.parametrize(
    ("given", "reach"),
    [
        ({}, AddressPolicy.PUBLIC),
        ({"public_url": "https://seguito.example.com"}, AddressPolicy.PUBLIC),
        ({"public_url": "http://127.0.0.1:3000"}, AddressPolicy.ANYONE),
    ],
)
def test_webhooks_may_go_to_private_addresses_only_where_loopback_was_said(
    given: dict[str, str], reach: AddressPolicy
) -> None:
    assert webhook_reach(Settings(**given)) is reach


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
        code, said = run("migrate", **{**OWN, "DATABASE_URL": url})
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
    wanted = {**OWN, "DATABASE_URL": f"'{NOBODY}?pool=5'\n"}
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    assert load().database_url.get_secret_value() == NOBODY
