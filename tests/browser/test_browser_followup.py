"""The whole job through a real browser: from Google's consent page to the draft in Gmail."""

from playwright.async_api import Locator, expect

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from tests.browser.panel import EDITOR, OPTIONS, PICKER, PROGRESS, WRITING_SECONDS, Panel

SUBJECT = "Our call, and the price we agreed"
CREATED = "The draft is in your Gmail."

# To be looked at on a busy machine too.
LONG_ENOUGH = 8


async def plain_lines(draft: Locator) -> list[str]:
    """The plain text of an opened draft; mail ends its lines with CR LF."""
    await draft.get_by_role("tab", name="Plain text").click()
    return (await draft.locator("[data-field=text]").inner_text()).strip().splitlines()


async def test_a_meeting_becomes_exactly_the_draft_one_edited(panel: Panel) -> None:
    last_page = await panel.connect_gmail()
    await expect(last_page.get_by_text("Gmail is connected")).to_be_visible()
    await last_page.close()
    # The message with the link tells it now, and offers nothing any more.
    await expect(panel.messages.last).to_contain_text("Gmail is connected as ada@")
    await expect(panel.messages.last.get_by_role("button", name="New link")).to_have_count(0)

    await panel.composer.press_sequentially("/fo")
    await panel.page.get_by_role("option", name="/followup").click()
    await panel.composer.press("Enter")
    await expect(panel.modal(PICKER)).to_be_visible()
    await panel.field("Search (optional)").fill("hartwell")
    await panel.field("Search (optional)").press("Enter")
    meetings = panel.modal(PICKER).locator("[data-action-id='followups.pick']")
    await expect(panel.modal(PICKER)).not_to_contain_text("Brightloom")
    await meetings.first.click()
    await expect(panel.modal(OPTIONS)).to_contain_text("Hartwell")
    await panel.choose("Tone", "Direct")
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)

    body = await panel.field("E-mail").input_value()
    await panel.field("Subject").fill(SUBJECT)
    await panel.field("E-mail").fill(f"{body}\n\nP.S. All of it stays.")
    await panel.element("followups.create_draft").click()
    await expect(panel.modal(EDITOR)).to_contain_text(CREATED)

    gmail = await panel.look_at("gmail")
    await gmail.get_by_role("button", name=SUBJECT).click()
    draft = gmail.get_by_role("article")
    await expect(draft.locator("[data-field=subject]")).to_have_text(SUBJECT)
    await expect(draft.locator("[data-field=to]")).to_contain_text("hartwell")
    looks = draft.frame_locator("iframe").locator("body")
    await expect(looks).to_contain_text("P.S. All of it stays.")
    # Who has no signature signs with the name.
    written = [*body.splitlines(), "", "P.S. All of it stays.", "", "Ada Whitfield"]
    assert await plain_lines(draft) == written


async def test_the_steps_of_a_running_job_are_seen_live(panel: Panel, sandbox: Sandbox) -> None:
    await panel.pick("kestrel")
    sandbox.faults.add(Fault("anthropic", "messages", "slow", seconds=LONG_ENOUGH))
    await panel.submit()

    progress = panel.modal(PROGRESS)
    await expect(progress).to_contain_text("You can close this window")
    done = progress.get_by_role("img", name="white_check_mark")
    await expect(done.first).to_be_visible()
    await expect(progress.get_by_role("img", name="hourglass")).to_be_visible()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)


async def test_a_modal_closed_while_writing_leaves_a_card_in_the_messages(
    panel: Panel, sandbox: Sandbox
) -> None:
    await panel.pick("kestrel")
    sandbox.faults.add(Fault("anthropic", "messages", "slow", seconds=LONG_ENOUGH))
    await panel.submit()
    await expect(panel.modal(PROGRESS)).to_be_visible()
    await panel.modal().locator("[data-modal=dismiss]").click()
    await expect(panel.modal()).to_have_count(0)

    await panel.open_app("messages")
    card = panel.messages.filter(has_text="Kestrel").last
    button = card.get_by_role("button", name="Create Gmail draft")
    await expect(button).to_be_visible(timeout=WRITING_SECONDS * 1000)


async def test_the_whole_way_can_be_gone_by_keyboard(panel: Panel) -> None:
    keys = panel.page.keyboard
    await expect(panel.composer).to_be_focused()
    await keys.type("/fol")
    await expect(panel.page.get_by_role("listbox", name="Commands")).to_be_visible()
    await keys.press("Tab")
    await keys.type("hartwell")
    await keys.press("Enter")
    await expect(panel.modal(PICKER)).to_be_visible()
    await expect(panel.field("Search (optional)")).to_be_focused()

    await panel.tab_to(panel.element("followups.pick").first)
    await keys.press("Enter")
    await expect(panel.modal(OPTIONS)).to_be_visible()
    await panel.tab_to(panel.field("Length"))
    await keys.press("ArrowDown")
    await keys.type("Short")
    await keys.press("Enter")
    await panel.tab_to(panel.submit_button)
    await keys.press("Enter")

    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await panel.tab_to(panel.field("Subject"))
    await keys.press("ControlOrMeta+a")
    await keys.type("Without a mouse")
    await panel.tab_to(panel.submit_button)
    await keys.press("Enter")
    await expect(panel.modal(EDITOR)).to_have_count(0)
    await keys.press("Escape")
    await expect(panel.modal()).to_have_count(0)
    await expect(panel.composer).to_be_focused()
