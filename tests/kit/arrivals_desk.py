"""The product's arrivals over a real database; Fathom and Slack are lists, the clock is set."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from slack_sdk.errors import SlackApiError
from standardwebhooks import Webhook

from db import people
from db.arrivals import arrivals, watches
from db.connections import connections
from db.store.session import Database
from integrations.errors import IntegrationError
from integrations.fathom.types import (
    Arrived,
    Invitee,
    NewHook,
    Recording,
    RecordingPage,
    TranscriptLine,
)
from services import Services
from services.actors import Actor
from services.arrivals.arriving import WEBHOOK
from services.errors import NotFound
from services.operations import GO_ON
from services.people import QuietHours
from services.phrases import Phrase
from tests.kit.wired import foundation, wired

NOT_THERE = NotFound(Phrase("Not installed.", "Non installata."))
EVENING = QuietHours(time(20), time(8))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = f"whsec_{base64.b64encode(bytes(range(24))).decode()}"
SAID = (
    "Thanks for making time today, I wanted to walk through our offer with your whole team.",
    "We liked the demo; the warehouse needs handheld scanners before the middle of March.",
    "Then I will send twelve scanners as an offer by Friday, including yearly maintenance.",
    "Please put the price per month in it, around nine hundred euros is what we can approve.",
)


def said(*texts: str, guest: str = "Carol Vance") -> tuple[TranscriptLine, ...]:
    """Ada and a guest in turns."""
    voices = ("Ada Bell", guest)
    return tuple(
        TranscriptLine(voices[n % 2], "", text, timedelta(seconds=n * 9))
        for n, text in enumerate(texts)
    )


TALK = said(*SAID)


class FathomList:
    """A Fathom with webhooks and a list of recordings; what fails is planned."""

    def __init__(self) -> None:
        self.hooks: dict[str, tuple[str, str]] = {}
        self.deleted: list[tuple[str, str]] = []
        self.recordings: list[Recording] = []
        self.lines: tuple[TranscriptLine, ...] = ()
        self.fails: list[IntegrationError] = []
        self.deleting_fails: list[IntegrationError] = []
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def create_webhook(self, key: str, address: str) -> NewHook:
        """Made, unless it is planned otherwise."""
        self.asked += 1
        await self.gate.wait()
        self._fail()
        made = NewHook(f"wh_{len(self.hooks) + len(self.deleted) + 1}", SECRET)
        self.hooks[made.id] = (key, address)
        return made

    async def delete_webhook(self, key: str, hook_id: str) -> None:
        """Gone."""
        self._fail()
        if self.deleting_fails:
            raise self.deleting_fails.pop(0)
        self.deleted.append((key, hook_id))
        self.hooks.pop(hook_id, None)

    async def meetings(self, key: str, **_: Any) -> RecordingPage:
        """All there are."""
        self._fail()
        return RecordingPage(tuple(self.recordings), None)

    async def transcript(self, key: str, recording_id: int) -> tuple[TranscriptLine, ...]:
        """What was said."""
        self._fail()
        return self.lines

    async def check_key(self, key: str) -> None:
        """Every key works."""

    async def close(self) -> None:
        """Nothing is open."""

    def _fail(self) -> None:
        if self.fails:
            raise self.fails.pop(0)


class SlackDesk:
    """One bot's direct messages; `gone` is when the app is not installed."""

    def __init__(self) -> None:
        self.posts: dict[str, dict[str, Any]] = {}
        self.gone = False
        self.session = None

    async def client(self, actor: Actor) -> Any:
        """Ourselves."""
        if self.gone:
            raise NOT_THERE
        return self

    async def users_info(self, **_: Any) -> dict[str, Any]:
        """Nobody Slack knows: what the database has is what counts."""
        raise SlackApiError("no", {"error": "user_not_found"})

    async def chat_postMessage(self, **said: Any) -> dict[str, str]:
        """Posted."""
        ts = f"{len(self.posts) + 1}.0"
        self.posts[ts] = said
        return {"channel": "D1", "ts": ts}

    async def chat_update(self, **said: Any) -> None:
        """Drawn anew."""
        self.posts[said["ts"]] |= said

    async def chat_delete(self, *, ts: str, **_: Any) -> None:
        """Taken back."""
        del self.posts[ts]

    @property
    def texts(self) -> list[str]:
        """What each message says, blocks and all."""
        return [json.dumps(post, default=str) for post in self.posts.values()]


@dataclass
class ArrivalsDesk:
    """One member, at home in UTC, with a Fathom key and a choice of what begins by itself."""

    services: Services
    database: Database
    fathom: FathomList
    slack: SlackDesk
    actor: Actor
    now: datetime = NOON
    numbers: list[int] = field(default_factory=list)

    @property
    def owner(self) -> tuple[str, str]:
        """The member's workspace and id."""
        return self.actor.workspace_id, self.actor.member_id

    async def choose(self, choice: str, *, quiet: bool = False) -> None:
        """What begins by itself; `quiet` is from eight to eight."""
        likes = (await self.services.people.afresh(self.actor)).preferences
        hours = EVENING if quiet else None
        await self.services.people.prefer(
            self.actor, replace(likes, auto_start=choice, quiet=hours)
        )

    async def connect(self, key: str = "key-1") -> connections.Connection:
        """Save a key, and let the webhook be made."""
        await self.services.connections.accounts.save_fathom_key(self.actor, key)
        await self.services.arrivals.hooks.settle(*self.owner)
        async with self.database.transaction() as session:
            row = await connections.find(session, *self.owner, "fathom")
        assert row is not None
        return row

    def recording(self, **changes: Any) -> Recording:
        """A meeting with a guest from outside that ended just now."""
        self.numbers.append(uuid4().int % 10**12)
        usual = Recording(
            recording_id=self.numbers[-1],
            title="Acme × Northwind",
            url="https://fathom.video/calls/1",
            share_url="",
            created_at=self.now,
            started_at=self.now - timedelta(minutes=30),
            ended_at=self.now,
            language="en",
            invitees=(
                Invitee("Ada Bell", "ada@northwind.example", is_external=False),
                Invitee("Carol Vance", "carol@acme.example", is_external=True),
            ),
            recorded_by=Invitee("Ada Bell", "ada@northwind.example", is_external=False),
        )
        return replace(usual, **changes)

    async def arrives(self, recording: Recording, lines: tuple[TranscriptLine, ...] = TALK) -> bool:
        """Fathom told of it."""
        arriving = self.services.arrivals.inbox.arriving
        return await arriving.take(self.actor, Arrived(recording, lines), WEBHOOK)

    async def row(self, recording: Recording) -> arrivals.ArrivalRow:
        """What is kept of it."""
        async with self.database.transaction() as session:
            row = await arrivals.of_recording(session, *self.owner, recording.recording_id)
        assert row is not None
        return row

    async def begin(self, recording: Recording) -> float:
        """Take the steps of its operation until one waits or all are done; the last answer."""
        row = await self.row(recording)
        answer = GO_ON
        for name in ("look", "write", "tell"):
            answer = await self.services.operations.advance(row.operation_id, "1", name)
            if answer != GO_ON:
                break
        return answer

    async def hooks(self) -> list[watches.HookRow]:
        """The member's webhooks as we know them."""
        async with self.database.transaction() as session:
            return await watches.hooks(session, *self.owner)


@asynccontextmanager
async def arrivals_desk(database: Database, **settings: Any) -> AsyncIterator[ArrivalsDesk]:
    """A member whom Slack was asked about a moment ago."""
    fathom, slack = FathomList(), SlackDesk()
    desk: list[ArrivalsDesk] = []
    actor = Actor(f"T{uuid4().hex[:8]}", f"U{uuid4().hex[:8]}")
    base = foundation(
        database,
        lambda: desk[0].now if desk else NOON,
        slack.client,
        **{"public_url": "https://seguito.example"} | settings,
    )
    seen = people.MemberRow(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        name="Ada Bell",
        email="ada@northwind.example",
        seen_at=NOON + timedelta(days=30),
    )
    async with database.transaction() as session:
        await people.remember(session, actor.workspace_id, actor.member_id, seen)
    async with wired(base, fathom=fathom) as product:
        desk.append(ArrivalsDesk(product.services, database, fathom, slack, actor))
        yield desk[0]


def signed(body: bytes, delivery: str, at: datetime, secret: str = SECRET) -> dict[str, str]:
    """The headers of a delivery, by Standard Webhooks' own library."""
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery, at, body.decode()),
    }
