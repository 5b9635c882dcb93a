"""Whether Slack was reached, and the word it had for its no."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from structlog import get_logger

from services.actors import Actor
from services.errors import AWAY, REFUSED, DomainError, NotFound, Temporary

Clients = Callable[[Actor], Awaitable[AsyncWebClient]]

FAILURES = (SlackClientError, ClientError, TimeoutError)
# Slack's words for trouble of its own ("": no words at all, a gateway's page).
TROUBLE = frozenset(
    {"", "fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}
)
# What Slack answers once a person has put a modal or a message away: nothing is wrong.
PUT_AWAY = frozenset({"expired_trigger_id", "message_not_found", "not_found", "view_not_found"})

log = get_logger(__name__)


class RefusedBySlack(DomainError):
    """Slack does not let us; `code` is its word for why, such as `not_in_channel`."""

    def __init__(self, code: str) -> None:
        super().__init__(REFUSED, vendor="Slack", code=code)
        self.code = code


class NotInstalled(Temporary):
    """We are not, or no more, in that workspace: worth another try only after an installation."""


@contextmanager
def reaching_slack() -> Iterator[None]:
    """Raise Temporary when Slack is out of reach, RefusedBySlack when it is of another opinion."""
    try:
        yield
    except FAILURES as error:
        reason = reason_of(error)
        if isinstance(error, SlackApiError) and reason not in TROUBLE:
            tell = log.info if reason in PUT_AWAY else log.warning
            tell("slack.refused_us", reason=reason)
            raise RefusedBySlack(reason) from error
        log.warning("slack.away", reason=reason)
        raise Temporary(AWAY, vendor="Slack") from error


async def client_for(clients: Clients, actor: Actor) -> AsyncWebClient:
    """We in this person's workspace.

    Raises Temporary while Slack does not say who we are there, NotInstalled when we are nobody.
    """
    try:
        return await clients(actor)
    except NotFound as error:
        log.warning("slack.not_installed", workspace_id=actor.workspace_id)
        raise NotInstalled(error.phrase) from error
    except DomainError as error:
        log.warning("slack.no_client", reason=type(error).__name__)
        raise Temporary(AWAY, vendor="Slack") from error


def reason_of(error: Exception) -> str:
    """For the log: Slack's own word, or the kind of failure."""
    if isinstance(error, RefusedBySlack):
        return error.code
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


def code_of(error: SlackApiError) -> str:
    """Slack's own word for the failure, such as `not_found`; "" when it was no answer of Slack's.

    A gateway's page or a cut answer: the SDK then hands over no data, or the bare HTTP response.
    """
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""
