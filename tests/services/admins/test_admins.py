"""Sessions end when they should, and passwords are tried slowly."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlmodel import select

from db.admins import AdminSessionRow, LocalAdminRow
from db.auth import AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database
from integrations.errors import RefusedByVendor
from services.actors import Operator
from services.admins import (
    AdminSessions,
    Device,
    LocalAdmins,
    SlackHome,
    SlackSignIn,
    SlackSignInDeps,
)
from services.audit import Audit
from services.errors import Invalid, NotAllowed
from services.ops import Ops
from services.people import Members
from tests.kit.desk import Quiet

PASSWORD = "correct horse battery staple"
BACK = "https://us.example/admin/sign-in/slack/callback"


class SlackSays:
    """Whoever comes back is this person; `nonces` are those that were asked for."""

    def __init__(self) -> None:
        self.team_id, self.user_id, self.name = "T0HOME", "U1", "Ada"
        self.asked: dict[str, str] = {}
        self.refuses = False

    def consent_url(self, state: str, nonce: str, redirect_uri: str, team_id: str) -> str:
        self.asked = {"state": state, "nonce": nonce, "to": redirect_uri, "team": team_id}
        return "https://slack.example"

    async def identify(self, code: str, redirect_uri: str, nonce: str) -> "SlackSays":
        if self.refuses or nonce != self.asked["nonce"]:
            raise RefusedByVendor("slack", "nonce")
        return self


class Desk:
    """Everything of this room, with a clock that is set by hand."""

    def __init__(self, database: Database, pool: AsyncpgPool) -> None:
        self.database = database
        self.now = datetime.now(UTC)
        self.alarms: list[tuple[str, int]] = []
        self.slack = SlackSays()
        self.pool = pool
        self.device = Device(f"10.{uuid4().int % 250}.{uuid4().int % 250}.{uuid4().int % 250}")
        self.allow("U1")

    def allow(self, *admins: str) -> None:
        """The settings name these, as after a restart."""
        members = Members(self.database, Quiet(), self.clock)
        ops = Ops(Audit(self.database), members, "T0HOME", "C0", set(admins))
        windows = AuthWindows(self.pool)
        self.sessions = AdminSessions(self.database, ops, self.clock)
        self.local = LocalAdmins(self.database, self.sessions, windows, self, self.clock)
        deps = SlackSignInDeps(self.sessions, ops, Audit(self.database), windows)
        home = SlackHome("T0HOME", BACK)
        self.with_slack = SlackSignIn(self.database, self.slack, home, deps, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def wrong_passwords(self, name: str, failures: int, address: str) -> None:
        self.alarms.append((name, failures))

    async def newcomer(self) -> str:
        name = f"ada-{uuid4().hex[:8]}"
        await self.local.create(name, PASSWORD)
        return name

    async def guess(self, name: str, times: int) -> None:
        for _ in range(times):
            with pytest.raises(NotAllowed):
                await self.local.sign_in(name, "wrong wrong wrong", self.device)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(database: Database) -> AsyncIterator[Desk]:
    pool = AsyncpgPool(database.url)
    await pool.start()
    yield Desk(database, pool)
    await pool.close()


async def test_a_password_opens_and_only_a_digest_of_the_id_is_kept(desk: Desk) -> None:
    name = await desk.newcomer()
    signed = await desk.local.sign_in(name, PASSWORD, desk.device)
    assert await desk.sessions.find(signed.token)
    async with desk.database.transaction() as session:
        row = await session.get(AdminSessionRow, signed.session.id)
        admin = await session.get(LocalAdminRow, name)
    assert row
    assert admin
    assert signed.token.encode() not in row.digest
    assert admin.password_hash.startswith("$argon2id$v=19$m=47104,t=2,p=1$")


@pytest.mark.parametrize("password", ["short", "", "x" * 201])
async def test_a_password_that_is_too_short_or_long_makes_nobody(desk: Desk, password: str) -> None:
    with pytest.raises(Invalid):
        await desk.local.create(f"ada-{uuid4().hex[:8]}", password)


async def test_a_session_ends_when_it_is_not_used_and_at_the_end_of_the_day(desk: Desk) -> None:
    name = await desk.newcomer()
    signed = await desk.local.sign_in(name, PASSWORD, desk.device)
    for _ in range(20):
        desk.now += timedelta(minutes=20)
        assert await desk.sessions.find(signed.token)
    desk.now += timedelta(minutes=31)
    assert await desk.sessions.find(signed.token) is None
    signed = await desk.local.sign_in(name, PASSWORD, desk.device)
    began = desk.now
    while desk.now - began < timedelta(hours=8):
        assert await desk.sessions.find(signed.token)
        desk.now += timedelta(minutes=20)
    assert await desk.sessions.find(signed.token) is None


async def test_looking_on_does_not_keep_a_session_alive(desk: Desk) -> None:
    signed = await desk.local.sign_in(await desk.newcomer(), PASSWORD, desk.device)
    for _ in range(3):
        desk.now += timedelta(minutes=9)
        assert await desk.sessions.watch(signed.token)
    desk.now += timedelta(minutes=9)
    assert await desk.sessions.watch(signed.token) is None


async def test_another_password_ends_every_session_of_before(desk: Desk) -> None:
    name = await desk.newcomer()
    signed = await desk.local.sign_in(name, PASSWORD, desk.device)
    desk.now += timedelta(seconds=1)
    await desk.local.reset(name, "another long password")
    assert await desk.sessions.find(signed.token) is None
    with pytest.raises(NotAllowed):
        await desk.local.sign_in(name, PASSWORD, desk.device)


async def test_after_five_wrong_ones_each_try_waits_twice_as_long(desk: Desk) -> None:
    name = await desk.newcomer()
    await desk.guess(name, 5)
    with pytest.raises(NotAllowed):
        await desk.local.sign_in(name, PASSWORD, desk.device)
    desk.now += timedelta(seconds=1)
    await desk.guess(name, 1)
    desk.now += timedelta(seconds=1)
    with pytest.raises(NotAllowed):
        await desk.local.sign_in(name, PASSWORD, desk.device)
    desk.now += timedelta(seconds=1)
    assert await desk.local.sign_in(name, PASSWORD, desk.device)
    assert await desk.local.sign_in(name, PASSWORD, desk.device)


async def test_a_name_that_does_not_exist_is_throttled_alike_and_never_locked(desk: Desk) -> None:
    name = f"nobody-{uuid4().hex[:8]}"
    await desk.guess(name, 5)
    desk.now += timedelta(minutes=15)
    await desk.guess(name, 1)
    assert desk.alarms == []


async def test_the_tenth_wrong_password_is_told_in_the_ops_channel(desk: Desk) -> None:
    name = await desk.newcomer()
    for _ in range(12):
        await desk.guess(name, 1)
        desk.now += timedelta(minutes=20)
    assert desk.alarms == [(name, 10)]
    assert await desk.local.sign_in(name, PASSWORD, desk.device)


async def test_a_network_has_twenty_tries_in_ten_minutes_whatever_the_names(desk: Desk) -> None:
    for number in range(20):
        await desk.guess(f"n{number}-{uuid4().hex[:6]}", 1)
    name = await desk.newcomer()
    with pytest.raises(NotAllowed):
        await desk.local.sign_in(name, PASSWORD, desk.device)
    desk.now += timedelta(minutes=11)
    assert await desk.local.sign_in(name, PASSWORD, desk.device)


async def test_slack_signs_an_ops_admin_in_once(desk: Desk) -> None:
    attempt = await desk.with_slack.begin("/admin/licenses", desk.device)
    state = desk.slack.asked["state"]
    assert (desk.slack.asked["to"], desk.slack.asked["team"]) == (BACK, "T0HOME")
    signed = await desk.with_slack.finish(attempt.secret, state, "code", desk.device)
    assert signed.next_path == "/admin/licenses"
    assert signed.session.operator == Operator("slack", "T0HOME:U1", "Ada")
    with pytest.raises(NotAllowed):
        await desk.with_slack.finish(attempt.secret, state, "code", desk.device)


async def test_a_sign_in_is_finished_in_its_own_browser_and_in_time(desk: Desk) -> None:
    mine = await desk.with_slack.begin("/admin", desk.device)
    state = desk.slack.asked["state"]
    other = await desk.with_slack.begin("/admin", desk.device)
    for secret, given in (
        (other.secret, state),
        (mine.secret, "x"),
        ("", state),
        (mine.secret, ""),
    ):
        with pytest.raises(NotAllowed):
            await desk.with_slack.finish(secret, given, "code", desk.device)
    desk.now += timedelta(minutes=11)
    with pytest.raises(NotAllowed):
        await desk.with_slack.finish(mine.secret, state, "code", desk.device)


@pytest.mark.parametrize(("team", "user"), [("T0HOME", "U2"), ("T0OTHER", "U1")])
async def test_only_an_ops_admin_of_the_home_workspace_comes_in(
    desk: Desk, team: str, user: str
) -> None:
    desk.slack.team_id, desk.slack.user_id = team, user
    attempt = await desk.with_slack.begin("/admin", desk.device)
    with pytest.raises(NotAllowed):
        await desk.with_slack.finish(attempt.secret, desk.slack.asked["state"], "c", desk.device)
    async with desk.database.transaction() as session:
        query = select(AdminSessionRow).where(AdminSessionRow.operator_id == f"{team}:{user}")
        assert (await session.exec(query)).first() is None


async def test_who_is_no_ops_admin_any_more_is_out_at_once(desk: Desk) -> None:
    attempt = await desk.with_slack.begin("/admin", desk.device)
    state = desk.slack.asked["state"]
    signed = await desk.with_slack.finish(attempt.secret, state, "code", desk.device)
    desk.allow("U9")
    assert await desk.sessions.find(signed.token) is None
    assert signed.session.id not in {one.id for one in await desk.sessions.listed()}


async def test_a_token_without_our_nonce_is_told_to_start_again(desk: Desk) -> None:
    attempt = await desk.with_slack.begin("/admin", desk.device)
    desk.slack.refuses = True
    with pytest.raises(NotAllowed) as refused:
        await desk.with_slack.finish(attempt.secret, desk.slack.asked["state"], "c", desk.device)
    assert "Start again" in refused.value.sentence("en")
