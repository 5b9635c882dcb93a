"""manifest.yml tells Slack exactly what the code does."""

import json
import re
from collections.abc import Iterator, Mapping

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient
from source import FLOORS, ROOT, house

from handlers.slack.kit.routing import Listeners

SCHEMA = ROOT.parent / "shared" / "contracts" / "specs" / "slack-manifest.schema.2.0.0.json"
# Which scope each Web API method asks for (docs.slack.dev, the method's page). None: no scope.
SCOPES: Mapping[str, str | None] = {
    "auth_test": None,
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "chat_getPermalink": None,
    "conversations_info": "channels:read",
    "conversations_open": "im:write",
    "files_info": "files:read",
    "users_info": "users:read",
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
    # oauth.v2.access, which takes no token.
    "api_call": None,
    "apps_connections_open": None,
}
# What is not a method call: `commands` lets slash commands and shortcuts exist; the address in
# users.info needs a scope of its own, and so do private channels in conversations.info.
BESIDE_METHODS = {"commands", "groups:read", "users:read.email"}
METHOD = re.compile(r"\.([a-z]+(?:_[a-zA-Z]+)+)\(")

Node = Mapping[str, object]


@pytest.fixture(scope="module")
def manifest() -> Node:
    """The manifest as Slack reads it."""
    parsed: Node = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return parsed


def at(node: object, path: str) -> object:
    """What lies at a dotted path; an empty list where the manifest says nothing."""
    for name in path.split("."):
        node = node.get(name, []) if isinstance(node, Mapping) else []
    return node


def listed(node: Node, path: str, key: str) -> set[str]:
    """The values of `key` in a list of mappings."""
    entries = at(node, path)
    return {entry[key] for entry in entries} if isinstance(entries, list) else set()


def called_methods() -> Iterator[str]:
    """Web API methods that the product calls."""
    for source in house():
        if source.within(*FLOORS) and not source.within("integrations/sandbox"):
            found = METHOD.findall(source.text)
            yield from (name for name in found if hasattr(AsyncWebClient, name))


def test_the_commands_are_those_the_code_answers(manifest: Node, listeners: Listeners) -> None:
    assert listed(manifest, "features.slash_commands", "command") == listeners.ids("command")


def test_the_shortcuts_are_those_the_code_answers(manifest: Node, listeners: Listeners) -> None:
    assert listed(manifest, "features.shortcuts", "callback_id") == listeners.ids("shortcut")


def test_the_events_are_those_the_code_answers(manifest: Node, listeners: Listeners) -> None:
    assert at(manifest, "settings.event_subscriptions.bot_events") == sorted(listeners.ids("event"))


def test_the_scopes_are_those_the_called_methods_need(manifest: Node) -> None:
    needed = {scope for name in called_methods() if (scope := SCOPES[name])}
    assert set(map(str, at(manifest, "oauth_config.scopes.bot"))) == needed | BESIDE_METHODS


def test_every_command_escapes_and_says_how_it_is_used(manifest: Node) -> None:
    commands = at(manifest, "features.slash_commands")
    assert isinstance(commands, list)
    assert [one["command"] for one in commands if not one.get("should_escape")] == []
    assert [one["command"] for one in commands if not one.get("usage_hint")] == []


def test_all_addresses_belong_to_one_host(manifest: Node) -> None:
    hosts = set(re.findall(r"https://([^/\s]+)", (ROOT / "manifest.yml").read_text()))
    assert len(hosts) == 1


def test_slack_would_accept_the_manifest(manifest: Node) -> None:
    if not SCHEMA.exists():
        pytest.skip("the vendor's schema is not beside this checkout (../shared)")
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text()))


def test_a_list_in_a_sample_manifest_is_read() -> None:
    sample = {"features": {"slash_commands": [{"command": "/a"}]}}
    assert listed(sample, "features.slash_commands", "command") == {"/a"}
    assert listed(sample, "features.shortcuts", "callback_id") == set()
