"""The dozen block makers: the only file that knows Block Kit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from views.kit.text import fit, fit_marked, pieces

SECTION_LIMIT = 3_000
CONTEXT_LIMIT = 2_000
HEADER_LIMIT = 150
TITLE_LIMIT = 24
MESSAGE_TEXT_LIMIT = 3_500

# As it goes to Slack.
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what Slack draws; `fields` are named as Slack does, those without a value absent.

    Nothing is checked here: the sandbox refuses what Slack would, and tests draw every view there.
    """

    fields: Mapping[str, Any]

    @classmethod
    def of(cls, **fields: object) -> Self:
        """Of these fields; None is none."""
        return cls({key: _plain(one) for key, one in sorted(fields.items()) if one is not None})

    def to_dict(self) -> Json:
        """As Slack takes it."""
        return dict(self.fields)


class Block(Part):
    """One block of a message or view."""

    __slots__ = ()


class Element(Part):
    """A button, menu or field inside a block."""

    __slots__ = ()


class Composition(Part):
    """What blocks and elements are made of: a text, an option, a question."""

    __slots__ = ()


class View(Part):
    """A modal, or the home tab."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `text` is the notification and what screen readers say; `blocks` are drawn."""

    text: str
    blocks: tuple[Json, ...]


def words(text: str) -> Composition:
    """Plain text with emoji."""
    return Composition.of(type="plain_text", text=text, emoji=True)


def marked(text: str, limit: int) -> Composition:
    """Slack's mrkdwn of at most so many characters."""
    return Composition.of(type="mrkdwn", text=fit_marked(text, limit))


def section(text: str, accessory: Element | None = None, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn, if need be with one element beside it."""
    body = marked(text, SECTION_LIMIT)
    return Block.of(type="section", text=body, accessory=accessory, block_id=block_id)


def sections(text: str) -> tuple[Block, ...]:
    """A long text over as many paragraphs as it takes; nothing is cut."""
    return tuple(section(piece) for piece, _ in pieces(text, SECTION_LIMIT) if piece.strip())


def context(*lines: str) -> Block:
    """Small grey facts, one per element."""
    return Block.of(type="context", elements=[marked(line, CONTEXT_LIMIT) for line in lines])


def header(text: str) -> Block:
    """A large line of plain text."""
    return Block.of(type="header", text=words(fit(text, HEADER_LIMIT)))


def divider() -> Block:
    """A thin line between two blocks."""
    return Block.of(type="divider")


def actions(*elements: Element, block_id: str | None = None) -> Block:
    """Buttons and menus in a row."""
    return Block.of(type="actions", elements=elements, block_id=block_id)


def link_button(
    action_id: str, label: str, url: str, value: str = "", *, style: str | None = None
) -> Element:
    """A button that opens an address; Slack tells of the click as of any other."""
    return button(action_id, label, value, url=url, style=style)


def button(action_id: str, label: str, value: str = "", **more: object) -> Element:
    """A button; `more` are fields of Slack's."""
    text = words(label)
    return Element.of(type="button", action_id=action_id, text=text, value=value or None, **more)


def confirm(title: str, text: str, yes: str, no: str) -> Composition:
    """A question before a button ends or deletes something."""
    return Composition.of(
        title=words(fit(title, 100)),
        text=marked(text, 300),
        confirm=words(yes),
        deny=words(no),
        style="danger",
    )


def message(text: str, *blocks: Block) -> Message:
    """A message of these blocks."""
    drawn = tuple(block.to_dict() for block in blocks)
    return Message(fit_marked(text, MESSAGE_TEXT_LIMIT), drawn)


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str,
    metadata: str = "",
) -> View:
    """A modal; with `submit` it is a form."""
    return View.of(
        type="modal",
        callback_id=callback_id,
        title=words(fit(title, TITLE_LIMIT)),
        submit=words(submit) if submit else None,
        close=words(close),
        private_metadata=metadata or None,
        blocks=blocks,
    )


def watched(view: View) -> View:
    """The same modal, of which Slack tells us when it is closed."""
    return View.of(**view.fields, notify_on_close=True)


def home(blocks: Sequence[Block]) -> View:
    """The app's home tab."""
    return View.of(type="home", blocks=blocks)


def _plain(value: object) -> object:
    if isinstance(value, Part):
        return value.to_dict()
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
