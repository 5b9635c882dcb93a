"""The picker: search, paging without end, marks, and modals that are closed too early."""

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import (
    EDITOR,
    OPTIONS,
    PICKER,
    begin,
    card,
    choose_meeting,
    message,
    modal,
    write,
)
from tests.kit.product import Product
from tests.kit.waiting import until

PICK = "followups.pick"
OLDER = "followups.page"


async def open_picker(person: Visitor, words: str = "") -> Sight:
    """`/followup words`."""
    assert (await person.command(f"/followup {words}".strip())).ok
    return await modal(person, PICKER)


def listed(picker: Sight) -> list[str]:
    """The recordings a page of the picker offers."""
    elements = [
        element
        for block in picker.blocks
        for element in (block.get("accessory"), *block.get("elements", ()))
        if element is not None and element.get("action_id") == PICK
    ]
    return [element["value"] for element in elements]


async def test_older_leads_through_every_meeting_and_newer_back_to_the_first_page(
    ada: Visitor, ledger: Ledger
) -> None:
    await open_picker(ada)
    await ada.choose("followups.show", "all")
    await ada.sees("Cantina Montefosco")
    first = listed(await modal(ada, PICKER))
    seen = list(first)
    while OLDER in (page := ada.modal or await modal(ada, PICKER)).actions:
        shown = listed(page)
        await ada.click(OLDER)
        await ada.until(lambda shown=shown: listed(ada.modal) != shown if ada.modal else None)
        seen += listed(await modal(ada, PICKER))

    assert "These are all your meetings." in page
    assert seen == [str(m.recording_id) for m in ledger.visible_to(ada)]
    await ada.click("followups.newest")
    await ada.until(lambda: (ada.modal is not None and listed(ada.modal) == first) or None)


async def test_a_search_finds_titles_guests_and_companies(ada: Visitor, ledger: Ledger) -> None:
    wanted = str(ledger.meeting("saffron kitchens").recording_id)
    for words in ("SAFFRON pricing", "hana saffar", "saffronkitchens.example"):
        assert listed(await open_picker(ada, words)) == [wanted], words
        await ada.close(everything=True)


async def test_enter_and_the_button_both_search(ada: Visitor, ledger: Ledger) -> None:
    await open_picker(ada)
    await ada.type("followups.search", "saffron")
    await ada.press_enter("followups.search")
    found = [str(ledger.meeting("saffron").recording_id)]
    await ada.until(lambda: (ada.modal is not None and listed(ada.modal) == found) or None)

    await ada.type("followups.search", "orchard")
    await ada.submit()
    found = [str(ledger.meeting("orchard").recording_id)]
    await ada.until(lambda: (ada.modal is not None and listed(ada.modal) == found) or None)


async def test_a_search_without_a_match_says_so_in_the_person_s_own_words(ada: Visitor) -> None:
    await open_picker(ada, "<!channel> *nobody*")

    nothing = await ada.sees("No meeting matches")
    assert "<!channel>" not in nothing
    assert listed(nothing) == []


async def test_a_meeting_that_was_followed_up_is_marked_and_can_be_opened_again(
    ada: Visitor, ledger: Ledger
) -> None:
    await write(ada, "pelham")
    await ada.close(everything=True)

    assert ":memo: draft ready" in await open_picker(ada, "pelham")
    await ada.click("followups.open")
    await modal(ada, EDITOR)
    assert len(await ledger.versions(ada, "pelham")) == 1


async def test_the_shortcut_opens_the_picker_too(ada: Visitor) -> None:
    assert (await ada.shortcut("followups.new")).ok
    await modal(ada, PICKER)


async def test_a_picker_closed_while_loading_is_one_private_line_that_opens_it(
    ada: Visitor, ledger: Ledger
) -> None:
    held = ledger.plan(Fault("fathom", "meetings.list", "slow", seconds=0.3))
    assert (await ada.command("/followup pelham")).ok
    await ledger.spoiled(held)
    await ada.until(lambda: ada.modal)
    await ada.close()

    line = await message(ada, "You closed the window while it was loading")
    assert line.only_for_me
    await ada.click(OLDER, within=line)
    assert "Pelham" in await modal(ada, PICKER)
    await ada.until(lambda: not ada.everything() or None)


async def test_options_closed_while_loading_leave_the_picker_usable(
    ada: Visitor, ledger: Ledger, product: Product
) -> None:
    await open_picker(ada, "pelham")
    await ada.click(PICK)
    await ada.until(lambda: len(ada.modals) == 2 or None)
    await ada.close()
    # The picker's drawing and the one that came too late.
    await until(lambda: len(ledger.calls("slack", "views.update")) == 2)
    await product.idle()

    await ada.click(PICK)
    await modal(ada, OPTIONS)


async def test_a_modal_closed_while_writing_goes_on_as_a_card_with_live_steps(
    ada: Visitor, ledger: Ledger
) -> None:
    held = Fault("anthropic", "messages", "slow", seconds=1)
    await begin(ada, "pelham", ledger, held)
    await ledger.spoiled(held)
    await ada.close(everything=True)

    writing = await card(ada, ":hourglass_flowing_sand: Draft")
    assert ":white_check_mark: Transcript" in writing
    assert writing.actions == ["followups.cancel"]
    ready = await card(ada, "Version 1")
    assert ada.messages() == [ready]


async def test_a_card_can_be_cancelled_and_a_late_answer_changes_nothing(
    ada: Visitor, ledger: Ledger
) -> None:
    held = Fault("anthropic", "messages", "slow", seconds=0.5)
    await begin(ada, "pelham", ledger, held)
    await ledger.spoiled(held)
    await ada.close(everything=True)
    await ada.click("followups.cancel", within=await card(ada, "Draft"))

    await card(ada, "Cancelled. Nothing was kept or sent.")
    await ledger.answered("anthropic", 1)
    await ledger.idle()
    assert await ledger.versions(ada, "pelham") == []
    await ada.click("followups.retry", within=await card(ada, "Cancelled"))
    await card(ada, "Version 1")


async def test_cancelling_in_the_modal_offers_to_try_again(ada: Visitor, ledger: Ledger) -> None:
    held = Fault("anthropic", "messages", "slow", seconds=0.5)
    await begin(ada, "pelham", ledger, held)
    await ledger.spoiled(held)
    await ada.click("followups.cancel")

    await ada.sees("Cancelled. Nothing was kept or sent.")
    await ada.click("followups.retry")
    await modal(ada, EDITOR)
    assert len(await ledger.versions(ada, "pelham")) == 1


async def test_cancelling_a_regeneration_keeps_the_version_there_is(
    ada: Visitor, ledger: Ledger
) -> None:
    await write(ada, "pelham")
    held = ledger.plan(Fault("anthropic", "messages", "slow", seconds=0.5))
    await ada.click("followups.ask_regenerate")
    await modal(ada, "followups.regenerate_form")
    await ada.type("followups.instruction", "Shorter")
    await ada.submit()
    await ledger.spoiled(held)
    await ada.click("followups.cancel")

    await modal(ada, EDITOR)
    await ledger.answered("anthropic", 2)
    await ledger.idle()
    assert len(await ledger.versions(ada, "pelham")) == 1


async def test_addresses_typed_wrongly_are_told_under_their_field(ada: Visitor) -> None:
    await choose_meeting(ada, "pelham")
    await ada.type("followups.cc", "boss@altamarea.example, nonsense")

    refused = await ada.submit()

    assert "“nonsense” is not an e-mail address" in str(refused.errors)
