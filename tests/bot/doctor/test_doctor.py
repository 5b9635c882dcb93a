"""`python -m bot doctor`: a line for every setting, every credential tried, nothing started."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from bot.doctor.checkup import check_up
from bot.doctor.finding import FINE, UNTRIED, WRONG, SettingFinding
from bot.settings.environment import Fault
from bot.settings.settings import Settings
from db.store.session import Database
from db.store.vault import Vault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.vendor import Slack
from tests.conftest import NewDatabase
from tests.kit.license_desk import LicenseStage

OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
WRONG_ONES = {
    "ENCRYPTION_KEYS": f"test:{OTHER_KEY}",
    "SLACK_APP_TOKEN": "xapp-of-nobody",
    "SLACK_OPS_TEAM_ID": "T0ELSEWHERE",
    "SLACK_OPS_ADMINS": "U0ADA,U0NOBODY",
    "FATHOM_API_KEY": "of-nobody",
    "CRONO_PRIVATE_KEY": "of-nobody",
    "ANTHROPIC_API_KEY": "sk-ant-of-nobody",
    "OPENAI_API_KEY": "sk-of-nobody",
    "DEEPSEEK_API_KEY": "sk-of-nobody",
    "GOOGLE_CLIENT_SECRET": "of-nobody",
    "SUPABASE_ACCESS_TOKEN": "sbp_of_nobody_and_nowhere",
    "TENANT_CLUSTER_URL": "postgresql://nobody:secret@127.0.0.1:1/postgres",
}


@pytest_asyncio.fixture(scope="module")
async def deployed(
    environment: dict[str, str], migrated_database: NewDatabase, vault: Vault
) -> dict[str, str]:
    """What an operator has set, with a database of its own in which a license was issued."""
    url = await migrated_database()
    database = Database(url, vault)
    await LicenseStage(database).issue()
    await database.dispose()
    return environment | {"DATABASE_URL": url, "FATHOM_API_KEY": "fathom-sandbox-ada"}


async def found(environment: dict[str, str], *faults: Fault) -> dict[str, SettingFinding]:
    """What the doctor says, by the first setting of each line."""
    known = {name.lower(): value for name, value in environment.items()}
    return {one.names[0]: one for one in await check_up(Settings(**known), faults)}


def results(findings: dict[str, SettingFinding], result: str) -> set[str]:
    """The settings of that result."""
    return {name for one in findings.values() if one.result == result for name in one.names}


async def test_every_setting_has_its_line_and_all_that_can_be_tried_is(
    deployed: dict[str, str],
) -> None:
    findings = await found(deployed)
    assert {name for one in findings.values() for name in one.names} == set(Settings.model_fields)
    assert results(findings, WRONG) == set()
    beyond = {name for name in results(findings, UNTRIED) if name.upper() in deployed}
    assert beyond == {
        "slack_signing_secret",
        "slack_client_id",
        "slack_client_secret",
        "slack_ops_channel_id",
        "gmail_api_url",
        "google_calendar_api_url",
        "hubspot_api_url",
    }
    told = {name: finding.words for name, finding in findings.items()}
    assert told["slack_bot_token"] == "Altamarea (T0HOME), with every scope"
    assert told["database_url"] == "PostgreSQL answers and is up to date"
    assert told["encryption_keys"] == "open what is stored"
    assert told["license_pepper"] == "fits the licenses that were issued"
    assert told["anthropic_api_key"] == "accepted, claude-sonnet-5-5 is there"
    assert f"{deployed['PUBLIC_URL']}/oauth/gmail/callback" in told["google_client_id"]


async def test_whatever_is_wrong_is_said_of_each(deployed: dict[str, str]) -> None:
    mail = deployed["SMTP_URL"].replace(":smtp-sandbox-password@", ":of-nobody@")
    findings = await found(deployed | WRONG_ONES | {"SMTP_URL": mail})
    wrong = {one.names[0] for one in findings.values() if one.result == WRONG}
    first = {"crono_private_key": "crono_public_key", "google_client_secret": "google_client_id"}
    expected = {first.get(name.lower(), name.lower()) for name in WRONG_ONES}
    assert wrong == expected | {"smtp_url"}
    assert "U0NOBODY: Slack says user_not_found" in findings["slack_ops_admins"].words
    assert "of-nobody" not in "".join(map(str, findings.values()))


async def test_another_pepper_is_told_from_the_one_in_use(deployed: dict[str, str]) -> None:
    findings = await found(deployed | {"LICENSE_PEPPER": "another pepper, of 32 characters too"})
    assert findings["license_pepper"].result == WRONG
    assert findings["encryption_keys"].result == FINE


async def test_a_token_that_slack_refuses_or_that_lacks_a_scope(
    deployed: dict[str, str], sandbox: Sandbox
) -> None:
    refused = await found(deployed | {"SLACK_BOT_TOKEN": "xoxb-of-nobody"})
    assert "Slack refuses it (invalid_auth)" in refused["slack_bot_token"].words
    assert refused["slack_ops_team_id"].result == UNTRIED
    scopes = sandbox.of(Slack).teams["T0HOME"].scopes
    scopes.discard("files:read")
    try:
        poor = await found(deployed)
    finally:
        scopes.add("files:read")
    assert poor["slack_bot_token"].result == WRONG
    assert "lacks files:read" in poor["slack_bot_token"].words


@pytest.mark.parametrize("password", ["", ":of-nobody"])
async def test_a_database_that_is_away_or_lets_us_not_in(
    deployed: dict[str, str], password: str
) -> None:
    url = deployed["DATABASE_URL"]
    where = url.rpartition("@")[2] if password else "127.0.0.1:1/none"
    findings = await found(deployed | {"DATABASE_URL": f"postgresql://seguito{password}@{where}"})
    assert findings["database_url"].result == WRONG
    assert "of-nobody" not in findings["database_url"].words
    assert findings["license_pepper"].result == UNTRIED


async def test_a_database_that_is_not_migrated_stays_as_it_is(
    deployed: dict[str, str], new_database: NewDatabase
) -> None:
    bare = deployed | {"DATABASE_URL": await new_database()}
    for _ in range(2):
        words = (await found(bare))["database_url"].words
        assert words == "not up to date; run python -m bot migrate"


async def test_a_setting_that_cannot_be_read_is_said_among_the_others(
    deployed: dict[str, str],
) -> None:
    unset = {name: value for name, value in deployed.items() if name != "SLACK_BOT_TOKEN"}
    findings = await found(unset, Fault("slack_bot_token", "is no bot token"))
    assert (findings["slack_bot_token"].result, findings["slack_api_url"].result) == ("NO", "--")
    assert next(iter(findings)) == "database_url"


@pytest.mark.process
def test_the_command_starts_and_writes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "doctor"],
        env={"PATH": os.environ["PATH"], "SEGUITO_HOME": str(tmp_path), "PORT": "http"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("--  DATABASE_URL: not set")
    assert [line for line in lines if line.startswith("NO  PORT: ")]
    assert all(line[:4] in ("ok  ", "NO  ", "--  ") for line in lines)
    assert list(tmp_path.iterdir()) == []
