"""The app's manifest as Slack reads it: checked, with every URL's host replaced."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from integrations.sandbox.kit.errors import SetupError

# contracts, C11; patterns from slack-app-manifest.schemastore.json
_SECTIONS = {"_metadata", "display_information", "features", "oauth_config", "settings"}
_FEATURES = {
    "app_home",
    "bot_user",
    "shortcuts",
    "slash_commands",
    "unfurl_domains",
    "assistant_view",
    "agent_view",
}
_COLOR = re.compile(r"#(?:[\da-fA-F]{3}){1,2}")
_COMMAND = re.compile(r"/\S{1,31}")
MOST_COMMANDS = 50
MOST_SHORTCUTS_OF_A_KIND = 5


class ManifestError(SetupError):
    """The manifest is not one Slack would take; says where and why."""


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command; `url` is empty in Socket Mode."""

    command: str
    url: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True)
class AppShortcut:
    """A shortcut; `kind` is "global" or "message"."""

    name: str
    kind: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class AppManifest:
    """What Slack knows about the app."""

    name: str
    bot_name: str
    commands: tuple[SlashCommand, ...]
    shortcuts: tuple[AppShortcut, ...]
    scopes: frozenset[str]
    user_scopes: frozenset[str]
    events: frozenset[str]
    events_url: str
    interactivity_url: str
    options_url: str
    redirect_urls: tuple[str, ...]
    socket_mode: bool
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    origin: str
    document: Mapping[str, Any] = field(repr=False)

    def command(self, name: str) -> SlashCommand | None:
        """The command with this name, slash included."""
        return next((c for c in self.commands if c.command == name), None)

    def shortcut(self, callback_id: str) -> AppShortcut | None:
        """The shortcut with this callback_id."""
        return next((s for s in self.shortcuts if s.callback_id == callback_id), None)


def read_manifest(path: Path, app_url: str) -> AppManifest:
    """The manifest in a YAML file. ManifestError when Slack would refuse it."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ManifestError(f"{path.name} is no YAML: {error}") from error
    return parse_manifest(document, app_url)


def parse_manifest(document: Mapping[str, Any], app_url: str) -> AppManifest:
    """The manifest in parsed form; `app_url` replaces scheme and host of every URL."""
    _known("", document, _SECTIONS)
    features, settings = _part(document, "features"), _part(document, "settings")
    _known("features.", features, _FEATURES)
    interactivity = _part(settings, "interactivity")
    events = _part(settings, "event_subscriptions")
    home = _part(features, "app_home")
    oauth = _part(document, "oauth_config")
    socket_mode = bool(settings.get("socket_mode_enabled"))
    manifest = AppManifest(
        name=_name(document),
        bot_name=_part(features, "bot_user").get("display_name", ""),
        commands=tuple(_commands(features, app_url, socket_mode=socket_mode)),
        shortcuts=tuple(_shortcuts(features)),
        scopes=frozenset(_part(oauth, "scopes").get("bot") or ()),
        user_scopes=frozenset(_part(oauth, "scopes").get("user") or ()),
        events=frozenset(events.get("bot_events") or ()),
        events_url=_moved(events.get("request_url"), app_url),
        interactivity_url=_moved(interactivity.get("request_url"), app_url),
        options_url=_moved(interactivity.get("message_menu_options_url"), app_url),
        redirect_urls=tuple(_moved(url, app_url) for url in oauth.get("redirect_urls") or ()),
        socket_mode=socket_mode,
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled")),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled")),
        origin=app_url.rstrip("/"),
        document=document,
    )
    _check_whole(manifest, interactivity)
    return manifest


def _name(document: Mapping[str, Any]) -> str:
    shown = _part(document, "display_information")
    name = shown.get("name", "")
    _within("display_information.name", name, 1, 35)
    _within("display_information.description", shown.get("description", ""), 0, 140)
    if not _COLOR.fullmatch(shown.get("background_color", "#000")):
        raise ManifestError("display_information.background_color must be a hex color")
    return str(name)


def _commands(
    features: Mapping[str, Any], app_url: str, *, socket_mode: bool
) -> list[SlashCommand]:
    items = features.get("slash_commands") or []
    if len(items) > MOST_COMMANDS:
        raise ManifestError(f"features.slash_commands: no more than {MOST_COMMANDS}")
    commands = []
    for item in items:
        name = str(item.get("command", ""))
        at = f"features.slash_commands {name}"
        _known(f"{at}.", item, {"command", "url", "description", "usage_hint", "should_escape"})
        if not _COMMAND.fullmatch(name):
            raise ManifestError(f"{at}: a command is a slash and 1 to 31 characters")
        _within(f"{at}.description", item.get("description", ""), 1, 2000)
        _within(f"{at}.usage_hint", item.get("usage_hint", ""), 0, 1000)
        if not socket_mode and not item.get("url"):
            raise ManifestError(f"{at}: needs a url outside Socket Mode")
        commands.append(
            SlashCommand(
                command=name,
                url=_moved(item.get("url"), app_url),
                description=item["description"],
                usage_hint=item.get("usage_hint", ""),
                should_escape=bool(item.get("should_escape")),
            )
        )
    return commands


def _shortcuts(features: Mapping[str, Any]) -> list[AppShortcut]:
    shortcuts = []
    for item in features.get("shortcuts") or []:
        at = f"features.shortcuts {item.get('name')}"
        _known(f"{at}.", item, {"name", "type", "callback_id", "description"})
        _within(f"{at}.name", item.get("name", ""), 1, 24)
        _within(f"{at}.callback_id", item.get("callback_id", ""), 1, 255)
        _within(f"{at}.description", item.get("description", ""), 1, 150)
        if item.get("type") not in ("global", "message"):
            raise ManifestError(f"{at}.type must be global or message")
        shortcuts.append(
            AppShortcut(item["name"], item["type"], item["callback_id"], item["description"])
        )
    return shortcuts


def _check_whole(manifest: AppManifest, interactivity: Mapping[str, Any]) -> None:
    for kind in ("global", "message"):
        if sum(s.kind == kind for s in manifest.shortcuts) > MOST_SHORTCUTS_OF_A_KIND:
            raise ManifestError(f"features.shortcuts: no more than 5 of type {kind}")
    over_http = not manifest.socket_mode
    interactive = bool(interactivity.get("is_enabled"))
    surfaces = bool(manifest.commands or manifest.shortcuts)
    _refuse(
        surfaces and "commands" not in manifest.scopes,
        "commands and shortcuts need the scope `commands`",
    )
    _refuse(
        over_http and bool(manifest.events) and not manifest.events_url,
        "settings.event_subscriptions needs a request_url",
    )
    _refuse(
        bool(manifest.shortcuts) and not interactive,
        "shortcuts need settings.interactivity.is_enabled",
    )
    _refuse(
        over_http and interactive and not manifest.interactivity_url,
        "settings.interactivity needs a request_url",
    )
    _refuse(
        manifest.messages_tab and not manifest.bot_name,
        "features.app_home.messages_tab_enabled needs a bot_user",
    )


def _refuse(condition: bool, text: str) -> None:
    if condition:
        raise ManifestError(text)


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = document.get(name) or {}
    if not isinstance(part, Mapping):
        raise ManifestError(f"{name} must be an object")
    return part


def _known(at: str, document: Mapping[str, Any], names: set[str]) -> None:
    unknown = sorted(set(document) - names)
    if unknown:
        raise ManifestError(f"{at}{unknown[0]} is not a property of a manifest")


def _within(at: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most:
        raise ManifestError(f"{at} must have {least} to {most} characters")


def _moved(url: str | None, app_url: str) -> str:
    if not url:
        return ""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{app_url.rstrip('/')}{parts.path}{query}"
