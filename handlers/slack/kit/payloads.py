"""Slack's payloads as small frozen types; the only file that knows where in them things are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from handlers.slack.kit.wire import Body
from views.kit.state import State

MODAL = "modal"
HOME = "home"
# How an element that was used says what was chosen, whatever kind of element it is.
CHOSEN = (
    "value",
    "selected_date",
    "selected_time",
    "selected_user",
    "selected_channel",
    "selected_conversation",
)


@dataclass(frozen=True, slots=True)
class OpenView:
    """A modal (or the home tab) as Slack shows it; `hash` changes with every drawing."""

    id: str
    hash: str = ""
    root_id: str = ""
    previous_id: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    block_ids: tuple[str, ...] = ()
    input_ids: tuple[str, ...] = ()
    kind: str = MODAL

    @property
    def stacked(self) -> int:
        """How many modals lie on each other up to this one; Slack allows three."""
        if self.previous_id == "":
            return 1
        return 2 if self.previous_id == self.root_id else 3


@dataclass(frozen=True, slots=True)
class PostedFile:
    """A file that a message shows: what Slack calls it, and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that was used: where it is, who wrote what."""

    channel_id: str
    ts: str
    thread_ts: str = ""
    ephemeral: bool = False
    author_id: str = ""
    text: str = ""
    files: tuple[PostedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `text` is what was typed after it."""

    name: str
    text: str
    trigger_id: str
    response_url: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class Click:
    """A button pressed or a choice made, in a view or on a message.

    `value` is the button's value or the chosen option's; several choices are in `state`.
    """

    action_id: str
    block_id: str
    value: str
    trigger_id: str
    view: OpenView | None = None
    message: MessageRef | None = None
    response_url: str = ""
    channel_id: str = ""
    state: State = field(default_factory=State)
    element: str = "button"


@dataclass(frozen=True, slots=True)
class Submission:
    """A form sent off."""

    callback_id: str
    view: OpenView
    state: State
    trigger_id: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A modal put away; `cleared` when the whole stack was."""

    callback_id: str
    view: OpenView
    cleared: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Options asked for while the person types."""

    action_id: str
    block_id: str
    typed: str
    view: OpenView | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut chosen; from a message's menu it has the message."""

    callback_id: str
    trigger_id: str
    message: MessageRef | None = None
    response_url: str = ""
    channel_id: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """The app's home came into sight; `tab` is home, messages or about."""

    tab: str
    view: OpenView | None


@dataclass(frozen=True, slots=True)
class Event:
    """Any other event: what, and when Slack saw it. `bot_revoked` belongs to tokens_revoked."""

    type: str
    at: datetime
    bot_revoked: bool = False


Payload = Command | Click | Submission | Closed | Suggestion | Shortcut | HomeOpened | Event


def read_view(body: Body) -> OpenView | None:
    """The view that a payload came from, if any."""
    return _view(body.get("view"))


def read_command(body: Body) -> Command:
    """A slash command."""
    return Command(
        name=body["command"],
        text=_text(body, "text"),
        trigger_id=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        channel_id=_text(body, "channel_id"),
    )


def read_click(body: Body) -> Click:
    """The one action of a block_actions payload (Slack sends one at a time)."""
    action: Body = body["actions"][0]
    view = body.get("view")
    state = (view or body).get("state") or {}
    return Click(
        action_id=action["action_id"],
        block_id=_text(action, "block_id"),
        value=_chosen(action),
        trigger_id=_text(body, "trigger_id"),
        view=read_view(body),
        message=_message(body),
        response_url=_text(body, "response_url"),
        channel_id=_id(body.get("channel")),
        state=State(state.get("values") or {}),
        element=_text(action, "type"),
    )


def read_submission(body: Body) -> Submission:
    """A view_submission."""
    view = body["view"]
    return Submission(
        callback_id=view["callback_id"],
        view=open_view(view),
        state=State((view.get("state") or {}).get("values") or {}),
        trigger_id=_text(body, "trigger_id"),
    )


def read_closed(body: Body) -> Closed:
    """A view_closed."""
    view = body["view"]
    return Closed(view["callback_id"], open_view(view), bool(body.get("is_cleared")))


def read_suggestion(body: Body) -> Suggestion:
    """A block_suggestion."""
    return Suggestion(
        action_id=body["action_id"],
        block_id=_text(body, "block_id"),
        typed=_text(body, "value"),
        view=read_view(body),
    )


def read_shortcut(body: Body) -> Shortcut:
    """A global shortcut or a message shortcut."""
    return Shortcut(
        callback_id=body["callback_id"],
        trigger_id=_text(body, "trigger_id"),
        message=_message(body),
        response_url=_text(body, "response_url"),
        channel_id=_id(body.get("channel")),
    )


def read_event(body: Body) -> HomeOpened | Event:
    """An event of the Events API."""
    event: Body = body["event"]
    if event["type"] == "app_home_opened":
        return HomeOpened(_text(event, "tab"), _view(event.get("view")))
    revoked = event.get("tokens") or {}
    return Event(
        type=event["type"],
        at=datetime.fromtimestamp(int(body.get("event_time") or 0), UTC),
        bot_revoked=bool(revoked.get("bot")),
    )


def open_view(view: Body) -> OpenView:
    """Slack's view object, of a payload or of an API answer."""
    blocks: Sequence[Body] = view.get("blocks") or ()
    return OpenView(
        id=view["id"],
        hash=_text(view, "hash"),
        root_id=_text(view, "root_view_id"),
        previous_id=_text(view, "previous_view_id"),
        callback_id=_text(view, "callback_id"),
        private_metadata=_text(view, "private_metadata"),
        block_ids=tuple(_text(block, "block_id") for block in blocks),
        input_ids=tuple(_text(one, "block_id") for one in blocks if one.get("type") == "input"),
        kind=_text(view, "type") or MODAL,
    )


def _view(view: object) -> OpenView | None:
    return open_view(cast(Body, view)) if isinstance(view, Mapping) else None


def _message(body: Body) -> MessageRef | None:
    container: Body = body.get("container") or {}
    message: Body = body.get("message") or {}
    ts = _text(container, "message_ts") or _text(message, "ts") or _text(body, "message_ts")
    if not ts:
        return None
    return MessageRef(
        channel_id=_text(container, "channel_id") or _id(body.get("channel")),
        ts=ts,
        thread_ts=_text(container, "thread_ts") or _text(message, "thread_ts"),
        ephemeral=bool(container.get("is_ephemeral")),
        author_id=_text(message, "user"),
        text=_text(message, "text"),
        files=_files(message.get("files")),
    )


def _files(listed: object) -> tuple[PostedFile, ...]:
    """Without those that only have a name left; a stranger's may have nothing but its id."""
    files = (one for one in listed if isinstance(one, Mapping)) if isinstance(listed, list) else ()
    return tuple(
        PostedFile(_text(one, "id"), _text(one, "name") or _text(one, "id"))
        for one in files
        if _text(one, "id")
    )


def _chosen(action: Body) -> str:
    option = action.get("selected_option")
    if isinstance(option, Mapping):
        return _text(option, "value")
    return next((_text(action, key) for key in CHOSEN if action.get(key)), "")


def _id(thing: object) -> str:
    return _text(thing, "id") if isinstance(thing, Mapping) else ""


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
