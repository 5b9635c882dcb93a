"""The Gmail draft: made once whatever goes wrong, and always told what to do next."""

import asyncio
from urllib.parse import quote

import pytest

from integrations.sandbox.google.vendor import Google
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail, follow, linked_card
from tests.journeys.ledger import Ledger
from tests.journeys.steps import card, choose_meeting, modal, submit, write

DRAFTED = "The draft is in your Gmail"
RECONNECT = "Gmail no longer accepts my access"
CREATE = "followups.create_draft"
CONNECT = "connections.connect_gmail"


def renewals(ledger: Ledger) -> int:
    """How often a new access token was asked for."""
    asked = [call["request"]["body"]["grant_type"] for call in ledger.calls("google", "token")]
    return asked.count("refresh_token")


async def two_cards(person: Visitor) -> None:
    """Two follow-ups are ready, each as a card among the messages."""
    for words in ("saffron", "orchard"):
        await write(person, words)
        await person.close(everything=True)
    await person.until(lambda: len(buttons(person)) == 2 or None)


def buttons(person: Visitor) -> list[Sight]:
    """The cards from which a draft can be created."""
    return [message for message in person.messages() if CREATE in message.actions]


def offers(person: Visitor) -> list[Sight]:
    """The messages that offer to connect Gmail."""
    return [message for message in person.everything() if CONNECT in message.actions]


async def create_both(person: Visitor) -> None:
    """Press both buttons at once."""
    first, second = buttons(person)
    await asyncio.gather(person.click(CREATE, first), person.click(CREATE, second))


async def test_a_double_click_creates_one_draft(ada: Visitor, ledger: Ledger) -> None:
    await connect_gmail(ada)
    editor = await write(ada, "saffron")

    await asyncio.gather(ada.click(CREATE, editor), ada.click(CREATE, editor))

    await ada.sees(DRAFTED)
    await card(ada, DRAFTED)
    assert len(ledger.drafts(ada)) == 1
    assert len(ledger.calls("gmail", "drafts.create")) == 1


async def test_a_draft_in_gmail_ends_its_button(ada: Visitor) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    await ada.click(CREATE)

    await ada.sees(DRAFTED)
    finished = await card(ada, DRAFTED)
    assert finished.actions == ["followups.menu"]


async def test_a_token_that_is_about_to_expire_is_renewed_once_for_two_actions(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await two_cards(ada)
    sandbox.of(Google).accounts.token_life = 60
    await connect_gmail(ada)
    sandbox.of(Google).accounts.token_life = 3599

    await create_both(ada)

    await ada.until(lambda: len(ledger.drafts(ada)) == 2 or None)
    assert renewals(ledger) == 1


async def test_a_token_that_died_early_is_renewed_once_for_two_actions(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await two_cards(ada)
    await connect_gmail(ada)
    sandbox.of(Google).accounts.expire(ada.person.email)

    await create_both(ada)

    await ada.until(lambda: len(ledger.drafts(ada)) == 2 or None)
    assert renewals(ledger) == 1


async def test_a_token_that_cannot_be_renewed_right_now_is_renewed_later(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    sandbox.of(Google).accounts.expire(ada.person.email)
    ledger.plan(Fault("google", "token", "status", status=503))

    await ada.click(CREATE)

    await ada.sees(DRAFTED)
    assert renewals(ledger) == 2
    assert len(ledger.drafts(ada)) == 1


async def test_a_revoked_grant_is_told_once_and_works_again_after_reconnecting(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    await two_cards(ada)
    await connect_gmail(ada)
    sandbox.of(Google).accounts.revoke(ada.person.email)

    await create_both(ada)
    failed = f"The Gmail draft was not created: {RECONNECT}"
    await ada.until(lambda: sum(failed in m for m in ada.messages()) == 2 or None)

    [told] = offers(ada)
    assert RECONNECT in told
    assert ledger.drafts(ada) == []

    # The card's own button says what it does now, and goes on by itself.
    first, second = buttons(ada)
    assert "Connect Gmail" in first
    await ada.click(CREATE, within=first)
    await follow(ada, await linked_card(ada))
    await ada.until(lambda: len(ledger.drafts(ada)) == 1 or None)
    await ada.click(CREATE, within=second)
    await ada.until(lambda: len(ledger.drafts(ada)) == 2 or None)
    # What still offers to connect tells instead that it is done.
    await ada.click(CONNECT, within=told)
    await ada.until(lambda: not offers(ada) or None)


async def test_a_draft_opens_in_the_mailbox_it_is_in(ada: Visitor) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    await ada.click(CREATE)

    await ada.sees(DRAFTED)
    address = quote(ada.person.email, safe="")
    link = f"https://mail.google.com/mail/?authuser={address}#drafts"
    assert link in str((await card(ada, DRAFTED)).blocks)


@pytest.mark.parametrize("rewrites", [False, True], ids=["ids-kept", "ids-rewritten"])
async def test_a_reply_that_got_lost_makes_no_second_draft(
    rewrites: bool, ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    sandbox.of(Google).accounts.rewrites_message_ids = rewrites
    await connect_gmail(ada)
    await write(ada, "saffron")
    ledger.plan(Fault("gmail", "drafts.create", "lost_reply"))

    await ada.click(CREATE)

    await ada.sees(DRAFTED)
    sandbox.of(Google).accounts.rewrites_message_ids = False
    assert len(ledger.drafts(ada)) == 1
    assert len(ledger.calls("gmail", "drafts.create")) == 1


@pytest.mark.parametrize("operation", ["drafts.create", "drafts.list"])
@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_gmail_in_trouble_is_tried_again(
    status: int, operation: str, ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    ledger.plan(Fault("gmail", operation, "status", status=status, retry_after=1))

    await ada.click(CREATE)

    await ada.sees(DRAFTED)
    assert len(ledger.drafts(ada)) == 1


async def test_what_gmail_refuses_for_good_is_told_and_can_be_tried_again(
    ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    ledger.plan(Fault("gmail", "drafts.create", "status", status=400, code="invalidArgument"))

    await ada.click(CREATE)

    await ada.sees("The Gmail draft was not created: Google refused the request")
    await ada.click(CREATE)
    await ada.sees(DRAFTED)
    assert len(ledger.drafts(ada)) == 1


async def test_guests_who_declined_are_not_ticked(ada: Visitor, ledger: Ledger) -> None:
    await connect_gmail(ada)
    await choose_meeting(ada, "rollout workshop")

    await ada.sees("1 guest declined and is not ticked")
    await submit(ada)
    await modal(ada, "followups.editor")
    await ada.click(CREATE)
    await ada.sees(DRAFTED)
    [draft] = ledger.drafts(ada)
    declined = [g.email for g in ledger.meeting("rollout workshop").guests if g.declined]
    assert len(declined) == 1
    assert declined[0] not in str(draft["To"])


async def edited(person: Visitor, subject: str) -> Sight:
    """A draft is in Gmail, then the subject is changed in Slack; the card that tells it."""
    await connect_gmail(person)
    await write(person, "saffron")
    await person.click(CREATE)
    await person.sees(DRAFTED)
    await person.type("followups.subject", subject)
    await submit(person)
    return await card(person, "what you changed since is not in it")


async def test_after_an_edit_the_draft_is_brought_up_to_date(ada: Visitor, ledger: Ledger) -> None:
    told = await edited(ada, "Another subject")
    await ada.click("followups.update_draft", told)
    await ada.until(lambda: ledger.drafts(ada)[0]["Subject"] == "Another subject" or None, 20)
    await ada.until(lambda: not any("since is not in it" in m for m in ada.messages()) or None)
    assert len(ledger.drafts(ada)) == 1


async def test_a_reply_that_got_lost_while_updating_leaves_one_draft_with_the_new_words(
    ada: Visitor, ledger: Ledger
) -> None:
    told = await edited(ada, "Another subject")
    lost = ledger.plan(Fault("gmail", "drafts.update", "lost_reply"))
    await ada.click("followups.update_draft", told)
    await ledger.spoiled(lost)
    await ledger.idle()
    await card(ada, DRAFTED)
    [draft] = ledger.drafts(ada)
    assert draft["Subject"] == "Another subject"


async def test_what_was_written_in_gmail_stays_until_its_owner_says_so(
    ada: Visitor, ledger: Ledger
) -> None:
    told = await edited(ada, "Another subject")
    [stored] = ledger.stored_drafts(ada)
    stored.raw = stored.raw.replace(b"Subject: ", b"Subject: By hand, ", 1)
    before = stored.raw
    await ada.click("followups.update_draft", told)
    asked = await card(ada, "The draft was changed in Gmail (subject), so I left it alone.")
    assert ledger.stored_drafts(ada)[0].raw == before
    await ada.click("followups.draft_anew", asked)
    await ada.until(lambda: len(ledger.drafts(ada)) == 2 or None, 20)
    assert ledger.stored_drafts(ada)[0].raw == before


async def test_a_draft_that_was_sent_is_not_made_again_and_the_next_answers_it(
    ada: Visitor, sandbox: Sandbox, ledger: Ledger
) -> None:
    told = await edited(ada, "Another subject")
    [stored] = ledger.stored_drafts(ada)
    [sent] = ledger.drafts(ada)
    sandbox.of(Google).accounts.send(ada.person.email, stored.id)
    await ada.click("followups.update_draft", told)
    await card(ada, "it was sent, or discarded there")
    assert ledger.drafts(ada) == []
    await ledger.idle()

    await write(ada, "saffron")
    await ada.click(CREATE)
    await card(ada, "It answers in your earlier conversation")
    [draft] = ledger.drafts(ada)
    assert (draft["Subject"], draft["In-Reply-To"]) == (sent["Subject"], sent["Message-ID"])
    assert ledger.stored_drafts(ada)[0].thread_id == stored.thread_id
