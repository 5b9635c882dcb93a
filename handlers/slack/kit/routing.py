"""From a Slack id to its listener: one catch-all per kind in Bolt, and our own table behind it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from handlers.slack.kit import payloads
from handlers.slack.kit.context import Turn, turn_of
from handlers.slack.kit.errors import guarded, tell
from handlers.slack.kit.payloads import Click
from handlers.slack.kit.strangers import Strangers
from handlers.slack.kit.wire import Body
from services import Services
from services.errors import NotFound, Temporary
from views.slack.workspaces import stranger
from views.words.common import OLD_BUTTON
from views.words.problems import OLD_FORM, UNKNOWN_COMMAND

# What a listener takes is decided by the verb it is registered with, below.
Listener = Callable[[Turn, Any], Awaitable[None]]
ANYTHING = re.compile("")
SHORTCUTS = ("shortcut", "message_action")


class Listeners:
    """The table: kind → id → listener. An id may carry a suffix after a colon (`page:3`)."""

    def __init__(self) -> None:
        self._table: dict[str, dict[str, Listener]] = {kind.name: {} for kind in KINDS}
        self._at_once: set[Listener] = set()

    def command(
        self,
        name: str,
        fn: Callable[[Turn, payloads.Command], Awaitable[None]],
        *,
        at_once: bool = False,
    ) -> None:
        """A slash command, name with its slash.

        `at_once`: received is all there is to answer, so the door does, before the listener runs.
        """
        self._add("command", name, fn, at_once=at_once)

    def action(
        self,
        action_id: str,
        fn: Callable[[Turn, Click], Awaitable[None]],
        *,
        at_once: bool = False,
    ) -> None:
        """A button or a choice, wherever it is drawn; `at_once` as for a command."""
        self._add("action", action_id, fn, at_once=at_once)

    def view(
        self, callback_id: str, fn: Callable[[Turn, payloads.Submission], Awaitable[None]]
    ) -> None:
        """A form sent off."""
        self._add("view", callback_id, fn)

    def closed(
        self, callback_id: str, fn: Callable[[Turn, payloads.Closed], Awaitable[None]]
    ) -> None:
        """A modal put away; Slack says so only of views drawn with notify_on_close."""
        self._add("closed", callback_id, fn)

    def options(
        self, action_id: str, fn: Callable[[Turn, payloads.Suggestion], Awaitable[None]]
    ) -> None:
        """Options asked for while the person types."""
        self._add("options", action_id, fn)

    def shortcut(
        self,
        callback_id: str,
        fn: Callable[[Turn, payloads.Shortcut], Awaitable[None]],
        *,
        at_once: bool = False,
    ) -> None:
        """A global shortcut or one of a message's menu; `at_once` as for a command."""
        self._add("shortcut", callback_id, fn, at_once=at_once)

    def event(self, type_: str, fn: Listener) -> None:
        """An event: `app_home_opened` comes as HomeOpened, every other as Event."""
        self._add("event", type_, fn)

    def ids(self, kind: str) -> frozenset[str]:
        """Every registered id of a kind: command, action, view, closed, options, …"""
        return frozenset(self._table[kind])

    def at_once(self, kind: str, body: Body) -> bool:
        """Whether a request of Slack's kind, found plausible, is answered before its listener."""
        if kind == "block_actions":
            listener = self.find("action", body["actions"][0]["action_id"])
        elif kind == "command":
            listener = self.find("command", body["command"])
        elif kind in SHORTCUTS:
            listener = self.find("shortcut", body["callback_id"])
        else:
            return False
        return listener in self._at_once

    def find(self, kind: str, id_: str) -> Listener | None:
        """The listener of an id, or of the part before its first colon."""
        table = self._table[kind]
        return table.get(id_) or table.get(id_.partition(":")[0])

    def _add(self, kind: str, id_: str, fn: Listener, *, at_once: bool = False) -> None:
        if at_once:
            self._at_once.add(fn)
        if id_ in self._table[kind]:
            raise ValueError(f"two listeners for the {kind} “{id_}”")
        self._table[kind][id_] = fn


@dataclass(frozen=True, slots=True)
class PayloadKind:
    """A kind of request: its name in the table, its reader, and where the reading has the id."""

    name: str
    read: Callable[[Body], payloads.Payload]
    id_field: str


ACTION = PayloadKind("action", payloads.read_click, "action_id")
VIEW = PayloadKind("view", payloads.read_submission, "callback_id")
COMMAND = PayloadKind("command", payloads.read_command, "name")
OPTIONS = PayloadKind("options", payloads.read_suggestion, "action_id")
EVENT = PayloadKind("event", payloads.read_event, "type")
SHORTCUT = PayloadKind("shortcut", payloads.read_shortcut, "callback_id")
CLOSED = PayloadKind("closed", payloads.read_closed, "callback_id")
KINDS = (ACTION, VIEW, COMMAND, OPTIONS, EVENT, SHORTCUT, CLOSED)
# An old menu simply has no options; events and modals put away need no words at all.
OLD: Mapping[str, Any] = {
    "action": OLD_BUTTON,
    "view": OLD_FORM,
    "command": UNKNOWN_COMMAND,
    "shortcut": OLD_BUTTON,
}


class Router:
    """Takes what Bolt matched, finds the listener, and runs it with its turn."""

    def __init__(self, listeners: Listeners, services: Services) -> None:
        self._listeners = listeners
        self._services = services
        self._pressed: set[tuple[str, ...]] = set()
        self._strangers = Strangers()

    def attach(self, app: AsyncApp) -> None:
        """Register one listener per kind; Bolt tries them in this order, so frequent ones first."""
        app.block_action({"action_id": ANYTHING})(self._serving(ACTION))
        app.view_submission(ANYTHING)(self._serving(VIEW))
        app.command(ANYTHING)(self._serving(COMMAND))
        app.block_suggestion(ANYTHING)(self._serving(OPTIONS))
        app.event(ANYTHING)(self._serving(EVENT))
        app.shortcut(ANYTHING)(self._serving(SHORTCUT))
        app.view_closed(ANYTHING)(self._serving(CLOSED))
        app.error(self._failed)

    def _serving(self, kind: PayloadKind) -> Callable[..., Awaitable[None]]:
        async def serve(body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
            turn = turn_of(self._services, body, context, ack)
            if await self._strangers.meets(turn.actor, body, turn.slack):
                await guarded(turn, _turn_away(kind, turn))
            else:
                await self._serve(kind, turn, kind.read(body))

        return serve

    async def _serve(self, kind: PayloadKind, turn: Turn, payload: payloads.Payload) -> None:
        id_ = getattr(payload, kind.id_field, "app_home_opened")
        listener = self._listeners.find(kind.name, id_)
        if listener is None:
            await self._old(kind, turn, id_)
        elif isinstance(payload, Click) and payload.element == "button":
            await self._press(listener, turn, payload)
        else:
            await guarded(turn, listener(turn, payload))

    async def _press(self, listener: Listener, turn: Turn, click: Click) -> None:
        """Run a button once: pressed again while its first press is at work, it is only acked."""
        where = click.view.id if click.view else click.message.ts if click.message else ""
        press = (turn.actor.workspace_id, turn.actor.member_id, where, click.action_id, click.value)
        if press in self._pressed:
            await turn.ack()
            return
        self._pressed.add(press)
        try:
            await guarded(turn, listener(turn, click))
        finally:
            self._pressed.discard(press)

    async def _old(self, kind: PayloadKind, turn: Turn, id_: str) -> None:
        if kind in (EVENT, CLOSED):
            turn.log.debug("slack.unheard", kind=kind.name, action_id=id_)
            await turn.ack()
            return
        turn.log.warning("slack.unknown", kind=kind.name, action_id=id_)
        if kind is OPTIONS:
            await turn.options()
        else:
            await tell(turn, NotFound(OLD[kind.name], command=id_))

    async def _failed(
        self,
        error: Exception,
        body: Body,
        context: AsyncBoltContext,
        response: BoltResponse | None,
    ) -> BoltResponse | None:
        """What went wrong outside any listener, in authorization or in reading the payload."""
        turn = turn_of(self._services, body, context)
        await tell(turn, error)
        again = isinstance(error, Temporary) or getattr(error, "temporary", False)
        if response is None or (turn.place.kind == "event" and again):
            # Acknowledged before it failed; or an event, which Slack delivers again after a 5xx.
            # Nothing else is better the second time, and too many 5xx end all events.
            return None
        return turn.ack.response


async def _turn_away(kind: PayloadKind, turn: Turn) -> None:
    """One sentence where they are, by the address that Slack gave for it; never a message of ours
    to another company's people."""
    turn.log.info("slack.stranger", kind=kind.name)
    if kind is OPTIONS:
        await turn.options()
        return
    await turn.ack()
    await turn.say_here(stranger())


async def acknowledge(turn: Turn, payload: payloads.Payload) -> None:
    """The listener of what needs no answer, such as a button that only opens a link."""
    await turn.ack()
