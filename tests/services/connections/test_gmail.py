"""Gmail's tokens under races: a connection made anew is never spoilt by the one before it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from db.store.session import Database
from integrations.errors import AuthExpired
from integrations.fathom.client import Fathom
from integrations.google.types import SCOPES, Grant
from services.actors import Actor
from services.connections.connections import GOOGLE, Connections, CrmKeys, SharedKeys
from services.connections.gmail import TOKENS, Gmail, News, Outside, Tokens
from services.connections.signins import SignIns
from services.errors import Disconnected, NotAllowed
from services.people.members import Member, Members
from tests.kit.desk import Quiet

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Google:
    """Google's token endpoint in ten lines: renews when told to, by refresh token."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun = 0
        self.came, self.go_on = asyncio.Event(), asyncio.Event()
        self.dead: set[str] = set()

    def begin(self, **_: str) -> None:
        """Nobody comes as far as this without a link of ours."""
        self.begun += 1

    async def refresh(self, refresh_token: str) -> Grant:
        """A new access token, once it is told to answer."""
        self.asked.append(refresh_token)
        self.came.set()
        await self.go_on.wait()
        if refresh_token in self.dead:
            raise AuthExpired("google", "invalid_grant")
        later = NOW + timedelta(hours=1)
        return Grant("", f"new-of-{refresh_token}", "", later, frozenset(SCOPES))


class Announcer:
    """Notes who was told that a connection works, or died."""

    def __init__(self) -> None:
        self.told: list[Actor] = []
        self.news: list[News] = []

    async def connected(self, member: Member, news: News) -> None:
        """It works."""
        self.news.append(news)

    async def expired(self, actor: Actor, vendor: str) -> None:
        """It does not any more."""
        self.told.append(actor)


class Desk:
    """A member with Gmail connected, its access token about to expire."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.google, self.announcer = Google(), Announcer()
        self.actor = Actor("T1", uuid4().hex)
        self.connections = Connections(
            database,
            Fathom(None),  # type: ignore[arg-type] # asked nothing here
            SharedKeys(),
            lambda: NOW,
            CrmKeys(database, SharedKeys(), lambda: NOW),
        )
        self.members = Members(database, Quiet(), lambda: NOW)
        self.signins = SignIns(database, "https://us.example", b"k", lambda: NOW)
        outside = Outside(self.google, self.signins, "https://us.example")  # type: ignore[arg-type] # fake
        self.gmail = Gmail(
            database,
            self.connections,
            self.members,
            outside,
            self.announcer,
            lambda: NOW,
        )

    async def connect(self, name: str, *, lasts: timedelta = timedelta(0)) -> None:
        """As the callback does at its end."""
        secret = TOKENS.dump_json(Tokens(f"access-{name}", name)).decode()
        async with self.database.transaction() as session:
            row = await self.connections.keep(
                session, self.actor, GOOGLE, secret=secret, account=f"{name}@home.example"
            )
            row.expires_at, row.renewing_until = NOW + lasts, None


@pytest.fixture
def desk(database: Database) -> Desk:
    """A member's desk."""
    return Desk(database)


@pytest.mark.parametrize("dead", [False, True])
async def test_reconnecting_while_the_old_token_is_renewed_keeps_the_new_connection(
    desk: Desk, *, dead: bool
) -> None:
    await desk.connect("old")
    desk.google.dead = {"old"} if dead else set()
    renewing = asyncio.create_task(desk.gmail.access(desk.actor))
    await desk.google.came.wait()
    await desk.connect("new", lasts=timedelta(hours=1))
    desk.google.go_on.set()

    access = await renewing
    assert (access.token, access.account) == ("access-new", "new@home.example")
    assert await desk.gmail.connected(desk.actor) == "new@home.example"
    assert desk.announcer.told == []


async def test_a_dead_grant_is_told_once_to_its_owner(desk: Desk) -> None:
    await desk.connect("old")
    desk.google.dead = {"old"}
    desk.google.go_on.set()
    for _ in range(2):
        with pytest.raises(Disconnected):
            await desk.gmail.access(desk.actor)
    assert desk.announcer.told == [desk.actor]


async def test_a_check_renews_even_a_token_that_still_lives(desk: Desk) -> None:
    await desk.connect("mine", lasts=timedelta(hours=1))
    desk.google.go_on.set()
    assert await desk.gmail.check(desk.actor) == "mine@home.example"
    assert desk.google.asked == ["mine"]


async def test_a_key_replaced_while_the_old_one_was_tried_stays_alive(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        await desk.connections.keep(session, desk.actor, "fathom", secret="new")
    assert not await desk.connections.expired(desk.actor, "fathom", secret="old")
    assert await desk.connections.fathom_key(desk.actor) == "new"


@pytest.mark.parametrize("state", ["", ".", "a.b", "é.é"])
async def test_a_made_up_link_gets_nowhere(desk: Desk, state: str) -> None:
    with pytest.raises(NotAllowed):
        await desk.gmail.begin(state)
    assert desk.google.begun == 0
