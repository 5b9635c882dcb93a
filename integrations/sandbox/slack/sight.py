"""What a person sees of a view or a message, and how they find a thing in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.surfaces import interactive
from integrations.sandbox.slack.blockkit.values import Values
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.gestures.surface import Surface


@dataclass(frozen=True, slots=True)
class Found:
    """An element on a surface."""

    surface: Surface
    block: Json
    element: Json

    @property
    def where(self) -> tuple[str, str]:
        """(block_id, action_id)."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def tells_at_once(self) -> bool:
        """Whether a choice in it goes to the app before anything is submitted."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))

    @property
    def tells_while_typing(self) -> bool:
        """Whether each keystroke goes to the app."""
        config = self.element.get("dispatch_action_config", {})
        return self.tells_at_once and "on_character_entered" in config.get("trigger_actions_on", ())


@dataclass(frozen=True, slots=True)
class Sight:
    """One view or message as it is drawn now. `"words" in sight` looks through all its text."""

    surface: Surface

    @property
    def title(self) -> str:
        """A modal's title, "" elsewhere."""
        view = self.surface.view
        return str(view.content.get("title", {}).get("text", "")) if view else ""

    @property
    def text(self) -> str:
        """Everything that can be read, line by line: title, message text, blocks."""
        post = self.surface.post
        first = [self.title] if self.title else []
        if post is not None and not post.blocks:
            first.append(post.text)
        return "\n".join(first + list(_words(self.blocks)))

    @property
    def blocks(self) -> list[Json]:
        """The drawn blocks."""
        return self.surface.blocks

    @property
    def values(self) -> Values:
        """What the person has put in, block id → action id → state."""
        return self.surface.values

    @property
    def fallback(self) -> str:
        """A message's notification text."""
        return self.surface.post.text if self.surface.post is not None else ""

    @property
    def only_for_me(self) -> bool:
        """Whether it is an ephemeral message."""
        return bool(self.surface.post and self.surface.post.only_for)

    @property
    def callback_id(self) -> str:
        """A view's callback_id, "" elsewhere."""
        view = self.surface.view
        return str(view.content.get("callback_id", "")) if view else ""

    @property
    def actions(self) -> list[str]:
        """The action ids of everything that can be touched, in order."""
        return [element["action_id"] for block in self.blocks for element in interactive(block)]

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __str__(self) -> str:
        return self.text

    def find(self, key: str) -> Found | None:
        """An element by action_id, by the part of it before a colon, by label or by its text."""
        named = [Found(self.surface, b, e) for b in self.blocks for e in interactive(b)]
        for matches in (_by_id, _by_id_stem, _by_words):
            for found in named:
                if matches(found, key):
                    return found
        return None

    def get(self, key: str) -> Found:
        """Like `find`. Impossible, saying what there is, when there is no such element."""
        found = self.find(key)
        if found is None:
            raise Impossible(f"no {key!r} among {self.actions} in:\n{self.text}")
        return found


def _by_id(found: Found, key: str) -> bool:
    return bool(found.element["action_id"] == key)


def _by_id_stem(found: Found, key: str) -> bool:
    return bool(found.element["action_id"].partition(":")[0] == key)


def _by_words(found: Found, key: str) -> bool:
    label = found.block.get("label", {}).get("text")
    words = found.element.get("text", {}).get("text")
    return key in (label, words)


def _words(value: Any) -> Iterator[str]:
    """The texts below a value; what a menu would show only when opened is left out."""
    if isinstance(value, list):
        for member in value:
            yield from _words(member)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for name, member in value.items():
            if name not in ("options", "option_groups", "confirm"):
                yield from _words(member)
