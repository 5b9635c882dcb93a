"""kill -9 at any moment: whatever was under way is finished after the restart, once."""

from pathlib import Path

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, begin, card, modal, submit, write
from tests.kit.product import Product, free_port

RECOVERY = 120  # seconds, on a busy machine: start again, notice the dead process, take its job on
DRAFTED = "The draft is in your Gmail"


def held(vendor: str, operation: str, *, skip: int = 0, seconds: float = 0.7) -> Fault:
    """Keeps one request waiting long enough to kill whoever sent it; then it is carried out."""
    return Fault(vendor, operation, "slow", seconds=seconds, skip=skip)


def drawing(number: int) -> Fault:
    """Holds a drawing of the modal: the first is made beside the steps, the last is a step."""
    return held("slack", "views.update", skip=number - 1, seconds=20)


async def test_a_kill_within_any_step_leaves_one_version_and_one_card_of_each_job(
    ada: Visitor,
    sam: Visitor,
    giulia: Visitor,
    product: Product,
    ledger: Ledger,
) -> None:
    await begin_and_hold(
        ada, "saffron", held("fathom", "recordings.transcript", seconds=20), ledger
    )
    await begin_and_hold(sam, "kestrel", held("crono", "accounts.*", seconds=20), ledger)
    await begin_and_hold(giulia, "valdoro", held("anthropic", "messages", seconds=20), ledger)

    product.kill()
    await product.start()

    await finished_once(ada, "saffron", ledger)
    await finished_once(sam, "kestrel", ledger)
    await finished_once(giulia, "valdoro", ledger)
    # Once for each, and the one that was held, which is written down when its time is over.
    await ada.until(lambda: len(ledger.calls("anthropic", "messages")) >= 4, within=RECOVERY)
    assert len(ledger.calls("anthropic", "messages")) == 4


async def test_a_kill_while_progress_or_end_is_drawn_leaves_one_version_and_one_card(
    ada: Visitor,
    sam: Visitor,
    product: Product,
    ledger: Ledger,
) -> None:
    await begin_and_hold(ada, "saffron", drawing(1), ledger)
    await begin_and_hold(sam, "kestrel", drawing(2), ledger)

    product.kill()
    await product.start()

    await finished_once(ada, "saffron", ledger)
    await finished_once(sam, "kestrel", ledger)
    assert len(ledger.calls("anthropic", "messages")) == 2


async def begin_and_hold(person: Visitor, words: str, hold: Fault, ledger: Ledger) -> None:
    """Have a follow-up written, until the job is held up."""
    await begin(person, words, ledger, hold)
    await ledger.spoiled(hold)


async def finished_once(person: Visitor, words: str, ledger: Ledger) -> None:
    """The modal shows the draft, there is one version of it and one card."""
    await modal(person, EDITOR, within=RECOVERY)
    await card(person, "Version 1" if person.person.locale == "en-US" else "Versione 1")
    assert len(person.messages()) == 1
    assert [version.origin for version in await ledger.versions(person, words)] == ["written"]


async def test_a_second_process_takes_over_what_a_dead_one_left(
    ada: Visitor,
    product: Product,
    ledger: Ledger,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    await begin_and_hold(ada, "saffron", held("anthropic", "messages"), ledger)
    product.kill()

    beside = Product({**environment, "PORT": str(free_port())}, tmp_path / "beside.log")
    await beside.start()
    try:
        await modal(ada, EDITOR, within=RECOVERY)
        assert len(await ledger.versions(ada, "saffron")) == 1
    finally:
        assert await beside.stop() == 0
        await product.start()


async def test_a_kill_while_gmail_creates_the_draft_leaves_one_draft(
    ada: Visitor, product: Product, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    hold = ledger.plan(held("gmail", "drafts.create"))
    await ada.click("followups.create_draft")
    await ledger.spoiled(hold)

    product.kill()
    await product.start()

    await ada.sees(DRAFTED, within=RECOVERY)
    assert len(ledger.drafts(ada)) == 1
    assert len(ledger.calls("gmail", "drafts.create")) == 1


async def test_a_kill_after_the_reply_of_gmail_was_lost_leaves_one_draft(
    ada: Visitor, product: Product, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    ledger.plan(Fault("gmail", "drafts.create", "lost_reply"))
    # The first search asks twice and finds nothing; the next one is held.
    hold = ledger.plan(Fault("gmail", "drafts.list", "slow", seconds=0.7, skip=2))
    await ada.click("followups.create_draft")
    await ledger.spoiled(hold)

    product.kill()
    await product.start()

    await ada.sees(DRAFTED, within=RECOVERY)
    assert len(ledger.drafts(ada)) == 1
    assert len(ledger.calls("gmail", "drafts.create")) == 1


async def test_a_job_of_a_process_that_was_asked_to_stop_goes_on_in_the_next(
    ada: Visitor, product: Product, ledger: Ledger
) -> None:
    await begin_and_hold(ada, "saffron", held("anthropic", "messages"), ledger)

    assert await product.stop() == 0
    await product.start()

    await modal(ada, EDITOR, within=RECOVERY)
    assert len(await ledger.versions(ada, "saffron")) == 1
    assert len(ledger.calls("anthropic", "messages")) == 1


async def test_a_kill_while_gmail_updates_the_draft_leaves_one_with_the_new_words(
    ada: Visitor, product: Product, ledger: Ledger
) -> None:
    await drafted(ada)
    await ada.type("followups.subject", "Another subject")
    await submit(ada)
    hold = ledger.plan(held("gmail", "drafts.update"))
    told = await card(ada, "what you changed since is not in it")
    await ada.click("followups.update_draft", told)
    await ledger.spoiled(hold)

    product.kill()
    await product.start()

    await ada.until(lambda: not any("is not in it" in m for m in ada.messages()) or None, RECOVERY)
    await ledger.idle()
    [draft] = ledger.drafts(ada)
    assert draft["Subject"] == "Another subject"


async def test_a_kill_while_an_undo_deletes_the_draft_is_finished_after_the_restart(
    ada: Visitor, product: Product, ledger: Ledger
) -> None:
    await drafted(ada)
    await ledger.idle()
    await ada.choose("followups.menu", "Undo", within=await card(ada, DRAFTED))
    await ada.sees("The Gmail draft is deleted for good.")
    hold = ledger.plan(held("gmail", "drafts.delete"))
    await submit(ada)
    await ledger.spoiled(hold)

    product.kill()
    await product.start()

    await card(ada, "The Gmail draft was deleted.", within=RECOVERY)
    assert ledger.drafts(ada) == []
    assert len(ledger.calls("gmail", "drafts.delete")) == 1


async def drafted(person: Visitor) -> None:
    """A follow-up's draft is in Gmail."""
    await connect_gmail(person)
    await write(person, "saffron")
    await person.click("followups.create_draft")
    await person.sees(DRAFTED)
