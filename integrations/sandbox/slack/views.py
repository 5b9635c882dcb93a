"""The views people have open in one workspace: stacks of modals and home tabs."""

import itertools
import json
import secrets
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.drawing import completed_text, drawn
from integrations.sandbox.slack.blockkit.surfaces import check_view, interactive
from integrations.sandbox.slack.blockkit.values import Values, initial_values, kept_values
from integrations.sandbox.slack.errors import SlackError

MOST_STACKED = 3
MOST_BYTES = 250 * 1024
_WORDS = ("callback_id", "private_metadata", "external_id")
_SWITCHES = ("clear_on_close", "notify_on_close")


@dataclass(slots=True)
class View:
    """One drawn view; `options` are those last offered to its external menus, by action_id."""

    id: str
    user: str
    kind: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None
    values: Values
    offered: dict[str, list[Json]] = field(default_factory=dict)
    channel: str = ""

    @property
    def blocks(self) -> list[Json]:
        """The drawn blocks."""
        blocks: list[Json] = self.content["blocks"]
        return blocks


def checked_view(raw: Any, kind: str, at: str = "invalid_arguments") -> Json:
    """A view as the app sent it, parsed and judged. SlackError `at`, or view_too_large."""
    view = _parsed(raw, at)
    if len(json.dumps(view).encode()) > MOST_BYTES:
        raise SlackError("view_too_large")
    problems = check_view(view, kind)
    if problems:
        raise SlackError(at, response_metadata={"messages": problems.messages()})
    return view


class Views:
    """All open views of a workspace."""

    def __init__(self, team: str, app_id: str, bot_id: str, scopes: Set[str]) -> None:
        self._team, self._app_id, self._bot_id = team, app_id, bot_id
        self._scopes = scopes
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._numbers = itertools.count(1)

    def stack(self, user: str) -> list[View]:
        """This person's modals, bottom first."""
        return list(self._stacks.get(user, ()))

    def home(self, user: str) -> View | None:
        """What was published to this person's home tab."""
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        """The open view with this id."""
        return next((view for view in self._all() if view.id == view_id), None)

    def find_external(self, external_id: str) -> View | None:
        """The open view with this external_id."""
        wanted = (v for v in self._all() if v.content.get("external_id") == external_id)
        return next(wanted, None)

    def put_on_top(self, user: str, content: Json, *, channel: str, pushed: bool) -> View:
        """Open or push a modal. SlackError push_limit_reached, duplicate_external_id."""
        stack = self._stacks.setdefault(user, [])
        if len(stack) >= MOST_STACKED:
            raise SlackError("push_limit_reached")
        self._check_external(content, None)
        self._check_scopes(content)
        view = self._new(user, "modal", content)
        view.channel = channel
        if pushed and stack:
            view.root_id, view.previous_id = stack[0].root_id, stack[-1].id
        stack.append(view)
        return view

    def redraw(self, view: View, content: Json, expected_hash: str | None = None) -> View:
        """Replace what a view shows. SlackError hash_conflict, duplicate_external_id."""
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._check_external(content, view)
        self._check_scopes(content)
        view.content = _complete(content)
        view.values = kept_values(view.values, view.blocks)
        view.hash = self._next_hash()
        return view

    def publish(self, user: str, content: Json, expected_hash: str | None) -> View:
        """Draw this person's home tab. SlackError hash_conflict, duplicate_external_id."""
        home = self._homes.get(user)
        if expected_hash is not None and expected_hash != (home.hash if home else None):
            raise SlackError("hash_conflict")
        if home is not None:
            return self.redraw(home, content, expected_hash)
        self._check_external(content, None)
        self._check_scopes(content)
        self._homes[user] = self._new(user, "home", content)
        return self._homes[user]

    def close(self, view: View) -> None:
        """Take one modal off its stack."""
        stack = self._stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)

    def close_all(self, user: str) -> list[View]:
        """Close every modal of this person; returns them, top first."""
        return list(reversed(self._stacks.pop(user, [])))

    def forget_homes(self) -> None:
        """As if the app had published none yet."""
        self._homes.clear()

    def as_json(self, view: View, *, with_values: bool) -> Json:
        """A view as Slack describes it; API answers leave the values out."""
        content = view.content
        return {
            "id": view.id,
            "team_id": self._team,
            "type": view.kind,
            "blocks": content["blocks"],
            **{word: content.get(word, "") for word in _WORDS},
            "state": {"values": view.values if with_values else {}},
            "hash": view.hash,
            "title": content.get("title", {"type": "plain_text", "text": "View Title"}),
            **{switch: content.get(switch, False) for switch in _SWITCHES},
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self._app_id,
            "app_installed_team_id": self._team,
            "bot_id": self._bot_id,
        }

    def _all(self) -> list[View]:
        modals = [view for stack in self._stacks.values() for view in stack]
        return modals + list(self._homes.values())

    def _new(self, user: str, kind: str, content: Json) -> View:
        view_id = f"V{next(self._numbers):04d}{secrets.token_hex(4).upper()}"
        complete = _complete(content)
        values = initial_values(complete["blocks"])
        return View(view_id, user, kind, complete, self._next_hash(), view_id, None, values)

    def _next_hash(self) -> str:
        return f"{next(self._numbers)}.{secrets.token_hex(4)}"

    def _check_external(self, content: Json, allowed: View | None) -> None:
        external_id = content.get("external_id")
        holder = self.find_external(external_id) if external_id else None
        if holder is not None and holder is not allowed:
            raise SlackError("duplicate_external_id")

    def _check_scopes(self, content: Json) -> None:
        """A file_input is only for apps that may read files. SlackError missing_scope."""
        kinds = {element["type"] for block in content["blocks"] for element in interactive(block)}
        if "file_input" in kinds and "files:read" not in self._scopes:
            provided = ",".join(sorted(self._scopes))
            raise SlackError("missing_scope", needed="files:read", provided=provided)


def _complete(content: Json) -> Json:
    complete: Json = completed_text(content)
    complete["blocks"] = drawn(content["blocks"])
    return complete


def _parsed(raw: Any, at: str) -> Json:
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError as error:
            raise SlackError(at) from error
    if not isinstance(raw, dict):
        messages = ["[ERROR] must provide an object [json-pointer:/view]"]
        raise SlackError(at, response_metadata={"messages": messages})
    return raw
