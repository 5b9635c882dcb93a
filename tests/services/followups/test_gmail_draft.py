"""The Gmail draft over several orders: one draft, with the words of the last one asked for."""

from email.message import EmailMessage

import pytest

from db.store.session import Database
from integrations.google.types import MARKER_HEADER
from services.followups.actions import ANEW
from services.followups.drafts import Draft, Edits, Options
from services.followups.gmail_draft import REPLACE
from tests.kit.action_desk import ActionDesk

GMAIL = {"gmail": ""}
BETTER = Edits(subject="Recap", body="Better words.", summary="", note="")
BEST = Edits(subject="Recap", body="Best words.", summary="", note="")


@pytest.fixture
def desk(database: Database) -> ActionDesk:
    """A written follow-up, and the way into Gmail."""
    return ActionDesk(database)


async def drafted(desk: ActionDesk) -> str:
    """Its first version is in Gmail."""
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    assert (await desk.receipt(followup_id)).status == "done"
    return followup_id


async def test_a_draft_made_by_a_lost_try_is_found_by_the_next(desk: ActionDesk) -> None:
    followup_id = await desk.written()
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    desk.box.loses_reply = True
    assert (await desk.take(followup_id)).state == "running"
    assert (await desk.receipt(followup_id)).status == "pending"
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    order = await desk.actions.plan(desk.actor, followup_id, "gmail")
    assert order.receipt.status == "pending"
    assert len(desk.box.drafts) == 1


async def test_a_second_order_changes_nothing(desk: ActionDesk) -> None:
    followup_id = await drafted(desk)
    first = await desk.operation(followup_id)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    assert (await desk.operation(followup_id)).id == first.id


async def test_after_an_edit_the_same_draft_gets_the_new_words(desk: ActionDesk) -> None:
    followup_id = await drafted(desk)
    await desk.edit(followup_id, BETTER)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    assert desk.box.plain() == ["Better words.\n\nAda"]
    assert (await desk.receipt(followup_id)).version == 2


@pytest.mark.parametrize("change", ["words", "file", "people", "subject"])
async def test_what_was_changed_in_gmail_is_never_overwritten(
    desk: ActionDesk, change: str
) -> None:
    followup_id = await drafted(desk)
    [mail] = desk.box.drafts.values()
    if change == "words":
        by_hand(desk)
    elif change == "file":
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="offer.pdf")
    elif change == "people":
        mail["To"] = "new@acme.example"
    else:
        del mail["Subject"]
        mail["Subject"] = "By hand"
    before = bytes(mail)
    await desk.edit(followup_id, BETTER)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    receipt = await desk.receipt(followup_id)
    assert (receipt.status, receipt.question) == ("asking", "changed")
    said = {"words": "text", "file": "one attachment", "people": "recipients"}
    assert said.get(change, change) in receipt.problem
    assert [bytes(one) for one in desk.box.drafts.values()] == [before]


async def test_its_owner_may_have_it_replaced(desk: ActionDesk) -> None:
    followup_id = await changed_in_gmail(desk)
    await desk.actions.request(desk.actor, followup_id, GMAIL, answer=REPLACE)
    await desk.take(followup_id)
    assert desk.box.plain() == ["Better words.\n\nAda"]


async def test_a_yes_to_replacing_is_good_once(desk: ActionDesk) -> None:
    followup_id = await changed_in_gmail(desk)
    await desk.actions.request(desk.actor, followup_id, GMAIL, answer=REPLACE)
    await desk.take(followup_id)
    await desk.edit(followup_id, BEST)
    by_hand(desk)
    await desk.actions.request(desk.actor, followup_id, {"gmail": None})
    await desk.take(followup_id)
    assert (await desk.receipt(followup_id)).status == "asking"


async def test_its_owner_may_have_a_second_one_beside_it(desk: ActionDesk) -> None:
    followup_id = await changed_in_gmail(desk)
    await desk.actions.request(desk.actor, followup_id, GMAIL, answer=ANEW)
    await desk.take(followup_id)
    assert desk.box.plain() == ["By hand.", "Better words.\n\nAda"]


async def test_its_owner_may_leave_it(desk: ActionDesk) -> None:
    followup_id = await changed_in_gmail(desk)
    await desk.actions.leave(desk.actor, followup_id, "gmail")
    receipt = await desk.receipt(followup_id)
    assert (receipt.status, receipt.version, receipt.problem) == ("done", 2, "")
    assert desk.box.plain() == ["By hand."]


async def test_a_draft_that_was_sent_or_discarded_is_not_made_again_unasked(
    desk: ActionDesk,
) -> None:
    followup_id = await drafted(desk)
    desk.box.drafts.clear()
    await desk.edit(followup_id, BETTER)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    receipt = await desk.receipt(followup_id)
    assert (receipt.status, receipt.question) == ("asking", "gone")
    assert desk.box.drafts == {}
    await desk.actions.request(desk.actor, followup_id, GMAIL, answer=ANEW)
    await desk.take(followup_id)
    assert desk.box.plain() == ["Better words.\n\nAda"]


async def test_undo_deletes_the_draft_and_it_can_be_made_again(desk: ActionDesk) -> None:
    followup_id = await drafted(desk)
    await desk.undo(followup_id, "gmail")
    assert desk.box.drafts == {}
    assert (await desk.receipt(followup_id)).status == "undone"
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    assert len(desk.box.drafts) == 1


async def test_undo_leaves_a_draft_its_owner_worked_on_and_says_so(desk: ActionDesk) -> None:
    followup_id = await drafted(desk)
    by_hand(desk)
    await desk.undo(followup_id, "gmail")
    receipt = await desk.receipt(followup_id)
    assert "you changed it there (text)" in receipt.kept
    assert receipt.status == "done"
    assert desk.box.plain() == ["By hand."]


async def test_undo_of_a_draft_that_was_sent_says_so(desk: ActionDesk) -> None:
    followup_id = await drafted(desk)
    desk.box.drafts.clear()
    await desk.undo(followup_id, "gmail")
    assert "sent or discarded" in (await desk.receipt(followup_id)).kept


def by_hand(desk: ActionDesk) -> None:
    """The owner writes in Gmail."""
    [mail] = desk.box.drafts.values()
    body = mail.get_body(("plain",))
    assert body is not None
    body.set_content("By hand.")


async def changed_in_gmail(desk: ActionDesk) -> str:
    """The draft was changed in Gmail and edited here; its owner is asked."""
    followup_id = await drafted(desk)
    by_hand(desk)
    await desk.edit(followup_id, BETTER)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    assert (await desk.receipt(followup_id)).status == "asking"
    return followup_id


async def test_other_recipients_are_an_edit_that_the_draft_can_be_brought_up_to(
    desk: ActionDesk,
) -> None:
    followup_id = await drafted(desk)
    edits = Edits(None, None, None, None, to="ann@acme.example", cc="bob@acme.example")
    assert (await desk.edit(followup_id, edits)).version == 2
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    [mail] = desk.box.drafts.values()
    assert (mail["To"], mail["Cc"]) == ("ann@acme.example", "bob@acme.example")


async def test_made_anew_and_brought_up_to_date_it_is_the_same_letter(desk: ActionDesk) -> None:
    followup_id = await drafted(desk)
    await desk.edit(followup_id, BETTER)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    [updated] = map(without_date, desk.box.drafts.values())
    await desk.undo(followup_id, "gmail")
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    [created] = map(without_date, desk.box.drafts.values())
    assert updated == created


ANN = Options(to=("ann@acme.example",))


async def with_ann(desk: ActionDesk, subject: str, options: Options = ANN) -> str:
    """A follow-up for these people is in Gmail; its draft's id there."""
    followup_id = await desk.written(Draft(subject, "Words."), options=options)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    receipt = await desk.receipt(followup_id)
    assert receipt.status == "done"
    return receipt.external_id


async def test_the_next_draft_for_the_same_people_answers_the_one_that_was_sent(
    desk: ActionDesk,
) -> None:
    first = await with_ann(desk, "Our pilot")
    message_id = desk.box.drafts[first]["Message-ID"]
    desk.box.send(first)
    second = desk.box.drafts[await with_ann(desk, "Our offer")]
    assert second["Subject"] == "Our pilot"
    assert second["In-Reply-To"] == message_id
    assert second["References"] == message_id


async def test_a_third_names_the_whole_chain(desk: ActionDesk) -> None:
    ids = []
    for subject in ("Our pilot", "Our offer"):
        draft_id = await with_ann(desk, subject)
        ids.append(desk.box.drafts[draft_id]["Message-ID"])
        desk.box.send(draft_id)
        desk.box.threads = {f"t-{draft_id}"}
    third = desk.box.drafts[await with_ann(desk, "Our contract")]
    assert third["References"].split() == ids


async def test_a_draft_that_was_not_sent_yet_is_no_conversation(desk: ActionDesk) -> None:
    await with_ann(desk, "Our pilot")
    second = desk.box.drafts[await with_ann(desk, "Our offer")]
    assert (second["Subject"], second["In-Reply-To"]) == ("Our offer", None)


async def test_a_conversation_that_was_discarded_is_begun_anew(desk: ActionDesk) -> None:
    first = await with_ann(desk, "Our pilot")
    del desk.box.drafts[first]
    second = desk.box.drafts[await with_ann(desk, "Our offer")]
    assert (second["Subject"], second["In-Reply-To"]) == ("Our offer", None)


async def test_other_people_have_another_conversation(desk: ActionDesk) -> None:
    desk.box.send(await with_ann(desk, "Our pilot"))
    both = Options(to=("ann@acme.example", "bob@acme.example"))
    second = desk.box.drafts[await with_ann(desk, "Our offer", both)]
    assert second["Subject"] == "Our offer"


async def test_a_subject_written_by_hand_is_the_one_it_gets(desk: ActionDesk) -> None:
    desk.box.send(await with_ann(desk, "Our pilot"))
    followup_id = await desk.written(Draft("Our offer", "Words."), options=ANN)
    await desk.edit(followup_id, Edits("By hand", None, None, None))
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id)
    [mail] = desk.box.drafts.values()
    assert (mail["Subject"], mail["In-Reply-To"]) == ("By hand", None)


async def test_an_answer_whose_reply_got_lost_is_found_and_stays_one(desk: ActionDesk) -> None:
    desk.box.send(await with_ann(desk, "Our pilot"))
    desk.box.loses_reply = True
    followup_id = await desk.written(Draft("Our offer", "Words."), options=ANN)
    await desk.actions.request(desk.actor, followup_id, GMAIL)
    await desk.take(followup_id, times=2)
    [mail] = desk.box.drafts.values()
    assert mail["Subject"] == "Our pilot"
    assert "earlier conversation “Our pilot”" in (await desk.receipt(followup_id)).note


def without_date(mail: EmailMessage) -> list[str]:
    """Its lines, apart from what differs between any two messages."""
    text = mail.as_string()
    lines = text.replace(mail.get_boundary() or "none", "").splitlines()
    apart = ("Date:", "Message-ID:", MARKER_HEADER)
    return [line for line in lines if not line.startswith(apart)]
