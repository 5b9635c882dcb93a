"""What a person chose or typed in a view, read by action id whatever the block is called today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

Element = Mapping[str, object]
TYPED = ("value", "selected_date", "selected_time", "selected_user", "selected_conversation")


@dataclass(frozen=True, slots=True)
class State:
    """Slack's `view.state.values`: block id → action id → element.

    Block ids may carry a suffix that rotates; action ids are the stable names.
    """

    values: Mapping[str, Mapping[str, Element]] = field(default_factory=dict)

    def block_of(self, action_id: str) -> str:
        """The block that holds the action now; the action's own name when it is not shown."""
        for block_id, actions in self.values.items():
            if action_id in actions:
                return block_id
        return action_id

    def holds(self, action_id: str) -> bool:
        """Whether Slack tells of it at all: untouched fields may be missing after an update."""
        return any(action_id in actions for actions in self.values.values())

    def text(self, action_id: str) -> str:
        """Typed text, date, time, person or channel; "" when empty or not shown."""
        element = self._element(action_id)
        for key in TYPED:
            if isinstance(value := element.get(key), str):
                return value
        return ""

    def choice(self, action_id: str) -> str:
        """Value of the chosen option; "" when none is."""
        option = self._element(action_id).get("selected_option")
        return _value(option)

    def choices(self, action_id: str) -> tuple[str, ...]:
        """Values of all chosen options, in Slack's order."""
        options = self._element(action_id).get("selected_options")
        return tuple(_value(option) for option in cast(Iterable[object], options or ()))

    def files(self, action_id: str) -> tuple[str, ...]:
        """Ids of the files put into a file field."""
        files = self._element(action_id).get("files")
        found = (_of(file, "id") for file in cast(Iterable[object], files or ()))
        return tuple(file_id for file_id in found if file_id)

    def parts(self, prefix: str) -> tuple[tuple[str, str], ...]:
        """Texts of the actions called `prefix:1…`, `prefix:2…`, as (suffix, text) in that order."""
        found = [
            (action_id.removeprefix(f"{prefix}:"), self.text(action_id))
            for actions in self.values.values()
            for action_id in actions
            if action_id.startswith(f"{prefix}:")
        ]
        return tuple(sorted(found, key=lambda part: int(part[0][:-1])))

    def _element(self, action_id: str) -> Element:
        for actions in self.values.values():
            if action_id in actions:
                return actions[action_id]
        return {}


def _value(option: object) -> str:
    return _of(option, "value")


def _of(thing: object, key: str) -> str:
    return str(thing.get(key, "")) if isinstance(thing, Mapping) else ""
