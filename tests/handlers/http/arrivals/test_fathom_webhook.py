"""Fathom's webhook at the door: bounded, verified before it is read, kept once, gone when gone."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from sqlmodel import select

from db.arrivals.deliveries import FathomDeliveryRow
from db.store.session import Database
from tests.handlers.http.conftest import Api, application
from tests.kit.arrivals_desk import ArrivalsDesk, arrivals_desk, signed

OTHER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYYGBg="


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[ArrivalsDesk]:
    """A member with a webhook."""
    async with arrivals_desk(database) as made:
        await made.connect()
        yield made


@pytest_asyncio.fixture
async def door(desk: ArrivalsDesk) -> AsyncIterator[Api]:
    """The API around that member."""
    async with TestClient(TestServer(application(desk.services))) as client:
        yield Api(client, desk.services)


def body(number: int = 7) -> bytes:
    """A Meeting object."""
    meeting = {
        "recording_id": number,
        "title": "Acme × Northwind",
        "recording_start_time": "2026-11-20T11:30:00Z",
        "recording_end_time": "2026-11-20T12:00:00Z",
        "transcript": [],
    }
    return json.dumps(meeting, ensure_ascii=False).encode()


async def path(desk: ArrivalsDesk) -> str:
    """The address that Fathom was given."""
    [(_, address)] = desk.fathom.hooks.values()
    return address.removeprefix("https://seguito.example")


async def kept(desk: ArrivalsDesk) -> int:
    """How many deliveries are kept."""
    async with desk.database.transaction() as session:
        query = select(FathomDeliveryRow.id).where(
            FathomDeliveryRow.member_id == desk.actor.member_id
        )
        return len((await session.exec(query)).all())


async def test_a_delivery_is_kept_once_and_its_words_are_sealed(
    desk: ArrivalsDesk, door: Api
) -> None:
    headers, where = signed(body(), "msg_1", datetime.now(UTC)), await path(desk)
    first = await door.call("POST", where, data=body(), headers=headers)
    again = await door.call("POST", where, data=body(), headers=headers)

    assert (first.status, first.json) == (200, {"received": True, "repeated": False})
    assert (again.status, again.json["repeated"]) == (200, True)
    async with desk.database.transaction() as session:
        query = select(FathomDeliveryRow).where(FathomDeliveryRow.member_id == desk.actor.member_id)
        [row] = (await session.exec(query)).all()
        assert row.body is not None
        assert b"Northwind" not in row.body
    await desk.services.arrivals.inbox.read(row.id)
    async with desk.database.transaction() as session:
        assert (await session.get_one(FathomDeliveryRow, row.id)).body is None


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": "v1,ä"},
        {"webhook-signature": ""},
        {"webhook-id": ""},
        {"webhook-id": "x" * 201},
        {"webhook-timestamp": "soon"},
    ],
)
async def test_what_fathom_did_not_sign_now_is_refused_in_one_sentence(
    desk: ArrivalsDesk, door: Api, change: dict[str, str]
) -> None:
    headers = signed(body(), "msg_1", datetime.now(UTC)) | change
    told = await door.call("POST", await path(desk), data=body(), headers=headers)
    assert (told.status, told.code) == (400, "webhook_refused")
    assert await kept(desk) == 0


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_what_was_signed_long_ago_or_ahead_is_refused(
    desk: ArrivalsDesk, door: Api, minutes: int
) -> None:
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    headers = signed(body(), "msg_1", then)
    told = await door.call("POST", await path(desk), data=body(), headers=headers)
    assert (told.status, told.code) == (400, "webhook_refused")
    assert await kept(desk) == 0


async def test_another_secret_or_other_bytes_are_refused(desk: ArrivalsDesk, door: Api) -> None:
    where = await path(desk)
    for sent, headers in (
        (body(), signed(body(), "msg_1", datetime.now(UTC), OTHER_SECRET)),
        (body(8), signed(body(7), "msg_1", datetime.now(UTC))),
        (b"\xff\xfe", signed(body(7), "msg_1", datetime.now(UTC))),
        (b"", signed(body(7), "msg_1", datetime.now(UTC))),
    ):
        told = await door.call("POST", where, data=sent, headers=headers)
        assert (told.status, told.code) == (400, "webhook_refused")
    assert await kept(desk) == 0


async def test_nobodys_webhook_is_gone_whatever_is_sent(desk: ArrivalsDesk, door: Api) -> None:
    where, headers = await path(desk), signed(body(), "msg_1", datetime.now(UTC))
    mine, _, hook = where.partition("?hook=")
    for address in (
        f"/webhooks/fathom/{uuid4().hex}?hook={hook}",
        f"{mine}?hook={uuid4().hex}",
        mine,
    ):
        told = await door.call("POST", address, data=body(), headers=headers)
        assert (told.status, told.code) == (410, "webhook_gone")


async def test_of_another_members_hook_nothing_is_taken(
    desk: ArrivalsDesk, door: Api, database: Database
) -> None:
    async with arrivals_desk(database) as other:
        await other.connect()
        [hook] = await other.hooks()
        mine = (await path(desk)).partition("?")[0]
        headers = signed(body(), "msg_1", datetime.now(UTC))
        told = await door.call("POST", f"{mine}?hook={hook.id}", data=body(), headers=headers)
    assert told.status == 410


async def test_after_disconnecting_it_is_gone(desk: ArrivalsDesk, door: Api) -> None:
    where = await path(desk)
    await desk.services.connections.accounts.forget_fathom(desk.actor)
    headers = signed(body(), "msg_1", datetime.now(UTC))
    told = await door.call("POST", where, data=body(), headers=headers)
    assert told.status == 410


async def test_a_body_above_the_limit_is_refused_unread(desk: ArrivalsDesk, door: Api) -> None:
    headers = signed(b"{}", "msg_1", datetime.now(UTC))
    told = await door.call(
        "POST", await path(desk), data=BytesIO(b" " * 13_000_000), headers=headers
    )
    assert told.status == 413
    assert await kept(desk) == 0


async def test_what_is_signed_and_no_meeting_is_kept_and_changes_nothing(
    desk: ArrivalsDesk, door: Api
) -> None:
    where = await path(desk)
    for number, sent in enumerate((b"[]", b"not json", b'{"recording_id": "x"}')):
        headers = signed(sent, f"msg_{number}", datetime.now(UTC))
        assert (await door.call("POST", where, data=sent, headers=headers)).status == 200
    async with desk.database.transaction() as session:
        query = select(FathomDeliveryRow.id).where(
            FathomDeliveryRow.member_id == desk.actor.member_id
        )
        ids = (await session.exec(query)).all()
    for one in ids:
        await desk.services.arrivals.inbox.read(one)
    assert desk.slack.posts == {}
