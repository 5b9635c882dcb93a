"""The dozen block makers: the only file that knows Block Kit."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    BlockElement,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from views.kit.text import fit, fit_marked, pieces

SECTION_LIMIT = 3_000
HEADER_LIMIT = 150
TITLE_LIMIT = 24
MESSAGE_TEXT_LIMIT = 3_500

__all__ = ["Block", "Message", "View"]


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `text` is the notification and what screen readers say."""

    text: str
    blocks: tuple[Block, ...]


def words(text: str) -> PlainTextObject:
    """Plain text with emoji."""
    return PlainTextObject(text=text, emoji=True)


def section(text: str, accessory: BlockElement | None = None, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn, if need be with one element beside it."""
    body = MarkdownTextObject(text=fit_marked(text, SECTION_LIMIT))
    return SectionBlock(text=body, accessory=accessory, block_id=block_id)


def sections(text: str) -> tuple[Block, ...]:
    """A long text over as many paragraphs as it takes; nothing is cut."""
    return tuple(section(piece) for piece, _ in pieces(text, SECTION_LIMIT) if piece.strip())


def context(*lines: str) -> Block:
    """Small grey facts, one per element."""
    return ContextBlock(
        elements=[MarkdownTextObject(text=fit_marked(line, 2_000)) for line in lines]
    )


def header(text: str) -> Block:
    """A large line of plain text."""
    return HeaderBlock(text=words(fit(text, HEADER_LIMIT)))


def divider() -> Block:
    """A thin line between two blocks."""
    return DividerBlock()


def actions(*elements: InteractiveElement, block_id: str | None = None) -> Block:
    """Buttons and menus in a row."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def link_button(
    action_id: str, label: str, url: str, value: str = "", *, style: str | None = None
) -> ButtonElement:
    """A button that opens an address; Slack tells of the click as of any other."""
    return ButtonElement(
        action_id=action_id, text=words(label), url=url, value=value or None, style=style
    )


def confirm(title: str, text: str, yes: str, no: str) -> ConfirmObject:
    """A question before a button ends or deletes something."""
    body = MarkdownTextObject(text=fit_marked(text, 300))
    return ConfirmObject(title=fit(title, 100), text=body, confirm=yes, deny=no, style="danger")


def message(text: str, *blocks: Block) -> Message:
    """A message of these blocks."""
    return Message(fit_marked(text, MESSAGE_TEXT_LIMIT), blocks)


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
    return View(
        type="modal",
        callback_id=callback_id,
        title=words(fit(title, TITLE_LIMIT)),
        submit=words(submit) if submit else None,
        close=words(close),
        private_metadata=metadata,
        blocks=list(blocks),
    )


def watched(view: View) -> View:
    """The same modal, of which Slack tells us when it is closed."""
    view.notify_on_close = True
    return view


def home(blocks: Sequence[Block]) -> View:
    """The app's home tab."""
    return View(type="home", blocks=list(blocks))
