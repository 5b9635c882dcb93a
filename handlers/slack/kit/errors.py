"""The one place where an exception becomes a Slack message: a sentence, where the person looks."""

import asyncio
import secrets
from collections.abc import Awaitable

from slack_sdk.errors import SlackApiError
from structlog.contextvars import get_contextvars

from handlers.slack.kit.context import STACK_LIMIT, Turn, ViewChanged, ViewClosed
from handlers.slack.outbound.reach import FAILURES, RefusedBySlack, code_of, reason_of
from services.errors import (
    Disconnected,
    DomainError,
    Temporary,
    missing_connection,
    vendors_words,
)
from services.phrases import Phrase
from views.kit.text import escape
from views.slack.errors import Again, ErrorNotice, problem_message, problem_view, put_away
from views.words.common import UNEXPECTED
from views.words.problems import AWAY, TOO_SLOW

LANGUAGE_SECONDS = 1.0
# Nobody looks at an event or at a modal put away: a message out of nowhere would only puzzle.
UNSEEN = ("event", "view_closed", "block_suggestion")
MODAL_KINDS = ("shortcut", "message_action")
# Slack's words for a trigger that came too late or was used twice.
DEAD_TRIGGERS = ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired")
OUT_OF_REACH = (*FAILURES, RefusedBySlack, Temporary, ViewClosed, ViewChanged)


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
    reference = str(get_contextvars().get("request_id") or secrets.token_hex(4))
    if isinstance(error, ViewChanged | ViewClosed):
        turn.log.info("slack.unseen", reason=type(error).__name__)
        showing = _unseen(turn, error)
    else:
        showing = _show(turn, await _problem(turn, error, reference))
    try:
        await showing
    except OUT_OF_REACH as failure:
        turn.log.warning("slack.untold", reference=reference, reason=reason_of(failure))
        await _settle(turn)


async def _unseen(turn: Turn, error: ViewChanged | ViewClosed) -> None:
    """Something newer is in sight, or the person no longer cares to look, unless it was closed
    before it had anything to show."""
    await _settle(turn)
    closed_early = isinstance(error, ViewClosed) and turn.place.drawn is not None
    if closed_early and turn.place.again is not None:
        await turn.say_privately(put_away(turn.place.again, await _language(turn)))


async def _problem(turn: Turn, error: Exception, reference: str) -> ErrorNotice:
    language = await _language(turn)
    return ErrorNotice(
        sentence=_sentence(turn, error, language, reference),
        language=language,
        vendor=missing_connection(error),
        reference=reference if isinstance(error, DomainError) and vendors_words(error) else "",
        again=_again(turn, error),
    )


def _again(turn: Turn, error: Exception) -> Again | None:
    """What was typed wrongly, or may not be done, stays so."""
    lasting = isinstance(error, DomainError) and not isinstance(error, Disconnected)
    return None if lasting and not vendors_words(error) else turn.place.again


def _sentence(turn: Turn, error: Exception, language: str, reference: str) -> str:
    if isinstance(error, DomainError):
        reason, detail = type(error).__name__, vendors_words(error)
        turn.log.info("slack.refused", reference=reference, reason=reason, detail=detail)
        return error.sentence(language)
    phrase: Phrase = UNEXPECTED
    if isinstance(error, SlackApiError) and code_of(error) in DEAD_TRIGGERS:
        phrase = TOO_SLOW
    elif getattr(error, "temporary", False):
        phrase = AWAY
    turn.log.error("slack.failed", reference=reference, reason=reason_of(error), exc_info=error)
    return phrase(language, **({"reference": reference} if phrase.fields else {}))


async def _language(turn: Turn) -> str:
    # What failed may be what knows the language; then English, and soon.
    asking = asyncio.create_task(turn.language())
    await asyncio.wait((asking,), timeout=LANGUAGE_SECONDS)
    if not asking.done():
        asking.cancel()
        return "en"
    return "en" if asking.exception() else asking.result()


async def _show(turn: Turn, problem: ErrorNotice) -> None:
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
        await turn.say_privately(problem_message(problem))


async def _in_the_answer(turn: Turn, problem: ErrorNotice) -> bool:
    """Whether the ack itself could carry the sentence; it is given in any case."""
    place = turn.place
    if place.kind == "command" and problem.is_plain:
        await turn.ack(text=escape(problem.sentence), response_type="ephemeral")
        return True
    if place.kind == "view_submission" and place.view is not None:
        if place.view.stacked < STACK_LIMIT:
            # Laid over the form, so that what was typed is still there underneath.
            await turn.push(problem_view(problem))
        elif place.view.input_ids:
            await turn.errors({place.view.input_ids[0]: problem.sentence})
        else:
            await turn.replace(problem_view(problem))
        return True
    await _settle(turn)
    return False


async def _in_a_modal(turn: Turn, problem: ErrorNotice) -> bool:
    place, view = turn.place, problem_view(problem)
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
        await turn.options()
    else:
        await turn.ack()
