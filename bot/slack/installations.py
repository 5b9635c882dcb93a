"""Where Bolt keeps installations and install states, on top of db; tokens are sealed there."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from db import installations as table
from db.installations import Installed
from db.store import jobs
from db.store.session import Database, seal
from db.workspaces import departures
from services.ports import Clock
from services.workspaces import GREET, left

# Slack's own authorization codes live as long.
STATE_LIFE = timedelta(minutes=10)

Forget = Callable[[str, str], None]


class InstallationStore(AsyncInstallationStore):
    """One installation per (enterprise, team or none); "" is written for "no id".

    `changed` is told of every change made here, so that memory never outlives it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed: list[Forget] = []

    @property
    def logger(self) -> logging.Logger:
        """The logger Bolt writes to."""
        return logging.getLogger("slack_bolt")

    def tell(self, changed: Forget) -> None:
        """Call `changed(enterprise_id, team_id)` after each change."""
        self._changed.append(changed)

    async def installed(self, enterprise_id: str, team_id: str) -> Installed | None:
        """The installation that serves this workspace, the organisation's included."""
        async with self._database.transaction() as session:
            return await table.find(session, enterprise_id, team_id)

    async def exactly(self, installed: Installed) -> Installed | None:
        """The same installation as it is now."""
        async with self._database.transaction() as session:
            row = await table.hold(session, installed.enterprise_id, installed.team_id)
            return None if row is None else table.opened(session, row)

    async def lease(self, installed: Installed, now: datetime, lease: timedelta) -> bool:
        """Whether its token is ours to renew for so long: read again under the row's lock."""
        async with self._database.transaction() as session:
            row = await table.hold(session, installed.enterprise_id, installed.team_id)
            if row is None or (row.refreshing_until and row.refreshing_until > now):
                return False
            if table.opened(session, row).bot_token != installed.bot_token:
                return False
            row.refreshing_until = now + lease
            session.add(row)
            return True

    async def unlease(self, installed: Installed, *, dead: bool) -> None:
        """Let others try; with `dead` nobody, since Slack refuses the refresh token for good."""
        async with self._database.transaction() as session:
            row = await table.hold(session, installed.enterprise_id, installed.team_id)
            if row is not None and table.opened(session, row).bot_token == installed.bot_token:
                row.refreshing_until = None
                row.bot_refresh_token = None if dead else row.bot_refresh_token
                session.add(row)

    async def renewed(
        self, installed: Installed, *, token: str, refresh_token: str, expires_at: datetime
    ) -> Installed:
        """Keep the new pair, unless an install brought another meanwhile; what is kept now."""
        async with self._database.transaction() as session:
            row = await table.hold(session, installed.enterprise_id, installed.team_id)
            if row is None:
                return installed
            known = table.opened(session, row)
            if known.bot_token != installed.bot_token:
                return known
            seal(session, row, "bot_token", token)
            seal(session, row, "bot_refresh_token", refresh_token)
            row.bot_token_expires_at, row.refreshing_until = expires_at, None
            session.add(row)
            newer = table.opened(session, row)
        self._tell(installed.enterprise_id, installed.team_id)
        return newer

    async def note_team(self, enterprise_id: str, team_id: str) -> None:
        """A workspace of an organisation that installed us as a whole showed itself."""
        async with self._database.transaction() as session:
            await table.note_team(session, enterprise_id, team_id)

    async def async_save(self, installation: Installation) -> None:
        """Keep what an install brought; the person's own token is not asked for, so not kept.

        Whoever installed is greeted.
        """
        await self._save(installation.to_bot(), installation.user_id, greet=True)

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep a bot token that was rotated."""
        known = await self.installed(*_key(bot.enterprise_id, bot.team_id))
        await self._save(bot, known.installer_id if known else "")

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot of this workspace or organisation."""
        found = await self.installed(*_key(enterprise_id, team_id, is_enterprise_install))
        return None if found is None else Bot(**_fields(found))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The same with its installer; there is one per workspace, whoever asks."""
        found = await self.installed(*_key(enterprise_id, team_id, is_enterprise_install))
        return None if found is None else Installation(**_fields(found), user_id=found.installer_id)

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """The bot's token was revoked: the installation is over."""
        await self.forget(*_key(enterprise_id, team_id))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """A person's own token was revoked; none is kept, so only a whole deletion counts."""
        if user_id is None:
            await self.forget(*_key(enterprise_id, team_id))

    async def forget(
        self, enterprise_id: str, team_id: str, *, before: datetime | None = None
    ) -> None:
        """Delete; with `before`, an installation made later stays (Slack's events may be late)."""
        async with self._database.transaction() as session:
            await table.forget(session, enterprise_id, team_id, before=before)
        self._tell(enterprise_id, team_id)

    async def leave(self, enterprise_id: str, team_id: str, at: datetime) -> bool:
        """The app was removed then: forget all of it, unless it was installed later.

        The token may have been revoked before, and then its installation is gone already.
        """
        workspace_id = team_id or enterprise_id
        async with self._database.transaction() as session:
            await table.forget(session, enterprise_id, team_id, before=at)
            gone = not await departures.is_installed(session, workspace_id)
            if gone:
                await left(session, workspace_id, at)
        self._tell(enterprise_id, team_id)
        return gone

    async def _save(self, bot: Bot, installer_id: str, *, greet: bool = False) -> None:
        enterprise_id, team_id = _key(bot.enterprise_id, bot.team_id, bot.is_enterprise_install)
        installed = Installed(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=bot.bot_token,
            bot_id=bot.bot_id or "",
            bot_user_id=bot.bot_user_id or "",
            installed_at=datetime.fromtimestamp(bot.installed_at, UTC),
            app_id=bot.app_id or "",
            team_name=bot.team_name or "",
            bot_scopes=tuple(bot.bot_scopes),
            refresh_token=bot.bot_refresh_token or "",
            expires_at=_moment(bot.bot_token_expires_at),
            installer_id=installer_id,
        )
        async with self._database.transaction() as session:
            workspace_id = team_id or enterprise_id
            await departures.is_back(session, workspace_id)
            await table.save(session, enterprise_id, team_id, installed)
            if greet and installer_id:
                once = f"{GREET}:{workspace_id}:{installed.installed_at.timestamp()}"
                ids = (workspace_id, installer_id)
                await jobs.start(session, GREET, once, *ids, partition=workspace_id)
        self._tell(enterprise_id, team_id)

    def _tell(self, enterprise_id: str, team_id: str) -> None:
        for changed in self._changed:
            changed(enterprise_id, team_id)


class InstallStateStore(AsyncOAuthStateStore):
    """States of installs under way: good once, for ten minutes, only their digest is kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        """The logger Bolt writes to."""
        return logging.getLogger("slack_bolt")

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """A new state for an install link."""
        state = secrets.token_urlsafe(32)
        async with self._database.transaction() as session:
            await table.add_state(session, _digest(state), self._clock() + STATE_LIFE)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether the state is ours, fresh and unused; it is used from now on."""
        async with self._database.transaction() as session:
            return await table.use_state(session, _digest(state), self._clock())


def _key(
    enterprise_id: str | None, team_id: str | None, whole: bool | None = False
) -> tuple[str, str]:
    return enterprise_id or "", "" if whole else team_id or ""


def _fields(found: Installed) -> dict[str, Any]:
    return {
        "app_id": found.app_id,
        "enterprise_id": found.enterprise_id or None,
        "team_id": found.team_id or None,
        "team_name": found.team_name,
        "bot_token": found.bot_token,
        "bot_id": found.bot_id,
        "bot_user_id": found.bot_user_id,
        "bot_scopes": list(found.bot_scopes),
        "bot_refresh_token": found.refresh_token or None,
        "bot_token_expires_at": int(found.expires_at.timestamp()) if found.expires_at else None,
        "is_enterprise_install": not found.team_id,
        "installed_at": found.installed_at.timestamp(),
    }


def _moment(epoch: int | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
