"""The first five minutes in the panel: what one is offered to try, and where it leads."""

from playwright.async_api import expect

from tests.browser.panel import PICKER, WRITING_SECONDS, Panel

LICENSE = "/license-issue olga@shop.example pro 12 shop.example --email"
PHONE = {"width": 360, "height": 740}


async def test_a_whole_command_is_written_where_it_works_and_folds_the_steps(
    panel: Panel,
) -> None:
    page = panel.page
    steps = page.get_by_role("region", name="Things to try")
    await expect(steps.get_by_role("listitem")).to_have_count(6)
    await steps.get_by_role("button", name=LICENSE).click()
    await expect(page.get_by_role("main", name="seguito-ops")).to_be_visible()
    await expect(panel.composer).to_have_value(LICENSE)
    await expect(panel.composer).to_be_focused()
    await panel.composer.press("Enter")
    await expect(panel.element("licenses.confirm").last).to_be_visible()
    await expect(steps.get_by_role("listitem")).to_have_count(0)

    await panel.element("licenses.confirm").last.click()
    await expect(steps).to_contain_text("1 of 6 done")
    await steps.get_by_role("button", name="Things to try").click()
    sold = steps.locator("[data-step=license]")
    await expect(sold.get_by_role("img", name="Done", exact=True)).to_be_visible()

    # The key of the e-mail stands in the form already; what is valid ticks the next step.
    await steps.get_by_role("button", name="Open Site").click()
    await page.get_by_role("button", name="Ask the app").click()
    await expect(steps).to_contain_text("2 of 6 done")


async def test_a_step_for_somebody_else_makes_one_that_person(panel: Panel) -> None:
    page = panel.page
    await panel.command("/followup")
    await expect(panel.modal(PICKER)).to_be_visible()
    await page.get_by_role("button", name="Things to try").click()
    # Somebody's Gmail may be connected already.
    done = (
        await page.get_by_role("region", name="Things to try")
        .get_by_role("img", name="Done", exact=True)
        .count()
    )
    await page.locator("[data-step=italian]").get_by_role("button").click()
    await expect(page.locator("[data-acting=U0GIULIA]")).to_be_visible()
    await expect(panel.composer).to_have_value("/followup")
    await panel.composer.press("Enter")
    await expect(panel.modal(PICKER)).to_be_visible()
    steps = page.get_by_role("region", name="Things to try")
    await expect(steps).to_contain_text(f"{done + 1} of 6 done")

    # Ada's picker is still open, and nobody can type behind it.
    await page.locator("[data-step=license]").get_by_role("button").click()
    await expect(page.locator("[data-acting=U0ADA]")).to_be_visible()
    await expect(panel.modal()).to_have_count(0)
    await expect(panel.composer).to_be_focused()


async def test_the_draft_opens_in_the_panel_and_not_in_gmail_itself(panel: Panel) -> None:
    page = panel.page
    consent = await panel.connect_gmail()
    await expect(consent.get_by_text("Gmail is connected")).to_be_visible()
    await consent.close()
    await panel.write("juniper")
    await panel.look_at("keys")
    await panel.element("followups.create_draft").click()
    await page.get_by_text("Open the draft").click(timeout=WRITING_SECONDS * 1000)
    subject = await panel.field("Subject").input_value()
    await expect(page.locator("[data-pane=gmail] [data-field=subject]")).to_have_text(subject)
    assert len(page.context.pages) == 1


async def test_on_a_phone_the_other_side_is_a_sheet_that_comes_and_goes(panel: Panel) -> None:
    page = panel.page
    sheet = page.get_by_role("complementary")
    await page.set_viewport_size(PHONE)
    await expect(sheet).to_have_count(0)
    await page.get_by_role("button", name="Show the other side").click()
    await expect(sheet).to_be_in_viewport(ratio=0.9)
    await sheet.get_by_role("button", name="/gmail-connect").click()
    await expect(sheet).to_have_count(0)
    await expect(panel.composer).to_have_value("/gmail-connect")

    await page.get_by_role("button", name="Show the other side").click()
    await page.get_by_role("button", name="Hide the other side").click()
    await expect(sheet).to_have_count(0)


async def test_a_stream_is_read_as_text_and_each_question_keeps_its_answer(panel: Panel) -> None:
    page = panel.page
    await page.locator("[data-step=license]").get_by_role("button").click()
    await panel.composer.press("Enter")
    await panel.element("licenses.confirm").last.click()
    await expect(page.locator("[data-outside=smtp]")).to_contain_text("1")
    await page.get_by_role("button", name="Things to try").click()
    await page.get_by_role("button", name="Open Site").click()
    site = page.locator("[data-pane=site]")
    await site.get_by_role("button", name="Ask the app").click()
    await expect(site.locator("[data-site=answer]")).to_contain_text("VALID")

    await site.get_by_role("tab", name="Chat").click()
    await expect(site.locator("[data-site=answer]")).to_have_count(0)
    await site.get_by_label("Message").fill("Good morning")
    await site.get_by_role("button", name="Ask the app").click()
    await expect(site.locator("[data-site=said]")).to_contain_text("Good morning")
    await expect(site.locator("[data-site=said]")).not_to_contain_text("data:")
    await expect(site.locator("[data-site=answer]")).to_contain_text("data:")
    await site.get_by_role("tab", name="Validate").click()
    await expect(site.locator("[data-site=answer]")).to_contain_text("VALID")
