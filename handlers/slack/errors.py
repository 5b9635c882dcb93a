"""The one place where an exception becomes a Slack message: a sentence, where the person looks."""

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from structlog.contextvars import get_contextvars

from handlers.slack.context import STACK_LIMIT, Turn, ViewChanged, ViewClosed, code_of
from services.errors import Disconnected, DomainError
from services.phrases import Phrase
from views.slack.blocks import Message, View
from views.slack.errors import problem_message, problem_view
from views.slack.text import escape
from views.words.common import UNEXPECTED
from views.words.problems import AWAY, TOO_SLOW

LANGUAGE_SECONDS = 1.0
# Nobody looks at an event or at a modal put away: a message out of nowhere would only puzzle.
UNSEEN = ("event", "view_closed", "block_suggestion")
MODAL_KINDS = ("shortcut", "message_action")
# Slack's words for a trigger that came too late or was used twice.
DEAD_TRIGGERS = ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired")
OUT_OF_REACH = (SlackClientError, ClientError, TimeoutError, ViewClosed, ViewChanged)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told: a sentence, and the vendor whose connection is missing, if that is it."""

    sentence: str
    language: str
    vendor: str = ""

    @property
    def view(self) -> View:
        """As a modal."""
        return problem_view(self.sentence, self.language, vendor=self.vendor)

    @property
    def message(self) -> Message:
        """As a message."""
        return problem_message(self.sentence, self.language, vendor=self.vendor)


async def guarded(turn: Turn, work: Awaitable[None]) -> None:
    """Run a listener; whatever it raises is logged and told, and Slack gets its ack."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the Slack door's one net, see STYLE.md
        await tell(turn, error)
    if turn.ack.response is None:
        turn.log.warning("slack.unacknowledged")
        await _settle(turn)


async def tell(turn: Turn, error: Exception) -> None:
    """Say what happened in one sentence, in the person's language, where the person is."""
    if isinstance(error, ViewChanged | ViewClosed):
        # Something newer is in sight, or the person no longer cares to look.
        turn.log.info("slack.unseen", reason=type(error).__name__)
        await _settle(turn)
        return
    reference = str(get_contextvars().get("request_id") or secrets.token_hex(4))
    problem = Problem(
        language=(language := await _language(turn)),
        sentence=_sentence(turn, error, language, reference),
        vendor=error.vendor if isinstance(error, Disconnected) else "",
    )
    try:
        await _show(turn, problem)
    except OUT_OF_REACH as failure:
        turn.log.warning("slack.untold", reference=reference, reason=_reason(failure))
        await _settle(turn)


def _sentence(turn: Turn, error: Exception, language: str, reference: str) -> str:
    if isinstance(error, DomainError):
        turn.log.info("slack.refused", reason=type(error).__name__)
        return error.sentence(language)
    phrase: Phrase = UNEXPECTED
    if isinstance(error, SlackApiError) and code_of(error) in DEAD_TRIGGERS:
        phrase = TOO_SLOW
    elif getattr(error, "temporary", False):
        phrase = AWAY
    turn.log.error("slack.failed", reference=reference, reason=_reason(error), exc_info=error)
    return phrase(language, **({"reference": reference} if phrase.fields else {}))


def _reason(error: Exception) -> str:
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


async def _language(turn: Turn) -> str:
    # What failed may be what knows the language; then English, and soon.
    asking = asyncio.create_task(turn.language())
    await asyncio.wait((asking,), timeout=LANGUAGE_SECONDS)
    if not asking.done():
        asking.cancel()
        return "en"
    return "en" if asking.exception() else asking.result()


async def _show(turn: Turn, problem: Problem) -> None:
    if turn.ack.response is None and await _in_the_answer(turn, problem):
        return
    if turn.place.kind in UNSEEN:
        return
    try:
        shown = await _in_a_modal(turn, problem)
    except OUT_OF_REACH:
        # Closed meanwhile, or the trigger is spent: a message finds the person anyway.
        shown = False
    if not shown:
        await turn.say_privately(problem.message)


async def _in_the_answer(turn: Turn, problem: Problem) -> bool:
    """Whether the ack itself could carry the sentence; it is given in any case."""
    place = turn.place
    if place.kind == "command" and not problem.vendor:
        await turn.ack(text=escape(problem.sentence), response_type="ephemeral")
        return True
    if place.kind == "view_submission" and place.view is not None:
        if place.view.stacked < STACK_LIMIT:
            # Laid over the form, so that what was typed is still there underneath.
            await turn.push(problem.view)
        elif place.view.input_ids:
            await turn.errors({place.view.input_ids[0]: problem.sentence})
        else:
            await turn.replace(problem.view)
        return True
    await _settle(turn)
    return False


async def _in_a_modal(turn: Turn, problem: Problem) -> bool:
    place, view = turn.place, problem.view
    if place.drawn is not None:
        await turn.update(place.drawn.id, view)
        return True
    if place.kind == "block_actions" and place.view is not None:
        if place.view.stacked >= STACK_LIMIT:
            # It would take the place of what was typed there.
            return False
        await turn.push(view)
        return True
    if place.kind in MODAL_KINDS and not place.response_url:
        await turn.open(view)
        return True
    return False


async def _settle(turn: Turn) -> None:
    if turn.ack.response is not None:
        return
    if turn.place.kind == "block_suggestion":
        await turn.options([])
    else:
        await turn.ack()
