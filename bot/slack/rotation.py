"""Bot tokens that lapse: renewed early, once over all processes, and kept before anybody speaks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from structlog import get_logger

from bot.slack.calls import ask_for_token
from bot.slack.installations import InstallationStore
from db.installations import Installed
from handlers.slack.outbound.reach import TROUBLE, code_of
from services.errors import AWAY, Temporary
from services.ports import Clock

# As Bolt does: a token lives twelve hours, and Slack may be away for a while.
EARLY = timedelta(hours=2)
# With less than this left a token might lapse on its way.
LEAST = timedelta(seconds=20)
# Longer than Slack is given to answer: nobody else begins while one still waits.
LEASE = timedelta(seconds=30)
WAIT_SECONDS = 0.1
PATIENCE_SECONDS = 1.5
# Slack's words for a token that was good until somebody renewed it, or its time was over.
LAPSED = frozenset({"token_expired", "token_revoked", "invalid_auth"})

log = get_logger("slack.rotation")


class Rotation:
    """Who holds the lease on an installation's row asks Slack; the others wait, or go on as long
    as the old token lives."""

    def __init__(
        self, store: InstallationStore, slack: AsyncWebClient, client: tuple[str, str], clock: Clock
    ) -> None:
        """`client` is the app's id and secret; without them no token can be renewed."""
        self._store = store
        self._slack = slack
        self._client = client
        self._clock = clock
        self._renewing: set[asyncio.Future[Installed]] = set()

    async def drain(self) -> None:
        """Let renewals at work end."""
        await asyncio.gather(*self._renewing, return_exceptions=True)

    async def fresh(self, installed: Installed, *, refused: str = "") -> Installed:
        """The installation with a token that works; `refused` is one that Slack refused.

        Raises Temporary while Slack is away and nothing is left of the old token.
        """
        for _ in range(int(LEASE.total_seconds() / WAIT_SECONDS) + 1):
            if not self._due(installed, refused):
                return installed
            if await self._store.lease(installed, self._clock(), LEASE):
                return await self._in_time(installed, refused)
            if self._lives(installed, refused):
                return installed
            await asyncio.sleep(WAIT_SECONDS)
            newer = await self._store.exactly(installed)
            if newer is None:
                return installed
            installed = newer
        raise Temporary(AWAY, vendor="Slack")

    def due(self, installed: Installed) -> bool:
        """Whether it is time."""
        return self._due(installed, "")

    def _due(self, installed: Installed, refused: str) -> bool:
        if not (installed.refresh_token and all(self._client)):
            return False
        if installed.bot_token == refused:
            return True
        return installed.expires_at is not None and installed.expires_at <= self._clock() + EARLY

    def _lives(self, installed: Installed, refused: str) -> bool:
        until = installed.expires_at
        return (
            installed.bot_token != refused and until is not None and until > self._clock() + LEAST
        )

    async def _in_time(self, installed: Installed, refused: str) -> Installed:
        """Renewed, or as it was when Slack takes long and the old token lives: who asked us for
        it may have a person waiting. A renewal that began always ends: its pair must be kept."""
        renewing = asyncio.ensure_future(self._renewed(installed, refused))
        self._renewing.add(renewing)
        renewing.add_done_callback(self._over)
        if not self._lives(installed, refused):
            return await asyncio.shield(renewing)
        await asyncio.wait((renewing,), timeout=PATIENCE_SECONDS)
        return renewing.result() if renewing.done() else installed

    def _over(self, renewing: asyncio.Future[Installed]) -> None:
        self._renewing.discard(renewing)
        if not renewing.cancelled() and (error := renewing.exception()) is not None:
            log.warning("slack.token_not_renewed", reason=type(error).__name__)

    async def _renewed(self, installed: Installed, refused: str) -> Installed:
        try:
            answer = await self._ask(installed)
        except SlackApiError as error:
            return await self._failed(installed, refused, code_of(error), error)
        except (ClientError, TimeoutError) as error:
            return await self._failed(installed, refused, "", error)
        newer = await self._store.renewed(
            installed,
            token=answer["access_token"],
            refresh_token=answer["refresh_token"],
            expires_at=_in(self._clock(), answer["expires_in"]),
        )
        log.info("slack.token_renewed", workspace_id=installed.team_id or installed.enterprise_id)
        return newer

    async def _ask(self, installed: Installed) -> AsyncSlackResponse:
        """https://docs.slack.dev/authentication/using-token-rotation"""
        return await ask_for_token(
            self._slack,
            self._client,
            grant_type="refresh_token",
            refresh_token=installed.refresh_token,
        )

    async def _failed(
        self, installed: Installed, refused: str, reason: str, error: Exception
    ) -> Installed:
        workspace_id = installed.team_id or installed.enterprise_id
        log.warning("slack.token_not_renewed", workspace_id=workspace_id, reason=reason)
        away = reason in TROUBLE
        await self._store.unlease(installed, dead=not away)
        # Refused for good: whoever speaks will hear so, and the doctor says what to do.
        if not away or self._lives(installed, refused):
            return installed
        raise Temporary(AWAY, vendor="Slack") from error


class RenewingClient(AsyncWebClient):
    """Speaks with a workspace's token; one that Slack finds lapsed is renewed, and it is said
    again, once."""

    renew: Callable[[str], Awaitable[str]] | None = None

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        """As in slack_sdk."""
        try:
            return await super().api_call(api_method, **given)
        except SlackApiError as error:
            spoken = self.token or ""
            if self.renew is None or code_of(error) not in LAPSED:
                raise
            newer = await self.renew(spoken)
            if newer == spoken:
                raise
            self.token = newer
        return await super().api_call(api_method, **given)


def _in(now: datetime, seconds: object) -> datetime:
    return (now + timedelta(seconds=int(str(seconds)))).astimezone(UTC)
