"""What a person does again and again: open the picker, choose a meeting, have it written."""

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.kit.waiting import PATIENCE_SECONDS

EDITOR = "followups.editor"
OPTIONS = "followups.options"
PICKER = "followups.picker"
PROGRESS = "followups.progress"


async def modal(person: Visitor, callback_id: str, within: float = PATIENCE_SECONDS) -> Sight:
    """Wait until the topmost modal is this one."""

    def shown() -> Sight | None:
        top = person.modal
        return top if top is not None and top.callback_id == callback_id else None

    return await person.until(shown, within)


async def card(person: Visitor, words: str, within: float = PATIENCE_SECONDS) -> Sight:
    """Wait until a message in the conversation with the app shows these words; the newest."""

    def shown() -> Sight | None:
        return next((sight for sight in reversed(person.messages()) if words in sight), None)

    return await person.until(shown, within)


async def message(person: Visitor, words: str, within: float = PATIENCE_SECONDS) -> Sight:
    """Wait until a message in any conversation shows these words; the newest."""
    return await person.until(
        lambda: next((sight for sight in person.everything() if words in sight), None), within
    )


async def choose_meeting(person: Visitor, words: str) -> Sight:
    """`/followup words`, then the first meeting found: its options."""
    outcome = await person.command(f"/followup {words}".strip())
    assert outcome.ok, outcome
    await modal(person, PICKER)
    await person.click("followups.pick")
    return await modal(person, OPTIONS)


async def write(person: Visitor, words: str) -> Sight:
    """From the command to the editor with the first version in it."""
    await choose_meeting(person, words)
    await submit(person)
    return await modal(person, EDITOR)


async def submit(person: Visitor) -> None:
    """Press the submit button; it must be taken."""
    outcome = await person.submit()
    assert outcome.ok, outcome
    assert not outcome.errors, outcome


async def begin(person: Visitor, words: str, ledger: Ledger, *trouble: Fault) -> None:
    """Have a follow-up written while the vendors fail in the given ways."""
    await choose_meeting(person, words)
    for fault in trouble:
        ledger.plan(fault)
    await submit(person)


async def regenerate(person: Visitor, words: str) -> Sight:
    """From the editor to the next version, written as these words say."""
    await person.click("followups.ask_regenerate")
    await modal(person, "followups.regenerate_form")
    await person.type("followups.instruction", words)
    await submit(person)
    return await modal(person, EDITOR)
