"""What a scene is: a view or message in one state, drawn in a language from invented facts."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.slack.blockkit.checks import Problems
from integrations.sandbox.slack.blockkit.surfaces import check_message_blocks, check_view
from services.phrases import LANGUAGES
from views.kit.blocks import Message, View

# What only tells a reader's eye where a name begins and ends; golden files spell it out.
UNSEEN = {"\u2068": "\\u2068", "\u2069": "\\u2069"}

Drawn = View | Message | str | bytes


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a view."""

    positional: tuple[object, ...]
    named: dict[str, object]


@dataclass(frozen=True, slots=True)
class Scene:
    """One function of the views in one state; `given` makes its arguments in a language."""

    view: Callable[..., Drawn]
    state: str
    given: Callable[[str], Given]
    languages: tuple[str, ...] = LANGUAGES

    @property
    def name(self) -> str:
        """As its golden files are called: module, function, state."""
        module = self.view.__module__.removeprefix("views.")
        return f"{module}.{self.view.__name__}.{self.state}"

    def draw(self, language: str) -> Drawn:
        """The view as the product would send it."""
        given = self.given(language)
        return self.view(*given.positional, **given.named)


def given(*positional: object, **named: object) -> Given:
    """These arguments."""
    return Given(positional, named)


def as_json(drawn: Drawn) -> str:
    """What goes to Slack, or to a browser, as text that people can compare."""
    if isinstance(drawn, View):
        document: object = drawn.to_dict()
    elif isinstance(drawn, Message):
        document = {"text": drawn.text, "blocks": list(drawn.blocks)}
    elif isinstance(drawn, bytes):
        text = drawn.decode("utf-8-sig")
        document = json.loads(text) if text.startswith("{") else {"lines": text.splitlines()}
    else:
        document = {"lines": drawn.splitlines()}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    for mark, spelled in UNSEEN.items():
        text = text.replace(mark, spelled)
    return text


def problems(drawn: Drawn) -> list[str]:
    """Everything Slack would refuse in it."""
    if isinstance(drawn, View):
        found = check_view(drawn.to_dict(), drawn.fields["type"])
    elif isinstance(drawn, Message):
        found = check_message_blocks(list(drawn.blocks))
    else:
        found = Problems()
    return found.messages()
