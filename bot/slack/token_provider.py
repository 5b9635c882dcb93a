"""Who we are in each workspace: tokens from memory, not from the database or Slack each time."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from aiohttp import ClientError
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from structlog import get_logger

from bot.slack.installations import InstallationStore
from bot.slack.rotation import RenewingClient, Rotation
from db.installations import Installed
from db.store.session import DatabaseUnavailable
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Event
from handlers.slack.kit.routing import Listeners
from handlers.slack.outbound.reach import code_of
from services.actors import Actor
from services.errors import AWAY, NotFound, Temporary
from services.ports import Clock
from views.words.problems import NOT_INSTALLED

# Another process may have deleted or replaced an installation: look again after this long.
FRESH = timedelta(seconds=30)
# While the database is away, what was known goes on for so long.
STALE = timedelta(minutes=15)
AWAY_FRESH = timedelta(seconds=2)
WORKSPACES_KEPT = 5_000
# A first request waits for auth.test, and Slack waits 3 s for that request.
ASK_SECONDS = 2.0
ASK_AGAIN_SECONDS = 0.25
# Slack's words for a token that will never work again.
DEAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
ORGANISATION = "E"

log = get_logger("slack.authority")


@dataclass(frozen=True, slots=True)
class Known:
    """What was found for a workspace, and when; None says it has not installed us.

    `away` says that Slack itself did not answer.
    """

    result: AuthorizeResult | None
    at: datetime
    away: bool = False


class Authority(AsyncAuthorize):
    """Bolt's authorize: the token of the settings for its own workspace, the store for the others.

    Memory ends with a change made in this process at once, with one made elsewhere after FRESH.
    """

    def __init__(
        self,
        store: InstallationStore,
        slack: AsyncWebClient,
        clock: Clock,
        app: tuple[str, str] = ("", ""),
    ) -> None:
        """`slack` carries the single-workspace token, if there is one; it is asked on first use.

        `app` is our client's id and secret, by which lapsing tokens are renewed.
        """
        self._rotation = Rotation(store, slack, app, clock)
        self._noted: set[tuple[str, str]] = set()
        self._store = store
        self._slack = slack
        self._clock = clock
        self._known: dict[tuple[str, str], Known] = {}
        self._home: Known | None = None
        self._asking = asyncio.Lock()
        store.tell(lambda enterprise_id, team_id: self.forget())

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        """Our identity where the request comes from; raises NotFound when not installed there.

        From here on the request speaks with a client that renews its token.
        """
        whole, organisation = bool(context.is_enterprise_install), enterprise_id or ""
        result = await self.find(organisation, team_id or "", whole=whole)
        if not result.team_id and team_id:
            await self._note(result.enterprise_id or "", team_id)
        context["client"] = self._speaking(result, team_id)
        return result

    async def find(
        self, enterprise_id: str, team_id: str, *, whole: bool = False
    ) -> AuthorizeResult:
        """Our identity there; NotFound, DatabaseUnavailable, or Temporary while Slack is away.

        `whole`: Slack says that the organisation installed us, not one of its workspaces.
        """
        home = await self._at_home()
        if home.result is not None and _serves(home.result, enterprise_id, team_id):
            return home.result
        # Ids of both kinds stand in one column: an organisation's begin with E, always.
        own = "" if whole and enterprise_id.startswith(ORGANISATION) else team_id
        result = await self._elsewhere(enterprise_id, own)
        if result is None and home.away:
            raise Temporary(AWAY, vendor="Slack")
        if result is None:
            raise NotFound(NOT_INSTALLED)
        return result

    async def client(self, actor: Actor) -> AsyncWebClient:
        """A Slack client that speaks as us in the actor's workspace; raises as `find` does."""
        result = await self.find(*where(actor))
        return self._speaking(result)

    def _speaking(self, result: AuthorizeResult, team_id: str | None = None) -> AsyncWebClient:
        client = RenewingClient(
            token=result.bot_token,
            base_url=self._slack.base_url,
            timeout=self._slack.timeout,
            session=self._slack.session,
            team_id=team_id,
            retry_handlers=list(self._slack.retry_handlers),
        )
        client.renew = partial(self._renewed, result.enterprise_id or "", result.team_id or "")
        return client

    async def _renewed(self, enterprise_id: str, team_id: str, refused: str) -> str:
        """A token in the place of one that Slack refused; the same when there is no other."""
        installed = await self._store.installed(enterprise_id, team_id)
        if installed is None:
            return refused
        self._known = {}
        return (await self._rotation.fresh(installed, refused=refused)).bot_token

    async def _note(self, enterprise_id: str, team_id: str) -> None:
        """Timers name a workspace only: remember whose token speaks there."""
        if (enterprise_id, team_id) not in self._noted and len(self._noted) < WORKSPACES_KEPT:
            await self._store.note_team(enterprise_id, team_id)
            self._noted.add((enterprise_id, team_id))

    async def drain(self) -> None:
        """Let renewals of tokens end."""
        await self._rotation.drain()

    def forget(self) -> None:
        """Drop what is in memory; the next request of each workspace looks anew."""
        self._known = {}
        self._home = None

    def listen(self, on: Listeners) -> None:
        """Hear of uninstalls and revoked tokens."""
        on.event("app_uninstalled", self.uninstalled)
        on.event("tokens_revoked", self.revoked)

    async def uninstalled(self, turn: Turn, event: Event) -> None:
        """The workspace removed the app: all of it goes; an installation made since then stays."""
        enterprise_id, team_id = where(turn.actor)
        if await self._home_lives(enterprise_id, team_id):
            return
        if await self._store.leave(enterprise_id, team_id, event.at):
            turn.log.info("slack.uninstalled", event_type=event.type)

    async def revoked(self, turn: Turn, event: Event) -> None:
        """Tokens were revoked; people's own ones are not kept, only the bot's matters.

        What members have here stays until the app is removed, or serves a new install.
        """
        if event.bot_revoked:
            await self._store.forget(*where(turn.actor), before=event.at)
            turn.log.info("slack.uninstalled", event_type=event.type)

    async def _home_lives(self, enterprise_id: str, team_id: str) -> bool:
        """Whether the settings' token, of which we do not know the age, serves there still."""
        before, self._home = self._home, None
        now = await self._at_home()
        result = before.result if now.away and before is not None else now.result
        return result is not None and _serves(result, enterprise_id, team_id)

    async def _at_home(self) -> Known:
        if not self._slack.token:
            return Known(None, self._clock())
        async with self._asking:
            if self._home is None or self._doubtful(self._home):
                self._home = await self._ask()
            return self._home

    def _doubtful(self, known: Known) -> bool:
        # A dead token is tried again now and then: it may have been dead by mistake.
        patience = AWAY_FRESH if known.away else FRESH
        return known.result is None and self._clock() > known.at + patience

    async def _ask(self) -> Known:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await self._until_answered()
        except TimeoutError:
            log.error("slack.away", operation="auth.test")
            return Known(None, self._clock(), away=True)

    async def _until_answered(self) -> Known:
        known = await self._auth_test()
        while known.away:
            await asyncio.sleep(ASK_AGAIN_SECONDS)
            known = await self._auth_test()
        return known

    async def _auth_test(self) -> Known:
        try:
            answer = await self._slack.auth_test()
        except SlackApiError as error:
            reason = code_of(error)
            log.warning("slack.auth_test", reason=reason)
            return Known(None, self._clock(), away=reason not in DEAD_TOKEN)
        except ClientError as error:
            log.warning("slack.auth_test", reason=type(error).__name__)
            return Known(None, self._clock(), away=True)
        identity = AuthorizeResult.from_auth_test_response(
            auth_test_response=answer, bot_token=self._slack.token
        )
        if answer.get("is_enterprise_install") is True:
            identity.team_id = None
        return Known(identity, self._clock())

    async def _elsewhere(self, enterprise_id: str, team_id: str) -> AuthorizeResult | None:
        key, now = (enterprise_id, team_id), self._clock()
        memory = self._known
        known = memory.get(key)
        if known is not None and now <= known.at + FRESH:
            return known.result
        try:
            installed = await self._store.installed(enterprise_id, team_id)
        except DatabaseUnavailable:
            if known is None or now > known.at + STALE:
                raise
            return known.result
        if installed is not None and self._rotation.due(installed):
            installed = await self._rotation.fresh(installed)
            memory = self._known
        if len(memory) >= WORKSPACES_KEPT:
            memory.clear()
        result = None if installed is None else _identity(installed)
        # Into the memory of before: a change made while we read has put a new one in its place.
        memory[key] = Known(result, now)
        return result


def where(actor: Actor) -> tuple[str, str]:
    """Organisation and workspace whose installation serves this person; "" for none."""
    whole = actor.workspace_id.startswith(ORGANISATION)
    return (actor.workspace_id, "") if whole else (actor.enterprise_id or "", actor.workspace_id)


def _serves(home: AuthorizeResult, enterprise_id: str, team_id: str) -> bool:
    if home.team_id and team_id:
        return home.team_id == team_id
    return bool(enterprise_id) and home.enterprise_id == enterprise_id


def _identity(installed: Installed) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=installed.enterprise_id or None,
        team_id=installed.team_id or None,
        bot_id=installed.bot_id or None,
        bot_user_id=installed.bot_user_id or None,
        bot_token=installed.bot_token,
        bot_scopes=list(installed.bot_scopes),
    )
