"""The manifest as Slack reads it, and the hub that tells panels of changes."""

from pathlib import Path

import pytest

from integrations.sandbox.kit.changes import Changes
from integrations.sandbox.slack.manifest import ManifestError, parse_manifest, read_manifest
from tests.sandbox.slack.slack_stage import manifest

ROOT = Path(__file__).parents[3]
APP = "http://127.0.0.1:3000"


def test_every_url_moves_to_the_app():
    app = parse_manifest(manifest(), APP)
    assert app.command("/go").url == f"{APP}/slack/commands"
    assert app.events_url == f"{APP}/slack/events"
    assert app.options_url == f"{APP}/slack/options"
    assert app.redirect_urls == (f"{APP}/slack/oauth_redirect",)


def test_the_products_own_manifest_is_sound():
    app = read_manifest(ROOT / "manifest.yml", APP)
    assert app.command("/followup")
    assert app.home_tab


def spoiled(path: str, value: object) -> dict:
    document = manifest()
    *parents, last = path.split(".")
    part = document
    for name in parents:
        part = part[int(name)] if name.isdigit() else part[name]
    part[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("features.slash_commands.0.command", "go", "slash"),
        ("features.slash_commands.0.command", "/" + "x" * 32, "31"),
        ("features.slash_commands.0.url", "", "url"),
        ("features.slash_commands.0.usage_hint", "x" * 1001, "1000"),
        ("features.slash_commands.0.descripton", "x", "descripton"),
        ("features.shortcuts.0.type", "local", "type"),
        ("features.shortcuts.0.name", "x" * 25, "24"),
        ("display_information.name", "x" * 36, "35"),
        ("display_information.background_color", "green", "hex"),
        ("oauth_config.scopes.bot", ["chat:write"], "commands"),
        ("settings.interactivity.request_url", "", "request_url"),
        ("settings.event_subscriptions.request_url", "", "request_url"),
        ("extra", {}, "extra"),
    ],
)
def test_a_manifest_slack_would_refuse_is_refused(path: str, value: object, said: str):
    with pytest.raises(ManifestError, match=said):
        parse_manifest(spoiled(path, value), APP)


def test_socket_mode_needs_no_urls():
    document = spoiled("settings.socket_mode_enabled", True)
    for command in document["features"]["slash_commands"]:
        del command["url"]
    document["settings"]["event_subscriptions"].pop("request_url")
    assert parse_manifest(document, APP).socket_mode


async def test_equal_topics_are_told_once_and_only_while_subscribed():
    changes = Changes()
    with changes.subscribe() as listener:
        changes.announce("client")
        changes.announce("client")
        changes.announce("journal")
        assert await listener.next(1) == {"client", "journal"}
        assert await listener.next(0.01) == frozenset()
    changes.announce("client")
    assert await listener.next(0.01) == frozenset()
