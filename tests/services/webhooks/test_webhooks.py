"""Outgoing webhooks: announced with the change, signed, and sent to whoever wants them."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from services.audit.audit import Audit
from services.errors import Conflict, Invalid, NotFound
from services.phrases import Phrase
from services.webhooks.webhook_signing import headers, new_secret
from services.webhooks.webhooks import MAX_ENDPOINTS, TYPES
from tests.kit.waiting import until_blocked
from tests.kit.webhook_desk import BROKEN, NOW, OPS, WELL, WebhookStage

# From the specification's own libraries (standard-webhooks/standard-webhooks, test_sign_function).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest_asyncio.fixture
async def stage(jobs_database: Database) -> AsyncIterator[WebhookStage]:
    stage = WebhookStage(jobs_database)
    yield stage
    await stage.close()


def test_a_signature_is_the_specifications() -> None:
    at = datetime.fromtimestamp(1614265330, NOW.tzinfo)
    signed = headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": VECTOR,
    }


def test_a_secret_is_as_long_as_the_specification_wants() -> None:
    secret = new_secret()
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64
    assert secret != new_secret()


async def test_a_message_says_what_happened_and_proves_who_sent_it(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    await stage.announce(license_id="lic_1")
    (delivery,) = await stage.of(created)
    delivery = await stage.run(created, delivery)
    url, given, body = stage.receiver.got[0]
    assert url == f"{created.endpoint.url}/hooks"
    assert given == headers(created.secret, delivery.message_id, NOW, body)
    assert stage.body() == {
        "type": "license.issued",
        "timestamp": "2026-11-20T12:00:00+00:00",
        "data": {"license_id": "lic_1"},
    }
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 204)
    assert delivery.delivered_at == NOW


async def test_an_endpoint_gets_what_it_asked_for(stage: WebhookStage) -> None:
    every = await stage.endpoint()
    some = await stage.endpoint("license.expired")
    for kind in ("license.issued", "license.expired"):
        await stage.announce(kind)
    got = {one.type for one in await stage.of(every)}
    assert got == {"license.issued", "license.expired"}
    assert [one.type for one in await stage.of(some)] == ["license.expired"]


async def test_a_change_that_was_rolled_back_is_not_announced(stage: WebhookStage) -> None:
    created = await stage.endpoint()

    async def doomed() -> None:
        async with stage.database.transaction() as session:
            await stage.webhooks.announce(session, "license.issued", {})
            raise Conflict(Phrase("no", "no"))

    with pytest.raises(Conflict):
        await doomed()
    assert await stage.of(created) == []


async def test_only_known_events_are_announced(stage: WebhookStage) -> None:
    with pytest.raises(KeyError):
        await stage.announce("license.eaten")
    assert len(TYPES) == 17


async def test_a_message_that_arrived_is_not_sent_again(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    delivery = await stage.sent(created)
    await stage.run(created, delivery)
    assert len(stage.receiver.got) == 1


async def test_a_kill_after_the_post_repeats_it_under_the_same_id(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    delivery = await stage.planned(created)
    await stage.deliveries.post(delivery.message_id, created.endpoint.id, "1")
    delivery = await stage.run(created, delivery)
    ids = {given["webhook-id"] for _, given, _ in stage.receiver.got}
    assert (delivery.state, len(stage.receiver.got), len(ids)) == ("delivered", 2, 1)


@pytest.mark.parametrize(
    ("url", "events", "field"),
    [
        ("http://shop.example/", (), "url"),
        ("https://10.0.0.1/", (), "url"),
        ("https://0177.0.0.1:1/x", (), "url"),
        ("https://shop.example/\r\nX-Evil: 1", (), "url"),
        ("https://shop.example/", ("license.eaten",), "events"),
    ],
)
async def test_an_endpoint_that_cannot_be_is_refused(
    stage: WebhookStage, url: str, events: tuple[str, ...], field: str
) -> None:
    with pytest.raises(Invalid) as told:
        await stage.webhooks.create(OPS, url, events)
    assert told.value.field == field


async def test_what_may_be_secret_in_an_address_is_sealed_and_nowhere_shown(
    stage: WebhookStage,
) -> None:
    url = f"https://{uuid4().hex}.example:8443/services/PLANTED?token=PLANTED"
    created = await stage.webhooks.create(OPS, url)
    assert created.endpoint.url == url.partition("/services")[0]
    await stage.announce()
    (delivery,) = await stage.of(created)
    await stage.run(created, delivery)
    assert stage.receiver.got[-1][0] == url
    await stage.webhooks.delete(OPS, created.endpoint.id)
    log = await Audit(stage.database).lines(subject_id=created.endpoint.id)
    assert "PLANTED" not in f"{log}{await stage.webhooks.listed()}{delivery}"
    assert created.endpoint.url in log[0].before


async def test_there_are_only_so_many_endpoints(stage: WebhookStage) -> None:
    for _ in range(MAX_ENDPOINTS):
        await stage.endpoint()
    with pytest.raises(Conflict):
        await stage.endpoint()


async def test_every_change_of_an_endpoint_is_audited_without_its_secret(
    stage: WebhookStage,
) -> None:
    created = await stage.endpoint("site.activated")
    endpoint_id = created.endpoint.id
    await stage.webhooks.test(OPS, endpoint_id)
    await stage.webhooks.delete(OPS, endpoint_id)
    lines = await Audit(stage.database).lines(subject_id=endpoint_id)
    assert [line.action for line in reversed(lines)] == [
        "webhooks.create",
        "webhooks.test",
        "webhooks.delete",
    ]
    assert "whsec_" not in repr(lines)
    assert '"events":["site.activated"]' in lines[-1].after


async def test_a_test_message_goes_to_one_endpoint_whatever_it_asked_for(
    stage: WebhookStage,
) -> None:
    created, other = await stage.endpoint("license.issued"), await stage.endpoint()
    message_id = await stage.webhooks.test(OPS, created.endpoint.id)
    (delivery,) = await stage.of(created)
    await stage.run(created, delivery)
    assert (delivery.message_id, stage.body()["type"]) == (message_id, "webhook.test")
    assert await stage.of(other) == []


async def test_an_endpoint_is_not_deleted_under_what_is_being_announced(
    stage: WebhookStage,
) -> None:
    created = await stage.endpoint()
    async with stage.database.transaction() as session:
        await stage.webhooks.announce(session, "license.issued", {})
        deleting = asyncio.create_task(stage.webhooks.delete(OPS, created.endpoint.id))
        await until_blocked(session)
    await deleting
    assert await stage.webhooks.listed() == ()


async def test_a_long_announcement_does_not_hold_up_deliveries(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    delivery = await stage.planned(created)
    async with stage.database.transaction() as session:
        await stage.webhooks.announce(session, "license.issued", {})
        async with asyncio.timeout(5):
            assert (await stage.run(created, delivery)).state == "delivered"


async def test_deleting_an_endpoint_forgets_what_was_on_its_way(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    delivery = await stage.planned(created)
    await stage.webhooks.delete(OPS, created.endpoint.id)
    assert await stage.deliveries.post(delivery.message_id, created.endpoint.id, "1") is None
    assert stage.receiver.got == []
    with pytest.raises(NotFound):
        await stage.webhooks.deliveries(created.endpoint.id)


async def test_a_failed_message_is_sent_again_by_hand(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [BROKEN, WELL]
    delivery = await stage.sent(created)
    await stage.webhooks.redeliver(OPS, created.endpoint.id, delivery.message_id)
    delivery = await stage.run(created, delivery)
    assert (delivery.state, delivery.attempts) == ("delivered", 1)
    with pytest.raises(NotFound):
        await stage.webhooks.redeliver(OPS, created.endpoint.id, "msg_none")


async def test_the_list_of_deliveries_goes_on_where_it_ended(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    for _ in range(3):
        await stage.announce()
    every = await stage.webhooks.deliveries(created.endpoint.id)
    last = every[0].message_id
    assert await stage.webhooks.deliveries(created.endpoint.id, before=last) == every[1:]
    with pytest.raises(Invalid, match="beginning"):
        await stage.webhooks.deliveries(created.endpoint.id, before="msg_nobody")
    assert await stage.webhooks.deliveries(created.endpoint.id, limit=1) == every[:1]


async def test_messages_are_forgotten_after_a_month(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    await stage.sent(created)
    stage.now += timedelta(days=29)
    await stage.deliveries.forget()
    assert len(await stage.of(created)) == 1
    stage.now += timedelta(days=2)
    await stage.deliveries.forget()
    assert await stage.of(created) == []
