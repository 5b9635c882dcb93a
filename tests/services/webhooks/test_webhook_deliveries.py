"""Webhook messages on their way: tried again for days, and dead endpoints switched off and told."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from db.mail import EmailRow
from db.store.session import Database
from integrations.errors import RefusedByVendor, Unreachable
from integrations.webhooks.types import WebhookReply
from services.actors import TIMER
from services.audit.audit import Audit
from services.errors import Conflict, DomainError
from services.phrases import Phrase
from services.webhooks.letters_webhooks import disabled
from services.webhooks.webhook_deliveries import BACKOFF, PATIENCE
from tests.kit.webhook_desk import BROKEN, NOW, OPS, WELL, WebhookStage

GONE = WebhookReply(410, "", None)


@pytest_asyncio.fixture
async def stage(jobs_database: Database) -> AsyncIterator[WebhookStage]:
    stage = WebhookStage(jobs_database)
    yield stage
    await stage.close()


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (BROKEN, 500, "oh no"),
        (WebhookReply(302, "", None), 302, ""),
        (Unreachable("webhooks", "ReadTimeout"), None, "ReadTimeout"),
        (RefusedByVendor("webhooks", "private_address", "not public"), None, "not public"),
    ],
)
async def test_whatever_is_no_success_is_tried_again(
    stage: WebhookStage, answer: WebhookReply | Exception, status: int | None, says: str
) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [answer]
    delivery = await stage.sent(created)
    assert (delivery.state, delivery.last_status, delivery.last_error) == ("pending", status, says)
    assert delivery.next_try_at is not None
    assert timedelta(seconds=4) <= delivery.next_try_at - NOW <= timedelta(seconds=6)


async def test_a_message_is_tried_ten_times_in_three_days(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [BROKEN]
    delivery = await stage.sent(created)
    for longest in BACKOFF.schedule:
        assert delivery.next_try_at is not None
        assert 0.8 <= (delivery.next_try_at - stage.now) / longest <= 1
        stage.now = delivery.next_try_at
        delivery = await stage.run(created, delivery)
    assert (delivery.state, delivery.attempts, delivery.next_try_at) == ("failed", 10, None)
    assert await stage.is_on(created)
    assert len({given["webhook-id"] for _, given, _ in stage.receiver.got}) == 1
    assert len({given["webhook-signature"] for _, given, _ in stage.receiver.got}) == 10


async def test_a_receiver_that_asks_for_more_time_gets_it(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [WebhookReply(503, "", timedelta(minutes=10))]
    delivery = await stage.sent(created)
    assert delivery.next_try_at == NOW + timedelta(minutes=10)
    longer = BACKOFF.pause(9, wished=timedelta(minutes=10))
    assert longer is not None
    assert longer > timedelta(hours=19)
    assert BACKOFF.pause(10) is None


def test_pauses_differ_so_that_messages_do_not_come_back_together() -> None:
    assert len({BACKOFF.pause(3) for _ in range(20)}) > 15


async def test_an_endpoint_that_is_gone_is_switched_off_at_once_and_told(
    stage: WebhookStage,
) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [GONE]
    delivery = await stage.sent(created)
    assert (delivery.state, delivery.last_status) == ("failed", 410)
    assert not await stage.is_on(created)
    line = (await Audit(stage.database).lines(subject_id=created.endpoint.id))[0]
    assert (line.action, line.operator.kind) == ("webhooks.disable", TIMER.kind)
    assert '"reason":"gone"' in line.after
    (letter,) = stage.letters
    assert (letter.kind, letter.to) == ("webhook.disabled", "ops@home.example")
    assert letter.subject_id == created.endpoint.id
    await stage.deliveries.tell(created.endpoint.id)
    assert stage.said == [(created.endpoint.url, "gone")]


async def test_five_days_of_failure_switch_an_endpoint_off_once(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [BROKEN]
    first = await stage.sent(created)
    stage.now += PATIENCE - timedelta(minutes=1)
    second = await stage.sent(created)
    assert await stage.is_on(created)
    stage.now += timedelta(minutes=1)
    await stage.run(created, first)
    assert not await stage.is_on(created)
    # What was on its way is dropped, and nobody is told a second time.
    second = await stage.run(created, second)
    assert second.state == "dropped"
    assert len(stage.letters) == 1


async def test_one_success_forgives_all_that_was_before(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [BROKEN, WELL, BROKEN]
    delivery = await stage.sent(created)
    delivery = await stage.run(created, delivery)
    assert delivery.state == "delivered"
    stage.now += PATIENCE
    await stage.sent(created)
    assert await stage.is_on(created)


async def test_an_endpoint_that_is_off_gets_nothing_until_it_is_enabled(
    stage: WebhookStage,
) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [GONE, WELL]
    delivery = await stage.sent(created)
    await stage.announce()
    assert len(await stage.of(created)) == 1
    for verb in (
        stage.webhooks.test(OPS, created.endpoint.id),
        stage.webhooks.redeliver(OPS, created.endpoint.id, delivery.message_id),
    ):
        with pytest.raises(Conflict):
            await verb
    enabled = await stage.webhooks.enable(OPS, created.endpoint.id)
    assert (enabled.disabled_at, enabled.disabled_reason, enabled.failing_since) == (None, "", None)
    assert (await stage.sent(created)).state == "delivered"
    # Enabling what is on changes nothing, and is no line in the log.
    await stage.webhooks.enable(OPS, created.endpoint.id)
    lines = await Audit(stage.database).lines(subject_id=created.endpoint.id)
    assert [line.action for line in lines].count("webhooks.enable") == 1


async def test_an_enabled_endpoint_is_not_told_of_any_more(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [GONE]
    await stage.sent(created)
    await stage.webhooks.enable(OPS, created.endpoint.id)
    await stage.deliveries.tell(created.endpoint.id)
    assert stage.said == []


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "A webhook endpoint was switched off"),
        ("it", "Un endpoint webhook è stato disattivato"),
    ],
)
async def test_the_letter_says_which_endpoint_and_why(
    stage: WebhookStage, language: str, subject: str
) -> None:
    created = await stage.endpoint()
    email = EmailRow(
        kind="webhook.disabled",
        to_address="ops@home.example",
        subject_id=created.endpoint.id,
        dedupe="x",
        language=language,
        created_at=NOW,
    )
    async with stage.database.transaction() as session:
        assert await disabled(session, email) is None
    stage.receiver.answers = [GONE]
    await stage.sent(created)
    async with stage.database.transaction() as session:
        notice = await disabled(session, email)
    assert notice is not None
    assert notice.subject == subject
    assert "410" in notice.paragraphs[0]
    assert f"/api/webhooks/{created.endpoint.id}/enable" in notice.paragraphs[1]
    assert created.endpoint.url in dict(notice.facts).values()


async def test_while_an_endpoint_fails_one_message_at_a_time_tries_it(
    stage: WebhookStage,
) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [BROKEN]
    first = await stage.sent(created)
    second = await stage.planned(created)
    # The first one's second try is under way, and slow.
    run = await stage.run_of(created, first)
    outcome = await stage.deliveries.post(first.message_id, created.endpoint.id, run)
    assert outcome is not None
    second = await stage.run(created, second)
    assert (second.state, second.attempts, len(stage.receiver.got)) == ("pending", 0, 2)
    assert second.next_try_at is not None
    assert second.next_try_at >= NOW + timedelta(seconds=30)
    await stage.deliveries.settle(first.message_id, created.endpoint.id, run, outcome)
    assert (await stage.run(created, second)).attempts == 1


async def test_a_killed_try_does_not_hold_the_others_up_for_long(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [BROKEN, BROKEN, WELL]
    first = await stage.sent(created)
    run = await stage.run_of(created, first)
    await stage.deliveries.post(first.message_id, created.endpoint.id, run)
    stage.now += timedelta(minutes=1)
    assert (await stage.run(created, first)).state == "delivered"


async def test_an_outcome_noted_twice_plans_one_try(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    stage.receiver.answers = [BROKEN]
    delivery = await stage.planned(created)
    ids = (delivery.message_id, created.endpoint.id, "1")
    outcome = await stage.deliveries.post(*ids)
    assert outcome is not None
    await stage.deliveries.settle(*ids, outcome)
    await stage.deliveries.settle(*ids, outcome)
    assert await stage.run_of(created, delivery) == "2"
    assert (await stage.see(created, delivery)).attempts == 1


async def test_a_fault_of_ours_is_visible_at_the_delivery(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    delivery = await stage.planned(created)
    ours = DomainError(Phrase("Something went wrong.", "Qualcosa è andato storto."))
    await stage.deliveries.failed(delivery.message_id, created.endpoint.id, "1", "abc123", ours)
    delivery = await stage.see(created, delivery)
    assert (delivery.state, delivery.last_error) == ("failed", "Something went wrong. (abc123)")
    assert delivery.attempts == 1


async def test_an_endpoint_whose_jobs_break_for_days_is_switched_off(stage: WebhookStage) -> None:
    created = await stage.endpoint()
    ours = DomainError(Phrase("Something went wrong.", "Qualcosa è andato storto."))
    for _ in range(2):
        delivery = await stage.planned(created)
        await stage.deliveries.failed(delivery.message_id, created.endpoint.id, "1", "abc123", ours)
        stage.now += PATIENCE
    endpoint = next(one for one in await stage.webhooks.listed() if one.id == created.endpoint.id)
    assert endpoint.disabled_reason == "failing"
