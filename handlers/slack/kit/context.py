"""One turn of the conversation: who asks, what they may use, and the verbs to answer with."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from structlog import get_logger
from structlog.contextvars import bind_contextvars
from structlog.typing import FilteringBoundLogger

from handlers.slack.kit.payloads import MODAL, OpenView, open_view, read_view
from handlers.slack.kit.wire import Body, kind_of
from handlers.slack.outbound.post import post, respond, whisper
from handlers.slack.outbound.reach import code_of
from services import Services
from services.actors import Actor
from services.people import Member
from views.kit.blocks import Message, View
from views.kit.controls import Choice, options_of
from views.slack.errors import Again

ARRIVAL_SECONDS = 0.25
# https://docs.slack.dev/surfaces/modals: at most three views at a time.
STACK_LIMIT = 3


class ViewClosed(Exception):
    """The person closed the modal meanwhile; show the result elsewhere."""


class ViewChanged(Exception):
    """The modal was drawn anew meanwhile; what we have is older than what is seen."""


class Surface:
    """Where the person is looking, and what this turn has drawn there so far."""

    __slots__ = ("again", "drawn", "kind", "replaced_at", "response_url", "trigger_id", "view")

    def __init__(self, body: Body) -> None:
        """`kind` is Slack's name of the payload (`block_actions`, …), or `command`, or `event`."""
        self.kind = kind_of(body)
        self.trigger_id = str(body.get("trigger_id") or "")
        self.response_url = str(body.get("response_url") or "")
        self.view = read_view(body)
        # What does the same once more, offered when it fails or its modal is closed meanwhile.
        self.again: Again | None = None
        # A modal that this turn opened or put in place and has not filled yet.
        self.drawn: OpenView | None = None
        # When the answer to a submission put another view in place, in the loop's time.
        self.replaced_at: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a person, with the means to answer; `ack` comes first, within 3 s.

    `ack()` alone says "received"; after a command `ack("text")` answers privately.
    """

    services: Services
    actor: Actor
    slack: AsyncWebClient
    ack: AsyncAck
    log: FilteringBoundLogger
    place: Surface

    async def member(self) -> Member:
        """The person who asks, with name and preferences."""
        return await self.services.people.who(self.actor)

    async def language(self) -> str:
        """The language we speak to this person: "en" or "it"."""
        return (await self.member()).language

    async def errors(self, by_block: Mapping[str, str]) -> None:
        """Refuse a submission; the modal stays, each sentence under its input block."""
        await self.ack(response_action="errors", errors=dict(by_block))

    async def replace(self, view: View) -> None:
        """Answer a submission with another view in the place of the form."""
        await self.ack(response_action="update", view=view.to_dict())
        self.place.drawn = self.place.view
        self.place.replaced_at = asyncio.get_running_loop().time()

    async def clear(self) -> None:
        """Answer a submission by closing every modal."""
        await self.ack(response_action="clear")

    async def options(self, *choices: Choice) -> None:
        """Answer a suggestion with at most 100 options."""
        await self.ack(options=options_of(choices))

    async def open(self, view: View) -> OpenView:
        """Open a modal; the trigger is good for 3 s and once."""
        opened = _view_of(
            await self.slack.views_open(trigger_id=self.place.trigger_id, view=view.to_dict())
        )
        self.place.drawn = opened
        return opened

    async def push(self, view: View) -> OpenView | None:
        """Lay a modal over the one in sight; None when it went along with the ack.

        On the third, the last that Slack stacks, it takes that one's place instead; from the home
        tab, where there is none to lie on, it opens.
        """
        below = self.place.view
        full = below is not None and below.stacked >= STACK_LIMIT
        if self.place.kind == "view_submission" and self.ack.response is None:
            await self.ack(response_action="update" if full else "push", view=view.to_dict())
            return None
        if below is None or below.kind != MODAL:
            return await self.open(view)
        if full:
            return await self.wait_in(below.id, view)
        answer = await self.slack.views_push(trigger_id=self.place.trigger_id, view=view.to_dict())
        self.place.drawn = _view_of(answer)
        return self.place.drawn

    async def update(self, view_id: str, view: View, hash: str | None = None) -> OpenView:
        """Draw an open modal anew; raises ViewClosed, or ViewChanged when `hash` is no longer its.

        https://docs.slack.dev/reference/methods/views.update
        """
        await self._let_the_answer_arrive()
        try:
            answer = await self.slack.views_update(
                view_id=view_id, view=view.to_dict(), hash=hash or None
            )
        except SlackApiError as error:
            if code_of(error) == "not_found":
                raise ViewClosed from error
            if code_of(error) == "hash_conflict":
                raise ViewChanged from error
            raise
        self.place.drawn = None
        return _view_of(answer)

    async def wait_in(self, view_id: str, view: View) -> OpenView:
        """Draw a waiting view into an open modal, to be filled by this turn."""
        shown = await self.update(view_id, view)
        self.place.drawn = shown
        return shown

    async def _let_the_answer_arrive(self) -> None:
        """Our answer and our next call travel apart: an update that overtook the answer would be
        covered by it, and the person would look at "one moment" for ever."""
        if self.place.replaced_at is not None:
            due = self.place.replaced_at + ARRIVAL_SECONDS
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            self.place.replaced_at = None

    async def redraw(self, message: Message) -> bool:
        """Replace the message whose button was pressed, an ephemeral one too; whether it worked."""
        return await self._respond(message, replace=True)

    async def dismiss(self) -> None:
        """Take away the message whose button was pressed: it has done its work."""
        await self._answer_there(delete_original=True)

    async def say_privately(self, message: Message) -> None:
        """Only this person sees it: beside what they did, else in a direct message."""
        if not await self._respond(message, replace=False):
            await post(self.slack, self.actor.member_id, message)

    async def say_here(self, message: Message) -> bool:
        """Only this person sees it, beside what they did; whether there was a way to say it."""
        return await self._respond(message, replace=False)

    async def whisper(self, channel_id: str, message: Message) -> None:
        """Only this person sees it, in that channel; where Slack refuses, in a direct message."""
        await whisper(self.slack, channel_id, self.actor.member_id, message)

    async def _respond(self, message: Message, *, replace: bool) -> bool:
        return await self._answer_there(
            text=message.text,
            blocks=message.blocks,
            response_type="ephemeral",
            replace_original=replace,
        )

    async def _answer_there(self, **answer: Any) -> bool:
        """Whether Slack took it."""
        url = self.place.response_url
        return bool(url) and await respond(self.slack, url, **answer)


def turn_of(
    services: Services, body: Body, context: AsyncBoltContext, ack: AsyncAck | None = None
) -> Turn:
    """The turn of a verified request; its ids go into every log line from here on."""
    actor = actor_of(context)
    bind_contextvars(workspace_id=actor.workspace_id, member_id=actor.member_id)
    return Turn(
        services=services,
        actor=actor,
        slack=context.client,
        ack=ack or context.ack,
        log=get_logger("slack"),
        place=Surface(body),
    )


def actor_of(context: AsyncBoltContext) -> Actor:
    """Who is asking. An organisation that installed us as a whole is one workspace.

    Whose token speaks decides, not what the payload says of itself: some say "false" there.
    """
    found, organisation = context.authorize_result, context.enterprise_id or ""
    whole = bool(context.is_enterprise_install)
    if found is not None and found.bot_token:
        organisation, whole = found.enterprise_id or organisation, not found.team_id
    # Both kinds of ids stand in one column: an organisation's begin with E, a workspace's never.
    whole = whole and organisation.startswith("E")
    own = (found.team_id if found is not None else "") or context.team_id or ""
    return Actor(
        workspace_id=organisation if whole else own,
        member_id=context.user_id or "",
        enterprise_id=organisation or None,
        team_id=context.team_id or "",
    )


def _view_of(answer: AsyncSlackResponse) -> OpenView:
    return open_view(answer["view"])
