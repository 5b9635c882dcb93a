"""Passes clients' requests on to Auth, and starts what a true sign-up starts."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Protocol, TypeVar

import structlog

from integrations.errors import AuthExpired, IntegrationError, RefusedByVendor
from integrations.supabase.proxy import AuthTimedOut
from integrations.supabase.types import AuthRequest, AuthResponse
from services.auth.calls import (
    AWAY,
    BAD_REDIRECT,
    NOT_SET_UP,
    UNREADABLE,
    Action,
    AuthCall,
    AuthRefused,
)
from services.auth.limits import AuthLimits
from services.auth.reading import fields, is_redirect, signed_up
from services.users import SignedUp

T = TypeVar("T")
OK, FIRST_REFUSAL, FIRST_FAILURE = 200, 400, 500
# Auth's own word for a request that took too long, and what may have happened nevertheless.
TIMED_OUT = frozenset({408})
REDIRECT = "redirect_to"
PASSWORD = ("grant_type", "password")
# While these are done there is time to answer; whoever is not done then is found by the reconciler.
GRACE = timedelta(seconds=5)

# What follows a sign-up takes the processor for longer than all the rest of its answer.
ANSWER_FIRST = timedelta(milliseconds=2)

log = structlog.get_logger(__name__)


class AuthPassage(Protocol):
    """The way to Auth, with the publishable key."""

    async def send(self, asked: AuthRequest) -> AuthResponse:
        """Auth's answer; raises an IntegrationError when there is none."""


class SignUps(Protocol):
    """What users need to hear of sign-ups, see `services.users.Users`."""

    async def not_signed_up(self, intent_id: str) -> None:
        """Auth said no, or gave its fake answer."""

    async def signed_up(self, intent_id: str, who: SignedUp) -> None:
        """Auth said yes: the operation starts."""

    async def confirmed(self, who: SignedUp) -> None:
        """The address is confirmed."""


class AuthForwarder:
    """Each request passes once, and its answer as it came; `close()` it at the end."""

    def __init__(self, passage: AuthPassage | None, users: SignUps, limits: AuthLimits) -> None:
        """`passage` is None where no project is set up."""
        self._passage = passage
        self._users = users
        self._limits = limits
        self._beside: set[asyncio.Task[object]] = set()

    async def start(self) -> None:
        """Nothing runs by itself."""

    async def close(self) -> None:
        """Wait for what was started beside answers, for a few seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE.total_seconds()):
                while self._beside:
                    await asyncio.wait(self._beside)

    async def forward(self, call: AuthCall) -> AuthResponse:
        """Auth's answer, whatever it is, also a refusal; raises AuthRefused for what is ours."""
        if self._passage is None:
            raise AuthRefused(404, "feature_disabled", NOT_SET_UP)
        given = fields(call.body)
        asked = _asked(call, given.get(REDIRECT, ""))
        with_password = call.action is Action.TOKEN and PASSWORD in call.query
        email = given.get("email", "")
        intent = await self._limits.take(call.action, call.network, email, password=with_password)
        if intent:
            # Whoever closes the page meanwhile signs up all the same.
            return await asyncio.shield(self._kept(self._sign_up(self._passage, asked, intent)))
        answer = await _sent(self._passage, asked)
        if answer.status == OK and (call.action is Action.VERIFY or with_password):
            self._do_beside(self._confirmed(answer))
        return answer

    async def _sign_up(self, passage: AuthPassage, asked: AuthRequest, intent: str) -> AuthResponse:
        answer = await _sent(passage, asked)
        if answer.status == OK:
            self._do_beside(self._signed_up(intent, answer))
        elif FIRST_REFUSAL <= answer.status < FIRST_FAILURE and answer.status not in TIMED_OUT:
            self._do_beside(self._users.not_signed_up(intent))
        # After anything else Auth may have made the user: whoever reconciles asks it.
        return answer

    async def _signed_up(self, intent: str, answer: AuthResponse) -> None:
        try:
            who = signed_up(answer.body)
        except (ValueError, KeyError, TypeError) as error:
            log.warning("auth.unreadable_sign_up", exception=type(error).__name__)
            return
        if who is None:
            await self._users.not_signed_up(intent)
        else:
            await self._users.signed_up(intent, who)

    async def _confirmed(self, answer: AuthResponse) -> None:
        try:
            who = signed_up(answer.body)
        except (ValueError, KeyError, TypeError):
            return
        if who is not None and who.confirmed_at is not None:
            await self._users.confirmed(who)

    def _do_beside(self, work: Coroutine[None, None, None]) -> None:
        """Begin beside the answer, which does not wait for it and goes first."""
        self._kept(_after_the_answer(work)).add_done_callback(self._told)

    def _kept(self, work: Coroutine[None, None, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[T]) -> None:
        self._beside.discard(task)
        if not task.cancelled():
            # Seen, also where nobody waits for it any more.
            task.exception()

    def _told(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            # The intent is still there: the reconciler goes on from it.
            log.warning("auth.not_written", exception=type(error).__name__)


async def _after_the_answer(work: Coroutine[None, None, None]) -> None:
    await asyncio.sleep(ANSWER_FIRST.total_seconds())
    await work


def _asked(call: AuthCall, redirect: str) -> AuthRequest:
    """The request as Auth gets it: a redirect in the body becomes the query's, which wins."""
    query = call.query
    named = next((value for name, value in query if name == REDIRECT), "")
    if (address := named or redirect) and not is_redirect(address):
        raise AuthRefused(400, "validation_failed", BAD_REDIRECT)
    if redirect and not named:
        query = (*(one for one in query if one[0] != REDIRECT), (REDIRECT, redirect))
    return AuthRequest(call.method, call.action.value, query, call.headers, call.body)


async def _sent(passage: AuthPassage, asked: AuthRequest) -> AuthResponse:
    try:
        return await passage.send(asked)
    except AuthTimedOut as error:
        raise AuthRefused(504, "request_timeout", AWAY) from error
    except AuthExpired as error:
        raise AuthRefused(503, "feature_disabled", NOT_SET_UP) from error
    except RefusedByVendor as error:
        raise AuthRefused(502, "unexpected_failure", UNREADABLE) from error
    except IntegrationError as error:
        raise AuthRefused(502, "unexpected_failure", AWAY) from error
