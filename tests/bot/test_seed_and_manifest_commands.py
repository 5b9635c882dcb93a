"""`python -m bot seed` and `manifest`: what an operator types while setting the product up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from db.store.session import Database
from tests.kit.product import KEYS, LICENSE_SECRETS

pytestmark = pytest.mark.process

HOST = "https://seguito.shop.example"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m bot …`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_bare_seed_says_what_is_there_and_a_file_adds_to_it(
    database: Database, tmp_path: Path
) -> None:
    own = {"DATABASE_URL": database.url, "ENCRYPTION_KEYS": KEYS, "PUBLIC_URL": HOST}
    bare = run("seed", **own, **LICENSE_SECRETS)
    assert (bare.returncode, bare.stderr) == (0, "")
    assert "starter" in bare.stdout
    assert "Fathom keys: 0" in bare.stdout
    file = tmp_path / "seed.json"
    key = {"workspace_id": "T0SEED", "member_id": "U0SEED", "key": "k"}
    file.write_text(json.dumps({"fathom_keys": [key]}))
    for _ in range(2):
        assert "Fathom keys: 1" in run("seed", str(file), **own, **LICENSE_SECRETS).stdout
    missing = run("seed", str(tmp_path / "none.json"), **own, **LICENSE_SECRETS)
    assert (missing.returncode, len(missing.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("form", [(), ("--socket",)], ids=["http", "socket"])
def test_the_manifest_is_printed_for_the_public_address(form: tuple[str, ...]) -> None:
    done = run("manifest", *form, PUBLIC_URL=f"{HOST}/", DATABASE_URL="postgresql://x@y/z")
    assert (done.returncode, done.stderr) == (0, "")
    assert "example.com" not in done.stdout
    printed = yaml.safe_load(done.stdout)
    assert f"{HOST}/slack/oauth_redirect" in printed["oauth_config"]["redirect_urls"]
    settings = printed["settings"]
    assert settings["socket_mode_enabled"] is bool(form)
    address = settings["event_subscriptions"].get("request_url")
    assert address == (None if form else f"{HOST}/slack/events")


def test_without_an_address_the_manifest_keeps_the_example_and_says_so() -> None:
    done = run("manifest")
    assert "https://seguito.example.com/slack/events" in done.stdout
    assert (done.returncode, done.stderr.partition(" ")[0]) == (0, "PUBLIC_URL")


def test_an_address_that_is_none_prints_no_manifest() -> None:
    done = run("manifest", PUBLIC_URL="seguito.example.com")
    assert (done.returncode, done.stdout, done.stderr.partition(":")[0]) == (2, "", "PUBLIC_URL")
