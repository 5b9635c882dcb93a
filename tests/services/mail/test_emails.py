"""The outbox: queued once, sent once, tried again, and honest about what it does not know."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parseaddr
from typing import cast
from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from integrations.smtp.client import Mailer
from integrations.smtp.errors import Unconfirmed
from services.actors import Operator
from services.audit.audit import Audit
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.mail.emails import LATE
from services.mail.layout import Notice
from services.mail.sender import BACKOFF, Post, SendOutcome, SendResult
from services.phrases import Phrase
from services.ports import Letter
from tests.kit.email_desk import ANN, NOW, SENDER, Outbox

OPS = Operator("slack", "U1", "Ada")


@pytest_asyncio.fixture
async def outbox(jobs_database: Database) -> AsyncIterator[Outbox]:
    yield Outbox(jobs_database)


async def test_a_letter_is_sent_once(outbox: Outbox) -> None:
    email = await outbox.run(await outbox.queue())
    assert (email.state, email.attempts, email.sent_at) == ("sent", 1, NOW)
    await outbox.run(email)
    sender, to, message = outbox.postman.taken.pop()
    assert outbox.postman.taken == []
    assert (sender, to) == ("licenses@home.example", ANN)
    assert message["Message-ID"] == f"<{email.id}.1@home.example>"
    assert parseaddr(message["From"]) == ("Acme", "licenses@home.example")


async def test_a_letter_queued_twice_is_one_email(outbox: Outbox) -> None:
    once = uuid4().hex
    assert (await outbox.queue(dedupe=once)).id == (await outbox.queue(dedupe=once)).id
    assert await outbox.jobs(await outbox.queue(dedupe=once)) == 1


async def test_a_letter_of_a_rolled_back_transaction_was_never_there(outbox: Outbox) -> None:
    once = uuid4().hex

    async def doomed() -> None:
        async with outbox.database.transaction() as session:
            await outbox.emails.queue(session, Letter("hello", ANN, once, once))
            raise Conflict(Phrase("no", "no"))

    with pytest.raises(Conflict):
        await doomed()
    assert await outbox.emails.listed(subject_id=once) == ()


@pytest.mark.parametrize(
    "address",
    [
        "ann@acme.example\r\nBcc: all@acme.example",
        "ann@acme.example, bob@acme.example",
        "Ann <ann@acme.example>",
        "ann@acme.example\x00",
        "ann",
        "ann@",
        "an n@acme.example",
        "ann@acme.example>\r\nRCPT TO:<bob@acme.example",
        "",
    ],
)
async def test_an_address_that_could_end_a_header_is_refused(outbox: Outbox, address: str) -> None:
    with pytest.raises(Invalid) as told:
        await outbox.queue(to=address)
    assert told.value.field == "email"


async def test_a_line_end_in_a_subject_adds_no_header(outbox: Outbox) -> None:
    outbox.notice = Notice("Hi\r\nBcc: all@acme.example", "Hi", ("Here.",))
    email = await outbox.run(await outbox.queue())
    message = outbox.postman.taken[0][2]
    assert email.state == "sent"
    assert message["Subject"] == "Hi Bcc: all@acme.example"
    assert "Bcc" not in message
    assert b"\nBcc:" not in message.as_bytes().partition(b"\r\n\r\n")[0]


async def test_a_failure_that_may_pass_is_tried_again_for_a_day(outbox: Outbox) -> None:
    email = await outbox.queue()
    for longest in BACKOFF.schedule:
        outbox.postman.breaks = [Unreachable("smtp", "451 later")]
        email = await outbox.run(email)
        assert email.state == "pending"
        assert email.next_try_at is not None
        pause = email.next_try_at - outbox.now
        assert 0.8 <= pause / longest <= 1
        outbox.now = email.next_try_at
    assert timedelta(hours=18) < outbox.now - NOW < timedelta(hours=30)
    outbox.postman.breaks = [Unreachable("smtp", "451 later")]
    email = await outbox.run(email)
    assert (email.state, email.next_try_at, email.last_error) == ("failed", None, "451 later")
    assert outbox.postman.taken == []


async def test_every_try_has_the_same_message_id(outbox: Outbox) -> None:
    email = await outbox.queue()
    outbox.postman.breaks = [Unreachable("smtp")]
    email = await outbox.run(await outbox.run(email))
    assert email.state == "sent"
    assert outbox.postman.taken[0][2]["Message-ID"] == f"<{email.id}.1@home.example>"


async def test_a_wrong_password_of_ours_costs_nobody_their_email(outbox: Outbox) -> None:
    email = await outbox.queue()
    outbox.postman.breaks = [AuthExpired("smtp", "535 wrong")]
    email = await outbox.run(email)
    assert (email.state, "does not let us in: 535" in email.last_error) == ("pending", True)


async def test_a_refused_email_is_failed_and_says_why(outbox: Outbox) -> None:
    email = await outbox.queue()
    outbox.postman.breaks = [RefusedByVendor("smtp", "550", "550 5.1.1 no such mailbox")]
    email = await outbox.run(email)
    assert (email.state, email.last_error) == ("failed", "550 5.1.1 no such mailbox")
    assert email.next_try_at is None


async def test_a_lost_reply_is_uncertain_and_not_sent_again_by_itself(outbox: Outbox) -> None:
    email = await outbox.queue()
    outbox.postman.breaks = [Unconfirmed("smtp", "no reply")]
    email = await outbox.run(email)
    assert (email.state, "may have arrived" in email.last_error) == ("uncertain", True)
    outbox.now += timedelta(days=3)
    await outbox.emails.wake()
    assert (await outbox.run(email)).state == "uncertain"
    assert outbox.postman.taken == []


async def test_a_kill_between_sending_and_the_note_is_uncertain(outbox: Outbox) -> None:
    email = await outbox.queue()
    run = await outbox.run_of(email)
    # The server took it, and the process died before it could say so.
    assert await outbox.emails.hand_over(email.id, run) == SendOutcome(SendResult.SENT)
    assert (await outbox.see(email)).state == "sending"
    email = await outbox.run(email)
    assert (email.state, email.attempts) == ("uncertain", 1)
    assert len(outbox.postman.taken) == 1


async def test_the_note_of_a_process_taken_for_dead_still_counts(outbox: Outbox) -> None:
    email = await outbox.queue()
    run = await outbox.run_of(email)
    outcome = await outbox.emails.hand_over(email.id, run)
    assert outcome is not None
    assert (await outbox.run(email)).state == "uncertain"
    await outbox.emails.settle(email.id, run, outcome)
    assert (await outbox.see(email)).state == "sent"


async def test_a_note_written_twice_plans_one_try(outbox: Outbox) -> None:
    email = await outbox.queue()
    run = await outbox.run_of(email)
    outbox.postman.breaks = [Unreachable("smtp", "later")]
    outcome = await outbox.emails.hand_over(email.id, run)
    assert outcome is not None
    await outbox.emails.settle(email.id, run, outcome)
    planned = (await outbox.see(email)).next_try_at
    await outbox.emails.settle(email.id, run, outcome)
    assert (await outbox.see(email)).next_try_at == planned
    assert await outbox.jobs(email) == 2


async def test_without_a_mail_server_emails_wait_and_say_so(outbox: Outbox) -> None:
    email = await outbox.queue()
    email = await outbox.run(email, outbox.with_post(Post(None, SENDER)))
    assert (email.state, email.attempts, email.next_try_at) == ("pending", 0, None)
    assert "until SMTP_URL and EMAIL_FROM are set" in email.last_error
    outbox.now += timedelta(days=9)
    await outbox.emails.wake()
    email = await outbox.see(email)
    assert email.next_try_at == outbox.now
    assert (await outbox.run(email)).state == "sent"


async def test_without_a_sender_emails_wait_as_well(outbox: Outbox) -> None:
    email = await outbox.queue()
    nobody = outbox.with_post(Post(cast(Mailer, outbox.postman), "Acme"))
    assert (await outbox.run(email, nobody)).state == "pending"
    await nobody.wake()
    assert await outbox.jobs(email) == 1


async def test_an_email_whose_job_got_lost_is_woken_once(outbox: Outbox) -> None:
    email = await outbox.queue()
    await outbox.emails.wake()
    assert await outbox.jobs(email) == 1
    outbox.now += LATE + timedelta(minutes=1)
    await outbox.emails.wake()
    await outbox.emails.wake()
    assert await outbox.jobs(email) == 2


async def test_a_superseded_job_sends_nothing(outbox: Outbox) -> None:
    email = await outbox.queue()
    old = await outbox.run_of(email)
    await outbox.emails.resend(OPS, email.id)
    assert await outbox.emails.hand_over(email.id, old) is None
    assert outbox.postman.taken == []


async def test_what_is_no_longer_true_is_dropped(outbox: Outbox) -> None:
    email = await outbox.queue()
    outbox.notice = None
    email = await outbox.run(email)
    assert (email.state, email.attempts) == ("dropped", 0)


async def test_an_uncertain_email_is_resent_by_hand_under_its_own_id(outbox: Outbox) -> None:
    email = await outbox.queue()
    outbox.postman.breaks = [Unconfirmed("smtp")]
    await outbox.run(email)
    await outbox.emails.resend(OPS, email.id)
    email = await outbox.run(email)
    assert (email.state, email.attempts, email.last_error) == ("sent", 1, "")
    assert outbox.postman.taken[0][2]["Message-ID"] == f"<{email.id}.1@home.example>"
    line = (await Audit(outbox.database).lines(subject_id=email.id))[0]
    assert (line.action, line.operator.id, line.before) == (
        "emails.resend",
        "U1",
        '{"state":"uncertain"}',
    )


async def test_a_second_copy_is_not_hidden_by_the_first_ones_message_id(outbox: Outbox) -> None:
    email = await outbox.run(await outbox.queue())
    await outbox.emails.resend(OPS, email.id)
    await outbox.run(email)
    assert len({message["Message-ID"] for _, _, message in outbox.postman.taken}) == 2


async def test_an_email_that_is_being_sent_cannot_be_resent(outbox: Outbox) -> None:
    email = await outbox.queue()
    await outbox.emails.hand_over(email.id, "1")
    with pytest.raises(Conflict):
        await outbox.emails.resend(OPS, email.id)
    with pytest.raises(NotFound):
        await outbox.emails.resend(OPS, "eml_none")


@pytest.mark.parametrize(("begun", "state"), [(False, "failed"), (True, "uncertain")])
async def test_a_fault_of_ours_is_visible_with_its_reference(
    outbox: Outbox, begun: bool, state: str
) -> None:
    email = await outbox.queue()
    if begun:
        await outbox.emails.hand_over(email.id, "1")
    ours = DomainError(Phrase("Something went wrong.", "Qualcosa è andato storto."))
    await outbox.emails.failed(email.id, "1", "abc123", ours)
    email = await outbox.see(email)
    assert (email.state, email.last_error) == (state, "Something went wrong. (abc123)")


async def test_a_letter_nobody_can_write_is_refused_at_once(outbox: Outbox) -> None:
    with pytest.raises(KeyError):
        async with outbox.database.transaction() as session:
            await outbox.emails.queue(session, Letter("unknown", ANN, "x", uuid4().hex))


async def test_the_list_goes_on_where_it_ended(outbox: Outbox) -> None:
    for _ in range(3):
        await outbox.queue()
    every = await outbox.emails.listed(limit=100)
    first = await outbox.emails.listed(limit=2)
    assert first == every[:2]
    assert await outbox.emails.listed(before=first[-1].id, limit=100) == every[2:]
    with pytest.raises(Invalid, match="beginning"):
        await outbox.emails.listed(before="eml_nobody")
    assert await outbox.emails.listed(subject_id="nothing") == ()
    pending = await outbox.emails.listed(state="pending", limit=100)
    assert {one.state for one in pending} == {"pending"}
